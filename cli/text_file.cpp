#include "cli/text_file.h"

#include <fstream>
#include <sstream>

namespace motet::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t largest_text = 64u << 20;

}  // namespace

Result<std::string> read_text(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) return Error{"`" + file.string() + "` cannot be read: " + error.message()};
  if (size > largest_text) return Error{"`" + file.string() + "` is larger than 64 MiB"};
  std::ifstream input(file, std::ios::binary);
  std::stringstream text;
  if (size > 0) text << input.rdbuf();  // of an empty file it would count as a failure
  if (!input || !text) return Error{"`" + file.string() + "` cannot be read"};
  return text.str();
}

}  // namespace motet::cli

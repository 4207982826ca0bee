#include "compiler/model/model_assets.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <system_error>

#include "compiler/model/model_scan.h"

namespace motet {
namespace {

constexpr std::uint64_t max_pixels = 64'000'000;

// Width times height as a PNG's header says; 0 for another file.
std::uint64_t png_pixels(const std::filesystem::path& file) {
  std::array<unsigned char, 24> header{};  // signature, then the IHDR chunk's size, name, width, height
  std::ifstream stream(file, std::ios::binary);
  if (!stream.read(reinterpret_cast<char*>(header.data()), header.size())) return 0;
  if (std::memcmp(header.data(), "\x89PNG\r\n\x1a\n", 8) != 0) return 0;
  const auto big_endian = [&](std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | header[at + i];
    return value;
  };
  return big_endian(16) * big_endian(20);
}

}  // namespace

Status check_model_asset(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(file, error);
  if (error) return {};
  if (!std::filesystem::is_regular_file(status)) return Error{file.string() + ": not a regular file"};
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) return Error{file.string() + ": " + error.message()};
  if (size > max_model_asset_size) return Error{file.string() + ": larger than 256 MiB"};
  if (png_pixels(file) > max_pixels)
    return Error{file.string() + ": the picture has more than 64 million pixels"};
  return {};
}

}  // namespace motet

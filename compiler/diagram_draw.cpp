// DOT text to a file.

#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "compiler/diagram.h"
#include "compiler/diagram_render.h"

namespace motet {

namespace fs = std::filesystem;

namespace {

Status write_beside_and_rename(const std::string& content, const fs::path& file) {
  const fs::path beside = file.string() + ".part-" + std::to_string(getpid());
  std::ofstream output(beside, std::ios::binary);
  output << content;
  output.close();
  std::error_code error;
  if (!output) {
    fs::remove(beside, error);
    return Error{"`" + file.string() + "` cannot be written"};
  }
  fs::rename(beside, file, error);
  if (!error) return {};
  const std::string why = error.message();
  fs::remove(beside, error);
  return Error{"`" + file.string() + "` cannot be written: " + why};
}

}  // namespace

Status draw(const std::string& dot, const fs::path& file) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (ending == ".dot") return write_beside_and_rename(dot, file);
  if (ending != ".svg" && ending != ".png" && ending != ".pdf")
    return Error{"`" + file.string() + "`: a diagram is drawn as .svg, .png, .pdf or .dot"};
  const auto picture = diagram::render(dot, ending.substr(1));
  if (!picture) return Error{"`" + file.string() + "` cannot be drawn: " + picture.error().message};
  return write_beside_and_rename(*picture, file);
}

}  // namespace motet

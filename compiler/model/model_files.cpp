#include <algorithm>
#include <system_error>

#include "compiler/model/model.h"
#include "compiler/model/model_scan.h"
#include "compiler/plan/sha256.h"

namespace motet {

namespace fs = std::filesystem;

Result<std::vector<fs::path>> model_files(const fs::path& file) {
  Result<ModelScan> scan = scan_model(file);
  if (!scan) return scan.error();
  std::vector<fs::path> files = std::move(scan->xml);
  files.insert(files.end(), scan->assets.begin(), scan->assets.end());
  return files;
}

// Names are taken relative to the model, and each name and content with its size before it: the
// hash is the same wherever the project lies, and no two sets of files run together to one text.
Result<std::string> model_hash(const fs::path& file) {
  Result<std::vector<fs::path>> files = model_files(file);
  if (!files) return files.error();
  Sha256 hash;
  const auto update = [&hash](const std::string& text) {
    hash.update(std::to_string(text.size()) + ":");
    hash.update(text);
  };
  for (const fs::path& each : *files) {
    Result<std::string> content = read_model_file(each, max_model_asset_size);
    if (!content) return content.error();
    update(each.lexically_relative(file.parent_path()).generic_string());
    update(*content);
  }
  return hash.hex();
}

}  // namespace motet

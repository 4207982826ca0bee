#pragma once

// Model files, loaded once a check, with their names indexed.

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/model/model.h"

namespace motet::checking {

// What a name in a model can be the name of.
enum class Element { body, joint, actuator, site, sensor, geom };
inline constexpr std::size_t element_kinds = 6;
std::string_view element_name(Element element);  // "body"

struct LoadedModel {
  std::filesystem::path file;
  ModelInfo info;
  std::unordered_map<std::string, int> names[element_kinds];

  std::optional<int> find(Element element, std::string_view name) const;
  // In the model's order, without the elements that have none.
  std::vector<std::string> all_names(Element element) const;
};

class ModelCache {
 public:
  // The model, or the error that loading it gave: the same answer every time.
  const Result<std::shared_ptr<const LoadedModel>>& load(const std::filesystem::path& file);

 private:
  std::map<std::filesystem::path, Result<std::shared_ptr<const LoadedModel>>> models_;
};

}  // namespace motet::checking

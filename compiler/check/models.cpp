#include "compiler/check/models.h"

#include <algorithm>

namespace motet::checking {

namespace {

using Loaded = Result<std::shared_ptr<const LoadedModel>>;

template <typename Infos>
void index(std::unordered_map<std::string, int>& names, const Infos& infos) {
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if constexpr (requires { infos[i].name; }) {
      if (!infos[i].name.empty()) names.emplace(infos[i].name, static_cast<int>(i));
    } else {
      if (!infos[i].empty()) names.emplace(infos[i], static_cast<int>(i));
    }
  }
}

Loaded load_file(const std::filesystem::path& file) {
  std::error_code failed;
  // Devices and pipes could be read for ever.
  if (!std::filesystem::exists(file, failed)) return Error{file.string() + ": no such file"};
  if (!std::filesystem::is_regular_file(file, failed)) return Error{file.string() + ": not a file"};
  auto model = load_model(file);
  if (!model) return model.error();
  auto loaded = std::make_shared<LoadedModel>();
  loaded->file = file;
  loaded->info = describe(**model);
  const auto names = [&](Element element) -> auto& {
    return loaded->names[static_cast<std::size_t>(element)];
  };
  index(names(Element::body), loaded->info.bodies);
  index(names(Element::joint), loaded->info.joints);
  index(names(Element::actuator), loaded->info.actuators);
  index(names(Element::site), loaded->info.sites);
  index(names(Element::sensor), loaded->info.sensors);
  index(names(Element::geom), loaded->info.geoms);
  return Loaded(std::shared_ptr<const LoadedModel>(std::move(loaded)));
}

}  // namespace

std::string_view element_name(Element element) {
  static constexpr std::string_view names[element_kinds] = {"body", "joint",  "actuator",
                                                            "site", "sensor", "geom"};
  return names[static_cast<std::size_t>(element)];
}

std::optional<int> LoadedModel::find(Element element, std::string_view name) const {
  const auto& known = names[static_cast<std::size_t>(element)];
  const auto found = known.find(std::string(name));
  if (found == known.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> LoadedModel::all_names(Element element) const {
  const auto& known = names[static_cast<std::size_t>(element)];
  std::vector<std::pair<int, std::string>> ordered;
  for (const auto& [name, position] : known) ordered.emplace_back(position, name);
  std::sort(ordered.begin(), ordered.end());
  std::vector<std::string> all;
  for (auto& [position, name] : ordered) all.push_back(std::move(name));
  return all;
}

const Loaded& ModelCache::load(const std::filesystem::path& file) {
  const auto known = models_.find(file);
  if (known != models_.end()) return known->second;
  return models_.emplace(file, load_file(file)).first->second;
}

}  // namespace motet::checking

#include "compiler/settings.h"

#include <algorithm>
#include <fstream>

#include "compiler/settings_table.h"
#include "language/text/number.h"

namespace motet {

namespace fs = std::filesystem;

namespace {

// As the user would name it from where they are.
std::string shown_path(const fs::path& file) {
  std::error_code error;
  const fs::path near = fs::proximate(file, error);
  if (error || near.empty() || *near.begin() == "..") return file.string();
  return near.string();
}

struct Profile {
  std::string name;
  Span span;
  std::vector<Hyperparameter> values;
};

class SettingsReader {
 public:
  SettingsReader(const SettingsRequest& request, SourceMap& sources, Diagnostics& diagnostics)
      : request_(request),
        sources_(sources),
        diagnostics_(diagnostics),
        file_(request.directory / "motet.toml") {}

  OutsideSettings read() {
    read_file();
    choose_profile();
    for (const std::string& assignment : request_.assignments) read_assignment(assignment);
    return std::move(settings_);
  }

 private:
  // --- motet.toml ---

  void read_file() {
    std::error_code error;
    const fs::file_status status = fs::status(file_, error);
    if (status.type() == fs::file_type::not_found) return;
    file_exists_ = true;
    if (status.type() != fs::file_type::regular)
      return refuse_file(error ? error.message() : "it is not a file");
    std::ifstream input(file_, std::ios::binary);
    std::string text(settings_file_limit + 1, '\0');
    input.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!input.eof() && !input.good()) return refuse_file("it may not be readable by you");
    text.resize(static_cast<std::size_t>(input.gcount()));
    if (text.size() > settings_file_limit) return refuse_file("it is larger than 1 MiB");
    read_text(std::move(text));
  }

  void refuse_file(const std::string& why) {
    const Span nowhere{sources_.add(shown_path(file_), ""), 0, 0};
    diagnostics_.add({Code::M0605, "`" + shown_path(file_) + "` cannot be read: " + why, {nowhere, ""}});
    file_refused_ = true;
  }

  void read_text(std::string text) {
    const auto parsed = parse_toml(text);
    const std::uint32_t file = sources_.add(shown_path(file_), std::move(text));
    if (const TomlError* error = std::get_if<TomlError>(&parsed)) {
      const Span span = toml_span(sources_, file, {error->line, error->column}, 1);
      diagnostics_.add({Code::M0605, "`motet.toml` is not valid TOML", {span, error->message}});
      file_refused_ = true;
      return;
    }
    const toml::table& document = std::get<toml::table>(parsed);
    settings_.file =
        read_settings_table({document, file, Origin::settings, "motet.toml", true}, sources_, diagnostics_);
    if (const toml::node* profiles = document.get("profile")) read_profiles(*profiles, file);
  }

  void read_profiles(const toml::node& node, std::uint32_t file) {
    const toml::table* table = node.as_table();
    if (table == nullptr)
      return report_not_table("profile", toml_span(sources_, file, node.source().begin, 1));
    for (auto&& [key, value] : *table) {
      const std::string name(key.str());
      const Span span = toml_span(sources_, file, key.source().begin, name.size());
      if (!value.is_table()) {
        report_not_table("profile." + name, span);
        continue;
      }
      const SettingsTable settings{*value.as_table(), file, Origin::profile,
                                   "profile " + name + ", motet.toml", false};
      profiles_.push_back({name, span, read_settings_table(settings, sources_, diagnostics_)});
    }
  }

  void report_not_table(const std::string& key, Span span) {
    diagnostics_.add({Code::M0602,
                      "`" + key + "` is not a table",
                      {span, ""},
                      {},
                      {},
                      {"a profile is written `[profile.NAME]`, with the same settings as the file itself"}});
  }

  // --- the command line ---

  void choose_profile() {
    if (request_.profile.empty() || file_refused_) return;
    std::vector<std::string> names;
    for (Profile& profile : profiles_) {
      names.push_back(profile.name);
      if (profile.name == request_.profile) {
        settings_.profile = std::move(profile.values);
        return;
      }
    }
    report_unknown_profile(names);
  }

  void report_unknown_profile(const std::vector<std::string>& names) {
    const std::uint32_t file = sources_.add("--profile", request_.profile);
    Diagnostic diagnostic{Code::M0604,
                          "there is no profile `" + request_.profile + "`",
                          {{file, 0, static_cast<std::uint32_t>(request_.profile.size())}, ""}};
    std::string known;
    for (const std::string& name : names) known += (known.empty() ? "`" : ", `") + name + "`";
    const std::string where = "`" + shown_path(file_) + "`";
    if (!known.empty())
      diagnostic.notes.push_back(where + " has " + known);
    else
      diagnostic.notes.push_back(where + (file_exists_ ? " has no profiles" : " does not exist"));
    if (const auto near = nearest(request_.profile, names))
      diagnostic.help.push_back("did you mean `" + *near + "`?");
    else
      diagnostic.help.push_back("a profile is a table `[profile." + request_.profile + "]` in motet.toml");
    diagnostics_.add(std::move(diagnostic));
  }

  void read_assignment(const std::string& assignment) {
    const std::uint32_t file = sources_.add("--set", assignment);
    const auto span = [&](std::size_t begin, std::size_t end) {
      return Span{file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    };
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == assignment.size()) {
      diagnostics_.add({Code::M0606,
                        "`--set` takes KEY=VALUE, not `" + assignment + "`",
                        {span(0, assignment.size()), ""},
                        {},
                        {},
                        {"for example `--set learn.sac.batch=128`"}});
      return;
    }
    const std::string key = assignment.substr(0, equals);
    const SettingSchema* schema = find_setting(key);
    if (schema == nullptr) {
      diagnostics_.add(unknown_setting(key, span(0, equals)));
      return;
    }
    FittedSetting fitted = fit_setting(*schema, assigned_value(assignment.substr(equals + 1)));
    if (!fitted) {
      diagnostics_.add({*fitted.code,
                        fitted.message,
                        {span(equals + 1, assignment.size()), std::string(schema->meaning)}});
      return;
    }
    auto& all = settings_.command_line;
    std::erase_if(all, [&](const Hyperparameter& given) { return given.key == key; });
    const auto place =
        std::lower_bound(all.begin(), all.end(), key,
                         [](const Hyperparameter& given, const std::string& k) { return given.key < k; });
    all.insert(place, {key, std::move(fitted.value), Origin::command_line, "--set"});
  }

  // A TOML value, a number as in programs (200k), or a bare word.
  static SettingValue assigned_value(const std::string& text) {
    const auto parsed = parse_toml("value = " + text);
    if (const toml::table* table = std::get_if<toml::table>(&parsed); table != nullptr && table->size() == 1)
      if (const auto value = setting_value(*table->get("value"))) return *value;
    if (const auto number = parse_number(text)) return *number;
    return text;
  }

  const SettingsRequest& request_;
  SourceMap& sources_;
  Diagnostics& diagnostics_;
  fs::path file_;
  bool file_exists_ = false, file_refused_ = false;
  std::vector<Profile> profiles_;
  OutsideSettings settings_;
};

const Hyperparameter* find(const std::vector<Hyperparameter>& values, std::string_view key) {
  for (const Hyperparameter& value : values)
    if (value.key == key) return &value;
  return nullptr;
}

}  // namespace

OutsideSettings read_settings(const SettingsRequest& request, SourceMap& sources, Diagnostics& diagnostics) {
  return SettingsReader(request, sources, diagnostics).read();
}

Hyperparameter resolve(std::string_view key, const std::vector<Hyperparameter>& program,
                       const OutsideSettings& outside, std::string_view policy_kind) {
  for (const auto* values : {&outside.command_line, &outside.profile, &program, &outside.file})
    if (const Hyperparameter* given = find(*values, key)) return *given;
  const SettingSchema& schema = *find_setting(key);
  if (policy_kind == "flow" && schema.flow_fallback)
    return {std::string(schema.key), *schema.flow_fallback, Origin::fallback,
            std::string(schema.flow_source)};
  return {std::string(schema.key), schema.fallback, Origin::fallback, std::string(schema.source)};
}

}  // namespace motet

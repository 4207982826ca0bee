#include "compiler/settings_table.h"

#include <algorithm>

#include "compiler/setting_schema.h"

namespace motet {

namespace {

// "learn", "learn.sac", "policy", ...: what has settings below it.
std::vector<std::string> groups() {
  std::vector<std::string> all;
  for (const SettingSchema& schema : setting_schemas())
    for (std::size_t dot = schema.key.find('.'); dot != schema.key.npos;
         dot = schema.key.find('.', dot + 1)) {
      std::string group(schema.key.substr(0, dot));
      if (std::find(all.begin(), all.end(), group) == all.end()) all.push_back(std::move(group));
    }
  return all;
}

class TableReader {
 public:
  TableReader(const SettingsTable& root, const SourceMap& sources, Diagnostics& diagnostics)
      : root_(root), sources_(sources), diagnostics_(diagnostics), groups_(groups()) {}

  std::vector<Hyperparameter> read() {
    read_group(root_.table, "");
    std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    return std::move(found_);
  }

 private:
  void read_group(const toml::table& table, const std::string& prefix) {
    for (auto&& [name, node] : table) {
      if (prefix.empty() && root_.top && name.str() == "profile") continue;
      const std::string key = prefix + std::string(name.str());
      const Span span = toml_span(sources_, root_.file, name.source().begin, name.str().size());
      const bool is_group = std::find(groups_.begin(), groups_.end(), key) != groups_.end();
      if (const SettingSchema* schema = find_setting(key))
        read_value(*schema, node, span);
      else if (is_group && node.is_table())
        read_group(*node.as_table(), key + ".");
      else if (is_group)
        report_group(key, span);
      else if (node.is_table())
        report_unknown_group(key, span);
      else
        diagnostics_.add(unknown_setting(key, span));
    }
  }

  void read_value(const SettingSchema& schema, const toml::node& node, Span span) {
    const auto value = setting_value(node);
    if (!value) {
      diagnostics_.add({Code::M0602,
                        "`" + std::string(schema.key) + "` cannot be " + kind_of(node),
                        {span, std::string(schema.meaning)}});
      return;
    }
    FittedSetting fitted = fit_setting(schema, *value);
    if (!fitted) {
      diagnostics_.add({*fitted.code, fitted.message, {span, std::string(schema.meaning)}});
      return;
    }
    const std::uint32_t line = sources_.file(root_.file).position(span.begin).line;
    found_.push_back({std::string(schema.key), std::move(fitted.value), root_.origin,
                      root_.source + ":" + std::to_string(line)});
  }

  static std::string kind_of(const toml::node& node) {
    if (node.is_table()) return "a table";
    if (node.is_array()) return "a list of anything but whole numbers";
    return "a date or a time";
  }

  void report_group(const std::string& key, Span span) {
    diagnostics_.add({Code::M0602,
                      "`" + key + "` is a group of settings, not a setting",
                      {span, "a value is given to it"},
                      {},
                      {},
                      {"write it as a table: `[" + key + "]`"}});
  }

  void report_unknown_group(const std::string& key, Span span) {
    Diagnostic diagnostic{Code::M0601, "there is no group of settings `" + key + "`", {span, ""}};
    if (const auto near = nearest(key, groups_)) diagnostic.help.push_back("did you mean `" + *near + "`?");
    diagnostics_.add(std::move(diagnostic));
  }

  const SettingsTable& root_;
  const SourceMap& sources_;
  Diagnostics& diagnostics_;
  std::vector<std::string> groups_;
  std::vector<Hyperparameter> found_;
};

std::optional<SettingValue> integers(const toml::array& array) {
  std::vector<std::int64_t> values;
  for (const toml::node& element : array) {
    const auto* value = element.as_integer();
    if (value == nullptr) return std::nullopt;
    values.push_back(value->get());
  }
  return values;
}

}  // namespace

std::optional<SettingValue> setting_value(const toml::node& node) {
  if (const auto* value = node.as_boolean()) return value->get();
  if (const auto* value = node.as_integer()) return value->get();
  if (const auto* value = node.as_floating_point()) return value->get();
  if (const auto* value = node.as_string()) return value->get();
  if (const auto* value = node.as_array()) return integers(*value);
  return std::nullopt;
}

Span toml_span(const SourceMap& sources, std::uint32_t file, toml::source_position begin,
               std::size_t length) {
  const SourceFile& source = sources.file(file);
  const std::uint32_t number = std::clamp<std::uint32_t>(begin.line, 1, source.line_count());
  const std::string_view line = source.line(number);
  std::size_t offset = 0;
  for (toml::source_index column = 1; column < begin.column && offset < line.size(); ++column) {
    ++offset;
    while (offset < line.size() && (static_cast<unsigned char>(line[offset]) & 0xc0) == 0x80) ++offset;
  }
  const std::size_t end = std::min(line.size(), offset + std::max<std::size_t>(length, 1));
  const std::uint32_t start = source.line_start(number);
  return {file, start + static_cast<std::uint32_t>(offset),
          start + static_cast<std::uint32_t>(std::max(end, offset))};
}

Diagnostic unknown_setting(std::string_view key, Span span) {
  Diagnostic diagnostic{Code::M0601, "there is no setting `" + std::string(key) + "`", {span, ""}};
  std::string known;
  for (const std::string& similar : similar_settings(key))
    known += (known.empty() ? "`" : ", `") + similar + "`";
  if (!known.empty()) diagnostic.help.push_back("did you mean " + known + "?");
  return diagnostic;
}

std::vector<Hyperparameter> read_settings_table(const SettingsTable& table, const SourceMap& sources,
                                                Diagnostics& diagnostics) {
  return TableReader(table, sources, diagnostics).read();
}

}  // namespace motet

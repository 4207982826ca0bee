#pragma once

// Settings in a TOML table: nested groups down to the keys of the schema.

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/toml/text.h"
#include "language/diagnostic.h"

namespace motet {

// Where a table stands and what its settings are to be marked with.
struct SettingsTable {
  const toml::table& table;
  std::uint32_t file = 0;  // in the source map
  Origin origin = Origin::settings;
  std::string source;  // put before ":LINE"
  bool top = false;    // the document itself, where `profile` is a group of its own
};

// The settings of a table, by key. What is not a setting is reported: M0601-M0603.
std::vector<Hyperparameter> read_settings_table(const SettingsTable& table, const SourceMap& sources,
                                                Diagnostics& diagnostics);

// A TOML value as a setting's; nothing for dates, tables and mixed arrays.
std::optional<SettingValue> setting_value(const toml::node& node);

// The place of a TOML node, `length` bytes of it (at least one, at most the rest of the line).
Span toml_span(const SourceMap& sources, std::uint32_t file, toml::source_position begin, std::size_t length);

// An unknown key, with the known ones that are near: M0601.
Diagnostic unknown_setting(std::string_view key, Span span);

}  // namespace motet

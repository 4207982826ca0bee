#pragma once

// motet.toml, profiles and --set: hyperparameters from outside the program.

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/setting_schema.h"
#include "language/diagnostic.h"

namespace motet {

// Values given outside the program, in the order in which they win: settings file, profile, --set.
struct OutsideSettings {
  std::vector<Hyperparameter> file, profile, command_line;
};

struct SettingsRequest {
  std::filesystem::path directory;       // where motet.toml may be
  std::string profile;                   // empty: none
  std::vector<std::string> assignments;  // "learn.sac.batch=128"
};

// Reads motet.toml, if there is one, into `sources`. Errors: M06xx (unknown key, with the nearest
// known one; wrong type; out of range; unknown profile), with spans in the file or in the argument.
OutsideSettings read_settings(const SettingsRequest& request, SourceMap& sources, Diagnostics& diagnostics);

// default < motet.toml < program < profile < command line.
Hyperparameter resolve(std::string_view key, const std::vector<Hyperparameter>& program,
                       const OutsideSettings& outside);

}  // namespace motet

#pragma once

// motet.toml, profiles and --set: hyperparameters from outside the program.

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/setting_schema.h"
#include "language/diagnostic.h"

namespace motet {

// Values given outside the program, in the order in which they win: settings file, profile, --set.
// Each list is by key, without repetitions.
struct OutsideSettings {
  std::vector<Hyperparameter> file, profile, command_line;
};

struct SettingsRequest {
  std::filesystem::path directory;       // where motet.toml may be
  std::string profile;                   // empty: none
  std::vector<std::string> assignments;  // "learn.sac.batch=128"; of two for a key the last one holds
};

// The size of motet.toml beyond which it is refused.
inline constexpr std::size_t settings_file_limit = 1u << 20;

// Reads motet.toml, if there is one, into `sources`. All profiles are checked, one is returned.
// Errors, with spans in the file or in the argument: M0601 (unknown, with the nearest known one),
// M0602 (wrong type), M0603 (out of range), M0604 (unknown profile), M0605 (the file cannot be read),
// M0606 (an argument that is not KEY=VALUE).
OutsideSettings read_settings(const SettingsRequest& request, SourceMap& sources, Diagnostics& diagnostics);

// default < motet.toml < program < profile < command line. `key` exists; the default is the one for
// a policy of this kind.
Hyperparameter resolve(std::string_view key, const std::vector<Hyperparameter>& program,
                       const OutsideSettings& outside, std::string_view policy_kind = {});

}  // namespace motet

#pragma once

// The schema of every hyperparameter: its type, range, default, and where the default comes from.
// Shared by the checker (settings in `policy` and `learn`), motet.toml and --set.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/plan/plan.h"
#include "language/diagnostic.h"

namespace motet {

// One hyperparameter that exists.
struct SettingSchema {
  // A temperature is a number, `anneal(FROM, TO, STEPS)` or one of `choices`; in a SettingValue, a
  // double or the canonical text.
  enum class Type { boolean, integer, number, text, integers, temperature };

  std::string_view key;  // "learn.sac.batch"
  Type type{};
  SettingValue fallback;
  double low = 0, high = 0;                    // inclusive; of each element for integers
  std::string_view source;                     // of the default: "Table C.1"
  std::string_view meaning;                    // one line, with the unit
  std::vector<std::string_view> choices = {};  // words it may be: all (text), or besides a number
  // The default where the policy is a flow, if it is another one, and its source.
  std::optional<SettingValue> flow_fallback = {};
  std::string_view flow_source = {};
};

// All of them, in the order in which they are documented.
const std::vector<SettingSchema>& setting_schemas();
const SettingSchema* find_setting(std::string_view key);

// A value brought into the form that its schema asks for, or what is wrong with it.
struct FittedSetting {
  SettingValue value;
  std::optional<Code> code;  // M0602 (wrong type) or M0603 (out of range), if it does not fit
  std::string message;       // then: "`learn.sac.batch` takes a whole number, not text"

  explicit operator bool() const { return !code; }
};

// Converts what is exact (1e6 to a whole number, 1 to a real number) and checks type and range.
// A temperature in text is parsed and made canonical.
FittedSetting fit_setting(const SettingSchema& schema, const SettingValue& value);

// What is known and near to an unknown key: those whose last parts are the same ("batch" gives
// "learn.sac.batch", "learn.sql.batch"), else the one that is spelt most alike. May be empty.
std::vector<std::string> similar_settings(std::string_view key);

// "auto", "0.2" or "anneal(1, 0.1, 100k)". Nothing, where it is none of these, or where a value is
// negative, an end of an annealing is zero, or its steps are not a positive whole number.
std::optional<Temperature> parse_temperature(std::string_view text);
// Of a value that fits its schema; a learnt one, where it is none.
Temperature temperature_of(const SettingValue& value);
// "auto", "0.2", "anneal(1, 0.1, 100000)": reads back to the same temperature.
std::string to_text(const Temperature& temperature);

}  // namespace motet

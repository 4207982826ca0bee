// Whether a value fits a setting's schema, and temperatures as text.

#include <algorithm>
#include <cmath>

#include "compiler/setting_schema.h"
#include "compiler/setting_value.h"
#include "language/text/number.h"

namespace motet {

namespace {

using Type = SettingSchema::Type;

constexpr std::size_t most_layers = 16;
constexpr std::size_t longest_text = 4096;

std::string quoted(std::string_view text) {
  return "`" + std::string(text) + "`";
}

std::string choice_list(const SettingSchema& schema) {
  std::string list;
  for (const std::string_view choice : schema.choices) list += (list.empty() ? "" : ", ") + quoted(choice);
  return list;
}

std::string wanted(const SettingSchema& schema) {
  const std::string or_choice = schema.choices.empty() ? "" : " or " + choice_list(schema);
  switch (schema.type) {
    case Type::boolean:
      return "`true` or `false`";
    case Type::integer:
      return "a whole number" + or_choice;
    case Type::number:
      return "a number" + or_choice;
    case Type::text:
      return schema.choices.empty() ? "text" : "one of " + choice_list(schema);
    case Type::integers:
      return "a list of whole numbers";
    case Type::temperature:
      return "a positive number, `anneal(FROM, TO, STEPS)`" + or_choice;
  }
  return {};
}

FittedSetting wrong_type(const SettingSchema& schema, const SettingValue& value) {
  return {value, Code::M0602,
          quoted(schema.key) + " takes " + wanted(schema) + ", not " + quoted(to_text(value))};
}

FittedSetting out_of_range(const SettingSchema& schema, const SettingValue& value, const std::string& what) {
  return {value, Code::M0603, quoted(schema.key) + " is " + quoted(to_text(value)) + "; " + what};
}

std::string range_text(const SettingSchema& schema) {
  return "from " + format_number(schema.low) + " to " + format_number(schema.high);
}

bool in_range(const SettingSchema& schema, double value) {
  return value >= schema.low && value <= schema.high;
}

bool is_choice(const SettingSchema& schema, const std::string& text) {
  return std::find(schema.choices.begin(), schema.choices.end(), text) != schema.choices.end();
}

// The whole number that a value stands for exactly.
std::optional<std::int64_t> whole(const SettingValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
  const auto* real = std::get_if<double>(&value);
  if (real == nullptr || !(std::abs(*real) <= 9007199254740992.0) || *real != std::floor(*real))
    return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

std::optional<double> real(const SettingValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  return std::nullopt;
}

FittedSetting fit_integer(const SettingSchema& schema, const SettingValue& value) {
  const auto integer = whole(value);
  if (!integer) return wrong_type(schema, value);
  if (!in_range(schema, static_cast<double>(*integer)))
    return out_of_range(schema, value, "it takes whole numbers " + range_text(schema));
  return {*integer, {}, {}};
}

FittedSetting fit_number(const SettingSchema& schema, const SettingValue& value) {
  if (const auto* text = std::get_if<std::string>(&value); text != nullptr && is_choice(schema, *text))
    return {*text, {}, {}};
  const auto number = real(value);
  if (!number) return wrong_type(schema, value);
  if (!in_range(schema, *number))
    return out_of_range(schema, value, "it takes numbers " + range_text(schema));
  return {*number, {}, {}};
}

FittedSetting fit_text(const SettingSchema& schema, const SettingValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || (!schema.choices.empty() && !is_choice(schema, *text)))
    return wrong_type(schema, value);
  if (text->empty() || text->size() > longest_text || text->find('\0') != text->npos)
    return out_of_range(schema, text->substr(0, 40), "it takes 1 to 4096 bytes of text");
  return {*text, {}, {}};
}

FittedSetting fit_integers(const SettingSchema& schema, const SettingValue& value) {
  const auto* list = std::get_if<std::vector<std::int64_t>>(&value);
  if (list == nullptr) return wrong_type(schema, value);
  if (list->empty() || list->size() > most_layers)
    return out_of_range(schema, std::vector<std::int64_t>(), "it takes 1 to 16 layers");
  for (const std::int64_t element : *list)
    if (!in_range(schema, static_cast<double>(element)))
      return out_of_range(schema, value, "each of its numbers lies " + range_text(schema));
  return {*list, {}, {}};
}

FittedSetting fit_temperature(const SettingSchema& schema, const SettingValue& value) {
  if (const auto number = real(value)) return fit_number(schema, *number);
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return wrong_type(schema, value);
  if (is_choice(schema, *text)) return {*text, {}, {}};
  const auto temperature = parse_temperature(*text);
  if (!temperature || temperature->learned) return wrong_type(schema, value);
  if (temperature->steps == 0) return fit_number(schema, temperature->from);
  if (!in_range(schema, temperature->from) || !in_range(schema, temperature->to))
    return out_of_range(schema, value, "its ends lie " + range_text(schema));
  return {to_text(*temperature), {}, {}};
}

}  // namespace

FittedSetting fit_setting(const SettingSchema& schema, const SettingValue& value) {
  switch (schema.type) {
    case Type::boolean:
      return std::holds_alternative<bool>(value) ? FittedSetting{value, {}, {}} : wrong_type(schema, value);
    case Type::integer:
      return fit_integer(schema, value);
    case Type::number:
      return fit_number(schema, value);
    case Type::text:
      return fit_text(schema, value);
    case Type::integers:
      return fit_integers(schema, value);
    case Type::temperature:
      return fit_temperature(schema, value);
  }
  return wrong_type(schema, value);
}

// --- temperatures -----------------------------------------------------------------------------

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<Temperature> parse_anneal(std::string_view arguments) {
  std::vector<double> values;
  while (true) {
    const std::size_t comma = arguments.find(',');
    const auto value = parse_number(trimmed(arguments.substr(0, comma)));
    if (!value || values.size() == 3) return std::nullopt;
    values.push_back(*value);
    if (comma == arguments.npos) break;
    arguments.remove_prefix(comma + 1);
  }
  if (values.size() != 3 || values[0] <= 0 || values[1] <= 0) return std::nullopt;
  const auto steps = whole(SettingValue{values[2]});
  if (!steps || *steps <= 0) return std::nullopt;
  return Temperature{.learned = false, .from = values[0], .to = values[1], .steps = *steps};
}

}  // namespace

std::optional<Temperature> parse_temperature(std::string_view text) {
  text = trimmed(text);
  if (text == "auto") return Temperature{};
  if (text.starts_with("anneal")) {
    text = trimmed(text.substr(6));
    if (!text.starts_with('(') || !text.ends_with(')')) return std::nullopt;
    return parse_anneal(text.substr(1, text.size() - 2));
  }
  const auto value = parse_number(text);
  if (!value || *value < 0) return std::nullopt;
  return Temperature{.learned = false, .from = *value, .to = *value, .steps = 0};
}

Temperature temperature_of(const SettingValue& value) {
  if (const auto number = real(value)) return {.learned = false, .from = *number, .to = *number, .steps = 0};
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? Temperature{} : parse_temperature(*text).value_or(Temperature{});
}

std::string to_text(const Temperature& temperature) {
  if (temperature.learned) return "auto";
  if (temperature.steps == 0) return format_number(temperature.from);
  return "anneal(" + format_number(temperature.from) + ", " + format_number(temperature.to) + ", " +
         std::to_string(temperature.steps) + ")";
}

}  // namespace motet

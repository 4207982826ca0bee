// `policy` and `learn`: which, and their settings.

#include <algorithm>
#include <cmath>

#include "compiler/check/skill.h"
#include "compiler/setting_schema.h"
#include "compiler/setting_value.h"
#include "language/format.h"

namespace motet::checking {

namespace {

using syntax::Expr;

class SettingsChecker {
 public:
  SettingsChecker(Context& context, CheckedSkill& skill)
      : context_(context), report_(context.report), skill_(skill) {}

  void check() {
    const bool composed = skill_.node.composition.has_value();
    const std::vector<std::string> learners =
        composed ? std::vector<std::string>{"extraction"} : std::vector<std::string>{"sac", "sql"};
    skill_.node.algorithm = composed ? "extraction" : "sac";
    if (const auto item = skill_.find<syntax::LearnItem>();
        item && known(item->algorithm, learners, "learn", composed)) {
      skill_.node.algorithm = item->algorithm.text;
      settings("learn." + item->algorithm.text, item->settings, *item.body);
    }
    if (const auto item = skill_.find<syntax::PolicyItem>();
        item && known(item->kind, {"gaussian", "flow", "sampler"}, "policy", false)) {
      skill_.node.policy_kind = item->kind.text;
      settings("policy." + item->kind.text, item->settings, *item.body);
    }
  }

 private:
  bool known(const syntax::Name& name, const std::vector<std::string>& names, std::string_view item,
             bool composed) {
    if (std::ranges::find(names, name.text) != names.end()) return true;
    Diagnostic diagnostic{
        .code = Code::M0305,
        .message = ticked(item) + " takes " + ticked_list(names) + (composed ? " in a composed skill" : ""),
        .primary = {name.span, ""}};
    if (composed) diagnostic.notes.push_back("it is not learnt in a world, but extracted from its parts");
    report_.suggest(diagnostic, name.text, name.span, names);
    report_.add(std::move(diagnostic));
    return false;
  }

  void settings(const std::string& prefix, const std::vector<syntax::Setting>& written, const Body& body) {
    for (const syntax::Setting& setting : written) {
      const std::string key = prefix + "." + setting.name.text;
      const SettingSchema* schema = find_setting(key);
      if (schema == nullptr) {
        unknown(prefix, setting);
        continue;
      }
      const auto value = value_of(*schema, setting.value, body);
      if (!value) continue;
      FittedSetting fitted = fit_setting(*schema, *value);
      if (!fitted) {
        const Code code = *fitted.code == Code::M0603 ? Code::M0422 : Code::M0421;
        report_.add({.code = code, .message = fitted.message, .primary = {setting.value.span, ""}});
        continue;
      }
      skill_.node.settings.push_back({key, std::move(fitted.value), setting.span});
    }
  }

  void unknown(const std::string& prefix, const syntax::Setting& setting) {
    std::vector<std::string> names;
    for (const SettingSchema& schema : setting_schemas())
      if (schema.key.starts_with(prefix + ".")) names.emplace_back(schema.key.substr(prefix.size() + 1));
    Diagnostic diagnostic{.code = Code::M0420,
                          .message = "there is no setting " + ticked(prefix + "." + setting.name.text),
                          .primary = {setting.name.span, ""},
                          .notes = {"its settings are " + ticked_list(names, 20)}};
    report_.suggest(diagnostic, setting.name.text, setting.name.span, names);
    report_.add(std::move(diagnostic));
  }

  // --- values -------------------------------------------------------------------------------------

  std::optional<SettingValue> value_of(const SettingSchema& schema, const Expr& e, const Body& body) {
    using Type = SettingSchema::Type;
    if (e.kind == Expr::Kind::boolean) return SettingValue(e.text == "true");
    if (e.kind == Expr::Kind::string) return SettingValue(e.text);
    if (e.kind == Expr::Kind::list) return list(e, body);
    if (e.kind == Expr::Kind::call && e.text == "anneal" && schema.type == Type::temperature)
      return anneal(e, body);
    const bool takes_words =
        schema.type == Type::text || !schema.choices.empty() || schema.type == Type::boolean;
    if (e.kind == Expr::Kind::name && takes_words && !is_value(e.text, body)) return SettingValue(e.text);
    return number(e, body);
  }

  bool is_value(const std::string& name, const Body& body) const {
    for (const Binding& binding : body.bindings)
      if (binding.name == name) return true;
    return context_.scope.find(body.module, Space::value, name).found.has_value();
  }

  std::optional<SettingValue> number(const Expr& e, const Body& body) {
    const auto constant = context_.constant(e, body.module, body.bindings);
    if (!constant) return std::nullopt;
    if (constant->quantity.written) {
      report_.add({.code = Code::M0406,
                   .message = "a setting is a number without a unit",
                   .primary = {e.span, constant->quantity.powers ? "in " + to_text(*constant->quantity.powers)
                                                                 : ""}});
      return std::nullopt;
    }
    if (constant->scalar()) return as_number(constant->values[0]);
    report_.add({.code = Code::M0421,
                 .message = "a setting is a number, a word or a list",
                 .primary = {e.span, "a vector"},
                 .help = {"a list is written with brackets: `[256, 256]`"}});
    return std::nullopt;
  }

  static SettingValue as_number(double value) {
    constexpr double exact = 9007199254740992.0;
    if (value == std::floor(value) && std::abs(value) <= exact) return static_cast<std::int64_t>(value);
    return value;
  }

  std::optional<SettingValue> list(const Expr& e, const Body& body) {
    std::vector<std::int64_t> values;
    for (const Expr& child : e.children) {
      const auto element = number(child, body);
      if (!element) return std::nullopt;
      const auto* whole = std::get_if<std::int64_t>(&*element);
      if (whole == nullptr) {
        report_.add(
            {.code = Code::M0421, .message = "a list holds whole numbers", .primary = {child.span, ""}});
        return std::nullopt;
      }
      values.push_back(*whole);
    }
    return SettingValue(std::move(values));
  }

  std::optional<SettingValue> anneal(const Expr& e, const Body& body) {
    std::vector<double> values;
    for (const Expr& child : e.children) {
      const auto value =
          child.kind == Expr::Kind::argument
              ? std::nullopt
              : context_.constant_number(child, body.module, powers::number, "a temperature", body.bindings);
      if (!value && child.kind != Expr::Kind::argument) return std::nullopt;
      if (value) values.push_back(*value);
    }
    constexpr double most_steps = 1e12;
    const bool whole =
        values.size() == 3 && values[2] >= 1 && values[2] <= most_steps && values[2] == std::floor(values[2]);
    if (!whole || !(values[0] > 0) || !(values[1] > 0)) {
      report_.add({.code = Code::M0421,
                   .message = "`anneal` takes two positive temperatures and a number of steps",
                   .primary = {e.span, ""},
                   .help = {"such as `anneal(10, 0.1, 20k)`"}});
      return std::nullopt;
    }
    const Temperature temperature{
        .learned = false, .from = values[0], .to = values[1], .steps = static_cast<std::int64_t>(values[2])};
    return SettingValue(to_text(temperature));
  }

  Context& context_;
  Report& report_;
  CheckedSkill& skill_;
};

}  // namespace

void check_settings(Context& context, CheckedSkill& skill) {
  SettingsChecker(context, skill).check();
}

}  // namespace motet::checking

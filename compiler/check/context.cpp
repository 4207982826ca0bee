#include "compiler/check/context.h"

#include <cmath>

#include "compiler/check/constants.h"

namespace motet::checking {

Context::Context(const Program& program_, const SourceMap& sources_, Diagnostics& diagnostics)
    : program(program_),
      sources(sources_),
      report(diagnostics),
      scope(program, sources, diagnostics.has_errors(), report),
      elaborated(scope.size(), false),
      is_constant(find_constants(scope)),
      robot_of(scope.size(), nullptr),
      world_of(scope.size(), nullptr) {
  constants_.emplace(shared(), constant_terms_, no_scenery_);
}

std::filesystem::path Context::path_in(std::uint32_t module, std::string_view text) const {
  return (program.modules[module].directory / text).lexically_normal();
}

std::optional<DeclaredId> Context::resolve(std::uint32_t module, Space space, const syntax::Name& name) {
  const Lookup lookup = scope.find(module, space, name.text);
  const std::string kind(space_name(space));
  if (lookup.found && lookup.other) {
    report.add({.code = Code::M0303,
                .message = "two imports bring a " + kind + " called " + ticked(name.text),
                .primary = {name.span, "which of them is meant?"},
                .secondary = {{scope[*lookup.found].name->span, "one"},
                              {scope[*lookup.other].name->span, "the other"}},
                .help = {"import one of them with `as`, and qualify its names"}});
    return std::nullopt;
  }
  if (lookup.found || lookup.excused) return lookup.found;
  Diagnostic diagnostic{.code = Code::M0304,
                        .message = "there is no " + kind + " called " + ticked(name.text),
                        .primary = {name.span, "no such " + kind}};
  if (const auto other = scope.other_kind(module, space, name.text))
    diagnostic.notes.push_back(ticked(name.text) + " is " + kind_text(*other));
  if (report.may_suggest()) {
    const std::vector<std::string> names = scope.visible(module, space);
    if (names.empty())
      diagnostic.notes.push_back("no " + kind + " is declared or imported here");
    else
      diagnostic.notes.push_back("the " + kind + "s are " + ticked_list(names, 8));
    report.suggest(diagnostic, name.text, name.span, names);
  }
  report.add(std::move(diagnostic));
  return std::nullopt;
}

std::shared_ptr<const LoadedModel> Context::load(std::uint32_t module, const syntax::Expr& path) {
  const auto& model = models.load(path_in(module, path.text));
  if (model) return *model;
  report.add({.code = Code::M0501,
              .message = "the model " + ticked(path.text) + " cannot be loaded",
              .primary = {path.span, ""},
              .notes = {model.error().message}});
  return nullptr;
}

Scenery without_world(const Context& context) {
  Scenery scenery;
  for (const CheckedWorld& world : context.worlds)
    for (const auto& [name, info] : world.scenery.samples)
      scenery.samples.emplace(name, SampleInfo{.span = info.span});
  return scenery;
}

void report_missing(Report& report, std::string_view kind, const syntax::Name& name,
                    std::initializer_list<NeededItem> needed) {
  std::vector<std::string> missing, help;
  for (const NeededItem& one : needed) {
    if (one.item != nullptr) continue;
    missing.emplace_back(one.name);
    help.push_back("add " + ticked(one.example));
  }
  if (missing.empty()) return;
  report.add(
      {.code = Code::M0310,
       .message = "the " + std::string(kind) + " " + ticked(name.text) + " has no " + ticked_list(missing),
       .primary = {name.span, ""},
       .help = std::move(help)});
}

// --- constants --------------------------------------------------------------------------------

Frame frame_for(std::uint32_t module, const Bindings& bindings, Elaborator& elaborator) {
  Frame frame{.module = module};
  for (const Binding& binding : bindings) {
    Value value = Value::unknown();
    if (binding.constant) {
      value = {.term = elaborator.table().constant(binding.constant->values),
               .length = static_cast<std::uint32_t>(binding.constant->values.size()),
               .quantity = binding.constant->quantity};
    }
    frame.parameters.emplace_back(binding.name, value);
  }
  return frame;
}

std::optional<Constant> Context::constant(const syntax::Expr& expression, std::uint32_t module,
                                          const Bindings& bindings) {
  const Frame frame = frame_for(module, bindings, *constants_);
  const Value value = constants_->numbers(expression, frame, Place::constant);
  const std::vector<double>* values = constants_->constant(value);
  if (values == nullptr) return std::nullopt;
  return Constant{*values, value.quantity};
}

std::optional<double> Context::constant_number(const syntax::Expr& expression, std::uint32_t module,
                                               std::optional<Powers> unit, std::string_view what,
                                               const Bindings& bindings) {
  const auto value = constant(expression, module, bindings);
  if (!value) return std::nullopt;
  if (!value->scalar()) {
    report.add({.code = Code::M0404,
                .message = "one number is wanted, not " + std::to_string(value->values.size()),
                .primary = {expression.span, std::string(what) + " is one number"}});
    return std::nullopt;
  }
  const auto& powers = value->quantity.powers;
  if (powers && unit && *powers != *unit) {
    report.add({.code = Code::M0406,
                .message = std::string(what) + " is in " + to_text(*unit) + ", not in " + to_text(*powers),
                .primary = {expression.span, "in " + to_text(*powers)}});
    return std::nullopt;
  }
  return value->values[0];
}

std::optional<std::pair<double, double>> Context::constant_range(const syntax::Expr& list,
                                                                 std::uint32_t module,
                                                                 std::optional<Powers> unit,
                                                                 std::string_view what) {
  if (list.children.size() != 2) return std::nullopt;  // the parser has said so
  const auto low = constant_number(list.children[0], module, unit, what);
  const auto high = constant_number(list.children[1], module, unit, what);
  if (!low || !high) return std::nullopt;
  if (*low < *high) return std::pair(*low, *high);
  report.add({.code = Code::M0416,
              .message = "this range is empty: its lower end must lie below the upper one",
              .primary = {list.span, ""}});
  return std::nullopt;
}

std::optional<std::int64_t> Context::steps(const syntax::Expr& expression, std::string_view item) {
  constexpr double most = 1e9;
  const bool number = expression.kind == syntax::Expr::Kind::number;
  if (!number || expression.unit != "steps") {
    Diagnostic diagnostic{.code = Code::M0406,
                          .message = ticked(item) + " is a number of steps",
                          .primary = {expression.span, ""},
                          .help = {"such as `" + std::string(item) + " 3 steps`"}};
    if (number && expression.unit.empty()) diagnostic.fix = Fix{expression.span, expression.text + " steps"};
    report.add(std::move(diagnostic));
    return std::nullopt;
  }
  if (expression.value >= 1 && expression.value <= most && expression.value == std::floor(expression.value))
    return static_cast<std::int64_t>(expression.value);
  report.add({.code = Code::M0407,
              .message = ticked(item) + " takes a whole number of steps, from 1 to 1000000000",
              .primary = {expression.span, ""}});
  return std::nullopt;
}

}  // namespace motet::checking

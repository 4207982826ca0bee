#include "compiler/check/scope.h"

#include <algorithm>

#include "compiler/check/circles.h"
#include "compiler/check/uses.h"
#include "compiler/check/words.h"

namespace motet::checking {

namespace {

using Kind = Declared::Kind;

std::optional<Kind> kind_of(const syntax::Declaration& declaration) {
  if (std::holds_alternative<syntax::Let>(declaration)) return Kind::let;
  if (std::holds_alternative<syntax::Reward>(declaration)) return Kind::reward;
  if (std::holds_alternative<syntax::Robot>(declaration)) return Kind::robot;
  if (std::holds_alternative<syntax::World>(declaration)) return Kind::world;
  if (std::holds_alternative<syntax::Skill>(declaration)) return Kind::skill;
  return std::nullopt;
}

void take_parameters(Declared& declared) {
  const auto take = [&](const auto& declaration) {
    declared.parameters = declaration.parameters;
    declared.has_parameters = declaration.has_parameters;
  };
  if (const auto* let = std::get_if<syntax::Let>(declared.syntax)) take(*let);
  if (const auto* reward = std::get_if<syntax::Reward>(declared.syntax)) take(*reward);
  if (const auto* skill = std::get_if<syntax::Skill>(declared.syntax)) take(*skill);
}

std::vector<std::string> uses_of(const Declared& declared) {
  if (declared.space() == Space::value) return names_used(declared.value(), declared.parameters);
  std::vector<std::string> names;
  if (declared.kind != Kind::skill) return names;
  const auto add = [&](const syntax::SkillExpr& expression) {
    for (std::string& name : names_used(expression)) names.push_back(std::move(name));
  };
  const syntax::Skill& skill = declared.skill();
  if (skill.over) add(*skill.over);
  if (skill.value) add(*skill.value);
  for (const syntax::Item& item : skill.items)
    if (const auto* start = std::get_if<syntax::StartItem>(&item)) add(start->skill);
  return names;
}

constexpr Space every_space[space_count] = {Space::value, Space::robot, Space::world, Space::skill};

}  // namespace

std::string_view space_name(Space space) {
  static constexpr std::string_view names[space_count] = {"value", "robot", "world", "skill"};
  return names[static_cast<std::size_t>(space)];
}

Space Declared::space() const {
  switch (kind) {
    case Kind::robot:
      return Space::robot;
    case Kind::world:
      return Space::world;
    case Kind::skill:
      return Space::skill;
    default:
      return Space::value;
  }
}

const syntax::Expr& Declared::value() const {
  if (kind == Kind::let) return std::get<syntax::Let>(*syntax).value;
  return std::get<syntax::Reward>(*syntax).value;
}

std::string kind_text(Declared::Kind kind) {
  static constexpr std::string_view names[] = {"a let", "a reward", "a robot", "a world", "a skill"};
  return std::string(names[static_cast<std::size_t>(kind)]);
}

Scope::Scope(const Program& program, const SourceMap& sources, bool had_errors, Report& report)
    : program_(program), report_(report), modules_(program.modules.size()) {
  for (std::uint32_t module = 0; module < modules_.size(); ++module) {
    open_imports(module);
    for (const syntax::Declaration& declaration : program.modules[module].syntax.declarations)
      declare(module, declaration);
    if (had_errors) find_lost(module, sources);
  }
  for (std::uint32_t module = 0; module < modules_.size(); ++module) check_aliases(module);
  for (Declared& declared : all_) {
    for (const std::string& name : uses_of(declared))
      if (const Lookup lookup = find(declared.module, declared.space(), name); lookup.found)
        declared.uses.push_back(*lookup.found);
  }
  order_ = order_and_find_circles(all_, report);
}

void Scope::declare(std::uint32_t module, const syntax::Declaration& declaration) {
  const auto kind = kind_of(declaration);
  if (!kind) return;
  Declared declared{
      .kind = *kind, .module = module, .syntax = &declaration, .name = syntax::name_of(declaration)};
  take_parameters(declared);
  check_own_names(declared);
  auto& own = modules_[module].own[static_cast<std::size_t>(declared.space())];
  const auto [known, is_new] = own.emplace(declared.name->text, static_cast<DeclaredId>(all_.size()));
  if (!is_new) {
    const Declared& first = all_[known->second];
    report_.add({.code = Code::M0302,
                 .message = ticked(declared.name->text) + " is declared twice",
                 .primary = {declared.name->span, "here as " + kind_text(declared.kind)},
                 .secondary = {{first.name->span, "first here, as " + kind_text(first.kind)}},
                 .help = {"give one of them another name"}});
  }
  all_.push_back(std::move(declared));
}

// A name that the language gives a meaning to cannot be given another.
void Scope::check_own_names(const Declared& declared) {
  const auto own = [&](const syntax::Name& name, std::string_view what) {
    report_.add({.code = Code::M0309,
                 .message = ticked(name.text) + " is " + std::string(what) + " of the language",
                 .primary = {name.span, "cannot be declared"},
                 .help = {"choose another name"}});
  };
  if (declared.space() == Space::value) {
    const std::string& name = declared.name->text;
    if (is_signal_word(name) || is_element_word(name))
      own(*declared.name, "a signal");
    else if (declared.has_parameters && find_function(name) != nullptr)
      own(*declared.name, "a function");
  }
  for (std::size_t i = 0; i < declared.parameters.size(); ++i) {
    const syntax::Name& parameter = declared.parameters[i];
    if (is_signal_word(parameter.text) || is_element_word(parameter.text)) own(parameter, "a signal");
    for (std::size_t j = 0; j < i; ++j) {
      if (declared.parameters[j].text != parameter.text) continue;
      report_.add({.code = Code::M0302,
                   .message = "two parameters are called " + ticked(parameter.text),
                   .primary = {parameter.span, "the second"},
                   .secondary = {{declared.parameters[j].span, "the first"}}});
      break;
    }
  }
}

void Scope::open_imports(std::uint32_t module) {
  const LoadedModule& loaded = program_.modules[module];
  std::size_t position = 0;
  for (const syntax::Declaration& declaration : loaded.syntax.declarations) {
    const auto* import = std::get_if<syntax::Import>(&declaration);
    if (import == nullptr) continue;
    const std::size_t target =
        position < loaded.imports.size() ? loaded.imports[position] : LoadedModule::unresolved;
    ++position;
    Module& into = modules_[module];
    if (target == LoadedModule::unresolved) {
      if (import->alias)
        into.missing_aliases.push_back(import->alias->text);
      else
        into.missing_import = true;
    } else if (!import->alias) {
      if (std::ranges::find(into.open, target) == into.open.end())
        into.open.push_back(static_cast<std::uint32_t>(target));
    } else if (!into.aliases
                    .emplace(import->alias->text, Alias{static_cast<std::uint32_t>(target), &*import->alias})
                    .second) {
      report_.add({.code = Code::M0302,
                   .message = "two imports are called " + ticked(import->alias->text),
                   .primary = {import->alias->span, "the second"},
                   .secondary = {{into.aliases.at(import->alias->text).name->span, "the first"}}});
    }
  }
}

void Scope::check_aliases(std::uint32_t module) {
  for (const auto& [text, alias] : modules_[module].aliases) {
    const Lookup lookup = find_own(module, Space::value, text);
    if (!lookup.found) continue;
    report_.add({.code = Code::M0302,
                 .message = ticked(text) + " is an import and " + kind_text(all_[*lookup.found].kind),
                 .primary = {all_[*lookup.found].name->span, "declared here"},
                 .secondary = {{alias.name->span, "and the name of an import here"}}});
  }
}

// Words that stand like a declaration's name in a file that did not parse: what they would have
// declared is not known, and not an error of those who use it.
void Scope::find_lost(std::uint32_t module, const SourceMap& sources) {
  const std::string_view text = sources.file(program_.modules[module].syntax.file).text();
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  std::string_view before;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_word(text[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < text.size() && is_word(text[i])) ++i;
    const std::string_view word = text.substr(begin, i - begin);
    if (before == "let" || before == "reward" || before == "robot" || before == "world" || before == "skill")
      modules_[module].lost.insert(word);
    before = word;
  }
}

Lookup Scope::find_own(std::uint32_t module, Space space, std::string_view name) const {
  const auto& own = modules_[module].own[static_cast<std::size_t>(space)];
  if (const auto found = own.find(name); found != own.end()) return {.found = found->second};
  return {.excused = modules_[module].lost.contains(name)};
}

Lookup Scope::find(std::uint32_t module, Space space, std::string_view name) const {
  const Module& from = modules_[module];
  if (const std::size_t dot = name.find('.'); dot != std::string_view::npos) {
    const std::string_view qualifier = name.substr(0, dot);
    if (const auto alias = from.aliases.find(qualifier); alias != from.aliases.end())
      return find_own(alias->second.module, space, name.substr(dot + 1));
    return {.excused = std::ranges::find(from.missing_aliases, qualifier) != from.missing_aliases.end()};
  }
  Lookup result = find_own(module, space, name);
  if (result.found) return result;
  result.excused = result.excused || from.missing_import;
  for (const std::uint32_t imported : from.open) {
    const Lookup below = find_own(imported, space, name);
    result.excused = result.excused || below.excused;
    if (!below.found) continue;
    if (result.found)
      result.other = below.found;
    else
      result.found = below.found;
  }
  return result;
}

bool Scope::is_alias(std::uint32_t module, std::string_view name) const {
  const Module& from = modules_[module];
  return from.aliases.contains(name) ||
         std::ranges::find(from.missing_aliases, name) != from.missing_aliases.end();
}

std::vector<DeclaredId> Scope::visible_ids(std::uint32_t module, Space space) const {
  std::vector<DeclaredId> ids;
  const auto add = [&](std::uint32_t from) {
    for (const auto& [name, id] : modules_[from].own[static_cast<std::size_t>(space)]) ids.push_back(id);
  };
  add(module);
  for (const std::uint32_t imported : modules_[module].open) add(imported);
  for (const auto& [name, alias] : modules_[module].aliases) add(alias.module);
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<std::string> Scope::visible(std::uint32_t module, Space space) const {
  std::vector<std::string> names;
  const auto add = [&](std::uint32_t from, const std::string& prefix) {
    for (const auto& [name, id] : modules_[from].own[static_cast<std::size_t>(space)])
      names.push_back(prefix + std::string(name));
  };
  add(module, "");
  for (const std::uint32_t imported : modules_[module].open) add(imported, "");
  for (const auto& [name, alias] : modules_[module].aliases) add(alias.module, std::string(name) + ".");
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::optional<Declared::Kind> Scope::other_kind(std::uint32_t module, Space wanted,
                                                std::string_view name) const {
  for (const Space space : every_space) {
    if (space == wanted) continue;
    if (const Lookup lookup = find(module, space, name); lookup.found) return all_[*lookup.found].kind;
  }
  return std::nullopt;
}

std::string Scope::display_name(DeclaredId id) const {
  const Declared& declared = all_[id];
  const auto main = static_cast<std::uint32_t>(program_.main);
  const std::string& name = declared.name->text;
  if (const Lookup plain = find(main, declared.space(), name); plain.found == id && !plain.other) return name;
  // The first in the alphabet, as the map has no order.
  std::string qualified;
  for (const auto& [text, alias] : modules_[main].aliases)
    if (alias.module == declared.module && (qualified.empty() || text < qualified)) qualified = text;
  if (qualified.empty()) qualified = program_.modules[declared.module].path.stem().string();
  return qualified + "." + name;
}

}  // namespace motet::checking

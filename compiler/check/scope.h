#pragma once

// Names: what every module declares and what it sees of the others.
//
// A module sees its own declarations, then those that its imports declare (not what they import in
// turn); an import with `as` is seen through its alias only. Values (lets and rewards), robots,
// worlds and skills are looked up apart: the place of a name tells which of them it is. So a skill
// and a reward may share a name.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/check/report.h"
#include "language/modules.h"

namespace motet::checking {

using DeclaredId = std::uint32_t;

enum class Space : std::uint8_t { value, robot, world, skill };
inline constexpr std::size_t space_count = 4;
std::string_view space_name(Space space);  // "value"

struct Declared {
  enum class Kind { let, reward, robot, world, skill };
  Kind kind{};
  std::uint32_t module = 0;
  const syntax::Declaration* syntax = nullptr;
  const syntax::Name* name = nullptr;
  std::vector<syntax::Name> parameters = {};
  bool has_parameters = false;
  std::vector<DeclaredId> uses = {};  // of the same space, as far as names tell
  bool circular = false;              // reported; a use of it is an error that need not be reported

  Space space() const;
  const syntax::Expr& value() const;  // of a let or a reward
  const syntax::Skill& skill() const { return std::get<syntax::Skill>(*syntax); }
};

// "a reward", "a skill".
std::string kind_text(Declared::Kind kind);

struct Lookup {
  std::optional<DeclaredId> found = {};
  std::optional<DeclaredId> other = {};  // a second import brings the name too: it is ambiguous
  bool excused = false;                  // it may have come from what could not be read: say nothing
};

class Scope {
 public:
  // Reports names that are declared twice, that are the language's own, and circles (M0201, M0306).
  Scope(const Program& program, const SourceMap& sources, bool had_errors, Report& report);

  const Declared& operator[](DeclaredId id) const { return all_[id]; }
  std::size_t size() const { return all_.size(); }
  // All of them, what is used before what uses it.
  const std::vector<DeclaredId>& order() const { return order_; }

  // `name` may be qualified: "mine.walk".
  Lookup find(std::uint32_t module, Space space, std::string_view name) const;
  bool is_alias(std::uint32_t module, std::string_view name) const;
  // What can be written in this module where a name of the space is wanted.
  std::vector<std::string> visible(std::uint32_t module, Space space) const;
  std::vector<DeclaredId> visible_ids(std::uint32_t module, Space space) const;
  // What the name is, where it is known as something else than what is wanted.
  std::optional<Declared::Kind> other_kind(std::uint32_t module, Space wanted, std::string_view name) const;
  // How the main module writes the name; else qualified by its module's.
  std::string display_name(DeclaredId id) const;
  // The value and all that it uses, directly or through others, each after what it uses itself. What
  // `is_done` is left out, and so is what only it uses.
  std::vector<DeclaredId> values_below(DeclaredId id, const auto& is_done) const;

 private:
  struct Alias {
    std::uint32_t module = 0;
    const syntax::Name* name = nullptr;
  };
  struct Module {
    std::unordered_map<std::string_view, DeclaredId> own[space_count];
    std::vector<std::uint32_t> open;  // imported without an alias
    std::unordered_map<std::string_view, Alias> aliases;
    bool missing_import = false;  // one without an alias could not be found
    std::vector<std::string_view> missing_aliases;
    std::unordered_set<std::string_view> lost;  // names in declarations that did not parse
  };

  void declare(std::uint32_t module, const syntax::Declaration& declaration);
  void check_own_names(const Declared& declared);
  void open_imports(std::uint32_t module);
  void check_aliases(std::uint32_t module);
  void find_lost(std::uint32_t module, const SourceMap& sources);
  Lookup find_own(std::uint32_t module, Space space, std::string_view name) const;

  const Program& program_;
  Report& report_;
  std::vector<Declared> all_;
  std::vector<Module> modules_;
  std::vector<DeclaredId> order_;
};

std::vector<DeclaredId> Scope::values_below(DeclaredId id, const auto& is_done) const {
  struct Visit {
    DeclaredId id;
    std::size_t next = 0;
  };
  std::vector<DeclaredId> order;
  std::unordered_map<DeclaredId, bool> seen;
  std::vector<Visit> stack;
  const auto enter = [&](DeclaredId below) {
    if (all_[below].circular || is_done(below) || !seen.emplace(below, true).second) return;
    stack.push_back({below});
  };
  enter(id);
  while (!stack.empty()) {
    Visit& top = stack.back();
    const Declared& declared = all_[top.id];
    if (top.next < declared.uses.size()) {
      enter(declared.uses[top.next++]);
      continue;
    }
    order.push_back(top.id);
    stack.pop_back();
  }
  return order;
}

}  // namespace motet::checking

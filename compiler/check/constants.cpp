#include "compiler/check/constants.h"

#include <algorithm>

#include "compiler/check/words.h"

namespace motet::checking {

namespace {

using syntax::Expr;

class Constants {
 public:
  explicit Constants(const Scope& scope) : scope_(scope), constant_(scope.size(), false) {}

  std::vector<bool> find() {
    for (const DeclaredId id : scope_.order()) {
      const Declared& declared = scope_[id];
      constant_[id] =
          declared.space() == Space::value && !declared.circular && holds(declared.value(), declared);
    }
    return std::move(constant_);
  }

 private:
  bool holds(const Expr& e, const Declared& in) const {
    using Kind = Expr::Kind;
    switch (e.kind) {
      case Kind::number:
      case Kind::boolean:
        return true;
      case Kind::name:
        return is_parameter(e.text, in) || is_constant(e.text, in);
      case Kind::call: {
        constexpr std::string_view of_a_world[] = {"rate", "previous", "pd", "uniform", "normal", "choice"};
        const bool known = find_function(e.text) != nullptr
                               ? std::ranges::find(of_a_world, e.text) == std::end(of_a_world)
                               : is_constant(e.text, in);
        return known && all(e, in);
      }
      case Kind::member:
        if (e.children[0].kind == Kind::name && scope_.is_alias(in.module, e.children[0].text))
          return is_constant(e.children[0].text + "." + e.text, in);
        return all(e, in);
      case Kind::vector:
      case Kind::slice:
      case Kind::unary:
      case Kind::binary:
      case Kind::conditional:
      case Kind::argument:
        return all(e, in);
      case Kind::string:
      case Kind::list:
      case Kind::history:
        return false;
    }
    return false;
  }

  bool all(const Expr& e, const Declared& in) const {
    return std::ranges::all_of(e.children, [&](const Expr& child) { return holds(child, in); });
  }
  static bool is_parameter(std::string_view name, const Declared& in) {
    return std::ranges::any_of(in.parameters,
                               [&](const syntax::Name& parameter) { return parameter.text == name; });
  }
  bool is_constant(std::string_view name, const Declared& in) const {
    if (is_signal_word(name) || is_element_word(name)) return false;
    const Lookup lookup = scope_.find(in.module, Space::value, name);
    return lookup.found && !lookup.other && constant_[*lookup.found];
  }

  const Scope& scope_;
  std::vector<bool> constant_;
};

}  // namespace

std::vector<bool> find_constants(const Scope& scope) {
  return Constants(scope).find();
}

}  // namespace motet::checking

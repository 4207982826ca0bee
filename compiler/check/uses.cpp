#include "compiler/check/uses.h"

#include <algorithm>

#include "compiler/check/words.h"

namespace motet::checking {

namespace {

using syntax::Expr;

void collect(const Expr& expression, const std::vector<syntax::Name>& parameters,
             std::vector<std::string>& names) {
  if (expression.kind == Expr::Kind::call && names_elements(expression.text)) return;
  const bool is_parameter = std::any_of(parameters.begin(), parameters.end(), [&](const syntax::Name& name) {
    return name.text == expression.text;
  });
  const bool calls = expression.kind == Expr::Kind::call && find_function(expression.text) == nullptr;
  if (calls || (expression.kind == Expr::Kind::name && !is_parameter)) names.push_back(expression.text);
  if (expression.kind == Expr::Kind::member && expression.children[0].kind == Expr::Kind::name)
    names.push_back(expression.children[0].text + "." + expression.text);
  for (const Expr& child : expression.children) collect(child, parameters, names);
}

void collect(const syntax::SkillExpr& expression, std::vector<std::string>& names) {
  if (expression.kind == syntax::SkillExpr::Kind::reference) names.push_back(expression.name.text);
  for (const syntax::SkillExpr& child : expression.children) collect(child, names);
}

}  // namespace

bool names_elements(std::string_view call) {
  return call == "body" || call == "joint" || call == "site" || call == "sensor" || call == "contact" ||
         call == "motor";
}

std::vector<std::string> names_used(const Expr& expression, const std::vector<syntax::Name>& parameters) {
  std::vector<std::string> names;
  collect(expression, parameters, names);
  return names;
}

std::vector<std::string> names_used(const syntax::SkillExpr& expression) {
  std::vector<std::string> names;
  collect(expression, names);
  return names;
}

}  // namespace motet::checking

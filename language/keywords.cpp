#include "language/keywords.h"

#include <algorithm>
#include <cassert>

namespace motet {

std::string_view spelling(TokenKind kind) {
  switch (kind) {
    case TokenKind::Import: return "import";
    case TokenKind::Let: return "let";
    case TokenKind::Robot: return "robot";
    case TokenKind::World: return "world";
    case TokenKind::Reward: return "reward";
    case TokenKind::Skill: return "skill";
    case TokenKind::Model: return "model";
    case TokenKind::Observe: return "observe";
    case TokenKind::Act: return "act";
    case TokenKind::Drive: return "drive";
    case TokenKind::Control: return "control";
    case TokenKind::Limit: return "limit";
    case TokenKind::Scene: return "scene";
    case TokenKind::Horizon: return "horizon";
    case TokenKind::Sample: return "sample";
    case TokenKind::Reset: return "reset";
    case TokenKind::Measure: return "measure";
    case TokenKind::In: return "in";
    case TokenKind::Maximize: return "maximize";
    case TokenKind::Policy: return "policy";
    case TokenKind::Learn: return "learn";
    case TokenKind::Hold: return "hold";
    case TokenKind::Latent: return "latent";
    case TokenKind::Prior: return "prior";
    case TokenKind::Over: return "over";
    case TokenKind::When: return "when";
    case TokenKind::Last: return "last";
    case TokenKind::If: return "if";
    case TokenKind::Else: return "else";
    case TokenKind::And: return "and";
    case TokenKind::Or: return "or";
    case TokenKind::Not: return "not";
    case TokenKind::True: return "true";
    case TokenKind::False: return "false";
    case TokenKind::End: return "end";
    case TokenKind::Success: return "success";
    case TokenKind::Start: return "start";
    case TokenKind::From: return "from";
    case TokenKind::As: return "as";
    case TokenKind::At: return "at";
    case TokenKind::Per: return "per";
    case TokenKind::Action: return "action";
    case TokenKind::Rate: return "rate";
    case TokenKind::Torque: return "torque";
    case TokenKind::LBrace: return "{";
    case TokenKind::RBrace: return "}";
    case TokenKind::LParen: return "(";
    case TokenKind::RParen: return ")";
    case TokenKind::LBracket: return "[";
    case TokenKind::RBracket: return "]";
    case TokenKind::Comma: return ",";
    case TokenKind::Semi: return ";";
    case TokenKind::DotDot: return "..";
    case TokenKind::Dot: return ".";
    case TokenKind::Assign: return "=";
    case TokenKind::PlusAssign: return "+=";
    case TokenKind::Plus: return "+";
    case TokenKind::Minus: return "-";
    case TokenKind::Star: return "*";
    case TokenKind::Slash: return "/";
    case TokenKind::Caret: return "^";
    case TokenKind::Less: return "<";
    case TokenKind::LessEqual: return "<=";
    case TokenKind::Greater: return ">";
    case TokenKind::GreaterEqual: return ">=";
    case TokenKind::Equal: return "==";
    case TokenKind::NotEqual: return "!=";
    case TokenKind::Amp: return "&";
    case TokenKind::Pipe: return "|";
    default: return "";
  }
}

const std::vector<TokenKind>& declaration_keywords() {
  static const std::vector<TokenKind> keywords = {TokenKind::Import, TokenKind::Let,    TokenKind::Robot,
                                                  TokenKind::World,  TokenKind::Reward, TokenKind::Skill};
  return keywords;
}

const std::vector<ItemKind>& item_kinds() {
  static const std::vector<ItemKind> kinds = {
      //                      robot  world  skill  once
      {TokenKind::Model, true, false, false, true},
      {TokenKind::Observe, true, true, false, false},
      {TokenKind::Act, true, false, false, true},
      {TokenKind::Drive, true, false, false, false},
      {TokenKind::Control, true, false, false, true},
      {TokenKind::Limit, true, false, false, false},
      {TokenKind::Robot, false, true, false, true},
      {TokenKind::Scene, false, true, false, true},
      {TokenKind::Horizon, false, true, false, true},
      {TokenKind::Sample, false, true, false, false},
      {TokenKind::Reset, false, true, false, false},
      {TokenKind::End, false, true, false, false},
      {TokenKind::Success, false, true, false, true},
      {TokenKind::Measure, false, true, false, false},
      {TokenKind::In, false, false, true, true},
      {TokenKind::Maximize, false, false, true, true},
      {TokenKind::Policy, false, false, true, true},
      {TokenKind::Learn, false, false, true, true},
      {TokenKind::Hold, false, false, true, true},
      {TokenKind::Latent, false, false, true, true},
      {TokenKind::Prior, false, false, true, true},
      {TokenKind::Start, false, false, true, true},
  };
  return kinds;
}

const ItemKind& item_kind(TokenKind keyword) {
  const auto& kinds = item_kinds();
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const ItemKind& kind) { return kind.keyword == keyword; });
  assert(found != kinds.end());
  return *found;
}

bool belongs(const ItemKind& item, TokenKind declaration) {
  return declaration == TokenKind::Robot   ? item.in_robot
         : declaration == TokenKind::World ? item.in_world
                                           : item.in_skill;
}

std::vector<std::string> item_names(TokenKind declaration) {
  std::vector<std::string> names;
  for (const ItemKind& kind : item_kinds())
    if (belongs(kind, declaration)) names.emplace_back(spelling(kind.keyword));
  return names;
}

std::string quoted_list(const std::vector<std::string>& names, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " " + std::string(last) + " " : ", ";
    text += "`" + names[i] + "`";
  }
  return text;
}

}  // namespace motet

#include "language/keywords.h"

#include <algorithm>
#include <cassert>

namespace motet {

std::string_view spelling(TokenKind kind) {
  static constexpr std::string_view spellings[] = {
      "",  // Eof
#define MOTET_TOKEN(name, spelling) spelling,
#include "language/tokens.def"
#undef MOTET_TOKEN
  };
  return spellings[static_cast<std::size_t>(kind)];
}

const std::vector<TokenKind>& declaration_keywords() {
  static const std::vector<TokenKind> keywords = {TokenKind::Import, TokenKind::Let,    TokenKind::Robot,
                                                  TokenKind::World,  TokenKind::Reward, TokenKind::Skill};
  return keywords;
}

const std::vector<ItemKind>& item_kinds() {
  static const std::vector<ItemKind> kinds = {
      //                      robot  world  skill  once
      {TokenKind::Model, true, false, false, true},   {TokenKind::Observe, true, true, false, false},
      {TokenKind::Act, true, false, false, true},     {TokenKind::Drive, true, false, false, false},
      {TokenKind::Control, true, false, false, true}, {TokenKind::Limit, true, false, false, false},
      {TokenKind::Robot, false, true, false, true},   {TokenKind::Scene, false, true, false, true},
      {TokenKind::Horizon, false, true, false, true}, {TokenKind::Sample, false, true, false, false},
      {TokenKind::Reset, false, true, false, false},  {TokenKind::End, false, true, false, false},
      {TokenKind::Success, false, true, false, true}, {TokenKind::Measure, false, true, false, false},
      {TokenKind::In, false, false, true, true},      {TokenKind::Maximize, false, false, true, true},
      {TokenKind::Policy, false, false, true, true},  {TokenKind::Learn, false, false, true, true},
      {TokenKind::Hold, false, false, true, true},    {TokenKind::Latent, false, false, true, true},
      {TokenKind::Prior, false, false, true, true},   {TokenKind::Start, false, false, true, true},
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

std::string quoted(std::string_view text) {
  return "`" + std::string(text) + "`";
}

std::string quoted_list(const std::vector<std::string>& names, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " " + std::string(last) + " " : ", ";
    text += quoted(names[i]);
  }
  return text;
}

}  // namespace motet

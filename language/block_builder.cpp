#include "language/block_builder.h"

#include <algorithm>
#include <utility>

namespace motet {

using namespace syntax;

bool BlockBuilder::Parts::has(TokenKind kind) const {
  return std::any_of(words.begin(), words.end(), [&](CstCursor word) { return word.is(kind); });
}

std::vector<Item> BlockBuilder::items(CstCursor block) {
  std::vector<Item> result;
  for (const CstCursor child : block.children()) {
    if (!child.is(Rule::Item) || child->failed) continue;
    const CstCursor keyword = child.first();
    Parts parts{keyword->kind, expressions_.span(child), {}, {}};
    for (const CstCursor part : child.children())
      (part.is(Rule::Token) ? parts.words : parts.nodes).push_back(part);
    std::optional<Item> made = item(parts);
    if (accept(parts) && made) result.push_back(std::move(*made));
  }
  return result;
}

bool BlockBuilder::accept(const Parts& parts) {
  const ItemKind& kind = item_kind(parts.keyword);
  const std::string word = "`" + std::string(spelling(parts.keyword)) + "`";
  const std::string owner(spelling(declaration_));
  const Span keyword = expressions_.span(parts.words.front());
  if (!belongs(kind, declaration_)) {
    std::vector<std::string> owners;
    for (const TokenKind other : {TokenKind::Robot, TokenKind::World, TokenKind::Skill})
      if (belongs(kind, other)) owners.push_back("a " + std::string(spelling(other)));
    context_.diagnostics.add(
        {.code = Code::M0104,
         .message = "a " + owner + " has no item " + word,
         .primary = {keyword,
                     "belongs in " + owners.front() + (owners.size() > 1 ? " or " + owners.back() : "")},
         .help = {"the items of a " + owner + " are " + quoted_list(item_names(declaration_))}});
    return false;
  }
  const auto [first, fresh] = seen_.emplace(parts.keyword, keyword);
  if (fresh || !kind.once) return true;
  repeated(keyword, first->second, "a " + owner + " has one " + word);
  return false;
}

void BlockBuilder::repeated(Span again, Span first, const std::string& what) {
  context_.diagnostics.add({.code = Code::M0103,
                            .message = what + ", and this is another",
                            .primary = {again, "again here"},
                            .secondary = {{first, "first here"}}});
}

std::optional<Item> BlockBuilder::item(const Parts& parts) {
  const auto expression = [&](std::size_t i) { return expressions_.expression(parts.nodes[i]); };
  const auto name = [&] { return expressions_.name(parts.nodes.front()); };
  const auto path = [&] { return expressions_.path(parts.nodes.front()); };
  const Span span = parts.span;
  switch (parts.keyword) {
    case TokenKind::Model:
      return model(parts);
    case TokenKind::Observe: {
      ObserveItem result{{}, span};
      for (const CstCursor node : parts.nodes) result.terms.push_back(expressions_.expression(node));
      return result;
    }
    case TokenKind::Act: {
      ActItem result{{}, span};
      for (const CstCursor node : parts.nodes) result.channels.push_back(channel(node));
      return result;
    }
    case TokenKind::Drive:
      return DriveItem{expression(0), expression(1), span};
    case TokenKind::Control:
      return ControlItem{expression(0), span};
    case TokenKind::Limit:
      return limit(parts);
    case TokenKind::Robot:
      return RobotItem{path(), span};
    case TokenKind::Scene:
      return SceneItem{expressions_.string(parts.words.back()), span};
    case TokenKind::Horizon:
      return HorizonItem{expression(0), span};
    case TokenKind::Sample:
      return SampleItem{name(), expression(1), span};
    case TokenKind::Reset:
      return ResetItem{expression(0), parts.has(TokenKind::PlusAssign), expression(1), span};
    case TokenKind::End:
      return EndItem{expression(0), span};
    case TokenKind::Success:
      return SuccessItem{expression(0), span};
    case TokenKind::Measure:
      return measure(parts);
    case TokenKind::In:
      return InItem{path(), span};
    case TokenKind::Maximize:
      return MaximizeItem{expression(0), span};
    case TokenKind::Policy:
      return PolicyItem{name(), settings(parts), span};
    case TokenKind::Learn:
      return LearnItem{name(), settings(parts), span};
    case TokenKind::Hold:
      return HoldItem{expression(0), span};
    case TokenKind::Latent:
      return LatentItem{name(), span};
    case TokenKind::Prior:
      return PriorItem{name(), span};
    case TokenKind::Start:
      return StartItem{expressions_.skill_expression(parts.nodes.front()), span};
    default:
      return std::nullopt;
  }
}

std::optional<Item> BlockBuilder::model(const Parts& parts) {
  Expr source = expressions_.expression(parts.nodes.front());
  if (source.kind != Expr::Kind::string && source.kind != Expr::Kind::call) {
    expressions_.error(source.span, "a model is a file in quotes or `point(N)`");
    return std::nullopt;
  }
  return ModelItem{std::move(source), parts.span};
}

ActChannel BlockBuilder::channel(CstCursor node) {
  ActChannel result;
  result.span = expressions_.span(node);
  for (const CstCursor child : node.children()) {
    if (child.is(Rule::Name)) result.name = expressions_.name(child);
    if (child.is(TokenKind::Number)) result.length = expressions_.integer(child);
    if (child.is(Rule::List)) result.range = expressions_.list(child);
  }
  if (result.range && result.range->children.size() != 2)
    expressions_.error(result.range->span, "a range has two ends: `[-1, 1]`");
  return result;
}

Item BlockBuilder::limit(const Parts& parts) {
  LimitItem result{.kind = LimitItem::Kind::range, .target = {}, .bound = {}, .span = parts.span};
  if (parts.has(TokenKind::In)) {
    result.target.push_back(expressions_.expression(parts.nodes[0]));
    result.bound = expressions_.list(parts.nodes[1]);
    if (result.bound.children.size() != 2)
      expressions_.error(result.bound.span, "a range has two ends: `[-1, 1]`");
    return result;
  }
  result.kind = parts.has(TokenKind::Rate) ? LimitItem::Kind::action_rate : LimitItem::Kind::torque;
  result.bound = expressions_.number(parts.nodes[0]);
  if (parts.nodes.size() < 2) return result;
  // `5 per s`
  const Name per = expressions_.name(parts.nodes[1]);
  const Span unit = join(expressions_.span(parts.words.back()), per.span);
  if (per.text != "s" || !result.bound.unit.empty()) {
    context_.diagnostics.add({.code = Code::M0102,
                              .message = "a limit of the rate is a number `per s`",
                              .primary = {unit, ""},
                              .fix = per.text != "s" ? std::optional(Fix{per.span, "s"}) : std::nullopt});
  }
  result.bound.unit = "per s";
  result.bound.unit_span = unit;
  result.bound.span = join(result.bound.span, unit);
  return result;
}

std::optional<Item> BlockBuilder::measure(const Parts& parts) {
  static const std::vector<std::string> names = {"end", "mean", "max", "min"};
  const Name over = expressions_.name(parts.nodes[2]);
  MeasureItem result{expressions_.name(parts.nodes[0]), expressions_.expression(parts.nodes[1]),
                     MeasureItem::Over::end, parts.span};
  const auto found = std::find(names.begin(), names.end(), over.text);
  if (found == names.end()) {
    const auto near = nearest(over.text, names);
    expressions_.error(over.span, "a measure is taken at `end`, `mean`, `max` or `min`",
                       near ? "did you mean `" + *near + "`?" : "");
    return std::nullopt;
  }
  result.over = static_cast<MeasureItem::Over>(found - names.begin());
  return result;
}

std::vector<Setting> BlockBuilder::settings(const Parts& parts) {
  std::vector<Setting> result;
  if (parts.nodes.size() < 2) return result;
  std::map<std::string, Span> seen;
  for (const CstCursor child : parts.nodes[1].children()) {
    if (!child.is(Rule::Setting)) continue;
    const CstCursor name = child.first();
    Setting setting{expressions_.name(name), expressions_.expression(name.next()), expressions_.span(child)};
    const auto [first, fresh] = seen.emplace(setting.name.text, setting.name.span);
    if (fresh) {
      result.push_back(std::move(setting));
    } else {
      repeated(setting.name.span, first->second, "`" + setting.name.text + "` is set once");
    }
  }
  return result;
}

}  // namespace motet

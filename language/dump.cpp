// The syntax tree as stable text.

#include <algorithm>

#include "language/format.h"
#include "language/item_writer.h"

namespace motet {
namespace {

using namespace syntax;

// Line and column of offsets that mostly go forward: counts from the last one, as lines may be long.
class PositionReader {
 public:
  explicit PositionReader(std::string_view text) : text_(text) {}

  std::string at(std::uint32_t offset) {
    if (offset < last_) last_ = 0, line_ = 1, column_ = 1;
    for (; last_ < offset; ++last_) {
      const char c = text_[last_];
      if (c == '\n' || (c == '\r' && (last_ + 1 >= text_.size() || text_[last_ + 1] != '\n'))) {
        ++line_;
        column_ = 1;
      } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
        ++column_;
      }
    }
    return std::to_string(line_) + ":" + std::to_string(column_);
  }

 private:
  std::string_view text_;
  std::uint32_t last_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
};

class Dumper {
 public:
  Dumper(std::string_view text, bool positions) : position_(text), positions_(positions) {}

  std::string run(const Module& module) {
    for (const Declaration& declaration : module.declarations)
      std::visit([&](const auto& d) { declare(d); }, declaration);
    for (const Comment& comment : module.comments) line("comment //" + comment.text, comment.span);
    return std::move(text_);
  }

 private:
  void line(std::string_view label, Span span) {
    text_.append(2 * depth_, ' ').append(label);
    if (positions_) text_ += "  @" + position_.at(span.begin);
    text_ += '\n';
  }

  template <class Body>
  void node(std::string_view label, Span span, Body&& body) {
    line(label, span);
    ++depth_;
    body();
    --depth_;
  }

  // --- declarations ---------------------------------------------------------------------------

  void declare(const Import& d) {
    std::string label = "import " + (d.quoted ? "\"" + d.path + "\"" : d.path);
    if (d.alias) label += " as " + d.alias->text;
    line(label, d.span);
  }
  void declare(const Let& d) { definition("let ", d); }
  void declare(const Reward& d) { definition("reward ", d); }
  void declare(const Robot& d) {
    node("robot " + d.name.text, d.span, [&] { items(d.items); });
  }
  void declare(const World& d) {
    node("world " + d.name.text, d.span, [&] { items(d.items); });
  }

  void declare(const Skill& d) {
    std::string label = "skill " + d.name.text + (d.has_parameters ? parameters(d.parameters) : "") +
                        (d.has_body ? " {}" : "");
    node(label, d.span, [&] {
      if (d.over) node("over", d.over->span, [&] { skill(*d.over); });
      if (d.value) node("value", d.value->span, [&] { skill(*d.value); });
      if (d.from) node("from", d.from->span, [&] { expr(*d.from); });
      items(d.items);
    });
  }

  template <class T>
  void definition(const std::string& keyword, const T& d) {
    node(keyword + d.name.text + (d.has_parameters ? parameters(d.parameters) : ""), d.span,
         [&] { expr(d.value); });
  }

  static std::string parameters(const std::vector<Name>& names) {
    std::string text = "(";
    for (const Name& name : names) text += (text.size() > 1 ? ", " : "") + name.text;
    return text + ")";
  }

  // --- items ----------------------------------------------------------------------------------

  void items(const std::vector<Item>& items) {
    for (const Item& i : items) std::visit([&](const auto& item) { write(item, keyword(i)); }, i);
  }

  void write(const ModelItem& i, std::string_view key) { tree(key, i.span, i.source); }
  void write(const ObserveItem& i, std::string_view key) {
    node(key, i.span, [&] { exprs(i.terms); });
  }
  void write(const ActItem& i, std::string_view key) {
    node(key, i.span, [&] {
      for (const ActChannel& channel : i.channels) {
        const std::string length = channel.length ? "[" + std::to_string(*channel.length) + "]" : "";
        node("channel " + channel.name.text + length, channel.span, [&] {
          if (channel.range) expr(*channel.range);
        });
      }
    });
  }
  void write(const DriveItem& i, std::string_view key) { tree(key, i.span, i.target, i.value); }
  void write(const ControlItem& i, std::string_view key) { tree(key, i.span, i.rate); }
  void write(const LimitItem& i, std::string_view key) {
    static constexpr const char* kinds[] = {" range", " action rate", " torque"};
    node(std::string(key) + kinds[static_cast<int>(i.kind)], i.span, [&] {
      exprs(i.target);
      expr(i.bound);
    });
  }
  void write(const RobotItem& i, std::string_view key) { named(key, i.span, i.robot); }
  void write(const SceneItem& i, std::string_view key) { tree(key, i.span, i.path); }
  void write(const HorizonItem& i, std::string_view key) { tree(key, i.span, i.length); }
  void write(const SampleItem& i, std::string_view key) {
    tree(std::string(key) + " " + i.name.text, i.span, i.distribution);
  }
  void write(const ResetItem& i, std::string_view key) {
    tree(std::string(key) + (i.add ? " +=" : " ="), i.span, i.target, i.value);
  }
  void write(const EndItem& i, std::string_view key) { tree(key, i.span, i.condition); }
  void write(const SuccessItem& i, std::string_view key) { tree(key, i.span, i.condition); }
  void write(const MeasureItem& i, std::string_view key) {
    tree(std::string(key) + " " + i.name.text + " at " + std::string(spelling(i.over)), i.span, i.value);
  }
  void write(const InItem& i, std::string_view key) { named(key, i.span, i.world); }
  void write(const MaximizeItem& i, std::string_view key) { tree(key, i.span, i.reward); }
  void write(const PolicyItem& i, std::string_view key) { settings(key, i.span, i.kind, i.settings); }
  void write(const LearnItem& i, std::string_view key) { settings(key, i.span, i.algorithm, i.settings); }
  void write(const HoldItem& i, std::string_view key) { tree(key, i.span, i.length); }
  void write(const LatentItem& i, std::string_view key) { named(std::string(key) + " per", i.span, i.per); }
  void write(const PriorItem& i, std::string_view key) { named(key, i.span, i.kind); }
  void write(const StartItem& i, std::string_view key) {
    node(std::string(key) + " from", i.span, [&] { skill(i.skill); });
  }

  void named(std::string_view key, Span span, const Name& name) {
    line(std::string(key) + " " + name.text, span);
  }

  template <class... Exprs>
  void tree(std::string_view label, Span span, const Exprs&... expressions) {
    node(label, span, [&] { (expr(expressions), ...); });
  }

  void settings(std::string_view key, Span span, const Name& name, const std::vector<Setting>& settings) {
    node(std::string(key) + " " + name.text, span, [&] {
      for (const Setting& setting : settings)
        tree("setting " + setting.name.text, setting.span, setting.value);
    });
  }

  // --- expressions ----------------------------------------------------------------------------

  void exprs(const std::vector<Expr>& expressions) {
    for (const Expr& e : expressions) expr(e);
  }

  void expr(const Expr& e) {
    line(label(e), e.span);
    ++depth_;
    exprs(e.children);
    --depth_;
  }

  static std::string label(const Expr& e) {
    switch (e.kind) {
      case Expr::Kind::number:
        return "number " + e.text + (e.unit.empty() ? "" : " " + e.unit);
      case Expr::Kind::string:
        return "string \"" + e.text + "\"";
      case Expr::Kind::boolean:
        return "boolean " + e.text;
      case Expr::Kind::name:
        return "name " + e.text;
      case Expr::Kind::vector:
        return "vector";
      case Expr::Kind::list:
        return "list";
      case Expr::Kind::call:
        return "call " + e.text;
      case Expr::Kind::member:
        return "member " + e.text;
      case Expr::Kind::slice: {
        const std::string first = e.first ? std::to_string(*e.first) : "";
        return "slice " + first + (e.single ? "" : ".." + (e.last ? std::to_string(*e.last) : ""));
      }
      case Expr::Kind::unary:
        return "unary " + e.text;
      case Expr::Kind::binary:
        return "binary " + e.text;
      case Expr::Kind::conditional:
        return "conditional";
      case Expr::Kind::history:
        return "history " + std::to_string(static_cast<std::int64_t>(e.value));
      case Expr::Kind::argument:
        return "argument " + e.text;
    }
    return "";
  }

  void skill(const SkillExpr& e) {
    line(label(e), e.span);
    ++depth_;
    exprs(e.arguments);
    exprs(e.weight);
    for (const SkillExpr& child : e.children) skill(child);
    --depth_;
  }

  static std::string label(const SkillExpr& e) {
    switch (e.kind) {
      case SkillExpr::Kind::reference:
        return "reference " + e.name.text + (e.has_arguments ? "()" : "");
      case SkillExpr::Kind::scaled:
        return "scaled";
      case SkillExpr::Kind::both:
        return "both";
      case SkillExpr::Kind::either:
        return "either";
      case SkillExpr::Kind::over:
        return "over";
    }
    return "";
  }

  PositionReader position_;
  bool positions_;
  std::string text_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string dump(const Module& module, const SourceMap& sources, bool positions) {
  return Dumper(sources.file(module.file).text(), positions).run(module);
}

}  // namespace motet

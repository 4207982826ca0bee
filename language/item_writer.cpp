#include "language/item_writer.h"

#include <algorithm>

namespace motet {

using namespace syntax;

namespace {

struct Keyword {
  std::string_view operator()(const ModelItem&) const { return "model"; }
  std::string_view operator()(const ObserveItem&) const { return "observe"; }
  std::string_view operator()(const ActItem&) const { return "act"; }
  std::string_view operator()(const DriveItem&) const { return "drive"; }
  std::string_view operator()(const ControlItem&) const { return "control"; }
  std::string_view operator()(const LimitItem&) const { return "limit"; }
  std::string_view operator()(const RobotItem&) const { return "robot"; }
  std::string_view operator()(const SceneItem&) const { return "scene"; }
  std::string_view operator()(const HorizonItem&) const { return "horizon"; }
  std::string_view operator()(const SampleItem&) const { return "sample"; }
  std::string_view operator()(const ResetItem&) const { return "reset"; }
  std::string_view operator()(const EndItem&) const { return "end"; }
  std::string_view operator()(const SuccessItem&) const { return "success"; }
  std::string_view operator()(const MeasureItem&) const { return "measure"; }
  std::string_view operator()(const InItem&) const { return "in"; }
  std::string_view operator()(const MaximizeItem&) const { return "maximize"; }
  std::string_view operator()(const PolicyItem&) const { return "policy"; }
  std::string_view operator()(const LearnItem&) const { return "learn"; }
  std::string_view operator()(const HoldItem&) const { return "hold"; }
  std::string_view operator()(const LatentItem&) const { return "latent"; }
  std::string_view operator()(const PriorItem&) const { return "prior"; }
  std::string_view operator()(const StartItem&) const { return "start"; }
};

}  // namespace

std::string_view keyword(const Item& item) {
  return std::visit(Keyword(), item);
}

std::string_view spelling(MeasureItem::Over over) {
  switch (over) {
    case MeasureItem::Over::end:
      return "end";
    case MeasureItem::Over::mean:
      return "mean";
    case MeasureItem::Over::max:
      return "max";
    case MeasureItem::Over::min:
      return "min";
  }
  return "";
}

void ItemWriter::write(const Item& item, int keyword_width) {
  const std::string_view word = keyword(item);
  layout_.text(word);
  layout_.space(1 + std::max(0, keyword_width - static_cast<int>(word.size())));
  // Settings are indented from the item, all else stands below where it began.
  const bool has_settings =
      std::holds_alternative<PolicyItem>(item) || std::holds_alternative<LearnItem>(item);
  if (!has_settings) layout_.begin_align();
  std::visit([&](const auto& i) { rest(i); }, item);
  if (!has_settings) layout_.end_indent();
}

void ItemWriter::between(std::string_view word) {
  layout_.space();
  layout_.text(word);
  layout_.space();
}

void ItemWriter::rest(const ModelItem& item) {
  expressions_.write(item.source);
}

void ItemWriter::rest(const ObserveItem& item) {
  layout_.begin_group();
  expressions_.list(item.terms);
  layout_.end_group();
}

void ItemWriter::rest(const ActItem& item) {
  layout_.begin_group();
  for (std::size_t i = 0; i < item.channels.size(); ++i) {
    if (i > 0) {
      layout_.text(",");
      layout_.line();
    }
    channel(item.channels[i]);
  }
  layout_.end_group();
}

void ItemWriter::channel(const ActChannel& channel) {
  name(channel.name);
  if (channel.length) layout_.text("[" + std::to_string(*channel.length) + "]");
  if (!channel.range) return;
  between("in");
  expressions_.write(*channel.range);
}

void ItemWriter::rest(const DriveItem& item) {
  expressions_.write(item.target);
  between("=");
  expressions_.write(item.value);
}

void ItemWriter::rest(const ControlItem& item) {
  expressions_.write(item.rate);
}

void ItemWriter::rest(const LimitItem& item) {
  switch (item.kind) {
    case LimitItem::Kind::range:
      expressions_.write(item.target.front());
      between("in");
      break;
    case LimitItem::Kind::action_rate:
      layout_.text("action rate");
      layout_.space();
      break;
    case LimitItem::Kind::torque:
      layout_.text("torque");
      layout_.space();
      break;
  }
  expressions_.write(item.bound);
}

void ItemWriter::rest(const RobotItem& item) {
  name(item.robot);
}
void ItemWriter::rest(const SceneItem& item) {
  expressions_.write(item.path);
}
void ItemWriter::rest(const HorizonItem& item) {
  expressions_.write(item.length);
}

void ItemWriter::rest(const SampleItem& item) {
  name(item.name);
  between("=");
  expressions_.write(item.distribution);
}

void ItemWriter::rest(const ResetItem& item) {
  expressions_.write(item.target);
  between(item.add ? "+=" : "=");
  expressions_.write(item.value);
}

void ItemWriter::rest(const EndItem& item) {
  layout_.text("when");
  layout_.space();
  expressions_.write(item.condition);
}

void ItemWriter::rest(const SuccessItem& item) {
  layout_.text("when");
  layout_.space();
  expressions_.write(item.condition);
}

void ItemWriter::rest(const MeasureItem& item) {
  name(item.name);
  between("=");
  expressions_.write(item.value);
  layout_.space(2);
  layout_.text("at " + std::string(spelling(item.over)));
}

void ItemWriter::rest(const InItem& item) {
  name(item.world);
}
void ItemWriter::rest(const MaximizeItem& item) {
  expressions_.write(item.reward);
}

void ItemWriter::rest(const PolicyItem& item) {
  name(item.kind);
  settings(item.settings, item.span);
}

void ItemWriter::rest(const LearnItem& item) {
  name(item.algorithm);
  settings(item.settings, item.span);
}

// On one line between commas, or each on its own without them.
void ItemWriter::settings(const std::vector<Setting>& settings, Span item) {
  if (settings.empty()) return;
  int width = 0;
  for (const Setting& setting : settings) width = std::max(width, static_cast<int>(setting.name.text.size()));
  layout_.space();
  layout_.begin_group();
  layout_.text("{");
  layout_.begin_indent(2);
  for (std::size_t i = 0; i < settings.size(); ++i) {
    layout_.line(i == 0 ? " " : ", ");
    name(settings[i].name);
    layout_.gap(1 + width - static_cast<int>(settings[i].name.text.size()));
    layout_.begin_align();
    expressions_.write(settings[i].value);
    layout_.end_indent();
  }
  expressions_.comments_before(item.end - 1);
  layout_.end_indent();
  layout_.line();
  layout_.text("}");
  layout_.end_group();
}

void ItemWriter::rest(const HoldItem& item) {
  expressions_.write(item.length);
}

void ItemWriter::rest(const LatentItem& item) {
  layout_.text("per");
  layout_.space();
  name(item.per);
}

void ItemWriter::rest(const PriorItem& item) {
  name(item.kind);
}

void ItemWriter::rest(const StartItem& item) {
  layout_.text("from");
  layout_.space();
  expressions_.write(item.skill);
}

}  // namespace motet

#pragma once

// Writes the items of blocks in canonical form.

#include <string_view>
#include <vector>

#include "language/expression_writer.h"

namespace motet {

std::string_view keyword(const syntax::Item& item);
// "end", "mean", "max" or "min".
std::string_view spelling(syntax::MeasureItem::Over over);

class ItemWriter {
 public:
  ItemWriter(Layout& layout, ExpressionWriter& expressions) : layout_(layout), expressions_(expressions) {}

  // The keyword is followed by spaces up to that width.
  void write(const syntax::Item& item, int keyword_width);

 private:
  void rest(const syntax::ModelItem& item);
  void rest(const syntax::ObserveItem& item);
  void rest(const syntax::ActItem& item);
  void rest(const syntax::DriveItem& item);
  void rest(const syntax::ControlItem& item);
  void rest(const syntax::LimitItem& item);
  void rest(const syntax::RobotItem& item);
  void rest(const syntax::SceneItem& item);
  void rest(const syntax::HorizonItem& item);
  void rest(const syntax::SampleItem& item);
  void rest(const syntax::ResetItem& item);
  void rest(const syntax::EndItem& item);
  void rest(const syntax::SuccessItem& item);
  void rest(const syntax::MeasureItem& item);
  void rest(const syntax::InItem& item);
  void rest(const syntax::MaximizeItem& item);
  void rest(const syntax::PolicyItem& item);
  void rest(const syntax::LearnItem& item);
  void rest(const syntax::HoldItem& item);
  void rest(const syntax::LatentItem& item);
  void rest(const syntax::PriorItem& item);
  void rest(const syntax::StartItem& item);

  void name(const syntax::Name& name) { expressions_.word(name.text, name.span.begin); }
  // A word of the syntax, with a space on either side.
  void between(std::string_view word);
  void channel(const syntax::ActChannel& channel);
  void settings(const std::vector<syntax::Setting>& settings, Span item);

  Layout& layout_;
  ExpressionWriter& expressions_;
};

}  // namespace motet

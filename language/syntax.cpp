#include "language/syntax.h"

namespace motet::syntax {

Span span_of(const Item& item) {
  return std::visit([](const auto& alternative) { return alternative.span; }, item);
}

Span span_of(const Declaration& declaration) {
  return std::visit([](const auto& alternative) { return alternative.span; }, declaration);
}

namespace {

struct NameOf {
  const Name* operator()(const Import&) const { return nullptr; }
  template <class T>
  const Name* operator()(const T& declaration) const {
    return &declaration.name;
  }
};

}  // namespace

const Name* name_of(const Declaration& declaration) {
  return std::visit(NameOf(), declaration);
}

}  // namespace motet::syntax

// Units from the signals up to the observation, number by number. A term's arguments come before it in the
// table, so that one loop does it, however deep the terms are nested.

#include "compiler/observation_units.h"

#include <algorithm>
#include <optional>

#include "compiler/plan/arithmetic.h"
#include "compiler/signal_units.h"

namespace motet {

namespace {

using checking::Quantity;
using Kind = Term::Kind;
using Units = std::vector<Quantity>;

// A scalar stands for each number of a vector.
const Quantity& element(const Units& units, std::size_t i) {
  return units[units.size() == 1 ? 0 : i];
}

// Of a sum, a mean or a choice of them.
Quantity all_joined(const Units& units) {
  Quantity all = units[0];
  for (const Quantity& unit : units) all = joined(all, unit);
  return all;
}

class UnitWalk {
 public:
  UnitWalk(const Environment& environment, const ModelInfo* model, double control_period)
      : environment_(environment),
        terms_(environment.terms),
        model_(model),
        control_period_(control_period),
        live_(terms_.size(), false),
        units_(terms_.size()) {}

  Units run() {
    mark_live();
    for (TermId id = 0; id <= environment_.observation; ++id)
      if (live_[id]) units_[id] = units_of(id);
    return std::move(units_[environment_.observation]);
  }

 private:
  void mark_live() {
    live_[environment_.observation] = true;
    for (TermId id = environment_.observation + 1; id-- > 0;) {
      if (!live_[id]) continue;
      for (const TermId arg : terms_[id].args) live_[arg] = true;
      if (const auto draw = draw_of(id)) live_[*draw] = true;
    }
  }

  // What a sample is drawn from, where that comes before it.
  std::optional<TermId> draw_of(TermId id) const {
    const Term& term = terms_[id];
    if (term.kind != Kind::signal || term.signal.kind != SignalKind::sample) return std::nullopt;
    const auto sample = std::ranges::find(environment_.samples, term.signal.name, &NamedTerm::name);
    if (sample == environment_.samples.end() || sample->term >= id) return std::nullopt;
    return sample->term;
  }

  Units units_of(TermId id) const {
    const Term& term = terms_[id];
    switch (term.kind) {
      case Kind::constant:
        return Units(term.length, Quantity::number());
      case Kind::signal: {
        const auto draw = draw_of(id);
        return draw ? units_[*draw] : signal_units(term.signal, model_);
      }
      case Kind::operation:
        return of_operation(term);
      case Kind::concat:
        return together(term.args);
      case Kind::slice: {
        const auto begin = units_[term.args[0]].begin() + term.offset;
        return Units(begin, begin + term.length);
      }
      case Kind::previous:
        return units_[term.args[0]];
      case Kind::history:
        return together(std::vector<TermId>(term.offset, term.args[0]));
      case Kind::parameter:
        break;
    }
    return Units(term.length);
  }

  Units together(const std::vector<TermId>& ids) const {
    Units all;
    for (const TermId id : ids) all.insert(all.end(), units_[id].begin(), units_[id].end());
    return all;
  }

  // --- operations -------------------------------------------------------------------------------

  Units of_operation(const Term& term) const {
    if (term.op == Op::draw_choice) return of_choice(term);
    if (op_shape(term.op) == OpShape::reduction) return {of_reduction(term)};
    if (is_rate(term)) return of_rate(term);
    Units units;
    for (std::uint32_t i = 0; i < term.length; ++i) units.push_back(of_element(term, i));
    return units;
  }

  const Units& argument(const Term& term, std::size_t index) const { return units_[term.args[index]]; }

  // Element i of an elementwise operation, or of a draw.
  Quantity of_element(const Term& term, std::uint32_t i) const {
    const auto at = [&](std::size_t index) { return element(argument(term, index), i); };
    switch (term.op) {
      case Op::copy:
      case Op::neg:
      case Op::abs:
      case Op::floor:
        return at(0);
      case Op::wrap:
      case Op::atan2:
        return si::radian;
      case Op::sqrt:
        return raised(at(0), 0.5);
      case Op::add:
      case Op::sub:
      case Op::min:
      case Op::max:
      case Op::draw_uniform:
      case Op::draw_normal:
        return joined(at(0), at(1));
      case Op::select:
        return joined(at(1), at(2));
      case Op::mul:
        return product(at(0), at(1));
      case Op::div:
        return quotient(at(0), at(1));
      case Op::pow:
        return of_power(at(0), terms_[term.args[1]], i);
      default:  // sines, exponentials, signs, truths
        return Quantity::number();
    }
  }

  static Quantity of_power(const Quantity& base, const Term& exponent, std::uint32_t i) {
    if (base.plain) return base;
    if (exponent.kind != Kind::constant) return {};
    return raised(base, exponent.values[exponent.length == 1 ? 0 : i]);
  }

  Quantity of_reduction(const Term& term) const {
    const Units& a = argument(term, 0);
    if (term.op != Op::dot) return all_joined(a);
    const Units& b = argument(term, 1);
    Units products;
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i)
      products.push_back(product(element(a, i), element(b, i)));
    return all_joined(products);
  }

  // The options follow each other.
  Units of_choice(const Term& term) const {
    const Units options = together(term.args);
    Units units(options.begin(), options.begin() + term.length);
    for (std::size_t i = term.length; i < options.size(); ++i)
      units[i % term.length] = joined(units[i % term.length], options[i]);
    return units;
  }

  // (a - previous(a)) / control period, as rate() unfolds.
  bool is_rate(const Term& term) const {
    if (term.op != Op::div) return false;
    const Term &change = terms_[term.args[0]], &period = terms_[term.args[1]];
    if (period.kind != Kind::constant || period.length != 1 || period.values[0] != control_period_)
      return false;
    if (change.kind != Kind::operation || change.op != Op::sub) return false;
    const Term& before = terms_[change.args[1]];
    return before.kind == Kind::previous && before.args[0] == change.args[0];
  }

  Units of_rate(const Term& term) const {
    Units units = argument(term, 0);
    for (Quantity& unit : units) unit = quotient(unit, si::second);
    return units;
  }

  const Environment& environment_;
  const TermTable& terms_;
  const ModelInfo* model_;
  const double control_period_;
  std::vector<bool> live_;
  std::vector<Units> units_;  // of the terms that the observation is made of
};

}  // namespace

std::vector<std::string> observation_units(const Environment& environment, const ModelInfo* model,
                                           double control_period) {
  std::vector<std::string> texts;
  for (const Quantity& unit : UnitWalk(environment, model, control_period).run())
    texts.push_back(unit_text(unit));
  return texts;
}

}  // namespace motet

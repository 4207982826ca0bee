#include "runtime/learning/native_energy.h"

#include <algorithm>

namespace motet {

NativeEnergy::NativeEnergy(const Energy& energy, std::vector<const Perceptron*> critics,
                           std::int64_t action_size)
    : energy_(energy), critics_(std::move(critics)), action_size_(action_size) {
  for (std::size_t t = 0; t < energy_.terms.size(); ++t) {
    const EnergyTerm& term = energy_.terms[t];
    term_of_.insert(term_of_.end(), term.critics, t);
    bool whole = true;
    for (std::size_t i = 0; i < term.columns.size(); ++i)
      whole = whole && term.columns[i] == static_cast<std::int64_t>(i);
    whole_state_.push_back(whole);
  }
}

NativeEnergy::Scratch::Scratch(const NativeEnergy& of, long rows)
    : values(of.energy_.terms.size()), slopes(values.size()) {
  for (const std::size_t term : of.term_of_) {
    tapes.emplace_back(of.energy_.terms[term].sizes, rows, true);
    gradient.emplace_back(rows, of.action_size_);
  }
}

void NativeEnergy::set_state(Scratch& scratch, long r, const float* state) const {
  for (std::size_t c = 0; c < critics_.size(); ++c) {
    const std::vector<std::int64_t>& columns = energy_.terms[term_of_[c]].columns;
    float* row = scratch.tapes[c].input().row(r);
    if (whole_state_[term_of_[c]]) {
      std::copy_n(state, columns.size(), row);
    } else {
      for (const std::int64_t column : columns) *row++ = state[column];
    }
  }
}

void NativeEnergy::set_action(Scratch& scratch, long r, const float* action) const {
  for (std::size_t c = 0; c < critics_.size(); ++c)
    std::copy_n(action, action_size_,
                scratch.tapes[c].input().row(r) + energy_.terms[term_of_[c]].columns.size());
}

void NativeEnergy::evaluate(Scratch& scratch, long rows, float* e, Matrix* action_gradient) const {
  const Rows all{0, rows};
  for (std::size_t c = 0; c < critics_.size(); ++c) critics_[c]->forward(scratch.tapes[c], all);
  for (long r = 0; r < rows; ++r) {
    std::size_t c = 0;
    for (std::size_t t = 0; t < energy_.terms.size(); ++t) {
      const EnergyTerm& term = energy_.terms[t];
      float q = scratch.tapes[c].output()(r, 0);
      if (term.critics == 2) q = std::min(q, scratch.tapes[c + 1].output()(r, 0));
      scratch.values[t] = static_cast<double>(q) / term.temperature;
      c += term.critics;
    }
    e[r] = static_cast<float>(energy_of(energy_, scratch.values, scratch.slopes));
    if (action_gradient == nullptr) continue;
    c = 0;
    for (std::size_t t = 0; t < energy_.terms.size(); ++t) {
      const EnergyTerm& term = energy_.terms[t];
      const auto slope = static_cast<float>(scratch.slopes[t] / term.temperature);
      const bool second =
          term.critics == 2 && scratch.tapes[c + 1].output()(r, 0) < scratch.tapes[c].output()(r, 0);
      scratch.tapes[c].output_gradient()(r, 0) = second ? 0 : slope;
      if (term.critics == 2) scratch.tapes[c + 1].output_gradient()(r, 0) = second ? slope : 0;
      c += term.critics;
    }
  }
  if (action_gradient == nullptr) return;
  for (std::size_t c = 0; c < critics_.size(); ++c) {
    const auto seen = static_cast<long>(energy_.terms[term_of_[c]].columns.size());
    Matrix& gradient = critics_.size() == 1 ? *action_gradient : scratch.gradient[c];
    critics_[c]->backward(scratch.tapes[c], all);
    critics_[c]->input_gradient(scratch.tapes[c], seen, gradient, all);
  }
  for (long r = 0; critics_.size() > 1 && r < rows; ++r) {
    for (long k = 0; k < action_size_; ++k) {
      float total = 0;
      for (const Matrix& gradient : scratch.gradient) total += gradient(r, k);
      (*action_gradient)(r, k) = total;
    }
  }
}

}  // namespace motet

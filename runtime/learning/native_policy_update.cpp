#include "runtime/learning/native_policy_update.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/kernels/kernels.h"
#include "runtime/learning/learner_state.h"

namespace motet {

long chunks_of_states(long states, long rows_a_state, int members) {
  constexpr long rows = 256;
  const long fewest = (states * rows_a_state + rows - 1) / rows;
  return std::clamp(std::max(fewest, members > 1 ? 2L * members : 1L), 1L, states);
}

std::size_t part_size(std::size_t parameters, int members) {
  const std::size_t fair = parameters / (4 * static_cast<std::size_t>(members));
  return std::max({std::min(fair, std::size_t{1} << 14), std::size_t{1} << 11, parameters >> 14});
}

NativePolicyUpdate::Scratch::Scratch(const NativePolicyUpdate& of, long rows)
    : energy(of.energy_, rows),
      action(rows, of.shape_.policy.action_size),
      action_gradient(rows, of.shape_.policy.action_size),
      score(static_cast<std::size_t>(rows * of.shape_.policy.action_size)),
      slope(score.size()),
      stein(static_cast<std::size_t>(stein_scratch(of.shape_.particles, of.shape_.policy.action_size))) {}

NativePolicyUpdate::NativePolicyUpdate(const PolicyUpdateShape& shape, TrainedParameters& policy,
                                       const NativeEnergy& energy, int members)
    : shape_(shape),
      policy_(policy),
      energy_(energy),
      states_(shape.batch, shape.policy.observation_size),
      e_(static_cast<std::size_t>(shape.batch * shape.particles)),
      second_(e_.size()) {
  const std::size_t part = part_size(policy.values().size(), members);
  if (shape.policy.kind == PolicyKind::sampler) {
    sampler_.emplace(shape, policy.values(), part);
  } else {
    density_ = make_native_density_policy(shape.policy, policy.values(), part);
    density_tape_ = density_->make_tape(shape.batch, true);
  }
  const long most = (shape.batch + shape.chunks - 1) / shape.chunks * shape.particles;
  for (int member = 0; member < members; ++member) scratch_.emplace_back(*this, most);
}

void NativePolicyUpdate::rows(Rows states, std::span<const float> noise, int member) {
  Scratch& scratch = scratch_[static_cast<std::size_t>(member)];
  if (sampler_) {
    sampler_rows(states, noise, scratch);
  } else {
    density_rows(states, noise, scratch);
  }
}

// Particles are u = xi + f(s, xi) before a = tanh(u): their space has no edge, and there the density of the
// policy is p(u) = exp(e(s, tanh u)) prod_k (1 - tanh^2 u_k) / Z, with d log p / d u = de/da (1 - a^2) - 2 a.
void NativePolicyUpdate::sampler_rows(Rows states, std::span<const float> noise, Scratch& scratch) {
  const long n = shape_.policy.observation_size, m = shape_.policy.action_size, k = shape_.particles;
  Tape& tape = sampler_->tape;
  const Perceptron& network = sampler_->network;
  const Rows rows{states.first * k, states.last * k};
  for (long i = states.first; i < states.last; ++i) {
    for (long j = i * k; j < (i + 1) * k; ++j) {
      float* input = tape.input().row(j);
      std::copy_n(states_.row(i), n, input);
      std::copy_n(noise.data() + j * m, m, input + n);
      energy_.set_state(scratch.energy, j - rows.first, states_.row(i));
    }
  }
  network.forward(tape, rows);
  Matrix& output = tape.output();
  for (long j = rows.first; j < rows.last; ++j) {
    const long r = j - rows.first;
    float* action = scratch.action.row(r);
    const float* xi = tape.input().row(j) + n;
    for (long c = 0; c < m; ++c) {
      const float u = output(j, c) += xi[c], decay = std::exp(-2 * std::abs(u));
      action[c] = std::copysign((1 - decay) / (1 + decay), u);
      scratch.slope[static_cast<std::size_t>(r * m + c)] = 4 * decay / ((1 + decay) * (1 + decay));
    }
    energy_.set_action(scratch.energy, r, action);
  }
  energy_.evaluate(scratch.energy, rows.size(), e_.data() + rows.first, &scratch.action_gradient);
  for (long r = 0; r < rows.size(); ++r) {
    for (long c = 0; c < m; ++c) {
      const auto at = static_cast<std::size_t>(r * m + c);
      scratch.score[at] = scratch.action_gradient(r, c) * scratch.slope[at] - 2 * scratch.action(r, c);
    }
  }
  Matrix& gradient = tape.output_gradient();
  for (long i = states.first; i < states.last; ++i) {
    const long first = i * k;
    kernels().stein_direction({.particles = k,
                               .size = m,
                               .u = output.row(first),
                               .u_row = output.stride(),
                               .score = scratch.score.data() + (first - rows.first) * m,
                               .score_row = m,
                               .median_part = static_cast<float>(2 * std::log(static_cast<double>(k + 1))),
                               .floor = static_cast<float>(stein_floor),
                               .direction = gradient.row(first),
                               .direction_row = gradient.stride(),
                               .scratch = scratch.stein.data()});
  }
  // Down the gradient is along the direction.
  const float weight = -1 / static_cast<float>(shape_.batch * k);
  for (long j = rows.first; j < rows.last; ++j) {
    float square = 0;
    for (long c = 0; c < m; ++c) {
      square += gradient(j, c) * gradient(j, c);
      gradient(j, c) *= weight;
    }
    second_[static_cast<std::size_t>(j)] = square;
  }
  network.backward(tape, rows);
}

// mean (log pi(a|s) - e(s, a)).
void NativePolicyUpdate::density_rows(Rows rows, std::span<const float> noise, Scratch& scratch) {
  const long n = shape_.policy.observation_size, m = shape_.policy.action_size;
  const float weight = 1 / static_cast<float>(shape_.batch);
  for (long i = rows.first; i < rows.last; ++i) {
    std::copy_n(states_.row(i), n, density_tape_->observation().row(i));
    energy_.set_state(scratch.energy, i - rows.first, states_.row(i));
  }
  density_->sample(*density_tape_, rows, noise.data() + rows.first * m, scratch.action.row(0),
                   scratch.action.stride(), second_.data() + rows.first);
  for (long r = 0; r < rows.size(); ++r) energy_.set_action(scratch.energy, r, scratch.action.row(r));
  energy_.evaluate(scratch.energy, rows.size(), e_.data() + rows.first, &scratch.action_gradient);
  for (long r = 0; r < rows.size(); ++r)
    for (long c = 0; c < m; ++c) scratch.action_gradient(r, c) *= -weight;
  density_->backward(*density_tape_, rows, scratch.action.row(0), scratch.action.stride(), weight,
                     scratch.action_gradient);
}

std::size_t NativePolicyUpdate::parts() const {
  return sampler_ ? sampler_->parts.size() : density_->parts();
}

void NativePolicyUpdate::reload() {
  if (sampler_) {
    sampler_->network.refresh();
  } else {
    density_->refresh();
  }
}

void NativePolicyUpdate::part(std::size_t task) {
  if (!sampler_) return density_->step(*density_tape_, task, policy_);
  const ParameterPart& part = sampler_->parts[task];
  sampler_->network.parameter_gradient(sampler_->tape, part, policy_.gradient());
  policy_.step(part.offset, part.size, {}, 0);
  sampler_->network.refresh(part);
}

NativePolicyUpdate::Seen NativePolicyUpdate::seen() const {
  double energy = 0, second = 0;
  for (std::size_t i = 0; i < e_.size(); ++i) {
    energy += static_cast<double>(e_[i]);
    second += static_cast<double>(second_[i]);
  }
  const double size = static_cast<double>(e_.size());
  if (sampler_) return {energy / size, std::numeric_limits<double>::quiet_NaN(), std::sqrt(second / size)};
  return {energy / size, -second / size, (second - energy) / size};
}

}  // namespace motet

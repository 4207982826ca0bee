#include "runtime/learning/composition_bound.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "runtime/engine/parameters.h"

namespace motet {
namespace {

// A perceptron f(s, a) >= 0 fitted to targets that it has a part in itself.
class FittedValue {
 public:
  FittedValue(const BoundProblem& problem, std::uint64_t seed, std::uint64_t stream)
      : n_(problem.observation_size),
        m_(problem.action_size),
        sizes_(mlp_sizes(n_ + m_, std::vector<std::int64_t>{64, 64}, 1)),
        parameters_(mlp_parameters(sizes_), {.learning_rate = 1e-3}),
        target_(parameters_.values().size()),
        network_(sizes_, parameters_.values(), true),
        target_network_(sizes_, target_.values(), false),
        tape_(sizes_, batch, true),
        next_tape_(sizes_, batch * choices, false),
        one_tape_(sizes_, 1, false),
        random_(seed, stream) {
    initialize_mlp(sizes_, parameters_.values(), random_);
    std::copy(parameters_.values().begin(), parameters_.values().end(), target_.values().begin());
    network_.refresh();
  }

  // y = discount (1 - terminated) (reward + next), next = max over actions, or of the next action. `scale`
  // brings targets to about 1.
  void fit(const BoundProblem& problem, const std::vector<const BoundStep*>& steps,
           const std::vector<double>& rewards, bool maximum, std::int64_t updates) {
    double mean = 0;
    for (const double reward : rewards) mean += reward / static_cast<double>(rewards.size());
    scale_ = std::max(mean / (1 - problem.discount), 1e-9);
    // No sum can be more than that of the largest reward for ever: what the network makes of actions that it
    // has not seen is cut there.
    const double largest = *std::max_element(rewards.begin(), rewards.end());
    most_ = problem.discount * largest / (1 - problem.discount);
    const auto most = static_cast<float>(most_ / scale_);
    // The target closes in on the fixed point by tau (1 - discount) an update.
    const double tau = std::clamp(6 / (static_cast<double>(updates) * (1 - problem.discount)), 0.01, 0.5);
    const long of_state = maximum ? choices : 1;
    std::vector<std::size_t> picked(batch);
    for (std::int64_t update = 0; update < updates; ++update) {
      for (long i = 0; i < batch; ++i) {
        picked[static_cast<std::size_t>(i)] = random_.below(steps.size());
        const BoundStep& step = *steps[picked[static_cast<std::size_t>(i)]];
        put(tape_, i, step.state, step.action);
        for (long j = 0; j < of_state; ++j) {
          put(next_tape_, i * of_state + j, step.next_state, step.next_action);
          if (j > 0) random_.fill_uniform(action_of(next_tape_, i * of_state + j), -1, 1);
        }
      }
      target_network_.forward(next_tape_, {0, batch * of_state});
      network_.forward(tape_, {0, batch});
      for (long i = 0; i < batch; ++i) {
        float next = 0;
        for (long j = 0; j < of_state; ++j)
          next = std::max(next, std::min(most, next_tape_.output()(i * of_state + j, 0)));
        const std::size_t at = picked[static_cast<std::size_t>(i)];
        const double y =
            steps[at]->terminated ? 0 : problem.discount * (rewards[at] / scale_ + static_cast<double>(next));
        tape_.output_gradient()(i, 0) = (tape_.output()(i, 0) - static_cast<float>(y)) / batch;
      }
      network_.backward(tape_, {0, batch});
      parameters_.begin_step();
      for (const ParameterPart& part : network_.parts(parameters_.values().size())) {
        network_.parameter_gradient(tape_, part, parameters_.gradient());
        parameters_.step(part.offset, part.size, target_.values(), tau);
        network_.refresh(part);
      }
    }
  }

  double operator()(std::span<const float> state, std::span<const float> action) {
    put(one_tape_, 0, state, action);
    network_.forward(one_tape_, {0, 1});
    return std::clamp(scale_ * static_cast<double>(one_tape_.output()(0, 0)), 0.0, most_);
  }

 private:
  static constexpr long batch = 128, choices = 24;

  void put(Tape& tape, long row, std::span<const float> state, std::span<const float> action) const {
    std::copy(action.begin(), action.end(), std::copy(state.begin(), state.end(), tape.input().row(row)));
  }
  std::span<float> action_of(Tape& tape, long row) const {
    return {tape.input().row(row) + n_, static_cast<std::size_t>(m_)};
  }

  std::int64_t n_, m_;
  MlpSizes sizes_;
  TrainedParameters parameters_;
  AlignedFloats target_;
  Perceptron network_, target_network_;
  Tape tape_, next_tape_, one_tape_;
  Random random_;
  double scale_ = 1, most_ = 0;
};

// Mean and standard error.
Estimate estimate_of(const std::vector<double>& values) {
  const double count = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (const double value : values) mean += value / count;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, count > 1 ? std::sqrt(squares / (count - 1) / count) : 0};
}

}  // namespace

Disagreement disagreement(const BoundProblem& problem, std::span<const float> state, std::int64_t samples,
                          Random& random) {
  const std::size_t parts = problem.shares.size(), count = static_cast<std::size_t>(samples);
  std::vector<float> actions(count * static_cast<std::size_t>(problem.action_size)), e(parts * count);
  random.fill_uniform(actions, -1, 1);
  problem.energies(state, actions, e);
  std::vector<double> mixed(count), influence(count);
  Disagreement result;
  result.entropy = std::numeric_limits<double>::infinity();
  const double log_volume = static_cast<double>(problem.action_size) * std::numbers::ln2;
  // log of the mean of exp, and what each sample moves it by.
  const auto log_mean = [&](const auto& values, double share) {
    const double most = static_cast<double>(*std::max_element(values.begin(), values.end()));
    double total = 0, mean = 0;
    for (const auto value : values) {
      const double weight = std::exp(static_cast<double>(value) - most);
      total += weight;
      mean += weight * static_cast<double>(value);
    }
    for (std::size_t j = 0; j < count; ++j)
      influence[j] +=
          share * std::exp(static_cast<double>(values[j]) - most) * static_cast<double>(count) / total;
    const double log_z = most + std::log(total / static_cast<double>(count));
    return std::pair{log_z, log_z + log_volume - mean / total};
  };
  for (std::size_t i = 0; i < parts; ++i) {
    const std::span<const float> own(e.data() + i * count, count);
    const auto [log_z, entropy] = log_mean(own, problem.shares[i]);
    result.divergence += problem.shares[i] * log_z;
    result.entropy = std::min(result.entropy, entropy / static_cast<double>(problem.action_size));
    for (std::size_t j = 0; j < count; ++j) mixed[j] += problem.shares[i] * static_cast<double>(own[j]);
  }
  result.divergence = std::max(0.0, result.divergence - log_mean(mixed, -1).first);
  double squares = 0;
  for (const double value : influence) squares += value * value;
  result.error = std::sqrt(squares) / static_cast<double>(count);
  return result;
}

BoundEstimate estimate_bound(const BoundProblem& problem, const std::vector<BoundStep>& steps,
                             const BoundOptions& options) {
  Random random(options.seed, 1);
  std::vector<const BoundStep*> all, composed, first;
  std::vector<double> divergences, along;
  BoundEstimate result;
  double entropy = 0, error = 0;
  for (const BoundStep& step : steps) {
    const Disagreement here = disagreement(problem, step.next_state, options.samples, random);
    all.push_back(&step);
    divergences.push_back(here.divergence);
    if (!step.composed) continue;
    composed.push_back(&step);
    along.push_back(here.divergence);
    entropy += here.entropy;
    error += here.error;
    if (step.first) first.push_back(&step);
  }
  const double count = static_cast<double>(along.size());
  result.divergence = estimate_of(along);
  result.sampling_error = error / count;
  result.entropy = entropy / count;
  std::vector<double> sorted = along;
  std::sort(sorted.begin(), sorted.end());
  result.median = sorted[sorted.size() / 2];
  result.high = sorted[sorted.size() * 95 / 100];

  std::vector<double> c, d;
  for (int network = 0; network < options.networks; ++network) {
    const auto stream = static_cast<std::uint64_t>(2 * network);
    FittedValue c_star(problem, options.seed, 10 + stream), d_star(problem, options.seed, 11 + stream);
    c_star.fit(problem, all, divergences, true, options.updates);
    std::vector<double> costs;
    for (const BoundStep* step : composed) costs.push_back(c_star(step->next_state, step->next_action));
    d_star.fit(problem, composed, costs, false, options.updates);
    double c_here = 0, d_here = 0;
    for (const BoundStep* step : first) {
      c_here += c_star(step->state, step->action) / static_cast<double>(first.size());
      d_here += d_star(step->state, step->action) / static_cast<double>(first.size());
    }
    c.push_back(c_here);
    d.push_back(d_here);
  }
  result.c = estimate_of(c);
  result.d = estimate_of(d);
  return result;
}

}  // namespace motet

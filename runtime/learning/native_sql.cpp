#include "runtime/learning/native_sql.h"

#include <algorithm>
#include <cmath>

#include "runtime/engine/denormals.h"
#include "runtime/learning/native_policy_update.h"
#include "runtime/learning/soft_value.h"

namespace motet {
namespace {

// Of the state's soft Q-function, which sees all of the state; each update sets the temperature.
Energy own_energy(const LearnerState& state) {
  Energy energy;
  energy.terms.push_back({.sizes = state.critic_sizes, .critics = state.critics, .columns = {}});
  for (std::int64_t i = 0; i < state.shape.observation_size; ++i) energy.terms[0].columns.push_back(i);
  return energy;
}

std::vector<Perceptron> networks(LearnerState& state, std::span<float> (LearnerState::*values)(std::size_t),
                                 bool differentiable) {
  std::vector<Perceptron> made;
  for (std::size_t i = 0; i < state.critics; ++i)
    made.emplace_back(state.critic_sizes, (state.*values)(i), differentiable);
  return made;
}

std::vector<const Perceptron*> addresses(const std::vector<Perceptron>& critics) {
  std::vector<const Perceptron*> all;
  for (const Perceptron& critic : critics) all.push_back(&critic);
  return all;
}

class NativeSql : public LearnerBackend {
 public:
  NativeSql(LearnerState& state, Team& team);

  UpdateStatistics update(const UpdateBatch& batch) override;
  void reload() override {
    policy_.reload();
    for (Perceptron& critic : critics_) critic.refresh();
  }

 private:
  struct Scratch {
    Scratch(const LearnerState& state, const NativeDensityPolicy* density, long states)
        : q(static_cast<std::size_t>(states * state.value_samples)),
          target(state.critic_sizes, states * state.value_samples, false) {
      if (!state.value_by_policy) return;
      proposal = density->make_tape(states * state.value_samples, false);
      log_ratio.resize(static_cast<std::size_t>(states * state.value_samples));
    }

    // min_i Q_i(s', a'), the samples of one state after those of another, and one critic's way to it.
    std::vector<float> q;
    Tape target;
    // Where a' is the policy's: what makes it, and log pi(a'|s') - log p(a').
    std::unique_ptr<NativeDensityPolicy::Tape> proposal;
    std::vector<float> log_ratio;
  };

  Rows states_of(long chunk) const { return {batch_ * chunk / chunks_, batch_ * (chunk + 1) / chunks_}; }
  void critic_rows(const UpdateBatch& batch, Rows states, Scratch& scratch);
  void propose(const UpdateBatch& batch, Rows states, Scratch& scratch) const;
  void smallest_target(long rows, Scratch& scratch) const;
  void critic_part(const UpdateBatch& batch, std::size_t task);

  LearnerState& state_;
  Team& team_;
  long batch_, n_, m_, chunks_;
  std::vector<Perceptron> critics_, targets_;
  NativeEnergy energy_;
  NativePolicyUpdate policy_;
  std::vector<Tape> critic_tapes_;
  std::vector<ParameterPart> critic_parts_;
  std::vector<Scratch> scratch_;
  std::vector<float> critic_loss_, entropy_;  // a state each
};

NativeSql::NativeSql(LearnerState& state, Team& team)
    : state_(state),
      team_(team),
      batch_(state.settings.batch),
      n_(state.shape.observation_size),
      m_(state.shape.action_size),
      chunks_(chunks_of_states(batch_, std::max(state.particles, state.value_samples), team.members())),
      critics_(networks(state, &LearnerState::critic_values, true)),
      targets_(networks(state, &LearnerState::target_values, false)),
      energy_(own_energy(state), addresses(critics_), m_),
      policy_({state.shape.policy_shape(), batch_, state.particles, chunks_}, state.policy, energy_,
              team.members()),
      critic_parts_(critics_[0].parts(part_size(state.critic.values().size(), team.members()))),
      critic_loss_(static_cast<std::size_t>(batch_)),
      entropy_(critic_loss_.size()) {
  for (std::size_t k = 0; k < state.critics; ++k)
    critic_tapes_.emplace_back(state.critic_sizes, batch_, true);
  for (int member = 0; member < team.members(); ++member)
    scratch_.emplace_back(state, policy_.density(), (batch_ + chunks_ - 1) / chunks_);
}

UpdateStatistics NativeSql::update(const UpdateBatch& batch) {
  energy_.set_scale(1 / batch.temperature);
  team_.each(chunks_, [&](long chunk, int member) {
    const FlushDenormals flush;
    critic_rows(batch, states_of(chunk), scratch_[static_cast<std::size_t>(member)]);
  });
  state_.critic.begin_step();
  team_.each(static_cast<long>(critics_.size() * critic_parts_.size()), [&](long task, int) {
    const FlushDenormals flush;
    critic_part(batch, static_cast<std::size_t>(task));
  });
  team_.each(chunks_, [&](long chunk, int member) {
    const FlushDenormals flush;
    policy_.rows(states_of(chunk), batch.noise, member);
  });
  state_.policy.begin_step();
  team_.each(static_cast<long>(policy_.parts()), [&](long task, int) {
    const FlushDenormals flush;
    policy_.part(static_cast<std::size_t>(task));
  });

  double critic_loss = 0, entropy = 0;
  for (std::size_t i = 0; i < critic_loss_.size(); ++i) {
    critic_loss += static_cast<double>(critic_loss_[i]);
    entropy += static_cast<double>(entropy_[i]);
  }
  const double size = static_cast<double>(batch_);
  const NativePolicyUpdate::Seen seen = policy_.seen();
  return {.critic_loss = critic_loss / size,
          .actor_loss = seen.loss,
          .q = seen.energy * batch.temperature,
          .entropy = entropy / size,
          .temperature = batch.temperature};
}

void NativeSql::critic_part(const UpdateBatch& batch, std::size_t task) {
  const std::size_t k = task / critic_parts_.size(), one = state_.critic.values().size() / critics_.size();
  const ParameterPart& part = critic_parts_[task % critic_parts_.size()];
  critics_[k].parameter_gradient(critic_tapes_[k], part, state_.critic.gradient().subspan(k * one, one));
  state_.critic.step(k * one + part.offset, part.size,
                     batch.update_target ? state_.target.values() : std::span<float>{}, state_.settings.tau);
  critics_[k].refresh(part);
}

// Actions of the policy at the next states, for Q(s', a').
void NativeSql::propose(const UpdateBatch& batch, Rows states, Scratch& scratch) const {
  const long samples = state_.value_samples, count = states.size() * samples;
  Matrix& next = scratch.target.input();
  for (long r = 0; r < count; ++r) std::copy_n(next.row(r), n_, scratch.proposal->observation().row(r));
  policy_.density()->sample(*scratch.proposal, {0, count},
                            batch.next_noise.data() + states.first * samples * m_, next.row(0) + n_,
                            next.stride(), scratch.log_ratio.data());
}

void NativeSql::smallest_target(long rows, Scratch& scratch) const {
  for (std::size_t k = 0; k < targets_.size(); ++k) {
    targets_[k].forward(scratch.target, {0, rows});
    for (long r = 0; r < rows; ++r) {
      float& q = scratch.q[static_cast<std::size_t>(r)];
      q = k == 0 ? scratch.target.output()(r, 0) : std::min(q, scratch.target.output()(r, 0));
    }
  }
}

// y = scale * r + discount * (1 - terminated) * V(s') with V of the targets' smallest (Eq. 3.8), by uniform
// actions or by those of the policy, each over its density: alpha log mean exp(Q / alpha - log pi / p); and
// the way back of sum_i mean (Q_i(s, a) - y)^2 / 2 (Eq. 3.9).
void NativeSql::critic_rows(const UpdateBatch& batch, Rows states, Scratch& scratch) {
  const long samples = state_.value_samples;
  Matrix& next = scratch.target.input();
  for (long i = states.first; i < states.last; ++i) {
    const float* row = batch.replay->row(batch.slots[static_cast<std::size_t>(i)]).data();
    std::copy_n(row, n_, policy_.state(i));
    for (Tape& tape : critic_tapes_) std::copy_n(row, n_ + m_, tape.input().row(i));
    for (long j = 0; j < samples; ++j) {
      float* input = next.row((i - states.first) * samples + j);
      std::copy_n(row + n_ + m_, n_, input);
      if (!state_.value_by_policy)
        std::copy_n(batch.next_noise.data() + (i * samples + j) * m_, m_, input + n_);
    }
  }
  if (state_.value_by_policy) propose(batch, states, scratch);
  smallest_target(states.size() * samples, scratch);
  for (std::size_t k = 0; k < critics_.size(); ++k) critics_[k].forward(critic_tapes_[k], states);
  const float weight = 1 / static_cast<float>(batch_);
  for (long i = states.first; i < states.last; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto first = static_cast<std::size_t>((i - states.first) * samples);
    const std::span<float> q = std::span(scratch.q).subspan(first, static_cast<std::size_t>(samples));
    double ratios = 0;
    for (std::size_t j = 0; state_.value_by_policy && j < q.size(); ++j) {
      const float ratio = scratch.log_ratio[first + j];
      ratios += static_cast<double>(ratio);
      q[j] -= static_cast<float>(batch.temperature) * ratio;
    }
    const SoftValue value = soft_value(q, batch.temperature, state_.log_volume);
    entropy_[at] =
        static_cast<float>(state_.value_by_policy ? -ratios / static_cast<double>(samples) : value.entropy);
    const float* end = batch.replay->row(batch.slots[at]).data() + 2 * n_ + m_;  // reward, terminated
    const double y = state_.settings.reward_scale * static_cast<double>(end[0]) +
                     state_.settings.discount * (1 - static_cast<double>(end[1])) * value.value;
    critic_loss_[at] = 0;
    for (Tape& tape : critic_tapes_) {
      const float error = tape.output()(i, 0) - static_cast<float>(y);
      critic_loss_[at] += error * error / 2;
      tape.output_gradient()(i, 0) = weight * error;
    }
  }
  for (std::size_t k = 0; k < critics_.size(); ++k) critics_[k].backward(critic_tapes_[k], states);
}

}  // namespace

std::vector<CountedProduct> sql_update_products(const LearnerShape& shape, const SqlSettings& settings) {
  const MlpSizes policy = shape.policy_shape().sizes();
  const MlpSizes critic = mlp_sizes(shape.observation_size + shape.action_size, settings.hidden, 1);
  std::vector<CountedProduct> products;
  // In as many pieces as one thread works in, so that the bound has the engine's advantage of the caches.
  const long wide = std::max(settings.particles, settings.value_samples);
  const int chunks = static_cast<int>(chunks_of_states(settings.batch, wide, 1));
  const auto network = [&](const MlpSizes& sizes, long rows_a_state, bool backward, bool gradient) {
    const long all = settings.batch * rows_a_state, rows = (all + chunks - 1) / chunks;
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
      products.push_back({rows, sizes[i + 1], sizes[i] + 1, false, chunks});
      if (backward && i > 0) products.push_back({rows, sizes[i], sizes[i + 1], false, chunks});
      if (gradient) products.push_back({sizes[i] + 1, sizes[i + 1], all, true, 1});
    }
  };
  network(policy, settings.particles, true, true);
  const long rows = (settings.batch * settings.particles + chunks - 1) / chunks;
  for (std::int64_t i = 0; i < settings.critics; ++i) {
    network(critic, settings.value_samples, false, false);  // V(s')
    network(critic, 1, true, true);                         // Q(s, a)
    network(critic, settings.particles, true, false);       // dQ/da
    products.push_back({rows, shape.action_size, critic[1], false, chunks});
  }
  return products;
}

std::unique_ptr<LearnerBackend> make_native_sql(LearnerState& state, Team& team) {
  return std::make_unique<NativeSql>(state, team);
}

}  // namespace motet

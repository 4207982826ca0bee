#include "runtime/learning/native_sac.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "runtime/engine/denormals.h"
#include "runtime/kernels/kernels.h"
#include "runtime/learning/native_density_policy.h"
#include "runtime/learning/native_policy_update.h"

namespace motet {
namespace {

// Rows in so many chunks: alone, as few as the caches bear; in company, enough for all to end together,
// but no less than a tile or two each.
long chunks_for(long batch, int members) {
  const long fewest = members == 1 ? (batch + 255) / 256 : (batch + 127) / 128;
  return std::max(fewest, std::min(2L * (members > 1 ? members : 0), (batch + 15) / 16));
}

class NativeSac : public LearnerBackend {
 public:
  NativeSac(LearnerState& state, Team& team);

  UpdateStatistics update(const UpdateBatch& batch) override;
  void reload() override;

 private:
  // What one member needs for a few rows and forgets after.
  struct Scratch {
    Scratch(const LearnerState& state, const NativeDensityPolicy& policy, long rows);

    std::unique_ptr<NativeDensityPolicy::Tape> next_policy;  // pi(.|s')
    Tape target;                                             // Q_i(s', a'), one after the other
    std::array<Tape, 2> critic;                              // Q_i(s, a) of the policy's own actions
    Tape smaller;              // of these, the way back: first the rows where Q_1 is the smaller one
    std::vector<long> row_of;  // row of `smaller` to row of `critic`
    std::vector<float> next_log_prob, next_q;
    Matrix smaller_action_gradient, action_gradient;  // dJ/da [rows, m], in the order of each
  };

  Rows rows_of(long chunk) const { return {batch_ * chunk / chunks_, batch_ * (chunk + 1) / chunks_}; }

  void read(const UpdateBatch& batch, Rows rows, Scratch& scratch);
  void critic_rows(const UpdateBatch& batch, Rows rows, Scratch& scratch);
  void critic_part(const UpdateBatch& batch, std::size_t task);
  void policy_rows(const UpdateBatch& batch, Rows rows, Scratch& scratch);
  void smaller_critic_backward(Rows rows, Scratch& scratch);
  void policy_part(std::size_t task);

  LearnerState& state_;
  Team& team_;
  long batch_, n_, m_, chunks_;

  std::unique_ptr<NativeDensityPolicy> policy_;
  std::array<Perceptron, 2> critics_, targets_;
  std::unique_ptr<NativeDensityPolicy::Tape> policy_tape_;
  std::array<Tape, 2> critic_tapes_;
  std::vector<ParameterPart> critic_parts_;
  std::vector<Scratch> scratch_;
  // A row each, summed at the end in one order.
  std::vector<float> reward_, terminated_, critic_loss_, log_prob_, q_;
};

NativeSac::Scratch::Scratch(const LearnerState& state, const NativeDensityPolicy& policy, long rows)
    : next_policy(policy.make_tape(rows, false)),
      target(state.critic_sizes, rows, false),
      critic{Tape(state.critic_sizes, rows, false), Tape(state.critic_sizes, rows, false)},
      smaller(state.critic_sizes, rows, true),
      row_of(static_cast<std::size_t>(rows)),
      next_log_prob(static_cast<std::size_t>(rows)),
      next_q(static_cast<std::size_t>(rows)),
      smaller_action_gradient(rows, state.shape.action_size),
      action_gradient(rows, state.shape.action_size) {}

NativeSac::NativeSac(LearnerState& state, Team& team)
    : state_(state),
      team_(team),
      batch_(state.settings.batch),
      n_(state.shape.observation_size),
      m_(state.shape.action_size),
      chunks_(chunks_for(batch_, team.members())),
      policy_(make_native_density_policy(state.shape.policy_shape(), state.policy.values(),
                                         part_size(state.policy.values().size(), team.members()))),
      critics_{Perceptron(state.critic_sizes, state.critic_values(0), true),
               Perceptron(state.critic_sizes, state.critic_values(1), true)},
      targets_{Perceptron(state.critic_sizes, state.target_values(0), false),
               Perceptron(state.critic_sizes, state.target_values(1), false)},
      policy_tape_(policy_->make_tape(batch_, true)),
      critic_tapes_{Tape(state.critic_sizes, batch_, true), Tape(state.critic_sizes, batch_, true)},
      critic_parts_(critics_[0].parts(part_size(state.critic.values().size(), team.members()))) {
  const long most = (batch_ + chunks_ - 1) / chunks_;
  for (int member = 0; member < team.members(); ++member) scratch_.emplace_back(state, *policy_, most);
  for (std::vector<float>* row : {&reward_, &terminated_, &critic_loss_, &log_prob_, &q_})
    row->resize(static_cast<std::size_t>(batch_));
}

void NativeSac::reload() {
  policy_->refresh();
  for (Perceptron& critic : critics_) critic.refresh();
}

UpdateStatistics NativeSac::update(const UpdateBatch& batch) {
  const auto rows = [&](auto pass) {
    team_.each(chunks_, [&](long chunk, int member) {
      const FlushDenormals flush;
      (this->*pass)(batch, rows_of(chunk), scratch_[static_cast<std::size_t>(member)]);
    });
  };
  rows(&NativeSac::critic_rows);
  state_.critic.begin_step();
  team_.each(static_cast<long>(2 * critic_parts_.size()), [&](long task, int) {
    const FlushDenormals flush;
    critic_part(batch, static_cast<std::size_t>(task));
  });
  rows(&NativeSac::policy_rows);
  state_.policy.begin_step();
  team_.each(static_cast<long>(policy_->parts()), [&](long task, int) {
    const FlushDenormals flush;
    policy_part(static_cast<std::size_t>(task));
  });

  double critic_loss = 0, log_prob = 0, q = 0;
  for (std::size_t i = 0; i < q_.size(); ++i) {
    critic_loss += static_cast<double>(critic_loss_[i]);
    log_prob += static_cast<double>(log_prob_[i]);
    q += static_cast<double>(q_[i]);
  }
  const double size = static_cast<double>(batch_);
  return {.critic_loss = critic_loss / size,
          .actor_loss = (batch.temperature * log_prob - q) / size,
          .q = q / size,
          .entropy = -log_prob / size,
          .temperature = batch.temperature};
}

// The rows of the batch, from the replay into the inputs of the networks.
void NativeSac::read(const UpdateBatch& batch, Rows rows, Scratch& scratch) {
  constexpr long ahead = 4;
  const std::span<const std::int64_t> slots = batch.slots;
  const auto prefetch = [&](long i) {
    const std::span<const float> row = batch.replay->row(slots[static_cast<std::size_t>(i)]);
    for (std::size_t at = 0; at < row.size(); at += 16) __builtin_prefetch(row.data() + at);
  };
  for (long i = rows.first; i < std::min(rows.first + ahead, rows.last); ++i) prefetch(i);
  for (long i = rows.first; i < rows.last; ++i) {
    if (i + ahead < rows.last) prefetch(i + ahead);
    const float* in = batch.replay->row(slots[static_cast<std::size_t>(i)]).data();
    const long r = i - rows.first;
    std::copy_n(in, n_, policy_tape_->observation().row(i));
    for (Tape& tape : critic_tapes_) std::copy_n(in, n_ + m_, tape.input().row(i));
    in += n_ + m_;
    std::copy_n(in, n_, scratch.next_policy->observation().row(r));
    std::copy_n(in, n_, scratch.target.input().row(r));
    reward_[static_cast<std::size_t>(i)] = in[n_];
    terminated_[static_cast<std::size_t>(i)] = in[n_ + 1];
  }
}

// y = scale * r + discount * (1 - terminated) * (min_i Q_i(s', a') - alpha log pi(a'|s') / p(a')), and the
// way back of sum_i mean (Q_i(s, a) - y)^2 / 2 through both critics.
void NativeSac::critic_rows(const UpdateBatch& batch, Rows rows, Scratch& scratch) {
  read(batch, rows, scratch);
  const Rows own{0, rows.size()};
  Matrix& target_input = scratch.target.input();
  policy_->sample(*scratch.next_policy, own, batch.next_noise.data() + rows.first * m_,
                  target_input.row(0) + n_, target_input.stride(), scratch.next_log_prob.data());
  targets_[0].forward(scratch.target, own);
  for (long r = 0; r < own.last; ++r)
    scratch.next_q[static_cast<std::size_t>(r)] = scratch.target.output()(r, 0);
  targets_[1].forward(scratch.target, own);
  for (std::size_t k = 0; k < 2; ++k) critics_[k].forward(critic_tapes_[k], rows);

  const auto alpha = static_cast<float>(batch.temperature);
  const auto discount = static_cast<float>(state_.settings.discount);
  const auto scale = static_cast<float>(state_.settings.reward_scale);
  const float weight = 1 / static_cast<float>(batch_);
  for (long i = rows.first; i < rows.last; ++i) {
    const auto at = static_cast<std::size_t>(i), r = static_cast<std::size_t>(i - rows.first);
    const float next_q = std::min(scratch.next_q[r], scratch.target.output()(i - rows.first, 0));
    const float y =
        scale * reward_[at] + discount * (1 - terminated_[at]) * (next_q - alpha * scratch.next_log_prob[r]);
    critic_loss_[at] = 0;
    for (Tape& tape : critic_tapes_) {
      const float error = tape.output()(i, 0) - y;
      critic_loss_[at] += error * error / 2;
      tape.output_gradient()(i, 0) = weight * error;
    }
  }
  for (std::size_t k = 0; k < 2; ++k) critics_[k].backward(critic_tapes_[k], rows);
}

void NativeSac::critic_part(const UpdateBatch& batch, std::size_t task) {
  const std::size_t k = task / critic_parts_.size(), one = state_.critic.values().size() / 2;
  const ParameterPart& part = critic_parts_[task % critic_parts_.size()];
  critics_[k].parameter_gradient(critic_tapes_[k], part, state_.critic.gradient().subspan(k * one, one));
  state_.critic.step(k * one + part.offset, part.size,
                     batch.update_target ? state_.target.values() : std::span<float>{}, state_.settings.tau);
  critics_[k].refresh(part);
}

// The way back of mean (alpha log pi(a|s) / p(a) - min_i Q_i(s, a)), through
// the smaller critic into the policy.
void NativeSac::policy_rows(const UpdateBatch& batch, Rows rows, Scratch& scratch) {
  const Rows own{0, rows.size()};
  const float weight = 1 / static_cast<float>(batch_);
  Matrix& input = scratch.critic[0].input();
  // The replay's rows have been read into the scratch of whoever had these rows: read the observations
  // again from where they stay.
  for (long r = 0; r < own.last; ++r) {
    for (Tape& tape : scratch.critic)
      std::copy_n(policy_tape_->observation().row(rows.first + r), n_, tape.input().row(r));
  }
  policy_->sample(*policy_tape_, rows, batch.noise.data() + rows.first * m_, input.row(0) + n_,
                  input.stride(), log_prob_.data() + rows.first);
  for (long r = 0; r < own.last; ++r)
    std::copy_n(input.row(r) + n_, m_, scratch.critic[1].input().row(r) + n_);
  for (std::size_t k = 0; k < 2; ++k) critics_[k].forward(scratch.critic[k], own);
  for (long r = 0; r < own.last; ++r) {
    q_[static_cast<std::size_t>(rows.first + r)] =
        std::min(scratch.critic[0].output()(r, 0), scratch.critic[1].output()(r, 0));
  }
  smaller_critic_backward(own, scratch);
  policy_->backward(*policy_tape_, rows, input.row(0) + n_, input.stride(),
                    weight * static_cast<float>(batch.temperature), scratch.action_gradient);
}

// d mean(-min_i Q_i) / da. Only the smaller critic of a row has a gradient: the rows are sorted by it, so
// that each critic goes back through its own only.
void NativeSac::smaller_critic_backward(Rows rows, Scratch& scratch) {
  const float weight = 1 / static_cast<float>(batch_);
  long next = 0;
  for (std::size_t k = 0; k < 2; ++k) {
    const Tape& tape = scratch.critic[k];
    const long first = next;
    for (long r = rows.first; r < rows.last; ++r) {
      const bool first_is_smaller = scratch.critic[0].output()(r, 0) <= scratch.critic[1].output()(r, 0);
      if (first_is_smaller != (k == 0)) continue;
      for (std::size_t layer = 1; layer + 1 < tape.values.size(); ++layer)
        std::copy_n(tape.values[layer].row(r), tape.values[layer].columns(),
                    scratch.smaller.values[layer].row(next));
      scratch.smaller.output_gradient()(next, 0) = -weight;
      scratch.row_of[static_cast<std::size_t>(next++)] = r;
    }
    critics_[k].backward(scratch.smaller, {first, next});
    critics_[k].input_gradient(scratch.smaller, n_, scratch.smaller_action_gradient, {first, next});
  }
  for (long i = 0; i < next; ++i) {
    std::copy_n(scratch.smaller_action_gradient.row(i), m_,
                scratch.action_gradient.row(scratch.row_of[static_cast<std::size_t>(i)]));
  }
}

void NativeSac::policy_part(std::size_t task) {
  policy_->step(*policy_tape_, task, state_.policy);
}

}  // namespace

std::vector<CountedProduct> sac_update_products(const LearnerShape& shape, const SacSettings& settings) {
  const MlpSizes critic = mlp_sizes(shape.observation_size + shape.action_size, settings.hidden, 1);
  const long batch = settings.batch;
  std::vector<CountedProduct> products;
  const auto network = [&](const MlpSizes& sizes, int forward, int backward, int gradient) {
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
      products.push_back({batch, sizes[i + 1], sizes[i] + 1, false, forward});
      if (i > 0) products.push_back({batch, sizes[i], sizes[i + 1], false, backward});
      products.push_back({sizes[i] + 1, sizes[i + 1], batch, true, gradient});
    }
  };
  const PolicyShape policy = shape.policy_shape();
  if (policy.kind == PolicyKind::flow) {  // at s' and at s
    for (const FlowNetwork& one : policy.flow().networks()) network(one.sizes, 2, 1, 1);
  } else {
    network(policy.sizes(), 2, 1, 1);
  }
  // Forward: two critics, with the batch's actions and the policy's, and two targets. Back: two critics,
  // and for the policy the smaller one of each row.
  network(critic, 6, 3, 2);
  products.push_back({batch, shape.action_size, critic[1], false, 1});  // dQ/da
  return products;
}

std::unique_ptr<LearnerBackend> make_native_sac(LearnerState& state, Team& team) {
  return std::make_unique<NativeSac>(state, team);
}

}  // namespace motet

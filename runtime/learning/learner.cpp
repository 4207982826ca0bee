#include "runtime/learning/learner.h"

#include <algorithm>
#include <cmath>

#include "runtime/learning/native_sac.h"
#include "runtime/learning/native_sql.h"
#include "runtime/learning/streams.h"
#include "runtime/learning/torch_backend.h"

namespace motet {

LearnerShape learner_shape(const SkillPlan& skill) {
  const std::string& kind = skill.policy.kind;
  std::vector<FlowLayer> below;
  for (const LayerPlan& layer : skill.policy.below)
    below.push_back({layer.embedding, layer.couplings, layer.units});
  return {.observation_size = skill.environment.observation_size,
          .action_size = static_cast<std::int64_t>(skill.environment.robot.action.size()),
          .policy_hidden = skill.policy.hidden,
          .policy = kind == "sampler" ? PolicyKind::sampler
                    : kind == "flow"  ? PolicyKind::flow
                                      : PolicyKind::gaussian,
          .couplings = skill.policy.couplings,
          .units = skill.policy.units,
          .bounded = skill.over.empty(),
          .gaussian_prior = skill.prior == "gaussian",
          .below = std::move(below)};
}

Learner::Learner(LearnerState state, TemperatureSchedule temperature, std::uint64_t seed)
    : state_(std::move(state)),
      temperature_(temperature),
      random_(seed, stream_updates),
      next_noise_(
          static_cast<std::size_t>(state_.settings.batch * state_.value_samples * state_.shape.action_size)),
      noise_(static_cast<std::size_t>(state_.settings.batch * state_.particles * state_.shape.action_size)) {}

Status Learner::take_backend(const Compute& compute, Team& team) {
  if (compute.backend == "native") {
    if (compute.device != "cpu") {
      return Error{"`backend = \"native\"` computes on the CPU; `device = \"" + compute.device +
                   "\"` needs `backend = \"torch\"`"};
    }
    backend_ = state_.soft_q_learning ? make_native_sql(state_, team) : make_native_sac(state_, team);
    return {};
  }
  auto backend = make_torch_backend(state_, {.device = compute.device, .mirrored = false});
  if (!backend) return backend.error();
  backend_ = std::move(*backend);
  return {};
}

Result<std::unique_ptr<Learner>> Learner::make(const LearnerShape& shape, const SacSettings& settings,
                                               std::uint64_t seed, const Compute& compute, Team& team) {
  std::unique_ptr<Learner> learner(
      new Learner(LearnerState(shape, settings, seed),
                  {settings.temperature, settings.target_entropy, settings.learning_rate}, seed));
  if (Status status = learner->take_backend(compute, team); !status) return status.error();
  return learner;
}

Result<std::unique_ptr<Learner>> Learner::make(const LearnerShape& shape, const SqlSettings& settings,
                                               std::uint64_t seed, const Compute& compute, Team& team) {
  std::unique_ptr<Learner> learner(
      new Learner(LearnerState(shape, settings, seed), {settings.temperature, 0, 0}, seed));
  if (shape.policy == PolicyKind::sampler && settings.noise_set > 0) {
    learner->noise_set_.resize(static_cast<std::size_t>(settings.noise_set * shape.action_size));
    learner->random_.fill_normal(learner->noise_set_);
    learner->noise_set_steps_ = settings.noise_set_steps;
  }
  if (Status status = learner->take_backend(compute, team); !status) return status.error();
  return learner;
}

Result<std::unique_ptr<Learner>> Learner::make(const SkillPlan& skill, std::int64_t held, std::uint64_t seed,
                                               const Compute& compute, Team& team) {
  const double discount = std::pow(skill.learning().discount, static_cast<double>(held));
  if (skill.algorithm == "sql") {
    SqlSettings settings = skill.sql;
    settings.discount = discount;
    return make(learner_shape(skill), settings, seed, compute, team);
  }
  SacSettings settings = skill.sac;
  settings.discount = discount;
  return make(learner_shape(skill), settings, seed, compute, team);
}

// K_xi falls linearly to 1 (App. C.1).
std::span<const float> Learner::noise_set(std::int64_t step) const {
  if (noise_set_.empty()) return {};
  const auto size = static_cast<std::size_t>(state_.shape.action_size);
  const double all = static_cast<double>(noise_set_.size() / size);
  if (noise_set_steps_ == 0) return noise_set_;
  const double progress = std::min(1.0, static_cast<double>(step) / static_cast<double>(noise_set_steps_));
  const auto kept = static_cast<std::size_t>(std::lround(all + (1 - all) * progress));
  return std::span(noise_set_).first(kept * size);
}

void Learner::draw_noise(std::int64_t step) {
  if (!state_.soft_q_learning || !state_.shape.bounded || state_.value_by_policy) {
    random_.fill_normal(next_noise_.values());
  } else {
    random_.fill_uniform(next_noise_.values(), -1, 1);
  }
  const std::span<const float> set = noise_set(step);
  if (set.empty()) return random_.fill_normal(noise_.values());
  const auto size = static_cast<std::size_t>(state_.shape.action_size);
  for (std::size_t i = 0; i < noise_.values().size(); i += size)
    std::copy_n(set.data() + random_.below(set.size() / size) * size, size, noise_.values().data() + i);
}

UpdateStatistics Learner::update(const ReplayBuffer& replay, std::span<const std::int64_t> slots,
                                 std::int64_t step) {
  draw_noise(step);
  ++updates_;
  const UpdateStatistics statistics =
      backend_->update({.replay = &replay,
                        .slots = slots,
                        .next_noise = next_noise_.values(),
                        .noise = noise_.values(),
                        .temperature = temperature_.value(step),
                        .update_target = updates_ % state_.settings.target_interval == 0});
  temperature_.update(statistics.entropy);
  return statistics;
}

std::vector<float> Learner::q_values(std::span<const float> observations, std::span<const float> actions) {
  backend_->store();
  const std::int64_t n = state_.shape.observation_size, m = state_.shape.action_size;
  const std::int64_t batch = static_cast<std::int64_t>(actions.size()) / m;
  Tape tape(state_.critic_sizes, batch, false);
  for (std::int64_t i = 0; i < batch; ++i) {
    std::copy_n(observations.data() + i * n, n, tape.input().row(i));
    std::copy_n(actions.data() + i * m, m, tape.input().row(i) + n);
  }
  std::vector<float> q;
  for (std::size_t k = 0; k < state_.critics; ++k) {
    Perceptron(state_.critic_sizes, state_.critic_values(k), false).forward(tape, {0, batch});
    for (std::int64_t i = 0; i < batch; ++i) q.push_back(tape.output()(i, 0));
  }
  return q;
}

bool Learner::finite() {
  backend_->store();
  return state_.finite() && std::isfinite(temperature_.value(0));
}

void Learner::save(Archive& archive) {
  backend_->store();
  state_.save(archive);
  temperature_.save(archive, "temperature");
  archive.put_value("updates/random", random_.state());
  archive.put_value("updates/count", updates_);
  archive.put<float>("policy/noise_set", noise_set_);
}

Status Learner::restore(const Archive& archive) {
  Random::State random{};
  const Status all[] = {state_.restore(archive), temperature_.restore(archive, "temperature"),
                        archive.get_value("updates/random", random),
                        archive.get_value("updates/count", updates_),
                        archive.get<float>("policy/noise_set", noise_set_)};
  for (const Status& status : all) {
    if (!status) return status;
  }
  random_.restore(random);
  backend_->reload();
  return {};
}

Status Learner::start_from(const Archive& archive) {
  if (Status status = state_.restore_networks(archive); !status) return status;
  backend_->reload();
  return {};
}

void Learner::start_from_policy(std::span<const float> parameters) {
  std::copy(parameters.begin(), parameters.end(), state_.policy.values().begin());
  backend_->reload();
}

}  // namespace motet

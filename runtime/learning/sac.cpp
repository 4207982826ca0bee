#include "runtime/learning/sac.h"

#include <algorithm>
#include <cmath>

#include "runtime/learning/native_sac.h"
#include "runtime/learning/streams.h"
#include "runtime/learning/torch_sac.h"

namespace motet {

SoftActorCritic::SoftActorCritic(const SacShape& shape, const SacSettings& settings, std::uint64_t seed)
    : state_(shape, settings, seed),
      temperature_(settings.temperature, settings.target_entropy, settings.learning_rate),
      random_(seed, stream_updates),
      inference_(state_.policy_sizes, state_.policy.values()),
      next_noise_(static_cast<std::size_t>(settings.batch * shape.action_size)),
      noise_(next_noise_.values().size()) {}

Result<std::unique_ptr<SoftActorCritic>> SoftActorCritic::make(const SacShape& shape,
                                                               const SacSettings& settings,
                                                               std::uint64_t seed, const SacCompute& compute,
                                                               Team& team) {
  std::unique_ptr<SoftActorCritic> learner(new SoftActorCritic(shape, settings, seed));
  if (compute.backend == "native") {
    if (compute.device != "cpu") {
      return Error{"`backend = \"native\"` computes on the CPU; `device = \"" + compute.device +
                   "\"` needs `backend = \"torch\"`"};
    }
    learner->backend_ = make_native_sac(learner->state_, team);
  } else {
    Result<std::unique_ptr<SacBackend>> backend =
        make_torch_sac(learner->state_, {.device = compute.device, .mirrored = false});
    if (!backend) return backend.error();
    learner->backend_ = std::move(*backend);
  }
  return learner;
}

UpdateStatistics SoftActorCritic::update(const ReplayBuffer& replay, std::span<const std::int64_t> slots,
                                         std::int64_t step) {
  random_.fill_normal(next_noise_.values());
  random_.fill_normal(noise_.values());
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

std::vector<float> SoftActorCritic::q_values(std::span<const float> observations,
                                             std::span<const float> actions) {
  backend_->store();
  const std::int64_t n = state_.shape.observation_size, m = state_.shape.action_size;
  const std::int64_t batch = static_cast<std::int64_t>(actions.size()) / m;
  Tape tape(state_.critic_sizes, batch, false);
  for (std::int64_t i = 0; i < batch; ++i) {
    std::copy_n(observations.data() + i * n, n, tape.input().row(i));
    std::copy_n(actions.data() + i * m, m, tape.input().row(i) + n);
  }
  std::vector<float> q;
  for (std::size_t k = 0; k < 2; ++k) {
    Perceptron(state_.critic_sizes, state_.critic_values(k), false).forward(tape, {0, batch});
    for (std::int64_t i = 0; i < batch; ++i) q.push_back(tape.output()(i, 0));
  }
  return q;
}

std::vector<float> SoftActorCritic::policy_heads(std::span<const float> observations) {
  const auto n = static_cast<std::size_t>(state_.shape.observation_size);
  std::vector<float> heads;
  for (; !observations.empty(); observations = observations.subspan(n)) {
    const std::span<const float> head = inference_.head(observations.first(n));
    heads.insert(heads.end(), head.begin(), head.end());
  }
  return heads;
}

bool SoftActorCritic::finite() {
  backend_->store();
  return state_.finite() && std::isfinite(temperature_.value(0));
}

void SoftActorCritic::save(Archive& archive) {
  backend_->store();
  state_.save(archive);
  temperature_.save(archive, "temperature");
  archive.put_value("updates/random", random_.state());
  archive.put_value("updates/count", updates_);
}

Status SoftActorCritic::restore(const Archive& archive) {
  Random::State random{};
  const Status all[] = {state_.restore(archive), temperature_.restore(archive, "temperature"),
                        archive.get_value("updates/random", random),
                        archive.get_value("updates/count", updates_)};
  for (const Status& status : all) {
    if (!status) return status;
  }
  random_.restore(random);
  backend_->reload();
  return {};
}

}  // namespace motet

#include <algorithm>
#include <utility>

#include "runtime/engine/gaussian_inference.h"
#include "runtime/learning/checkpoint.h"
#include "runtime/learning/evaluation.h"

namespace motet {
namespace {

class ZeroActor : public Actor {
 public:
  void act(std::span<const float>, std::span<float> action) override {
    std::fill(action.begin(), action.end(), 0.0f);
  }
};

class RandomActor : public Actor {
 public:
  explicit RandomActor(const Random& random) : random_(random) {}
  void act(std::span<const float>, std::span<float> action) override { random_.fill_uniform(action, -1, 1); }

 private:
  Random random_;
};

class GaussianActor : public Actor {
 public:
  GaussianActor(const MlpSizes& sizes, AlignedFloats parameters, bool sample, std::uint64_t seed)
      : parameters_(std::move(parameters)),
        inference_(sizes, parameters_.values()),
        sample_(sample),
        random_(seed) {}

  void act(std::span<const float> observation, std::span<float> action) override {
    if (sample_) {
      inference_.sample(observation, random_, action);
    } else {
      inference_.mean(observation, action);
    }
  }

 private:
  AlignedFloats parameters_;
  GaussianInference inference_;
  bool sample_;
  Random random_;
};

}  // namespace

std::unique_ptr<Actor> make_zero_actor() {
  return std::make_unique<ZeroActor>();
}

std::unique_ptr<Actor> make_random_actor(Random random) {
  return std::make_unique<RandomActor>(random);
}

Result<std::unique_ptr<Actor>> load_actor(const SkillPlan& skill, const std::filesystem::path& folder,
                                          bool sample, std::uint64_t seed) {
  if (skill.policy.kind != "gaussian") {
    return Error{"the policy of `" + skill.name + "` is a " + skill.policy.kind +
                 ", which cannot be run yet"};
  }
  const Result<Archive> archive = read_checkpoint(folder, skill);
  if (!archive) return archive.error();
  const MlpSizes sizes = mlp_sizes(skill.environment.observation_size, skill.policy.hidden,
                                   2 * static_cast<std::int64_t>(skill.environment.robot.action.size()));
  AlignedFloats parameters(static_cast<std::size_t>(mlp_parameters(sizes)));
  if (Status status = archive->get<float>("policy/parameters", parameters.values()); !status)
    return status.error();
  return std::unique_ptr<Actor>(std::make_unique<GaussianActor>(sizes, std::move(parameters), sample, seed));
}

}  // namespace motet

#include <algorithm>
#include <utility>

#include "runtime/learning/checkpoint.h"
#include "runtime/learning/evaluation.h"
#include "runtime/policy/gaussian_actor.h"

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
  GaussianActor(std::vector<std::int64_t> sizes, std::vector<float> parameters, bool sample,
                std::uint64_t seed)
      : parameters_(std::move(parameters)),
        inference_(std::move(sizes), parameters_),
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
  std::vector<float> parameters_;
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
  std::vector<std::int64_t> sizes{skill.environment.observation_size};
  sizes.insert(sizes.end(), skill.policy.hidden.begin(), skill.policy.hidden.end());
  sizes.push_back(2 * static_cast<std::int64_t>(skill.environment.robot.action.size()));
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    count += static_cast<std::size_t>((sizes[i] + 1) * sizes[i + 1]);
  }
  std::vector<float> parameters(count);
  if (Status status = archive->get<float>("policy/parameters", parameters); !status) return status.error();
  return std::unique_ptr<Actor>(
      std::make_unique<GaussianActor>(std::move(sizes), std::move(parameters), sample, seed));
}

}  // namespace motet

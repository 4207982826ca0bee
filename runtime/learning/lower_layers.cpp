#include "runtime/learning/lower_layers.h"

#include <memory>
#include <utility>
#include <vector>

#include "compiler/plan/sha256.h"
#include "runtime/engine/policy_stack.h"
#include "runtime/learning/evaluation.h"
#include "runtime/learning/trained_policy.h"

namespace motet {
namespace {

class FrozenLayers : public LowerLayers {
 public:
  explicit FrozenLayers(std::vector<StackLayer> layers) : stack_(std::move(layers)) {}

  void act(std::span<const float> observation, std::span<const float> latent, std::int64_t step,
           std::span<float> action) override {
    stack_.act(observation, latent, step, action);
  }

 private:
  PolicyStack stack_;
};

const std::string digest_name = "layers/below";

// Calls with each skill below, from the top, and its policy. Returns the SHA-256 of them all.
template <typename Add>
Result<std::string> read_below(const Plan& plan, const SkillPlan& skill, const FolderOf& folder_of, Add add) {
  Sha256 hash;
  std::size_t depth = 0;
  for (const SkillPlan* upper = &skill; !upper->over.empty(); ++depth) {
    const SkillPlan* lower = plan.find(upper->over);
    if (lower == nullptr || depth > plan.skills.size())
      return Error{"`" + upper->name + "` stands over `" + upper->over + "`, which the plan does not have"};
    auto policy = read_policy(*lower, folder_of(lower->name));
    if (!policy) return policy.error();
    const std::span<const float> values = std::as_const(policy->parameters).values();
    hash.update({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
    if (Status status = add(*lower, std::move(*policy)); !status) return status.error();
    upper = lower;
  }
  return depth == 0 ? std::string() : hash.hex();
}

}  // namespace

std::int64_t held_steps(const Plan& plan, const SkillPlan& skill) {
  constexpr std::int64_t most = 1'000'000'000;  // no episode is as long
  std::int64_t steps = 1;
  const SkillPlan* one = &skill;
  // A plan is acyclic; the bound holds for one that is not.
  for (std::size_t i = 0; one != nullptr && i <= plan.skills.size(); ++i) {
    if (one->hold > most / steps) return most;
    steps *= one->hold;
    one = one->over.empty() ? nullptr : plan.find(one->over);
  }
  return steps;
}

Result<std::string> embed_lower_layers(const Plan& plan, const SkillPlan& skill, const FolderOf& folder_of,
                                       World& world) {
  std::vector<StackLayer> layers;
  const auto add = [&](const SkillPlan& lower, TrainedPolicy policy) -> Status {
    if (policy.shape.kind != PolicyKind::flow || policy.shape.action_size != world.action_size())
      return Error{"`" + skill.name + "` stands over `" + lower.name + "`, whose policy is no flow of " +
                   std::to_string(world.action_size()) + " coordinates"};
    auto columns = observed_columns(lower, world.plan(), skill.name);
    if (!columns) return columns.error();
    layers.push_back(
        {policy.shape, std::move(policy.parameters), std::move(*columns), held_steps(plan, lower)});
    return {};
  };
  Result<std::string> digest = read_below(plan, skill, folder_of, add);
  if (digest && !layers.empty())
    world.embed(std::make_unique<FrozenLayers>(std::move(layers)), held_steps(plan, skill),
                skill.learning().discount);
  return digest;
}

Result<std::string> lower_layers_digest(const Plan& plan, const SkillPlan& skill, const FolderOf& folder_of) {
  return read_below(plan, skill, folder_of, [](const SkillPlan&, TrainedPolicy) { return Status(); });
}

void sign_lower_layers(Archive& archive, const std::string& digest) {
  if (!digest.empty()) archive.put_text(digest_name, digest);
}

Status check_lower_layers(const Archive& archive, const SkillPlan& skill, const std::string& digest) {
  if (digest.empty()) return {};
  const Result<std::string> known = archive.get_text(digest_name);
  if (known && *known == digest) return {};
  return Error{
      "`" + skill.name + "` was trained over another `" + skill.over +
      "` than the one that is here now: what its actions do has changed. Train it again (`--force`)"};
}

}  // namespace motet

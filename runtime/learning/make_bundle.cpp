#include "runtime/learning/make_bundle.h"

#include <algorithm>

#include "compiler/plan/slice.h"
#include "runtime/learning/evaluation.h"
#include "runtime/learning/lower_layers.h"
#include "runtime/learning/trained_policy.h"
#include "runtime/robot/robot_contract.h"

namespace motet {
namespace {

Status add_layer(Bundle& bundle, const Plan& plan, const SkillPlan& skill, const SkillPlan& top,
                 TrainedPolicy policy) {
  LayerContract layer;
  layer.skill = skill.name;
  layer.policy = policy.shape;
  layer.hold = held_steps(plan, skill);
  layer.noise_set = static_cast<std::int64_t>(policy.noise.size()) / policy.shape.action_size;
  auto columns = observed_columns(skill, top.environment, top.name);
  if (!columns) return columns.error();
  layer.columns = std::move(*columns);
  bundle.contract.layers.push_back(std::move(layer));
  bundle.weights.push_back({std::move(policy.parameters), std::move(policy.noise)});
  return {};
}

// All but the layers; `outputs` of the world's program.
Result<Bundle> bundle_of(const Plan& plan, const SkillPlan& skill, const ModelRoots& roots,
                         const std::vector<std::string>& outputs) {
  auto of_robot = robot_contract(skill.environment, roots);
  if (!of_robot) return of_robot.error();
  Bundle bundle;
  Contract& contract = bundle.contract = std::move(*of_robot);
  contract.skill = skill.name;
  contract.skill_hash = skill.hash;
  contract.program = plan.program;
  contract.program_hash = plan.program_hash;
  contract.world = skill.environment.world;
  contract.latent = skill.latent;
  contract.observe = slice(skill.environment.step, outputs);
  contract.observation_names = skill.environment.observation_names;
  contract.observation_units = skill.environment.observation_units;
  return bundle;
}

}  // namespace

Result<Bundle> make_collecting_bundle(const Plan& plan, const SkillPlan& skill, const ModelRoots& roots,
                                      const PolicyShape& shape, std::span<const float> parameters) {
  std::vector<std::string> outputs{"observation"};
  for (const char* name : {"reward", "end", "success"})
    if (skill.environment.step.find(name) != nullptr) outputs.emplace_back(name);
  Result<Bundle> bundle = bundle_of(plan, skill, roots, outputs);
  if (!bundle) return bundle;
  TrainedPolicy policy{shape, AlignedFloats(parameters.size()), {}};
  std::copy(parameters.begin(), parameters.end(), policy.parameters.values().begin());
  if (Status status = add_layer(*bundle, plan, skill, skill, std::move(policy)); !status)
    return status.error();
  return bundle;
}

Result<Bundle> make_bundle(const Plan& plan, const SkillPlan& skill, const FolderOf& folder_of,
                           const ModelRoots& roots) {
  Result<Bundle> made = bundle_of(plan, skill, roots, {"observation"});
  if (!made) return made;
  Bundle& bundle = *made;
  const Result<Archive> checkpoint = read_checkpoint(folder_of(skill.name), skill);
  if (!checkpoint) return checkpoint.error();
  const auto below = lower_layers_digest(plan, skill, folder_of);
  if (!below) return below.error();
  if (Status status = check_lower_layers(*checkpoint, skill, *below); !status) return status.error();
  const SkillPlan* one = &skill;
  for (std::size_t depth = 0; one != nullptr && depth <= plan.skills.size(); ++depth) {
    auto policy = read_policy(*one, folder_of(one->name));
    if (!policy) return policy.error();
    if (Status status = add_layer(bundle, plan, *one, skill, std::move(*policy)); !status)
      return status.error();
    one = one->over.empty() ? nullptr : plan.find(one->over);
  }
  return made;
}

}  // namespace motet

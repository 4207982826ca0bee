#include "runtime/learning/trained_policy.h"

#include "runtime/engine/parameters.h"
#include "runtime/learning/checkpoint.h"
#include "runtime/learning/learner.h"

namespace motet {

Result<TrainedPolicy> read_policy(const SkillPlan& skill, const std::filesystem::path& folder) {
  const Result<Archive> archive = read_checkpoint(folder, skill);
  if (!archive) return archive.error();
  return read_policy(skill, *archive, folder);
}

Result<TrainedPolicy> read_policy(const SkillPlan& skill, const Archive& checkpoint,
                                  const std::filesystem::path& folder) {
  const PolicyShape shape = learner_shape(skill).policy_shape();
  const std::string file = checkpoint_file(folder).string();
  auto parameters = read_parameters(checkpoint, "policy/parameters", shape.parameters(), file);
  if (!parameters) return parameters.error();
  std::vector<float> noise(checkpoint.size_of("policy/noise") / sizeof(float));
  if (Status status = checkpoint.get<float>("policy/noise", noise); !status) return status.error();
  if (noise.size() % static_cast<std::size_t>(shape.action_size) != 0 || !all_finite(noise))
    return Error{"the noise of `" + skill.name + "` in `" + file + "` is not its policy's"};
  return TrainedPolicy{shape, std::move(*parameters), std::move(noise)};
}

}  // namespace motet

#include "runtime/learning/training.h"

#include <algorithm>
#include <exception>

#include "runtime/learning/compute_threads.h"
#include "runtime/learning/extraction.h"
#include "runtime/learning/trainer.h"

namespace motet {
namespace {

Status can_train(const TrainingRequest& request) {
  const SkillPlan* skill = request.plan->find(request.skill);
  if (skill == nullptr) return Error{"the plan has no skill `" + request.skill + "`"};
  const std::string name = "`" + skill->name + "` ";
  if (skill->kind == SkillPlan::Kind::imported) return Error{name + "has been trained elsewhere"};
  if (skill->environment.horizon <= 0)
    return Error{name + "has a world without a horizon: its episodes never end"};
  if (request.robot != nullptr) return can_learn_from_robot(*skill);
  return {};
}

}  // namespace

std::int64_t replay_bytes(const SkillPlan& skill) {
  return ReplayBuffer::bytes(replay_capacity(skill), skill.environment.observation_size,
                             static_cast<std::int64_t>(skill.environment.robot.action.size()));
}

Result<TrainingEnd> train(const TrainingRequest& request) {
  if (Status status = can_train(request); !status) return status.error();
  const SkillPlan& skill = *request.plan->find(request.skill);
  std::error_code error;
  std::filesystem::create_directories(request.folder, error);
  if (error) return Error{"`" + request.folder.string() + "` cannot be made: " + error.message()};
  // LibTorch's own threads: its small products get slower with more than one.
  if (request.plan->run.backend == "torch")
    set_compute_threads(std::max(1, static_cast<int>(request.plan->run.threads)));
  try {
    if (skill.kind == SkillPlan::Kind::composed) return extract(request);
    Result<std::unique_ptr<Trainer>> trainer = Trainer::make(request);
    if (!trainer) return trainer.error();
    return (*trainer)->run();
  } catch (const std::exception& exception) {  // LibTorch's, and memory that ran out
    return Error{"training of `" + request.skill + "` stopped: " + exception.what()};
  }
}

}  // namespace motet

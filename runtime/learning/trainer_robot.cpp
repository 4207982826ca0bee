// Learning from what robots collect, as fast as they do.

#include <algorithm>

#include "runtime/learning/make_bundle.h"
#include "runtime/learning/trainer.h"

namespace motet {
namespace {

constexpr double offer_interval = 0.5;    // s between two policies
constexpr double receive_interval = 0.1;  // s between two looks at what has come
constexpr double patience = 0.05;         // s that it waits for an episode at a time

}  // namespace

// What a robot can collect for: one policy of a world whose reward can be computed from what it measures.
Status can_learn_from_robot(const SkillPlan& skill) {
  const std::string name = "`" + skill.name + "` ";
  if (skill.kind != SkillPlan::Kind::learned || skill.algorithm != "sac")
    return Error{name + "cannot be learnt from a robot: it has to be a skill with `learn sac`"};
  if (!skill.over.empty()) return Error{name + "stands over another skill, and is learnt in simulation only"};
  if (!skill.environment.samples.empty())
    return Error{name + "observes what its world draws at a reset, which no robot measures"};
  return {};
}

// One transition and its updates; or nothing, where none has come.
Status Trainer::advance_from_robot() {
  previous_step_ = step_;
  seen_.clear();
  RobotExperience& robot = *parts_.robot;
  const auto tell = [this](const std::string& line) { say(line); };
  if (pace_.seconds() - received_ >= receive_interval) {
    received_ = pace_.seconds();
    if (Status status = robot.receive(0, tell); !status) return status;
  }
  if (pace_.seconds() - offered_ >= offer_interval)
    if (Status status = offer(false); !status) return status;
  Result<std::optional<Transition>> transition = robot.next();
  if (!transition) return transition.error();
  if (!*transition) {
    // The robot's pace is not this machine's.
    return robot.receive(patience, tell);
  }
  replay_.add(**transition);
  ++step_;
  if (const Episode* episode = robot.ended()) {
    EpisodeSummary summary;
    summary.length = episode->steps();
    for (const float reward : episode->rewards) summary.episode_return += static_cast<double>(reward);
    summary.success = episode->success;
    statistics_.add(summary);
  }
  if (step_ < settings_.warmup) return {};
  for (std::int64_t i = 0; i < settings_.gradient_steps; ++i) {
    for (std::int64_t& slot : slots_)
      slot = static_cast<std::int64_t>(batches_.below(static_cast<std::uint64_t>(replay_.size())));
    update();
  }
  return end_of_advance();
}

Status Trainer::offer(bool finished) {
  RobotExperience& robot = *parts_.robot;
  offered_ = pace_.seconds();
  Result<Bundle> bundle =
      make_collecting_bundle(*request_.plan, skill_, request_.roots, parts_.learner->policy_shape(),
                             parts_.learner->policy_parameters());
  if (!bundle) return bundle.error();
  Result<std::string> bytes = pack(*bundle);
  if (!bytes) return bytes.error();
  return robot.exchange().offer({.run = robot.run(),
                                 .version = static_cast<std::uint64_t>(parts_.learner->updates()),
                                 .random = robot.steps() < settings_.warmup && skill_.start_from.empty(),
                                 .finished = finished,
                                 .horizon = skill_.environment.horizon,
                                 .bundle = std::move(*bytes)});
}

}  // namespace motet

#pragma once

// What a bundle promises: all that a robot's computer must know of a skill before it moves anything.

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/engine/policy_inference.h"

namespace motet {

// Of the file's form. A program refuses what is newer than itself.
inline constexpr std::int64_t bundle_version = 1;

// A joint of the robot, as its model has it.
struct JointContract {
  enum class Type { free, ball, slide, hinge };
  std::string name;
  Type type{};
  bool limited = false;
  double low = 0, high = 0;         // m or rad
  std::int64_t qpos = 0, qvel = 0;  // where its coordinates begin
};

// What one control does, in the order in which they are written.
struct ActuatorContract {
  enum class Kind { effort, position, velocity, general };
  std::string name;
  std::string joint;  // that it moves; empty: not one
  Kind kind{};
  double low = -1, high = 1;  // of the control
  // Of an effort: joint effort = gear gain control. Of a servo: gear is that of its position to the joint's,
  // and gain its stiffness (or, of a velocity, its damping).
  double gear = 1, gain = 1, damping = 0;
};

// One policy of the stack. That of the top draws its noise, or takes its mean; each other one takes the
// action of the one above as its latent.
struct LayerContract {
  std::string skill;
  PolicyShape policy;
  std::vector<std::int64_t> columns;  // of the contract's observation, that this policy sees
  std::int64_t hold = 1;              // control steps that its action is kept for
  std::int64_t noise_set = 0;         // a sampler's noise is one of so many vectors; 0: drawn anew
};

struct Contract {
  std::string motet;  // the version that wrote it
  std::string skill, skill_hash;
  std::string program, program_hash;  // the main file's name
  std::string world;                  // where it was trained
  std::int64_t seed = 1, steps = 0;
  std::string latent = "step";  // step | episode: when the top policy's noise is drawn

  RobotPlan robot;          // with `model` only as a name
  double drive_period = 0;  // s; the robot's `drive` runs at this period, the policy at robot.control_period
  std::vector<JointContract> joints;
  std::vector<ActuatorContract> actuators;  // as many as robot.actuators, in their order

  InstructionProgram observe;  // output "observation" [n]
  std::vector<std::string> observation_names, observation_units;
  std::vector<LayerContract> layers;  // from the top

  std::int64_t observation_size() const { return static_cast<std::int64_t>(observation_names.size()); }
  std::int64_t action_size() const { return static_cast<std::int64_t>(robot.action.size()); }
};

// As text that people read, a table a subject.
std::string to_toml(const Contract& contract);
// Reads what to_toml wrote. Refuses whatever could not be executed: the text may come from strangers.
Result<Contract> contract_from_toml(std::string_view text);

}  // namespace motet

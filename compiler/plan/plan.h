#pragma once

// The plan: what the compiler hands to the runtime. Plain structs, versioned, resolved to the last
// number. Read and written as TOML by compiler/plan_toml.h.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/plan/program.h"

namespace motet {

inline constexpr int plan_version = 1;

// --- where a robot lives ----------------------------------------------------------------------

struct ActuatorPlan {
  std::string name;
  double low = -1, high = 1;  // control range, in the actuator's own unit
};

// One coordinate of the policy's action and what [-1, 1] is mapped to.
struct ActionCoordinate {
  std::string name;  // "hip_1", "swing[2]"
  double low = -1, high = 1;
};

struct LimitPlan {
  enum class Kind { joint_pos, joint_vel, joint_torque, action_rate };
  Kind kind{};
  std::string joint;         // empty: every joint (torque), the action (action_rate)
  double low = 0, high = 0;  // action_rate: `high`, in action units a second
};

struct RobotPlan {
  std::string name;
  std::string model;                     // path below the program's roots; empty: the point
  int point_dimensions = 0;              // model point(N)
  double control_period = 0;             // s
  std::vector<ActuatorPlan> actuators;   // those that are driven, in the model's order
  std::vector<ActionCoordinate> action;  // m coordinates
  // Without `drive`: coordinate i drives actuator i. With it: run before every physics step, reads
  // `action` (already mapped to its range) and signals, and has one output an actuator, by name.
  std::optional<InstructionProgram> drive;
  std::vector<LimitPlan> limits;
};

// `reset TARGET[offset..offset+n) = value` or `+=`.
struct ResetPlan {
  SignalRef target;  // qpos, qvel, joint_pos, joint_vel, body_pos, body_quat
  std::uint32_t offset = 0;
  bool add = false;
  Output value;  // registers of the reset program
};

struct MeasurePlan {
  enum class Over { end, mean, max, min };
  std::string name;  // output "measure.NAME" of the step program
  Over over = Over::end;
};

// One named term of a reward, for the log: reward = sum of weight * term, plus what has no name.
struct RewardTermPlan {
  std::string name;   // output "reward.NAME" of the step program
  double weight = 1;  // as drawn; NaN where the reward is not a weighted sum
};

// A world, with the reward of one skill in it (or, without a skill, with the rewards to show).
struct EnvironmentPlan {
  std::string world;
  std::string scene;       // path of the MJCF to load; empty: the robot's model or the point
  std::string model_hash;  // SHA-256 of the model's files, in hex
  RobotPlan robot;
  std::int64_t horizon = 0;  // control steps
  int observation_size = 0;
  // What each coordinate is, as text that is the same wherever the same is observed: "qpos[0]".
  std::vector<std::string> observation_names;
  std::vector<std::string> observation_units;  // SI: "m", "rad/s"; "" where it has none or it is not known
  // Runs once a reset, after the model is in its initial state: draws the samples (outputs
  // "sample.NAME") and computes the values of `resets`.
  InstructionProgram reset;
  std::vector<ResetPlan> resets;  // in order
  std::vector<Output> samples;    // registers of `reset`, by sample name
  // Runs after every control step (and at the reset). Outputs: "observation", "reward", "end",
  // "success" (both 0 or 1, absent where the world has none), "reward.NAME", "measure.NAME", and, of a
  // composition, "part.NAME".
  InstructionProgram step;
  std::vector<RewardTermPlan> reward_terms;
  std::vector<std::string> part_rewards;  // parts of a composition whose rewards are outputs "part.NAME"
  std::vector<MeasurePlan> measures;
};

// --- what is learnt ---------------------------------------------------------------------------

// Who decided a value.
enum class Origin { fallback, program, settings, profile, command_line };

using SettingValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>>;

// One resolved hyperparameter and where it came from.
struct Hyperparameter {
  std::string key;  // "learn.sac.batch", "policy.gaussian.hidden"
  SettingValue value;
  Origin origin = Origin::fallback;
  std::string source;  // "Table C.1", "reaching.motet:12", "motet.toml:3", "profile quick", "--set"
};

struct Hyperparameters {
  std::vector<Hyperparameter> all;  // by key

  const Hyperparameter* find(std::string_view key) const;
};

// annealed log-linearly from `from` to `to` in `steps` steps; `steps` 0: fixed at `from`.
struct Temperature {
  bool learned = true;
  double from = 1, to = 1;
  std::int64_t steps = 0;
};

// What every learner from a replay has.
struct LearnSettings {
  std::int64_t steps = 1'000'000;  // environment steps
  std::int64_t batch = 256;
  double discount = 0.99;
  std::int64_t replay = 1'000'000;   // transitions
  std::int64_t warmup = 1000;        // steps acted uniformly before learning starts
  double tau = 0.005;                // target smoothing
  std::int64_t target_interval = 1;  // updates between target updates
  std::int64_t gradient_steps = 1;   // updates an environment step
  double reward_scale = 1;
  std::vector<std::int64_t> hidden = {256, 256};  // of the critics
  Temperature temperature;
};

// Soft actor-critic (Alg. 2 and 3), resolved from the hyperparameters `learn.sac.*`.
struct SacSettings : LearnSettings {
  double learning_rate = 3e-4;  // of all networks and the temperature
  double target_entropy = 0;    // nats; resolved: -dim(A) unless given
};

// Soft Q-learning (Alg. 1, App. C.1), resolved from `learn.sql.*`.
struct SqlSettings : LearnSettings {
  SqlSettings() {
    batch = 64;
    warmup = 10'000;
    tau = 1;
    target_interval = 1000;
    hidden = {200, 200};
    temperature = {.learned = false, .from = 0.1, .to = 0.1, .steps = 0};
  }
  double critic_learning_rate = 1e-3, policy_learning_rate = 1e-4;
  std::int64_t critics = 1;         // soft Q-functions; of two, the smaller one counts
  std::int64_t particles = 32;      // K = M: actions a state in the Stein gradient
  std::int64_t value_samples = 50;  // K_V: actions in the soft value
  std::string value_proposal =
      "fixed";                       // that they are drawn from: fixed (their prior) | adaptive (the policy)
  double noise_reversion = 0.15;     // theta of the Ornstein-Uhlenbeck noise, a step
  double noise_scale = 0.3;          // its sigma; 0: none
  std::int64_t noise_set = 0;        // K_xi: the policy's noise is one of so many; 0: drawn anew
  std::int64_t noise_set_steps = 0;  // environment steps in which K_xi falls to 1; 0: it stays
};

// The policy of a composition, learnt from frozen soft Q-functions: `learn.extraction.*`.
struct ExtractionSettings {
  std::int64_t steps = 10'000;  // updates
  std::int64_t batch = 128;     // states
  double learning_rate = 1e-3;
  std::int64_t particles = 32;
  double temperature = 0;  // of the composed policy; 0: as its parts'
};

// A layer of couplings.
struct LayerPlan {
  std::vector<std::int64_t> embedding;  // hidden units
  std::int64_t couplings = 2, units = 64;
};

struct PolicyPlan {
  std::string kind = "gaussian";                  // gaussian | flow | sampler
  std::vector<std::int64_t> hidden = {256, 256};  // of a flow: its embedding's
  std::int64_t couplings = 2, units = 64;         // of a flow
  std::vector<LayerPlan> below = {};              // of a flow: see layers_started_from()
};

// Settings of the run that a skill's training depends on.
struct TrainSettings {
  std::int64_t eval_interval = 5000;  // environment steps between evaluations
  std::int64_t eval_episodes = 10;
  std::int64_t checkpoint_interval = 5000;
  std::int64_t worlds = 1;  // copies that step in parallel
  std::int64_t ahead = 0;   // steps that acting is ahead of learning; 0: the serial algorithm
};

struct SkillPlan {
  enum class Kind { learned, composed, imported };
  std::string name;                  // of the instance: "push_left", "reach(5, 0)"
  std::vector<std::string> aliases;  // `skill right = reach(5, 0)`: other names for it
  Kind kind = Kind::learned;
  std::string algorithm;  // sac | sql | extraction
  PolicyPlan policy;
  EnvironmentPlan environment;     // of an imported skill: where it was trained
  std::string over;                // the lower skill, or empty
  std::vector<std::string> parts;  // of a composition
  std::string composition;         // "(mean a b)": see composition.h
  std::string from;                // the folder of an imported skill
  std::string imported_name;       // its name there
  std::string checkpoint;          // SHA-256 of its checkpoint there
  std::string start_from;          // pretraining
  std::int64_t hold = 1;
  std::string latent = "step";    // step | episode
  std::string prior = "uniform";  // uniform | gaussian
  Hyperparameters hyperparameters;
  SacSettings sac;                // where algorithm is sac
  SqlSettings sql;                // where it is sql
  ExtractionSettings extraction;  // where it is extraction
  TrainSettings train;
  std::string hash;  // SHA-256 of the slice: itself, all below it, model files

  // Soft Q-functions of a skill that learns from a replay, of which the smallest counts.
  std::int64_t critics() const { return algorithm == "sql" ? sql.critics : 2; }
  // Of a skill that learns from a replay: sac's or sql's.
  const LearnSettings& learning() const {
    return algorithm == "sql" ? static_cast<const LearnSettings&>(sql) : sac;
  }
};

struct StagePlan {  // skills of one stage can be trained side by side
  std::vector<std::string> skills;
};

// One step of a skill's execution chain, from observation to action.
struct ChainStep {
  std::string operation;  // "observe", "policy walk (gaussian)", "scale to actuators", ...
  int input = 0, output = 0;
};

struct RunSettings {
  std::int64_t seed = 1;
  std::int64_t threads = 0;  // 0: one a core
  std::string device = "cpu";
  std::string backend = "native";  // native | torch
  std::string output = "runs";
};

struct Plan {
  int version = plan_version;
  std::string program;  // the main file's name
  std::string program_hash;
  RunSettings run;
  Hyperparameters run_settings;   // the same, with origins
  std::vector<SkillPlan> skills;  // below before above
  std::vector<StagePlan> stages;

  // By its name, or else an alias.
  const SkillPlan* find(std::string_view skill) const;
};

// The skill that a skill starts from and those that this one stands on, from the top, down to the one that
// acts where the skill itself acts. Where they are several, their flows become its policy, and are trained
// as one. Empty where it starts from none, or none of them acts there.
std::vector<const SkillPlan*> layers_started_from(const Plan& plan, const SkillPlan& skill);
inline constexpr std::size_t most_layers = 64;  // of one policy

// policy.below of every skill, which follows from the layers that it starts from.
void resolve_layers(Plan& plan);

// Operators and parts of a composition, with those of the compositions that it is made of written out.
inline constexpr std::size_t most_composition_nodes = 1000;
// Whether a composition has more. The skills that it is made of come before it in the plan.
bool is_too_large(const Plan& plan, const SkillPlan& skill);

// A file name for a skill's instance: "reach(5, 0)" -> "reach_5_0-1a2b3c4d".
std::string skill_folder(const std::string& skill);

std::vector<ChainStep> execution_chain(const Plan& plan, const SkillPlan& skill);

}  // namespace motet

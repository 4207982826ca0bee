#pragma once

// The policy graph: the program with every name, type and unit resolved. Made by check(), drawn by
// diagram.h, lowered to a Plan by lower.h. Acyclic: a skill's parts come before it.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/model/model.h"
#include "compiler/plan/plan.h"
#include "compiler/term.h"
#include "language/source.h"
#include "language/syntax.h"

namespace motet {

struct DriveNode {
  std::string actuator;
  TermId value;  // in RobotNode::terms
};

struct RobotNode {
  std::string name;
  Span span;
  std::filesystem::path model_file;  // empty: the point
  int point_dimensions = 0;
  std::shared_ptr<const ModelInfo> model;  // of the robot's own file; null for the point
  double control_period = 0;               // s, a whole number of physics steps
  std::vector<ActuatorPlan> actuators;
  std::vector<ActionCoordinate> action;
  std::vector<LimitPlan> limits;
  TermTable terms;
  std::vector<DriveNode> drives;
  bool imported = false;  // declared in another module than the main one
};

struct WorldNode {
  std::string name;
  Span span;
  std::size_t robot = 0;                   // index into PolicyGraph::robots
  std::filesystem::path scene_file;        // empty: the robot's model
  std::shared_ptr<const ModelInfo> model;  // of what is loaded: the scene or the robot's file
  std::int64_t horizon = 0;                // control steps
  std::vector<std::string> samples;
  bool imported = false;
};

// A named reward that a skill maximizes, an instance where it has parameters. After them, those
// without parameters that no skill maximizes.
struct RewardNode {
  std::string name;  // "at_x(-1)"
  Span span;
};

struct ResetNode {
  SignalRef target;
  std::uint32_t offset = 0;
  bool add = false;
  TermId value = 0;
};
struct MeasureNode {
  std::string name;
  MeasurePlan::Over over{};
  TermId value = 0;
};
struct RewardTerm {
  std::size_t reward = 0;  // index into PolicyGraph::rewards
  double weight = 1;       // NaN: it enters in another way than a weighted sum
  TermId value = 0;        // unweighted
};

// A world elaborated with the reward of one skill. The terms live in `terms`.
struct Environment {
  std::size_t world = 0;
  TermTable terms;
  std::vector<NamedTerm> samples;  // draws, in order
  std::vector<ResetNode> resets;
  TermId observation = 0;        // the concatenation
  std::optional<TermId> reward;  // absent without a skill
  std::vector<RewardTerm> reward_terms;
  std::vector<NamedTerm> part_rewards;  // of a composition, by its parts' names
  std::optional<TermId> end, success;
  std::vector<MeasureNode> measures;
};

// --- skills -----------------------------------------------------------------------------------

// A composition's expression over the skills' indices.
struct CompositionNode {
  enum class Kind { skill, both, either };
  Kind kind{};
  std::size_t skill = 0;  // Kind::skill
  double weight = 1;
  std::vector<CompositionNode> children;
};

// The skills that a composition is made of, each once, in the order of the text.
std::vector<std::size_t> parts_of(const CompositionNode& node);

struct SettingNode {  // a setting as written in `policy` or `learn`
  std::string key;    // "learn.sac.steps"
  SettingValue value;
  Span span;
};

// Where a skill's text says what it is; its name, where it does not.
struct SkillSpans {
  Span learn, over, start_from, latent, prior;
};

struct SkillNode {
  std::string name;  // of the instance: "reach(5, 0)"
  Span span;         // of the declared name
  SkillPlan::Kind kind{};
  std::optional<Environment> environment;  // absent for an imported skill
  std::optional<std::size_t> over;
  std::optional<CompositionNode> composition;
  std::optional<std::size_t> start_from;
  std::filesystem::path from;         // imported
  std::string policy_kind;            // resolved: gaussian | flow | sampler | "" (imported)
  std::string algorithm;              // resolved: sac | sql | extraction | "" (imported)
  std::vector<SettingNode> settings;  // as written
  std::int64_t hold = 1;
  std::string latent = "step", prior = "uniform";
  int action_size = 0;  // also the latent's dimension
  SkillSpans spans = {};
  std::vector<std::string> aliases = {};  // `skill right = reach(5, 0)`: other names for it
};

struct PolicyGraph {
  std::filesystem::path program;  // the main file
  std::vector<RobotNode> robots;
  std::vector<WorldNode> worlds;
  std::vector<RewardNode> rewards;
  std::vector<SkillNode> skills;  // below before above

  // By its name or an alias.
  const SkillNode* find_skill(std::string_view name) const;
};

// `motet compile --emit graph`: nodes and typed edges as stable text.
std::string to_text(const PolicyGraph& graph);

}  // namespace motet

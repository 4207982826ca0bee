#pragma once

// Policy graphs built by hand: what the checker would make of small and of large programs.

#include <fstream>
#include <initializer_list>
#include <string>
#include <vector>

#include "compiler/graph.h"
#include "compiler/lower.h"
#include "compiler/plan_toml.h"
#include "temporary_folder.h"

namespace motet::testing {

// Builds a graph over a point robot of m coordinates, whose observation is its position and velocity.
class GraphBuilder {
 public:
  explicit GraphBuilder(std::string program = "program.motet");

  std::size_t robot(const std::string& name, int action_size);
  std::size_t world(const std::string& name, std::size_t robot, std::int64_t horizon = 100);
  std::size_t reward(const std::string& name);

  struct Term {
    std::string reward;
    double weight = 1;
  };
  std::size_t skill(const std::string& name, std::size_t world, std::vector<Term> rewards,
                    const std::string& policy = "gaussian", const std::string& algorithm = "sac");
  std::size_t over(const std::string& name, std::size_t lower, std::size_t world, std::vector<Term> rewards,
                   const std::string& policy = "gaussian");
  std::size_t composed(const std::string& name, CompositionNode composition,
                       const std::string& policy = "sampler");
  // From a run that is there, where no file is named.
  std::size_t imported(const std::string& name, const std::string& file = "");

  static CompositionNode part(std::size_t skill, double weight = 1);
  static CompositionNode both(std::vector<CompositionNode> children, double weight = 1);
  static CompositionNode either(std::vector<CompositionNode> children, double weight = 1);

  // A setting as written in the program.
  void set(std::size_t skill, const std::string& key, SettingValue value, Span span = {});

  PolicyGraph graph;

 private:
  Environment environment(std::size_t world, const std::vector<Term>& rewards);
  int action_size(std::size_t world) const;
};

// --- the builder ------------------------------------------------------------------------------

inline GraphBuilder::GraphBuilder(std::string program) {
  graph.program = std::move(program);
}

inline std::size_t GraphBuilder::robot(const std::string& name, int action_size) {
  RobotNode robot;
  robot.name = name;
  robot.point_dimensions = action_size;
  robot.control_period = 0.05;
  for (int i = 0; i < action_size; ++i) {
    robot.actuators.push_back({"motor_" + std::to_string(i), -1, 1});
    robot.action.push_back({"motor_" + std::to_string(i), -1, 1});
  }
  graph.robots.push_back(std::move(robot));
  return graph.robots.size() - 1;
}

inline std::size_t GraphBuilder::world(const std::string& name, std::size_t robot, std::int64_t horizon) {
  WorldNode world;
  world.name = name;
  world.robot = robot;
  world.horizon = horizon;
  graph.worlds.push_back(std::move(world));
  return graph.worlds.size() - 1;
}

inline std::size_t GraphBuilder::reward(const std::string& name) {
  for (std::size_t i = 0; i < graph.rewards.size(); ++i)
    if (graph.rewards[i].name == name) return i;
  graph.rewards.push_back({name, {}});
  return graph.rewards.size() - 1;
}

inline int GraphBuilder::action_size(std::size_t world) const {
  return static_cast<int>(graph.robots[graph.worlds[world].robot].action.size());
}

// Each reward is the position's norm times its number; the start is sampled and set at the reset.
inline Environment GraphBuilder::environment(std::size_t world, const std::vector<Term>& rewards) {
  const auto m = static_cast<std::uint32_t>(action_size(world));
  Environment made;
  made.world = world;
  TermTable& terms = made.terms;
  const TermId qpos = terms.signal({SignalKind::qpos, "", "", m}),
               qvel = terms.signal({SignalKind::qvel, "", "", m});
  made.observation = terms.concat({qpos, qvel});
  const TermId start = terms.draw(Op::draw_uniform, {terms.constant(-1.0), terms.constant(1.0)}, m);
  made.samples.push_back({"start", start});
  made.resets.push_back({{SignalKind::qpos, "", "", m}, 0, false, start});
  TermId sum = terms.constant(0.0);
  for (const Term& term : rewards) {
    const std::size_t index = reward(term.reward);
    const TermId value = terms.operation(
        Op::mul, {terms.constant(static_cast<double>(index + 1)), terms.operation(Op::norm, {qpos})});
    made.reward_terms.push_back({index, term.weight, value});
    sum = terms.operation(Op::add, {sum, terms.operation(Op::mul, {terms.constant(term.weight), value})});
  }
  made.reward = sum;
  made.success = terms.operation(Op::lt, {terms.operation(Op::norm, {qpos}), terms.constant(0.1)});
  made.measures.push_back({"distance", MeasurePlan::Over::end, terms.operation(Op::norm, {qpos})});
  return made;
}

inline std::size_t GraphBuilder::skill(const std::string& name, std::size_t world, std::vector<Term> rewards,
                                       const std::string& policy, const std::string& algorithm) {
  SkillNode skill;
  skill.name = name;
  skill.environment = environment(world, rewards);
  skill.policy_kind = policy;
  skill.algorithm = algorithm;
  skill.action_size = action_size(world);
  graph.skills.push_back(std::move(skill));
  return graph.skills.size() - 1;
}

inline std::size_t GraphBuilder::over(const std::string& name, std::size_t lower, std::size_t world,
                                      std::vector<Term> rewards, const std::string& policy) {
  const std::size_t upper = skill(name, world, std::move(rewards), policy);
  graph.skills[upper].over = lower;
  graph.skills[upper].hold = 3;
  graph.skills[upper].prior = "gaussian";
  return upper;
}

inline std::size_t GraphBuilder::composed(const std::string& name, CompositionNode composition,
                                          const std::string& policy) {
  const CompositionNode* leaf = &composition;
  while (leaf->kind != CompositionNode::Kind::skill) leaf = &leaf->children.front();
  const std::size_t world = graph.skills[leaf->skill].environment->world;
  const std::size_t made = skill(name, world, {}, policy, "extraction");
  graph.skills[made].kind = SkillPlan::Kind::composed;
  graph.skills[made].composition = std::move(composition);
  return made;
}

inline std::size_t GraphBuilder::imported(const std::string& name, const std::string& file) {
  SkillNode skill;
  skill.name = name;
  skill.kind = SkillPlan::Kind::imported;
  skill.from = file;
  if (file.empty()) {
    static const TemporaryFolder runs;
    skill.from = runs.path() / name;
    GraphBuilder trained;
    trained.skill(name, trained.world("there", trained.robot("quadruped", 12)), {{"upright", 1}}, "flow");
    SourceMap sources;
    sources.add("program.motet", "");
    Diagnostics diagnostics;
    std::filesystem::create_directories(skill.from);
    std::ofstream(skill.from / "plan.toml") << to_toml(*lower(trained.graph, {}, sources, {}, diagnostics));
  }
  graph.skills.push_back(std::move(skill));
  return graph.skills.size() - 1;
}

inline CompositionNode GraphBuilder::part(std::size_t skill, double weight) {
  return {CompositionNode::Kind::skill, skill, weight, {}};
}
inline CompositionNode GraphBuilder::both(std::vector<CompositionNode> children, double weight) {
  return {CompositionNode::Kind::both, 0, weight, std::move(children)};
}
inline CompositionNode GraphBuilder::either(std::vector<CompositionNode> children, double weight) {
  return {CompositionNode::Kind::either, 0, weight, std::move(children)};
}

inline void GraphBuilder::set(std::size_t skill, const std::string& key, SettingValue value, Span span) {
  graph.skills[skill].settings.push_back({key, std::move(value), span});
}

// --- programs ---------------------------------------------------------------------------------

// One skill.
inline PolicyGraph reaching_graph() {
  GraphBuilder build("reaching.motet");
  const auto table = build.world("table", build.robot("arm", 2), 50);
  build.skill("reach", table, {{"near", 1}, {"gentle", 0.1}});
  return std::move(build.graph);
}

// Four parts and three compositions.
inline PolicyGraph pusher_graph() {
  GraphBuilder build("pushing.motet");
  const auto table = build.world("table", build.robot("planar_pusher", 3), 300);
  const auto part = [&](const std::string& name, const std::string& reward) {
    const auto skill = build.skill(name, table, {{reward, 1}}, "sampler", "sql");
    build.set(skill, "learn.sql.temperature", 1.0);
    return skill;
  };
  const auto left = part("push_left", "at_x(-1)"), middle = part("push_middle", "at_x(0)");
  const auto right = part("push_right", "at_x(1)"), bottom = part("push_bottom", "at_y(-1)");
  build.composed("bottom_left", build.both({build.part(left), build.part(bottom)}));
  build.composed("bottom_middle", build.both({build.part(middle), build.part(bottom)}));
  build.composed("bottom_right", build.both({build.part(right), build.part(bottom)}));
  return std::move(build.graph);
}

// A skill over another one.
inline PolicyGraph maze_graph() {
  GraphBuilder build("ant_maze.motet");
  const auto ant = build.robot("ant", 8);
  const auto field = build.world("field", ant, 1000), maze = build.world("maze", ant, 1000);
  const auto walk = build.skill("walk", field, {{"roam", 1}, {"alive", 1}, {"effort", 1}}, "flow");
  build.set(walk, "learn.sac.steps", std::int64_t{4'000'000});
  build.over("navigate", walk, maze, {{"arrive", 1}}, "flow");
  return std::move(build.graph);
}

// Three layers, the middle one over a nested composition; an imported skill, and one that starts from
// another.
inline PolicyGraph tower_graph() {
  GraphBuilder build("tower.motet");
  const auto robot = build.robot("quadruped", 12);
  const auto ground = build.world("ground", robot, 1000), yard = build.world("yard", robot, 1000);
  const auto trot =
      build.skill("trot", ground, {{"forward", 1}, {"steady", 0.5}, {"effort", -0.005}}, "flow");
  const auto stand = build.skill("stand", ground, {{"upright", 1}, {"effort", -0.005}}, "flow");
  const auto turn = build.imported("turn");
  const auto move = build.composed(
      "move", build.either({build.part(trot), build.both({build.part(stand, 2), build.part(turn)}, 0.5)}),
      "flow");
  const auto steer = build.over("steer", move, yard, {{"heading", 1}, {"progress", 0.25}}, "flow");
  build.over("deliver", steer, yard, {{"arrive", 1000}}, "gaussian");
  const auto again = build.skill("trot_again", yard, {{"forward", 1}}, "flow");
  build.graph.skills[again].start_from = trot;
  return std::move(build.graph);
}

// Thirty: twenty reaching skills of one family on one robot, ten of a hierarchy on another.
inline PolicyGraph thirty_skills_graph() {
  GraphBuilder build("many.motet");
  const auto table = build.world("table", build.robot("arm", 7), 200);
  const auto ant = build.robot("ant", 8);
  const auto field = build.world("field", ant, 1000), maze = build.world("maze", ant, 1000);
  std::vector<std::size_t> reaches;
  for (int i = 0; i < 16; ++i) {
    const std::string place = "(" + std::to_string(i % 4) + ", " + std::to_string(i / 4) + ")";
    reaches.push_back(build.skill("reach" + place, table, {{"near" + place, 1}, {"gentle", 0.1}}));
  }
  for (int i = 0; i < 4; ++i) {
    const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(i + 8);
    build.composed("sweep_" + std::to_string(i),
                   build.both({build.part(reaches[a]), build.part(reaches[b], 2)}));
  }
  std::vector<std::size_t> gaits;
  for (const char* gait : {"walk", "trot", "bound", "crawl"})
    gaits.push_back(build.skill(
        gait, field, {{"roam", 1}, {std::string("gait_") + gait, 0.5}, {"effort", -0.005}}, "flow"));
  const auto any = build.composed(
      "any_gait", build.either({build.part(gaits[0]), build.part(gaits[1]), build.part(gaits[2])}), "flow");
  for (const char* goal : {"north", "south", "east", "west"})
    build.over(std::string("go_") + goal, any, maze, {{"arrive(" + std::string(goal) + ")", 1}});
  build.over("explore", gaits[3], maze, {{"coverage", 1}});
  return std::move(build.graph);
}

}  // namespace motet::testing

#include "compiler/lower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/lower_hash.h"
#include "compiler/lower_paths.h"
#include "compiler/lower_settings.h"
#include "compiler/lower_skill.h"
#include "graph_fixture.h"
#include "temporary_folder.h"

namespace motet::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Lowered {
  SourceMap sources;
  Diagnostics diagnostics;
  Plan plan;

  explicit Lowered(const PolicyGraph& graph, const OutsideSettings& outside = {}) {
    sources.add("folder/program.motet", "robot arm\n\nskill reach { learn sac { steps 10 } }\n");
    auto made = lower(graph, outside, sources, {}, diagnostics);
    EXPECT_TRUE(made) << made.error().message;
    plan = std::move(*made);
  }
  const SkillPlan& skill(std::string_view name) const { return *plan.find(name); }
  std::vector<Code> codes() const {
    std::vector<Code> codes;
    for (const Diagnostic& diagnostic : diagnostics.all()) codes.push_back(diagnostic.code);
    return codes;
  }
};

std::vector<std::vector<std::string>> stages_of(const Plan& plan) {
  std::vector<std::vector<std::string>> stages;
  for (const StagePlan& stage : plan.stages) stages.push_back(stage.skills);
  return stages;
}

// --- hyperparameters ---

TEST(Lower, DefaultsComeFromTheThesis) {
  const Lowered lowered(reaching_graph());
  const SkillPlan& reach = lowered.skill("reach");
  EXPECT_EQ(reach.sac.batch, 256);
  EXPECT_EQ(reach.sac.learning_rate, 3e-4);
  EXPECT_TRUE(reach.sac.temperature.learned);
  EXPECT_EQ(reach.sac.target_entropy, -2);
  EXPECT_THAT(reach.policy.hidden, ElementsAre(256, 256));
  EXPECT_EQ(reach.hyperparameters.find("learn.sac.batch")->source, "Table C.1");
  EXPECT_EQ(reach.hyperparameters.find("learn.sac.target_entropy")->value, SettingValue(-2.0));
  EXPECT_EQ(reach.hyperparameters.find("learn.sql.batch"), nullptr);
  EXPECT_EQ(reach.train.eval_episodes, 10);
  EXPECT_EQ(lowered.plan.run.seed, 1);
  EXPECT_THAT(lowered.codes(), IsEmpty());
}

TEST(Lower, FlowsHaveTheNumbersOfTheirTable) {
  const Lowered lowered(maze_graph());
  EXPECT_EQ(lowered.skill("walk").sac.batch, 128);
  EXPECT_EQ(lowered.skill("walk").sac.tau, 0.01);
  EXPECT_EQ(lowered.skill("walk").sac.steps, 4'000'000);
  EXPECT_EQ(lowered.skill("walk").sac.target_entropy, -8);
}

TEST(Lower, ASettingOfTheProgramKnowsItsLine) {
  GraphBuilder build;
  const auto reach = build.skill("reach", build.world("table", build.robot("arm", 2)), {{"near", 1}});
  build.set(reach, "learn.sac.steps", 20'000.0, {0, 29, 37});
  OutsideSettings outside;
  outside.file = {{"learn.sac.steps", std::int64_t{7}, Origin::settings, "motet.toml:1"},
                  {"seed", std::int64_t{9}, Origin::settings, "motet.toml:2"}};
  const Lowered lowered(build.graph, outside);
  const Hyperparameter& steps = *lowered.skill("reach").hyperparameters.find("learn.sac.steps");
  EXPECT_EQ(steps.value, SettingValue(std::int64_t{20'000}));
  EXPECT_EQ(steps.origin, Origin::program);
  EXPECT_EQ(steps.source, "program.motet:3");
  EXPECT_EQ(lowered.plan.run.seed, 9);
}

TEST(Lower, AFixedTemperatureHasNoTargetEntropy) {
  GraphBuilder build;
  const auto reach = build.skill("reach", build.world("table", build.robot("arm", 2)), {{"near", 1}});
  build.set(reach, "learn.sac.temperature", 0.2);
  const Lowered lowered(build.graph);
  EXPECT_FALSE(lowered.skill("reach").sac.temperature.learned);
  EXPECT_EQ(lowered.skill("reach").sac.temperature.from, 0.2);
  EXPECT_EQ(lowered.skill("reach").hyperparameters.find("learn.sac.target_entropy"), nullptr);
}

TEST(Lower, AnnealedAndFirstTemperatures) {
  GraphBuilder build;
  const auto world = build.world("table", build.robot("arm", 2));
  build.set(build.skill("anneal", world, {{"near", 1}}), "learn.sac.temperature", "anneal(1, 0.1, 100k)");
  build.set(build.skill("learn", world, {{"near", 1}}), "learn.sac.initial_temperature", 0.5);
  const Lowered lowered(build.graph);
  const Temperature& anneal = lowered.skill("anneal").sac.temperature;
  EXPECT_EQ(anneal.from, 1);
  EXPECT_EQ(anneal.to, 0.1);
  EXPECT_EQ(anneal.steps, 100'000);
  EXPECT_EQ(lowered.skill("learn").sac.temperature.from, 0.5);
}

TEST(Lower, SettingsThatContradictEachOther) {
  GraphBuilder build;
  const auto world = build.world("table", build.robot("arm", 2));
  build.set(build.skill("small", world, {{"near", 1}}), "learn.sac.replay", std::int64_t{100});
  build.set(build.skill("short", world, {{"near", 1}}), "learn.sac.steps", std::int64_t{1000});
  build.set(build.skill("wrong", world, {{"near", 1}}), "learn.sac.steps", std::int64_t{0});
  for (const char* policy : {"sampler", "flow"})
    build.set(build.skill(policy, world, {{"near", 1}}, policy, "sql"), "learn.sql.value_proposal",
              std::string("adaptive"));
  const Lowered lowered(build.graph);
  EXPECT_THAT(lowered.codes(), ElementsAre(Code::M0608, Code::M0609, Code::M0603, Code::M0608));
}

// --- stages ---

TEST(Lower, StagesFollowWhatASkillStandsOn) {
  EXPECT_THAT(stages_of(Lowered(pusher_graph()).plan),
              ElementsAre(ElementsAre("push_left", "push_middle", "push_right", "push_bottom"),
                          ElementsAre("bottom_left", "bottom_middle", "bottom_right")));
  EXPECT_THAT(stages_of(Lowered(tower_graph()).plan),
              ElementsAre(ElementsAre("trot", "stand"), ElementsAre("move", "trot_again"),
                          ElementsAre("steer"), ElementsAre("deliver")));
}

TEST(Lower, CompositionsAreText) {
  const Lowered lowered(tower_graph());
  EXPECT_EQ(lowered.skill("move").composition, "(softmax trot (weight 0.5 (mean (weight 2 stand) turn)))");
  EXPECT_THAT(lowered.skill("move").parts, ElementsAre("trot", "stand", "turn"));
  const PolicyGraph many = thirty_skills_graph();
  EXPECT_EQ(Lowered(many).skill("sweep_0").composition, "(mean \"reach(0, 0)\" (weight 2 \"reach(0, 2)\"))");
}

// --- environments ---

TEST(Lower, EnvironmentsHaveTheirNamedOutputs) {
  const Lowered lowered(reaching_graph());
  const EnvironmentPlan& environment = lowered.skill("reach").environment;
  EXPECT_EQ(environment.world, "table");
  EXPECT_EQ(environment.horizon, 50);
  EXPECT_EQ(environment.observation_size, 4);
  EXPECT_THAT(environment.observation_names, ElementsAre("qpos[0]", "qpos[1]", "qvel[0]", "qvel[1]"));
  EXPECT_THAT(environment.observation_units, ElementsAre("m", "m", "m/s", "m/s"));
  EXPECT_EQ(environment.robot.point_dimensions, 2);
  EXPECT_EQ(environment.model_hash, "");
  ASSERT_EQ(environment.samples.size(), 1u);
  EXPECT_EQ(environment.samples[0].name, "start");
  EXPECT_EQ(environment.samples[0].reg, environment.reset.find("sample.start")->reg);
  ASSERT_EQ(environment.resets.size(), 1u);
  EXPECT_EQ(environment.resets[0].value.n, 2u);
  // The position is set to what was drawn, not to another draw.
  EXPECT_EQ(environment.resets[0].value.reg, environment.samples[0].reg);
  for (const char* name :
       {"observation", "reward", "success", "reward.near", "reward.gentle", "measure.distance"})
    EXPECT_NE(environment.step.find(name), nullptr) << name;
  EXPECT_EQ(environment.step.find("end"), nullptr);
  ASSERT_EQ(environment.reward_terms.size(), 2u);
  EXPECT_EQ(environment.reward_terms[1].name, "gentle");
  EXPECT_EQ(environment.reward_terms[1].weight, 0.1);
}

TEST(Lower, ADriveIsAProgramOfTheRobot) {
  PolicyGraph graph = reaching_graph();
  RobotNode& robot = graph.robots[0];
  const TermId action = robot.terms.signal({SignalKind::action, "", "", 2});
  for (std::uint32_t i = 0; i < 2; ++i)
    robot.drives.push_back({robot.actuators[i].name, robot.terms.slice(action, 1 - i, 1)});
  const Lowered lowered(graph);
  const RobotPlan& lowered_robot = lowered.skill("reach").environment.robot;
  ASSERT_TRUE(lowered_robot.drive);
  EXPECT_NE(lowered_robot.drive->find("motor_0"), nullptr);
}

// --- paths ---

TEST(Lower, PathsAreBelowTheProjectOrTheLibrary) {
  const TemporaryFolder folder;
  folder.write("project/models/arm.xml", "");
  folder.write("library/robots/hopper.xml", "");
  folder.write("other/arm.xml", "");
  fs::create_symlink(folder.path() / "other", folder.path() / "project/linked");
  const fs::path project = folder.path() / "project";
  const std::vector<fs::path> library = {folder.path() / "nowhere", folder.path() / "library"};
  const auto place = [&](const char* file) { return plan_path(folder.path() / file, project, library); };
  EXPECT_EQ(place("project/models/arm.xml"), "project/models/arm.xml");
  EXPECT_EQ(place("project/../project/models/arm.xml"), "project/models/arm.xml");
  EXPECT_EQ(place("library/robots/hopper.xml"), "library/robots/hopper.xml");
  EXPECT_EQ(place("other/arm.xml"), "");
  EXPECT_EQ(place("project/linked/arm.xml"), "");
  EXPECT_EQ(place("projects/arm.xml"), "");
}

TEST(Lower, AModelOutsideIsAnErrorAtItsRobot) {
  const TemporaryFolder folder;
  PolicyGraph graph = reaching_graph();
  graph.program = folder.path() / "project" / "reaching.motet";
  graph.robots[0].model_file = folder.write("arm.xml", "<mujoco/>");
  graph.robots[0].span = {0, 6, 9};
  const Lowered lowered(graph);
  EXPECT_THAT(lowered.codes(), ElementsAre(Code::M0607));
  EXPECT_EQ(lowered.sources.text(lowered.diagnostics.all()[0].primary.span), "arm");
}

TEST(Lower, AModelThatVanishedIsAnErrorOfTheOutsideWorld) {
  const TemporaryFolder folder;
  PolicyGraph graph = reaching_graph();
  graph.program = folder.path() / "reaching.motet";
  graph.robots[0].model_file = folder.path() / "arm.xml";
  SourceMap sources;
  Diagnostics diagnostics;
  const auto lowered = lower(graph, {}, sources, {}, diagnostics);
  ASSERT_FALSE(lowered);
  EXPECT_THAT(lowered.error().message, ::testing::HasSubstr("arm.xml"));
}

// --- hashes ---

std::string hash_of(const PolicyGraph& graph, const char* skill, const OutsideSettings& outside = {}) {
  return Lowered(graph, outside).skill(skill).hash;
}

OutsideSettings setting(const std::string& key, SettingValue value,
                        const std::string& source = "motet.toml:1") {
  OutsideSettings outside;
  outside.file.push_back({key, std::move(value), Origin::settings, source});
  return outside;
}

TEST(LowerHash, IsThatOfTheSlice) {
  const std::string walk = hash_of(maze_graph(), "walk"), navigate = hash_of(maze_graph(), "navigate");
  EXPECT_EQ(walk.size(), 64u);
  EXPECT_NE(walk, navigate);
  EXPECT_EQ(walk, hash_of(maze_graph(), "walk"));

  // A change below changes what is above, and not the other way round.
  PolicyGraph lower_changed = maze_graph();
  lower_changed.skills[0].settings.push_back({"learn.sac.batch", std::int64_t{64}, {}});
  EXPECT_NE(hash_of(lower_changed, "walk"), walk);
  EXPECT_NE(hash_of(lower_changed, "navigate"), navigate);
  PolicyGraph upper_changed = maze_graph();
  upper_changed.skills[1].hold = 5;
  EXPECT_EQ(hash_of(upper_changed, "walk"), walk);
  EXPECT_NE(hash_of(upper_changed, "navigate"), navigate);
}

TEST(LowerHash, FollowsWhatChangesTheResult) {
  const std::string before = hash_of(reaching_graph(), "reach");
  PolicyGraph reward = reaching_graph();
  Environment& environment = *reward.skills[0].environment;
  environment.reward = environment.terms.operation(Op::neg, {*environment.reward});
  EXPECT_NE(hash_of(reward, "reach"), before);
  PolicyGraph horizon = reaching_graph();
  horizon.worlds[0].horizon = 51;
  EXPECT_NE(hash_of(horizon, "reach"), before);
  PolicyGraph range = reaching_graph();
  range.robots[0].action[1].high = 2;
  EXPECT_NE(hash_of(range, "reach"), before);
  EXPECT_NE(hash_of(reaching_graph(), "reach", setting("train.worlds", std::int64_t{2})), before);
}

TEST(LowerHash, DoesNotFollowWhatDoesNot) {
  const std::string before = hash_of(reaching_graph(), "reach");
  EXPECT_EQ(hash_of(reaching_graph(), "reach", setting("learn.sac.batch", std::int64_t{256})), before);
  EXPECT_EQ(hash_of(reaching_graph(), "reach", setting("learn.sac.batch", std::int64_t{256}, "--set")),
            before);
  EXPECT_EQ(hash_of(reaching_graph(), "reach", setting("seed", std::int64_t{5})), before);
  EXPECT_EQ(hash_of(reaching_graph(), "reach", setting("train.checkpoint_interval", std::int64_t{5})),
            before);
  EXPECT_EQ(hash_of(reaching_graph(), "reach", setting("learn.sql.batch", std::int64_t{5})), before);
}

// A plan that was written before there were units is that of the same training.
TEST(LowerHash, DoesNotFollowUnits) {
  const Plan plan = Lowered(reaching_graph()).plan;
  SkillPlan older = plan.skills[0];
  older.environment.observation_units.clear();
  EXPECT_EQ(slice_hash(plan, older), plan.skills[0].hash);
}

// --- execution chains ---

std::vector<std::string> chain_of(const Plan& plan, const char* skill) {
  std::vector<std::string> texts;
  for (const ChainStep& step : execution_chain(plan, *plan.find(skill)))
    texts.push_back(step.operation + " " + std::to_string(step.input) + ">" + std::to_string(step.output));
  return texts;
}

TEST(ExecutionChain, GoesFromTheObservationToTheActuators) {
  EXPECT_THAT(chain_of(Lowered(reaching_graph()).plan, "reach"),
              ElementsAre("observe 4>4", "policy reach (gaussian) 4>2", "scale to actuators 2>2"));
  EXPECT_THAT(chain_of(Lowered(maze_graph()).plan, "navigate"),
              ElementsAre("observe 16>16", "policy navigate (flow) 16>8", "hold 3 steps 8>8",
                          "policy walk (flow) 8>8", "scale to actuators 8>8"));
}

TEST(ExecutionChain, EndsOnAPlanThatIsNotAcyclic) {
  Plan plan = Lowered(maze_graph()).plan;
  plan.skills[0].over = "navigate";
  EXPECT_LT(execution_chain(plan, plan.skills[0]).size(), 10u);
}

}  // namespace
}  // namespace motet::testing

#include "compiler/plan_toml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>
#include <regex>

#include "compiler/lower.h"
#include "graph_fixture.h"

namespace motet::testing {
namespace {

using ::testing::HasSubstr;

Plan plan_of(const PolicyGraph& graph) {
  SourceMap sources;
  sources.add("program.motet", "");
  Diagnostics diagnostics;
  return *lower(graph, {}, sources, {}, diagnostics);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

// A plan's text with one space before each `=`, whatever its fields are aligned to.
std::string plan_text(const PolicyGraph& graph) {
  return std::regex_replace(to_toml(plan_of(graph)), std::regex(" +="), " =");
}

std::string refusal(const std::string& text) {
  const auto plan = plan_from_toml(text, "runs/x/plan.toml");
  return plan ? "" : plan.error().message;
}

// --- there and back ---

class PlanRoundTrip : public ::testing::TestWithParam<PolicyGraph (*)()> {};

TEST_P(PlanRoundTrip, ReadsWhatItWrote) {
  const Plan plan = plan_of(GetParam()());
  const std::string text = to_toml(plan);
  const auto again = plan_from_toml(text, "plan.toml");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(to_toml(*again), text);
  ASSERT_EQ(again->skills.size(), plan.skills.size());
  for (std::size_t i = 0; i < plan.skills.size(); ++i) {
    const SkillPlan &was = plan.skills[i], &is = again->skills[i];
    EXPECT_EQ(is.name, was.name);
    EXPECT_EQ(is.environment.step, was.environment.step);
    EXPECT_EQ(is.environment.reset, was.environment.reset);
    EXPECT_EQ(is.environment.samples, was.environment.samples);
    EXPECT_EQ(is.environment.observation_names, was.environment.observation_names);
    EXPECT_EQ(is.environment.observation_units, was.environment.observation_units);
    ASSERT_EQ(is.environment.resets.size(), was.environment.resets.size());
    for (std::size_t j = 0; j < is.environment.resets.size(); ++j) {
      EXPECT_EQ(is.environment.resets[j].target, was.environment.resets[j].target);
      EXPECT_EQ(is.environment.resets[j].value, was.environment.resets[j].value);
    }
    EXPECT_EQ(is.policy.hidden, was.policy.hidden);
    EXPECT_EQ(is.sac.batch, was.sac.batch);
    EXPECT_EQ(is.sac.target_entropy, was.sac.target_entropy);
    EXPECT_EQ(is.sac.temperature.learned, was.sac.temperature.learned);
    EXPECT_EQ(is.train.eval_interval, was.train.eval_interval);
    EXPECT_EQ(is.hash, was.hash);
  }
  EXPECT_EQ(again->run.seed, plan.run.seed);
  EXPECT_EQ(again->stages.size(), plan.stages.size());
}

INSTANTIATE_TEST_SUITE_P(Graphs, PlanRoundTrip,
                         ::testing::Values(&reaching_graph, &pusher_graph, &maze_graph, &tower_graph,
                                           &thirty_skills_graph));

TEST(PlanToml, RobotsKeepTheirActuatorsLimitsAndDrive) {
  PolicyGraph graph = reaching_graph();
  RobotNode& robot = graph.robots[0];
  robot.actuators[0] = {"a \"quoted\"\n\x01 name ö", -0.1, 1.0 / 3};
  robot.limits = {{LimitPlan::Kind::joint_torque, "", 0, INFINITY}, {LimitPlan::Kind::action_rate, "", 0, 5}};
  const TermId action = robot.terms.signal({SignalKind::action, "", "", 2});
  for (std::uint32_t i = 0; i < 2; ++i)
    robot.drives.push_back({robot.actuators[i].name, robot.terms.slice(action, i, 1)});
  const Plan plan = plan_of(graph);
  const auto again = plan_from_toml(to_toml(plan), "plan.toml");
  ASSERT_TRUE(again) << again.error().message;
  const RobotPlan& is = again->skills[0].environment.robot;
  EXPECT_EQ(is.actuators[0].name, robot.actuators[0].name);
  EXPECT_EQ(is.actuators[0].high, 1.0 / 3);
  ASSERT_EQ(is.limits.size(), 2u);
  EXPECT_EQ(is.limits[0].high, INFINITY);
  EXPECT_EQ(is.limits[1].kind, LimitPlan::Kind::action_rate);
  EXPECT_EQ(is.drive, plan.skills[0].environment.robot.drive);
}

TEST(PlanToml, ARewardThatIsNoSumHasNoWeight) {
  PolicyGraph graph = reaching_graph();
  graph.skills[0].environment->reward_terms[0].weight = std::nan("");
  const auto again = plan_from_toml(to_toml(plan_of(graph)), "plan.toml");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(std::isnan(again->skills[0].environment.reward_terms[0].weight));
}

TEST(PlanToml, ShowsEveryValueWithItsOrigin) {
  const std::string text = to_toml(plan_of(reaching_graph()));
  EXPECT_THAT(text, HasSubstr("learn.sac.batch               = { value = 256,"));
  EXPECT_THAT(text, HasSubstr("origin = \"default\", source = \"Table C.1\" }"));
}

TEST(PlanToml, NumbersReadBackToTheLastBit) {
  PolicyGraph graph = reaching_graph();
  std::mt19937_64 random(1);
  auto& limits = graph.robots[0].limits;
  while (limits.size() < 5000) {
    const auto low = std::bit_cast<double>(random()), high = std::bit_cast<double>(random());
    if (low <= high) limits.push_back({LimitPlan::Kind::joint_pos, "hinge", low, high});
  }
  const auto again = plan_from_toml(to_toml(plan_of(graph)), "plan.toml");
  ASSERT_TRUE(again) << again.error().message;
  const auto& read = again->skills[0].environment.robot.limits;
  ASSERT_EQ(read.size(), limits.size());
  for (std::size_t i = 0; i < limits.size(); ++i) {
    ASSERT_EQ(read[i].low, limits[i].low);
    ASSERT_EQ(read[i].high, limits[i].high);
  }
}

// Plans of older runs have no units.
TEST(PlanToml, UnitsMayBeMissing) {
  Plan plan = plan_of(reaching_graph());
  const std::string text = to_toml(plan);
  EXPECT_THAT(text, HasSubstr("observation_units = [\"m\", \"m\", \"m/s\", \"m/s\"]\n"));
  for (SkillPlan& skill : plan.skills) skill.environment.observation_units.clear();
  const std::string older = to_toml(plan);
  EXPECT_EQ(older.find("observation_units"), std::string::npos);
  const auto again = plan_from_toml(older, "plan.toml");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->skills[0].environment.observation_units.empty());
  EXPECT_EQ(to_toml(*again), older);
}

// --- what is refused ---

TEST(PlanToml, RefusesOtherVersionsByName) {
  const std::string text = plan_text(reaching_graph());
  EXPECT_THAT(refusal(replaced(text, "version = 1", "version = 2")), HasSubstr("version 2"));
  EXPECT_THAT(refusal(replaced(text, "version = 1", "")), HasSubstr("version"));
  EXPECT_THAT(refusal(""), HasSubstr("`runs/x/plan.toml`"));
}

TEST(PlanToml, RefusesEveryMissingLine) {
  const std::string text = plan_text(maze_graph());
  std::size_t refused = 0, kept = 0;
  bool in_program = false;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from) + 1;
    const std::string line = text.substr(from, end - from);
    if (line.find("'''") != line.npos) in_program = !in_program;
    const bool field = !in_program && line.find(" = ") != line.npos && line[0] != ' ' && line[0] != '#';
    if (field) {
      const std::string what = refusal(text.substr(0, from) + text.substr(end));
      // What is written only where it says something may be left out, and so may units.
      if (line.starts_with("over ") || line.starts_with("observation_units "))
        ++kept;
      else
        EXPECT_NE(what, "") << line;
      ++refused;
    }
    from = end;
  }
  EXPECT_GT(refused, 80u);
  EXPECT_EQ(kept, 3u);
}

TEST(PlanToml, RefusesWhatDoesNotFitWithItsPath) {
  const std::string text = plan_text(maze_graph());
  const auto expect_refused = [&](const std::string& from, const std::string& to, const std::string& naming) {
    EXPECT_THAT(refusal(replaced(text, from, to)), HasSubstr(naming)) << from << " -> " << to;
  };
  expect_refused("horizon = 1000", "horizon = 0", "skill[0].environment.horizon");
  expect_refused("horizon = 1000", "horizon = \"x\"", "skill[0].environment.horizon");
  expect_refused("observation_size = 16", "observation_size = 17", "observation");
  expect_refused("observation_units = [\"m\", ", "observation_units = [", "units");
  expect_refused("kind = \"learned\"", "kind = \"lerned\"", "lerned");
  expect_refused("algorithm = \"sac\"", "algorithm = \"ppo\"", "ppo");
  expect_refused("origin = \"default\"", "origin = \"oracle\"", "oracle");
  expect_refused("over = \"walk\"", "over = \"wlak\"", "wlak");
  expect_refused("over = \"walk\"", "over = \"navigate\"", "navigate");
  expect_refused("name = \"navigate\"", "name = \"walk\"", "walk");
  expect_refused("skills = [\"navigate\"]", "skills = []", "navigate");
  expect_refused("skills = [\"walk\"]", "skills = [\"navigate\"]", "navigate");
  expect_refused("skills = [\"walk\"]", "skills = [\"walk\", 3]", "stage[0].skills");
  expect_refused("control_period = 0.05", "control_period = nan", "control period");
  expect_refused("weight = 1.0", "weight = inf", "weight");
  expect_refused("high = 1.0", "high = -2.0", "range");
  expect_refused("signal = \"qpos\"", "signal = \"qposs\"", "qposs");
  expect_refused("value = \"reset.0\"", "value = \"reset.9\"", "reset.9");
  expect_refused("length = 8", "length = 7", "reset");
  expect_refused("samples = [\"start\"]", "samples = [\"stop\"]", "stop");
  expect_refused("learn.sac.batch ", "learn.sac.bacth ", "learn.sac.bacth");
  expect_refused("learn.sac.batch ", "learn.sql.batch ", "learn.sac.batch");
  expect_refused("learn.sac.gradient_steps = { value = 1", "learn.sac.gradient_steps = { value = 0",
                 "gradient_steps");
  expect_refused("version ", "colour = 3\nversion ", "colour");
}

TEST(PlanToml, RefusesProgramsThatDoNotValidate) {
  const std::string text = plan_text(reaching_graph());
  EXPECT_THAT(refusal(replaced(text, "reset = '''\n", "reset = '''\nnonsense\n")),
              HasSubstr("skill[0].environment.reset"));
}

TEST(PlanToml, SurvivesHostileText) {
  std::string deep = "skill";
  for (int i = 0; i < 100'000; ++i) deep += ".a";
  std::string values = "x = [";
  for (int i = 0; i < 2'100'000; ++i) values += "1,";
  for (const std::string& text : {deep + " = 1", "[" + deep + "]", values + "]", std::string(1'000'000, '['),
                                  std::string(plan_text_limit + 1, '\n'), std::string("\xff\xfe\x00", 3)})
    EXPECT_NE(refusal(text), "");
}

// Bytes of a plan are changed, removed and doubled at random: it is refused or read, and never worse.
TEST(PlanToml, SurvivesMutilation) {
  const std::string text = plan_text(maze_graph());
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  for (int i = 0; i < 400; ++i) {
    std::string mutant = text;
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = below(mutant.size()), length = std::min(1 + below(30), mutant.size() - at);
      switch (below(4)) {
        case 0:
          mutant[at] = static_cast<char>(below(256));
          break;
        case 1:
          mutant.erase(at, length);
          break;
        case 2:
          mutant.insert(at, mutant.substr(below(mutant.size()), length));
          break;
        default:
          mutant.replace(at, length, std::to_string(random()));
      }
    }
    const auto plan = plan_from_toml(mutant, "plan.toml");
    EXPECT_TRUE(!plan || !to_toml(*plan).empty());
  }
}

}  // namespace
}  // namespace motet::testing

// Compositions are extracted offline: from their parts' soft Q-functions and states, and nothing else.

#include "runtime/learning/extraction.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "runtime/learning/checkpoint.h"
#include "runtime/learning/evaluation.h"
#include "runtime/learning/learner.h"
#include "runtime/learning/skill_energy.h"
#include "runtime/learning/state_union.h"
#include "runtime/learning/states_file.h"
#include "trainer_fixture.h"

struct mjModel_;
struct mjData_;

namespace {
std::atomic<std::int64_t> physics_steps = 0;
}

// Every physics step of this program is counted on its way to MuJoCo.
extern "C" void mj_step(const mjModel_* model, mjData_* data) {
  using Step = void (*)(const mjModel_*, mjData_*);
  static const auto step = reinterpret_cast<Step>(::dlsym(RTLD_NEXT, "mj_step"));
  ++physics_steps;
  step(model, data);
}

namespace motet {
namespace {

using namespace test;

const ModelRoots library_roots{{}, {std::filesystem::path(MOTET_SOURCE_DIR) / "library"}};

// Two parts, one by each algorithm, and a composition of theirs.
Plan composed_plan(const EnvironmentPlan& environment, const std::string& policy) {
  Plan plan;
  SkillPlan part = training_plan(150).skills[0];
  part.environment = environment;
  part.environment.observation_names.clear();
  for (int i = 0; i < environment.observation_size; ++i)
    part.environment.observation_names.push_back("o[" + std::to_string(i) + "]");
  part.sac.warmup = 50;
  part.sac.temperature = {.learned = false, .from = 0.5, .to = 0.5, .steps = 0};
  part.name = "one";
  plan.skills.push_back(part);
  part.name = "two";
  part.hash = "4567";
  part.algorithm = "sql";
  part.policy = {.kind = "sampler", .hidden = {16, 16}};
  static_cast<LearnSettings&>(part.sql) = part.sac;
  part.sql.particles = 4;
  part.sql.value_samples = 5;
  plan.skills.push_back(part);
  SkillPlan whole = part;
  whole.name = "both";
  whole.hash = "89ab";
  whole.kind = SkillPlan::Kind::composed;
  whole.algorithm = "extraction";
  whole.policy.kind = policy;
  whole.parts = {"one", "two"};
  whole.composition = "(mean one (weight 3 two))";
  whole.extraction.steps = 60;
  whole.extraction.batch = 8;
  whole.extraction.particles = 4;
  whole.train.checkpoint_interval = 25;
  plan.skills.push_back(whole);
  return plan;
}

TrainingRequest request_for(const Plan& plan, const std::string& skill, const std::filesystem::path& run) {
  TrainingRequest request;
  request.plan = &plan;
  request.skill = skill;
  request.roots = library_roots;
  request.folder = run / skill;
  request.folder_of = [run](const std::string& name) { return run / name; };
  request.seed = 7;
  return request;
}

void train_parts(const Plan& plan, const std::filesystem::path& run) {
  for (const char* part : {"one", "two"}) ASSERT_EQ(error_of(request_for(plan, part, run)), "");
}

TEST(Extraction, NeverStepsAWorld) {
  const TemporaryFolder run;
  train_parts(composed_plan(half_cheetah_plan(), "sampler"), run.path());
  EXPECT_GE(physics_steps, 2 * 150) << "the steps are counted";
  const std::int64_t trained = physics_steps;
  for (const char* policy : {"sampler", "gaussian", "flow"}) {
    const Plan plan = composed_plan(half_cheetah_plan(), policy);
    std::filesystem::remove_all(run.path() / "both");
    ASSERT_EQ(error_of(request_for(plan, "both", run.path())), "");
    EXPECT_EQ(physics_steps, trained) << policy;
    EXPECT_TRUE(load_actor(plan.skills[2], run.path() / "both", false, 1));
  }
}

TEST(Extraction, GoesOnBitForBitWhereItStopped) {
  for (const char* policy : {"sampler", "flow"}) {
    const TemporaryFolder run;
    const Plan plan = composed_plan(point_plan(), policy);
    train_parts(plan, run.path());
    TrainingRequest whole = request_for(plan, "both", run.path());
    ASSERT_EQ(error_of(whole), "");
    TrainingRequest halved = whole;
    halved.folder = run.path() / "halved";
    std::atomic<bool> interrupt = false;
    halved.interrupt = &interrupt;
    halved.on_evaluation = [&](std::int64_t step, const std::vector<Metric>&) { interrupt = step == 30; };
    ASSERT_EQ(error_of(halved), "");
    interrupt = false;
    ASSERT_EQ(error_of(halved), "");
    for (const char* name :
         {"policy/parameters", "policy/adam/second", "extraction/random", "extraction/step"})
      EXPECT_EQ(section_of(whole.folder, name), section_of(halved.folder, name)) << name;
    EXPECT_EQ(timeless_table_of(whole.folder), timeless_table_of(halved.folder));
  }
}

TEST(Extraction, TheTemperatureThatResultsIsSaid) {
  const TemporaryFolder run;
  const Plan plan = composed_plan(point_plan(), "gaussian");
  train_parts(plan, run.path());
  TrainingRequest request = request_for(plan, "both", run.path());
  std::vector<std::string> said;
  request.on_message = [&](const std::string& line) { said.push_back(line); };
  ASSERT_EQ(error_of(request), "");
  EXPECT_EQ(said, (std::vector<std::string>{"both: Q = 0.25 one + 0.75 two at temperature 0.5",
                                            "both: on 300 states of one, two"}));
}

// --- energies ---

TEST(SkillEnergy, WeighsPartsByTheirTemperatures) {
  const TemporaryFolder run;
  Plan plan = composed_plan(point_plan(), "sampler");
  plan.skills[1].sql.temperature.from = plan.skills[1].sql.temperature.to = 2;
  plan.skills[1].sql.reward_scale = 0.5;  // so that a nat is worth 4 of its reward
  train_parts(plan, run.path());
  const auto energy =
      SkillEnergy::load(plan, plan.skills[2], [&](const std::string& name) { return run.path() / name; });
  ASSERT_TRUE(energy);
  // e = 1/4 Q_1 / 0.5 + 3/4 Q_2 / 4.
  EXPECT_NEAR((*energy)->temperature(), 1 / (0.25 / 0.5 + 0.75 / 4), 1e-12);
  EXPECT_NEAR((*energy)->weights()[0], 0.5 * (*energy)->temperature(), 1e-12);
  EXPECT_NEAR((*energy)->shares()[1], 0.75, 1e-12);
  const std::vector<float> state{0.3f, -0.2f, 3, 4}, action{0.5f, -0.1f};
  EnergyAtState whole((*energy)->native(), 2, 1), one((*energy)->native_part(0), 2, 1),
      two((*energy)->native_part(1), 2, 1);
  EXPECT_NEAR(whole(state, action)[0], 0.25f * one(state, action)[0] + 0.75f * two(state, action)[0], 1e-4);
}

TEST(SkillEnergy, KnowsASoftMaximumHoweverDeep) {
  const TemporaryFolder run;
  Plan plan = composed_plan(point_plan(), "sampler");
  train_parts(plan, run.path());
  const auto energy = [&] {
    return std::move(*SkillEnergy::load(plan, plan.skills.back(),
                                        [&](const std::string& name) { return run.path() / name; }));
  };
  EXPECT_TRUE(energy()->is_mean());
  SkillPlan inner = plan.skills[2];
  inner.name = "either";
  inner.composition = "(softmax one two)";
  plan.skills.insert(plan.skills.begin() + 2, inner);
  plan.skills.back().composition = "(mean one either)";
  plan.skills.back().parts = {"one", "either"};
  EXPECT_FALSE(energy()->is_mean());
  EXPECT_EQ(energy()->parts().size(), 2u) << "`one` is one part, though it is named twice";
}

// e = Q_mean / temperature, whatever temperature is asked for.
TEST(SkillEnergy, TakesTheTemperatureThatTheCompositionAsksFor) {
  const TemporaryFolder run;
  Plan plan = composed_plan(point_plan(), "sampler");
  train_parts(plan, run.path());
  const auto energy = [&] {
    return std::move(
        *SkillEnergy::load(plan, plan.skills[2], [&](const std::string& name) { return run.path() / name; }));
  };
  const std::vector<float> state{0.3f, -0.2f, 3, 4}, action{0.5f, -0.1f};
  const auto own = energy();
  plan.skills[2].extraction.temperature = 3;
  const auto asked = energy();
  EXPECT_EQ(asked->temperature(), 3);
  EnergyAtState at_own(own->native(), 2, 1), at_asked(asked->native(), 2, 1);
  EXPECT_NEAR(3 * static_cast<double>(at_asked(state, action)[0]),
              own->temperature() * static_cast<double>(at_own(state, action)[0]), 1e-4);
}

// What a part does not see is as another part has seen it: each number from a state that was there.
TEST(StateUnion, FillsTheGapsFromWhoHasSeen) {
  const TemporaryFolder run;
  Plan plan = composed_plan(point_plan(), "sampler");
  train_parts(plan, run.path());
  // Of the four numbers, `one` sees the first two alone.
  SkillPlan& one = plan.skills[0];
  const States all = *read_states(run.path() / "one", one),
               other = *read_states(run.path() / "two", plan.skills[1]);
  std::vector<float> firsts;
  for (std::int64_t i = 0; i < all.count; ++i)
    firsts.insert(firsts.end(), all.row(i).begin(), all.row(i).begin() + 2);
  Archive archive;
  one.environment.observation_names.resize(2);
  one.environment.observation_size = 2;
  sign_checkpoint(archive, one, 1);
  archive.put<float>("states", firsts);
  ASSERT_TRUE(archive.write(states_file(run.path() / "one")));
  // Its Q-function, too, is of two numbers.
  const LearnerShape shape = learner_shape(one);
  const auto sizes = mlp_sizes(shape.observation_size + shape.action_size, one.learning().hidden, 1);
  Result<Archive> checkpoint = Archive::read(checkpoint_file(run.path() / "one"));
  ASSERT_TRUE(checkpoint);
  checkpoint->put<float>("critic/parameters",
                         std::vector<float>(2 * static_cast<std::size_t>(mlp_parameters(sizes)), 0.1f));
  ASSERT_TRUE(checkpoint->write(checkpoint_file(run.path() / "one")));

  const FolderOf folder_of = [&](const std::string& name) { return run.path() / name; };
  const auto energy = SkillEnergy::load(plan, plan.skills[2], folder_of);
  ASSERT_TRUE(energy) << energy.error().message;
  const auto states = StateUnion::load(plan.skills[2], **energy, folder_of);
  ASSERT_TRUE(states) << states.error().message;
  EXPECT_EQ(states->count(), all.count + other.count);
  std::set<std::pair<float, float>> first_of_one, first_of_two, last_of_two;
  for (std::int64_t i = 0; i < all.count; ++i) first_of_one.insert({all.row(i)[0], all.row(i)[1]});
  for (std::int64_t i = 0; i < other.count; ++i) {
    first_of_two.insert({other.row(i)[0], other.row(i)[1]});
    last_of_two.insert({other.row(i)[2], other.row(i)[3]});
  }
  Random random(5);
  std::array<float, 4> state{};
  int of_one = 0;
  constexpr int draws = 2000;
  for (int i = 0; i < draws; ++i) {
    states->draw(random, state);
    const bool one_saw = first_of_one.contains({state[0], state[1]});
    EXPECT_TRUE(one_saw || first_of_two.contains({state[0], state[1]}));
    EXPECT_TRUE(last_of_two.contains({state[2], state[3]}));
    of_one += one_saw && !first_of_two.contains({state[0], state[1]});
  }
  // Both began with the same steps; by what only one of them saw, every state is as likely.
  double own = 0;
  for (std::int64_t i = 0; i < all.count; ++i) own += !first_of_two.contains({all.row(i)[0], all.row(i)[1]});
  EXPECT_GT(own, 50);
  EXPECT_NEAR(of_one, draws * own / static_cast<double>(states->count()), 5 * std::sqrt(draws * 0.25));
}

// --- what is wrong ---

class ExtractionRefuses : public ::testing::Test {
 protected:
  void SetUp() override { train_parts(plan_, run_.path()); }
  std::string error() { return error_of(request_for(plan_, "both", run_.path())); }

  TemporaryFolder run_;
  Plan plan_ = composed_plan(point_plan(), "sampler");
};

TEST_F(ExtractionRefuses, APartWithoutItsStates) {
  std::filesystem::remove(run_.path() / "two" / "states.bin");
  EXPECT_NE(error().find("states.bin` is missing: without the states that `two` has seen"), std::string::npos)
      << error();
}

TEST_F(ExtractionRefuses, StatesOfAnother) {
  std::filesystem::copy_file(run_.path() / "one" / "states.bin", run_.path() / "two" / "states.bin",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_NE(error().find("belongs to the skill `one`, not to `two`"), std::string::npos) << error();
}

TEST_F(ExtractionRefuses, DamagedStates) {
  std::filesystem::resize_file(run_.path() / "one" / "states.bin", 500);
  EXPECT_NE(error().find("states.bin"), std::string::npos) << error();
}

TEST_F(ExtractionRefuses, APartThatIsNotTrained) {
  std::filesystem::remove(run_.path() / "one" / "checkpoint.bin");
  EXPECT_NE(error().find("checkpoint.bin"), std::string::npos) << error();
}

TEST_F(ExtractionRefuses, APartThatIsNotFinite) {
  const std::filesystem::path file = checkpoint_file(run_.path() / "two");
  Result<Archive> archive = Archive::read(file);
  ASSERT_TRUE(archive);
  std::vector<float> critic(archive->size_of("critic/parameters") / sizeof(float));
  ASSERT_TRUE(archive->get<float>("critic/parameters", critic));
  critic[3] = std::numeric_limits<float>::quiet_NaN();
  archive->put<float>("critic/parameters", critic);
  ASSERT_TRUE(archive->write(file));
  EXPECT_NE(error().find("two/checkpoint.bin"), std::string::npos) << error();
  EXPECT_NE(error().find("is not finite"), std::string::npos) << error();
}

// What a part did not see is taken from one that did, and what none has seen is refused.
TEST_F(ExtractionRefuses, WhatNoPartHasSeen) {
  EnvironmentPlan& environment = plan_.skills[2].environment;
  environment.observation_names.push_back("the moon");
  ++environment.observation_size;
  EXPECT_NE(error().find("`the moon`, which none of its parts has seen"), std::string::npos) << error();
}

// --- starting from another skill ---

TEST(StartFrom, BeginsWithTheNetworks) {
  for (const char* policy : {"sampler", "flow"}) {
    const TemporaryFolder run;
    Plan plan = composed_plan(point_plan(), "sampler");
    plan.skills[1].policy.kind = policy;
    train_parts(plan, run.path());
    SkillPlan next = plan.skills[1];
    next.name = "next";
    next.hash = "cdef";
    next.start_from = "two";
    next.sql.steps = 20;
    next.sql.warmup = 19;  // one update
    next.sql.policy_learning_rate = next.sql.critic_learning_rate = 1e-12;
    next.sql.temperature = {.learned = false, .from = 1, .to = 0.01, .steps = 10};
    plan.skills.push_back(next);
    ASSERT_EQ(error_of(request_for(plan, "next", run.path())), "");
    for (const char* name : {"policy/parameters", "critic/parameters"}) {
      const auto before = section_of(run.path() / "two", name), after = section_of(run.path() / "next", name);
      ASSERT_EQ(before.size(), after.size());
      for (std::size_t i = 0; i < before.size(); i += sizeof(float)) {
        float x = 0, y = 0;
        std::memcpy(&x, before.data() + i, sizeof x);
        std::memcpy(&y, after.data() + i, sizeof y);
        ASSERT_NEAR(x, y, 1e-6);
      }
    }
    double temperature = 0;
    const auto bytes = section_of(run.path() / "next", "policy/temperature");
    std::memcpy(&temperature, bytes.data(), sizeof temperature);
    EXPECT_NEAR(temperature, 0.01, 1e-12);
  }
}

// --- soft Q-learning's training ---

TEST(SqlTraining, IsResumedBitForBit) {
  const TemporaryFolder run;
  Plan plan = composed_plan(point_plan(), "sampler");
  plan.skills[1].sql.noise_set = 9;
  plan.skills[1].sql.noise_set_steps = 100;
  plan.skills[1].train = {.eval_interval = 60, .eval_episodes = 1, .checkpoint_interval = 40, .worlds = 2};
  const TrainingRequest whole = request_for(plan, "two", run.path());
  ASSERT_EQ(error_of(whole), "");
  TrainingRequest halved = whole;
  halved.folder = run.path() / "halved";
  std::atomic<bool> interrupt = false;
  halved.interrupt = &interrupt;
  halved.on_evaluation = [&](std::int64_t step, const std::vector<Metric>&) { interrupt = step == 60; };
  ASSERT_EQ(error_of(halved), "");
  interrupt = false;
  ASSERT_EQ(error_of(halved), "");
  expect_same_end(whole.folder, halved.folder);
  EXPECT_EQ(section_of(whole.folder, "trainer/noise"), section_of(halved.folder, "trainer/noise"));
  // K_xi has fallen to one.
  EXPECT_EQ(section_of(whole.folder, "policy/noise").size(), 2 * sizeof(float));
}

}  // namespace
}  // namespace motet

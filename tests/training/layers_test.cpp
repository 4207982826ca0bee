// Skills that stand on others: the lower ones in the world, as they were.

#include "runtime/learning/lower_layers.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "runtime/engine/flow_inference.h"
#include "runtime/learning/evaluation.h"
#include "runtime/learning/learner.h"
#include "runtime/learning/replay_file.h"
#include "trainer_fixture.h"

namespace motet {
namespace {

using namespace test;

constexpr std::int64_t n = 4, m = 2;  // of the point

SkillPlan layer(const std::string& name, const std::string& over, std::int64_t hold) {
  SkillPlan skill = training_plan(300).skills[0];
  skill.name = name;
  skill.hash = "hash of " + name;
  skill.policy = {.kind = "flow", .hidden = {16, 16}, .couplings = 2};
  skill.over = over;
  skill.prior = over.empty() ? "uniform" : "gaussian";
  skill.hold = hold;
  skill.environment.observation_names = {"x", "y", "gx", "gy"};
  return skill;
}

// top, held for 3 steps of middle, which holds 2 steps of bottom.
Plan tower() {
  Plan plan;
  plan.skills = {layer("bottom", "", 1), layer("middle", "bottom", 2), layer("top", "middle", 3)};
  return plan;
}

// The point with a reward of 1 a step, and no end but the horizon.
EnvironmentPlan constant_reward_plan() {
  EnvironmentPlan plan = point_plan();
  ProgramBuilder step;
  const Value position = step.load(SignalKind::qpos, 2), target = step.load(SignalKind::sample, 2, "goal");
  step.output("observation", step.join({position, target})).output("reward", step.constant(1));
  plan.step = step.program();
  plan.reward_terms.clear();
  plan.measures.clear();
  return plan;
}

class Layers : public testing::Test {
 protected:
  TrainingRequest request(const Plan& plan, const std::string& skill) const {
    TrainingRequest request;
    request.plan = &plan;
    request.skill = skill;
    request.folder = folder_.path() / skill;
    request.folder_of = folder_of();
    request.seed = 7;
    return request;
  }
  FolderOf folder_of() const {
    return [path = folder_.path()](const std::string& name) { return path / name; };
  }
  void train_all(const Plan& plan) const {
    for (const SkillPlan& skill : plan.skills) ASSERT_EQ(error_of(request(plan, skill.name)), "");
  }
  // A copy of a trained flow, to be asked by hand.
  AlignedFloats parameters_of(const SkillPlan& skill) const {
    const auto archive = read_checkpoint(folder_.path() / skill.name, skill);
    AlignedFloats values(static_cast<std::size_t>(learner_shape(skill).policy_shape().parameters()));
    EXPECT_TRUE(archive && archive->get<float>("policy/parameters", values.values()));
    return values;
  }
  TemporaryFolder folder_;
};

// What the embedded world does is what two flows and a plain world do by hand, bit for bit.
TEST_F(Layers, AreTheirFlowsOneBehindTheOther) {
  const Plan plan = tower();
  train_all(plan);
  const AlignedFloats low_values = parameters_of(plan.skills[0]), mid_values = parameters_of(plan.skills[1]);
  FlowInference low(learner_shape(plan.skills[0]).policy_shape(), low_values.values());
  FlowInference mid(learner_shape(plan.skills[1]).policy_shape(), mid_values.values());
  const SkillPlan& top = plan.skills[2];
  auto layered = world_of(top.environment, {}, 5), plain = world_of(top.environment, {}, 5);
  const auto digest = embed_lower_layers(plan, top, folder_of(), *layered);
  ASSERT_TRUE(digest) << digest.error().message;
  EXPECT_EQ(digest->size(), 64u);
  EXPECT_EQ(held_steps(plan, top), 6);
  layered->reset();
  plain->reset();
  Random random(3);
  std::array<float, m> latent{}, held{}, action{};
  for (int i = 0; i < 4; ++i) {
    random.fill_normal(latent);
    int seen = 0;
    const StepResult whole = layered->step(latent, [&](const World&, const StepResult&) { ++seen; });
    double reward = 0;
    StepResult now;
    for (int k = 0; k < 6 && !now.terminated && !now.truncated; ++k) {
      if (k % 2 == 0) mid.act(plain->observation(), latent, held);
      low.act(plain->observation(), held, action);
      now = plain->step(action);
      reward += std::pow(top.sac.discount, k) * now.reward;
    }
    EXPECT_EQ(seen, plain->episode().length - (layered->episode().length - seen));
    EXPECT_NEAR(whole.reward, reward, 1e-9 * (1 + std::abs(reward)));
    EXPECT_EQ(whole.terminated, now.terminated);
    ASSERT_EQ(layered->episode().length, plain->episode().length);
    EXPECT_EQ(layered->episode().episode_return, plain->episode().episode_return);
    for (std::size_t j = 0; j < n; ++j) ASSERT_EQ(layered->observation()[j], plain->observation()[j]);
    if (now.terminated || now.truncated) break;
  }
}

TEST_F(Layers, StayAsTheyAreToTheBit) {
  const Plan plan = tower();
  ASSERT_EQ(error_of(request(plan, "bottom")), "");
  ASSERT_EQ(error_of(request(plan, "middle")), "");
  const std::string bottom = bytes_of(folder_.path() / "bottom/checkpoint.bin");
  const std::string middle = bytes_of(folder_.path() / "middle/checkpoint.bin");
  ASSERT_EQ(error_of(request(plan, "top")), "");
  EXPECT_TRUE(bytes_of(folder_.path() / "bottom/checkpoint.bin") == bottom);
  EXPECT_TRUE(bytes_of(folder_.path() / "middle/checkpoint.bin") == middle);
}

// Whatever the upper world observes beside it, and in which order.
TEST_F(Layers, SeeWhatTheyWereTrainedOn) {
  Plan plan = tower();
  plan.skills.resize(2);
  plan.skills[0].environment.observation_names = {"gx", "y", "x", "gy"};
  train_all(plan);
  const AlignedFloats values = parameters_of(plan.skills[0]);
  FlowInference low(learner_shape(plan.skills[0]).policy_shape(), values.values());
  auto layered = world_of(plan.skills[1].environment, {}, 5),
       plain = world_of(plan.skills[1].environment, {}, 5);
  ASSERT_TRUE(embed_lower_layers(plan, plan.skills[1], folder_of(), *layered));
  layered->reset();
  plain->reset();
  const std::array<float, m> latent{0.4F, -0.7F};
  std::array<float, m> action{};
  layered->step(latent);
  for (int k = 0; k < 2; ++k) {
    const auto seen = plain->observation();
    const std::array<float, n> own{seen[2], seen[1], seen[0], seen[3]};
    low.act(own, latent, action);
    plain->step(action);
  }
  for (std::size_t j = 0; j < n; ++j) EXPECT_EQ(layered->observation()[j], plain->observation()[j]);

  plan.skills[1].environment.observation_names[2] = "speed";
  const auto missing =
      embed_lower_layers(plan, plan.skills[1], folder_of(), *world_of(plan.skills[1].environment, {}, 5));
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("`bottom` sees `gx`"), std::string::npos) << missing.error().message;
}

// A skill that starts from a stack has all of it as its policy; the lowest layer has seen less, and in
// another order.
TEST_F(Layers, BecomeOnePolicy) {
  Plan plan;
  plan.skills = {layer("bottom", "", 1), layer("middle", "bottom", 1), layer("top", "middle", 1),
                 layer("tuned", "", 1)};
  ProgramBuilder step;
  const Value position = step.load(SignalKind::qpos, 2);
  step.output("observation", position).output("reward", step.constant(1));
  SkillPlan &bottom = plan.skills[0], &tuned = plan.skills[3];
  bottom.environment.step = step.program();
  bottom.environment.reward_terms.clear();
  bottom.environment.measures.clear();
  bottom.environment.observation_size = 2;
  bottom.environment.observation_names = {"y", "x"};
  bottom.policy.couplings = 3;
  tuned.start_from = "top";
  tuned.sac.steps = 90;  // none of them learns
  resolve_layers(plan);
  ASSERT_EQ(tuned.policy.below.size(), 2u);
  EXPECT_EQ(tuned.policy.below[1].couplings, 3);
  train_all(plan);

  std::vector<AlignedFloats> values;
  std::vector<std::unique_ptr<FlowInference>> flows;
  for (const SkillPlan& skill : plan.skills) {
    values.push_back(parameters_of(skill));
    flows.push_back(
        std::make_unique<FlowInference>(learner_shape(skill).policy_shape(), values.back().values()));
  }
  Random random(3);
  for (int i = 0; i < 20; ++i) {
    std::array<float, n> seen{};
    std::array<float, m> latent{}, one{}, other{};
    random.fill_normal(seen);
    random.fill_normal(latent);
    flows[3]->act(seen, latent, one);
    flows[2]->act(seen, latent, other);
    flows[1]->act(seen, other, other);
    flows[0]->act(std::array<float, 2>{seen[1], seen[0]}, other, other);
    for (std::size_t j = 0; j < m; ++j) EXPECT_NEAR(one[j], other[j], 1e-6);
    EXPECT_GT(std::abs(one[0] - std::tanh(latent[0])), 1e-4) << "not the identity";
  }

  tuned.sac.steps = 300;
  tuned.hash = "hash of a longer one";
  const AlignedFloats before = parameters_of(plan.skills[2]);
  TrainingRequest again = request(plan, "tuned");
  again.resume = false;
  ASSERT_EQ(error_of(again), "");
  const AlignedFloats after = parameters_of(tuned);
  // Every network of every layer has learnt.
  for (const FlowNetwork& network : learner_shape(tuned).policy_shape().flow().networks()) {
    const auto at = static_cast<std::ptrdiff_t>(network.offset);
    EXPECT_FALSE(std::equal(after.values().begin() + at, after.values().begin() + at + 10,
                            values[3].values().begin() + at))
        << "the network at " << at;
  }
}

TEST_F(Layers, ThatHaveChangedAreRefused) {
  const Plan plan = tower();
  train_all(plan);
  TrainingRequest again = request(plan, "bottom");
  again.seed = 8;
  again.resume = false;
  ASSERT_EQ(error_of(again), "");
  const std::string what = error_of(request(plan, "middle"));
  EXPECT_NE(what.find("trained over another `bottom`"), std::string::npos) << what;
  std::filesystem::remove(folder_.path() / "bottom/checkpoint.bin");
  EXPECT_NE(error_of(request(plan, "middle")).find("checkpoint.bin"), std::string::npos);
}

TEST_F(Layers, ASkillIsResumedInTheMiddleOfAnEpisode) {
  for (const char* latent : {"step", "episode"}) {
    SCOPED_TRACE(latent);
    Plan plan = tower();
    plan.skills.resize(2);
    plan.skills[1].latent = latent;
    ASSERT_EQ(error_of(request(plan, "bottom")), "");
    TrainingRequest whole = request(plan, "middle");
    whole.folder = folder_.path() / (std::string("whole ") + latent);
    ASSERT_EQ(error_of(whole), "");
    std::atomic<bool> stop = false;
    TrainingRequest broken = request(plan, "middle");
    broken.folder = folder_.path() / (std::string("broken ") + latent);
    broken.interrupt = &stop;
    broken.on_evaluation = [&](std::int64_t, const auto&) { stop = true; };
    const auto end = train(broken);
    ASSERT_TRUE(end);
    ASSERT_EQ(*end, TrainingEnd::interrupted);
    broken.interrupt = nullptr;
    ASSERT_EQ(error_of(broken), "");
    expect_same_end(whole.folder, broken.folder);
  }
}

// The warm-up draws latents from their prior, at each step or once an episode.
TEST_F(Layers, TheWarmUpIsThePriors) {
  for (const bool once : {false, true}) {
    SCOPED_TRACE(once);
    Plan plan = tower();
    plan.skills.resize(2);
    SkillPlan& upper = plan.skills[1];
    upper.latent = once ? "episode" : "step";
    upper.sac.steps = 900;
    upper.sac.replay = 900;
    upper.sac.warmup = 800;
    upper.train.eval_interval = 700;
    ASSERT_EQ(error_of(request(plan, "bottom")), "");
    TrainingRequest broken = request(plan, "middle");
    std::atomic<bool> stop = false;
    broken.folder = folder_.path() / (once ? "once" : "always");
    broken.interrupt = &stop;
    broken.on_evaluation = [&](std::int64_t, const auto&) { stop = true; };
    ASSERT_TRUE(train(broken));
    auto replay = ReplayBuffer::make(900, n, m);
    ASSERT_TRUE(replay);
    ASSERT_TRUE(ReplayFile::open(
        replay_file(broken.folder),
        {900, upper.train.checkpoint_interval + 1, replay->row_size(), training_identity(upper, broken.seed)},
        700, *replay));
    double sum = 0, squares = 0;
    int outside = 0, kept = 0, episodes = 1;
    for (std::int64_t i = 0; i < 700; ++i) {
      const auto action = replay->row(i).subspan(n, m);
      for (const float a : action) sum += a, squares += a * a, outside += std::abs(a) > 1;
      if (i == 0) continue;
      const auto before = replay->row(i - 1);
      const bool follows =
          std::equal(before.begin() + n + m, before.begin() + 2 * n + m, replay->row(i).begin());
      const bool same = std::equal(action.begin(), action.end(), before.begin() + n);
      kept += same;
      episodes += !follows;
      if (once) {
        EXPECT_EQ(same, follows) << i;
      }
    }
    if (once) {
      EXPECT_EQ(kept, 700 - episodes);
    } else {
      EXPECT_EQ(kept, 0);
      EXPECT_NEAR(sum / 1400, 0, 0.12);  // 4.5 standard errors
      EXPECT_NEAR(squares / 1400, 1, 0.17);
      EXPECT_NEAR(outside / 1400.0, 0.317, 0.056);
    }
  }
}

TEST_F(Layers, ALatentPerEpisodeIsKept) {
  Plan plan = tower();
  plan.skills.resize(1);
  plan.skills[0].latent = "episode";
  ASSERT_EQ(error_of(request(plan, "bottom")), "");
  auto actor = load_actor(plan.skills[0], folder_.path() / "bottom", false, 1);
  ASSERT_TRUE(actor);
  const std::array<float, n> observation{0.1F, 0.2F, 0, 0};
  std::array<float, m> first{}, second{}, other{};
  (*actor)->begin();
  (*actor)->act(observation, first);
  (*actor)->act(observation, second);
  (*actor)->begin();
  (*actor)->act(observation, other);
  EXPECT_EQ(first, second);
  EXPECT_NE(first, other);
}

// A reward of 1 a control step is worth 1 / (1 - discount), however long an action is held: what is summed
// in a transition and what bootstraps it fit together.
TEST_F(Layers, AHeldActionIsWorthWhatItsStepsAre) {
  Plan plan = tower();
  ASSERT_EQ(error_of(request(plan, "bottom")), "");
  for (const std::int64_t hold : {1, 3}) {
    SkillPlan& upper = plan.skills[1];
    upper.hold = hold;
    upper.environment = constant_reward_plan();
    upper.environment.observation_names = {"x", "y", "gx", "gy"};
    upper.sac.discount = 0.7;
    upper.sac.steps = 2500;
    upper.sac.replay = 2500;
    upper.sac.tau = 0.05;
    upper.sac.temperature = {.learned = false, .from = 0.1, .to = 0.1, .steps = 0};
    TrainingRequest held = request(plan, "middle");
    held.resume = false;
    ASSERT_EQ(error_of(held), "");
    const auto archive = read_checkpoint(held.folder, upper);
    Team team(1);
    auto learner = Learner::make(upper, held_steps(plan, upper), 7, {}, team);
    ASSERT_TRUE(learner && (*learner)->restore(*archive));
    const std::array<float, n> state{0.3F, -0.2F, 3, 4};
    const std::array<float, m> action{0.5F, -0.5F};
    for (const float q : (*learner)->q_values(state, action)) EXPECT_NEAR(q, 1 / (1 - 0.7), 0.2) << hold;
  }
}

}  // namespace
}  // namespace motet

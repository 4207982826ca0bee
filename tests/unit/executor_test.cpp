// Bundles, and the executor that runs them: the standard library only.

#include "runtime/execution/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "allocation_counter.h"
#include "runtime/bundle/untrained.h"
#include "runtime/execution/motet.h"
#include "temporary_folder.h"

namespace motet {
namespace {

using testing::HasSubstr;

constexpr std::int64_t n = 5, m = 3;

PolicyShape gaussian() {
  return {.kind = PolicyKind::gaussian, .observation_size = n, .action_size = m, .hidden = {16, 8}};
}

PolicyShape flow() {
  return {.kind = PolicyKind::flow, .observation_size = n, .action_size = m, .hidden = {16}, .units = 8};
}

PolicyShape sampler() {
  return {.kind = PolicyKind::sampler, .observation_size = n, .action_size = m, .hidden = {16}};
}

Bundle bundle_of(const std::vector<PolicyShape>& policies, std::int64_t hold = 1) {
  Random random(3);
  Bundle bundle = untrained_bundle(policies, hold, random);
  // Flows begin as the identity: these do not.
  for (LayerWeights& weights : bundle.weights)
    for (float& value : weights.parameters.values()) value += 0.1f * static_cast<float>(random.normal());
  return bundle;
}

std::string packed(const Bundle& bundle) {
  Result<std::string> bytes = pack(bundle);
  EXPECT_TRUE(bytes);
  return bytes ? *bytes : "";
}

std::unique_ptr<Executor> executor_of(const Bundle& bundle, const ExecutorOptions& options = {}) {
  std::string error;
  auto executor = Executor::from_bytes(packed(bundle), error, options);
  EXPECT_NE(executor, nullptr) << error;
  return executor;
}

std::string refusal(std::string_view bytes) {
  std::string error;
  EXPECT_EQ(Executor::from_bytes(bytes, error), nullptr);
  return error;
}

std::vector<float> observation_of(Random& random) {
  std::vector<float> observation(n);
  random.fill_normal(observation);
  return observation;
}

TEST(Executor, TakesTheMeanOfAGaussian) {
  const Bundle bundle = bundle_of({gaussian()});
  const auto executor = executor_of(bundle);
  const auto policy = make_inference(gaussian(), bundle.weights[0].parameters.values());
  Random random(1);
  for (int i = 0; i < 10; ++i) {
    const std::vector<float> observation = observation_of(random);
    std::vector<float> action(m), expected(m);
    ASSERT_EQ(executor->step(observation, action), StepStatus::ok);
    ASSERT_TRUE(policy->mean(observation, expected));
    EXPECT_EQ(action, expected);
  }
}

TEST(Executor, DrawsWhereItIsToldToAndWhereThereIsNoMean) {
  for (const PolicyShape& shape : {gaussian(), flow(), sampler()}) {
    const Bundle bundle = bundle_of({shape});
    const auto executor = executor_of(bundle, {.sample = true, .seed = 9, .latent = {}});
    const auto policy = make_inference(shape, bundle.weights[0].parameters.values());
    Random random(1), noise(9);
    for (int i = 0; i < 10; ++i) {
      const std::vector<float> observation = observation_of(random);
      std::vector<float> action(m), expected(m);
      ASSERT_EQ(executor->step(observation, action), StepStatus::ok);
      policy->sample(observation, noise, expected);
      EXPECT_EQ(action, expected);
    }
  }
}

TEST(Executor, TakesTheLatentThatItIsGiven) {
  const Bundle bundle = bundle_of({gaussian()});
  const auto executor = executor_of(bundle);
  const std::vector<float> observation(n, 0.5f), latent(m, 0.3f);
  std::vector<float> mean(m), given(m), expected(m);
  executor->step(observation, mean);
  EXPECT_FALSE(executor->set_latent(std::vector<float>(m + 1)));
  EXPECT_TRUE(executor->set_latent(latent));
  executor->step(observation, given);
  make_inference(gaussian(), bundle.weights[0].parameters.values())->act(observation, latent, expected);
  EXPECT_EQ(given, expected);
  EXPECT_NE(given, mean);
  executor->set_latent({});
  executor->step(observation, given);
  EXPECT_EQ(given, mean);
}

TEST(Executor, DrawsFromASamplersSet) {
  PolicyShape shape = sampler();
  Bundle bundle = bundle_of({shape});
  bundle.contract.layers[0].noise_set = 1;
  bundle.weights[0].noise = {0.1f, -0.2f, 0.3f};
  const auto executor = executor_of(bundle);
  const std::vector<float> observation(n, 0.5f);
  std::vector<float> action(m), again(m), expected(m);
  executor->step(observation, action);
  executor->step(observation, again);
  make_inference(shape, bundle.weights[0].parameters.values())
      ->act(observation, bundle.weights[0].noise, expected);
  EXPECT_EQ(action, expected);
  EXPECT_EQ(again, expected);
}

TEST(Executor, KeepsTheEpisodesLatent) {
  Bundle bundle = bundle_of({flow()});
  bundle.contract.latent = "episode";
  const auto executor = executor_of(bundle);
  const std::vector<float> observation(n, 0.5f);
  std::vector<float> first(m), second(m), next(m);
  executor->begin();
  executor->step(observation, first);
  executor->step(observation, second);
  executor->begin();
  executor->step(observation, next);
  EXPECT_EQ(first, second);
  EXPECT_NE(first, next);
}

// Three layers, each held for two steps of the one below: the top acts every fourth step, the middle every
// second, the lowest in each.
TEST(Executor, HoldsTheActionsOfUpperLayers) {
  const Bundle bundle = bundle_of({gaussian(), flow(), flow()}, 2);
  const auto executor = executor_of(bundle);
  std::vector<std::unique_ptr<PolicyInference>> policies;
  for (std::size_t i = 0; i < 3; ++i)
    policies.push_back(
        make_inference(bundle.contract.layers[i].policy, bundle.weights[i].parameters.values()));
  Random random(2);
  std::vector<float> top(m), middle(m), expected(m), action(m);
  for (int step = 0; step < 9; ++step) {
    const std::vector<float> observation = observation_of(random);
    if (step % 4 == 0) policies[0]->mean(observation, top);
    if (step % 2 == 0) policies[1]->act(observation, top, middle);
    policies[2]->act(observation, middle, expected);
    ASSERT_EQ(executor->step(observation, action), StepStatus::ok);
    EXPECT_EQ(action, expected) << step;
  }
}

TEST(Executor, GivesEachLayerWhatItSaw) {
  Bundle bundle = bundle_of({gaussian(), flow()});
  PolicyShape narrow = gaussian();
  narrow.observation_size = 2;
  AlignedFloats parameters(static_cast<std::size_t>(narrow.parameters()));
  Random random(4);
  initialize_policy(narrow, parameters.values(), random);
  bundle.contract.layers[0].policy = narrow;
  bundle.contract.layers[0].policy.bounded = false;
  bundle.contract.layers[0].columns = {4, 1};
  bundle.weights[0].parameters = std::move(parameters);
  const auto executor = executor_of(bundle);
  const std::vector<float> observation = {0, 1, 2, 3, 4}, seen = {4, 1};
  std::vector<float> latent(m), expected(m), action(m);
  make_inference(bundle.contract.layers[0].policy, bundle.weights[0].parameters.values())->mean(seen, latent);
  make_inference(bundle.contract.layers[1].policy, bundle.weights[1].parameters.values())
      ->act(observation, latent, expected);
  executor->step(observation, action);
  EXPECT_EQ(action, expected);
}

TEST(Executor, RefusesWhatIsNoObservation) {
  const auto executor = executor_of(bundle_of({gaussian()}));
  std::vector<float> action(m, 7.0f);
  EXPECT_EQ(executor->step(std::vector<float>(n - 1), action), StepStatus::wrong_size);
  EXPECT_EQ(action, std::vector<float>(m, 0.0f));
  std::vector<float> observation(n, 0.0f);
  observation[2] = std::numeric_limits<float>::quiet_NaN();
  action.assign(m, 7.0f);
  EXPECT_EQ(executor->step(observation, action), StepStatus::not_finite);
  EXPECT_EQ(action, std::vector<float>(m, 0.0f));
  observation[2] = 0;
  EXPECT_EQ(executor->step(observation, action), StepStatus::ok);
}

TEST(Executor, AllocatesNothing) {
  for (const auto& policies :
       std::vector<std::vector<PolicyShape>>{{gaussian()}, {sampler()}, {flow(), flow()}}) {
    const auto executor = executor_of(bundle_of(policies, 2), {.sample = true, .seed = 1, .latent = {}});
    std::vector<float> observation(n, 0.1f), action(m);
    executor->step(observation, action);
    const long before = allocations();
    for (int i = 0; i < 100; ++i) executor->step(observation, action);
    executor->begin();
    executor->set_latent(action);
    EXPECT_EQ(allocations(), before);
  }
}

TEST(Executor, IsThereForC) {
  const TemporaryFolder folder;
  const Bundle bundle = bundle_of({gaussian()});
  const std::string file = (folder.path() / "skill.motetpack").string();
  ASSERT_TRUE(write_bundle(file, bundle));
  char error[20] = "";
  EXPECT_EQ(motet_load("/nowhere.motetpack", error, sizeof error), nullptr);
  EXPECT_EQ(std::string(error).size(), sizeof error - 1);
  motet_executor* executor = motet_load(file.c_str(), error, sizeof error);
  ASSERT_NE(executor, nullptr) << error;
  EXPECT_EQ(motet_observation_size(executor), static_cast<std::size_t>(n));
  EXPECT_EQ(motet_action_size(executor), static_cast<std::size_t>(m));
  EXPECT_EQ(motet_control_period(executor), 0.02);
  EXPECT_STREQ(motet_observation_name(executor, 1), "qpos[1]");
  EXPECT_EQ(motet_observation_name(executor, n), nullptr);
  EXPECT_STREQ(motet_action_name(executor, 0), "motor_0");
  std::vector<float> observation(n, 0.1f), action(m), expected(m);
  motet_begin(executor);
  EXPECT_EQ(motet_step(executor, observation.data(), action.data()), MOTET_OK);
  executor_of(bundle)->step(observation, expected);
  EXPECT_EQ(action, expected);
  observation[0] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(motet_step(executor, observation.data(), action.data()), MOTET_NOT_FINITE);
  motet_free(executor);
  motet_free(nullptr);
}

TEST(Bundle, ComesBackAsItWas) {
  Bundle bundle = bundle_of({gaussian(), flow()}, 3);
  bundle.files = {{"program/project/a.motet", "skill a {}\n"}};
  const Result<Bundle> again = unpack(packed(bundle));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(to_toml(again->contract), to_toml(bundle.contract));
  ASSERT_EQ(again->files.size(), 1u);
  EXPECT_EQ(again->files[0].content, "skill a {}\n");
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_TRUE(std::ranges::equal(std::as_const(again->weights[i].parameters).values(),
                                   std::as_const(bundle.weights[i].parameters).values()));
}

TEST(Bundle, RefusesEveryTruncation) {
  const std::string bytes = packed(bundle_of({gaussian()}));
  for (std::size_t size = 0; size < bytes.size() - 1024; size += 37)
    EXPECT_NE(refusal(std::string_view(bytes).substr(0, size)), "") << size;
}

// Whatever byte of a member is damaged, the sums tell; what is between the members, the tar.
TEST(Bundle, RefusesDamage) {
  const std::string bytes = packed(bundle_of({gaussian()}));
  for (std::size_t i = 0; i < bytes.size(); i += 53) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    std::string error;
    const auto executor = Executor::from_bytes(damaged, error);
    // A tar's padding may be anything, as far as the sums go; a member's bytes may not.
    if (executor == nullptr) {
      EXPECT_NE(error, "") << i;
    } else {
      EXPECT_EQ(bytes[i], '\0') << i;
    }
  }
}

TEST(Bundle, RefusesWhatIsNewerForeignOrDoesNotFit) {
  const auto with = [](auto change) {
    Bundle bundle = bundle_of({gaussian(), flow()});
    change(bundle);
    return packed(bundle);
  };
  EXPECT_THAT(refusal("PK\x03\x04 no tar at all"), HasSubstr("bundle"));
  EXPECT_THAT(refusal(with([](Bundle& b) { b.contract.layers[1].columns[0] = n; })), HasSubstr("observes"));
  EXPECT_THAT(refusal(with([](Bundle& b) { b.contract.layers[1].columns.pop_back(); })), HasSubstr("tensor"));
  EXPECT_THAT(refusal(with([](Bundle& b) { b.contract.layers[0].policy.bounded = true; })),
              HasSubstr("bounded"));
  EXPECT_THAT(refusal(with([](Bundle& b) { b.contract.robot.control_period = 0; })), HasSubstr("period"));
  EXPECT_THAT(refusal(with([](Bundle& b) { b.contract.actuators[0].name = "other"; })),
              HasSubstr("actuators"));
  EXPECT_THAT(refusal(with([](Bundle& b) { b.contract.observation_names.pop_back(); })),
              HasSubstr("as many numbers"));
  EXPECT_THAT(refusal(with([](Bundle& b) {
                b.weights[0].parameters.values()[0] = std::numeric_limits<float>::infinity();
              })),
              HasSubstr("not finite"));
}

TEST(Bundle, SaysThatItIsNewer) {
  Bundle bundle = bundle_of({gaussian()});
  std::string text = to_toml(bundle.contract);
  text.replace(text.find("= 1"), 3, "= 2");
  const Result<Contract> contract = contract_from_toml(text);
  ASSERT_FALSE(contract);
  EXPECT_THAT(contract.error().message, HasSubstr("newer"));
}

}  // namespace
}  // namespace motet

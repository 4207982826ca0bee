// Worlds shown by themselves, and skills moved to other worlds.

#include "check_fixture.h"

namespace motet::testing {
namespace {

const std::string two_worlds =
    plane +
    "world wide { robot dot horizon 60 steps sample goal = uniform((-5, -5), (5, 5)) observe goal }\n"
    "world bare { robot dot horizon 30 steps }\n"
    "reward near = -distance(qpos, goal)\nreward fast = norm(qvel)\nreward at(p) = -distance(qpos, p)\n"
    "skill s { in plane maximize near + fast }\n";

struct Moved {
  Moved(const std::string& text, const std::string& world, const std::string& skill) : checked(text) {
    const SkillNode* node = skill.empty() ? nullptr : &checked.skill(skill);
    environment = environment_in(checked.program, checked.sources, *checked.graph, world, node, diagnostics);
  }
  std::vector<std::string> codes() const {
    std::vector<std::string> codes;
    for (const Diagnostic& diagnostic : diagnostics.all()) codes.emplace_back(info(diagnostic.code).name);
    return codes;
  }
  std::vector<std::string> rewards() const {
    std::vector<std::string> names;
    for (const RewardTerm& term : environment->reward_terms)
      names.push_back(checked.graph->rewards.at(term.reward).name);
    return names;
  }
  Checked checked;
  Diagnostics diagnostics;
  std::optional<Environment> environment;
};

TEST(CheckEnvironment, AWorldByItselfShowsTheRewardsThatFit) {
  const Moved wide(two_worlds, "wide", "");
  ASSERT_TRUE(wide.environment);
  EXPECT_THAT(wide.rewards(), UnorderedElementsAre("near", "fast"));
  EXPECT_FALSE(wide.environment->reward);
  EXPECT_EQ(wide.checked.graph->worlds.at(wide.environment->world).name, "wide");
  const Moved bare(two_worlds, "bare", "");
  EXPECT_THAT(bare.rewards(), ElementsAre("fast"));
  EXPECT_THAT(bare.codes(), IsEmpty());
}

TEST(CheckEnvironment, ASkillMovesToAnotherWorld) {
  const Moved moved(two_worlds, "wide", "s");
  ASSERT_TRUE(moved.environment);
  EXPECT_TRUE(moved.environment->reward);
  EXPECT_EQ(moved.environment->terms[moved.environment->observation].length, 4u);
  EXPECT_THAT(moved.rewards(), UnorderedElementsAre("near", "fast"));
}

TEST(CheckEnvironment, ASkillNeedsWhatItReads) {
  const Moved moved(two_worlds, "bare", "s");
  EXPECT_FALSE(moved.environment);
  EXPECT_THAT(moved.codes(), ElementsAre("M0219"));
}

TEST(CheckEnvironment, AnUnknownWorldIsSaid) {
  const Moved moved(two_worlds, "plan", "");
  EXPECT_FALSE(moved.environment);
  EXPECT_THAT(moved.codes(), ElementsAre("M0304"));
}

}  // namespace
}  // namespace motet::testing

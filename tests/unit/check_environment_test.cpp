// Worlds shown by themselves, skills moved to other worlds, and what cannot be trained yet.

#include "check_fixture.h"
#include "compiler/executable.h"

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

// --- what cannot be trained yet -----------------------------------------------------------------

std::string stopped(const std::string& skills, const std::string& name) {
  const Checked checked(plane + "reward near = -norm(qpos)\n" + skills);
  const auto diagnostic = not_executable(*checked.graph, checked.skill(name));
  if (!diagnostic) return "";
  return std::string(info(diagnostic->code).name) + " " +
         std::string(checked.sources.text(diagnostic->primary.span));
}

TEST(CheckExecutable, SoftActorCriticIsTrained) {
  EXPECT_EQ(stopped("skill s { in plane maximize near learn sac { temperature anneal(1, 0.1, 5k) } }\n", "s"),
            "");
}

TEST(CheckExecutable, TheRestSaysWhere) {
  const std::string lower = "skill l { in plane maximize near policy flow learn sac { temperature 1 } }\n";
  EXPECT_EQ(stopped("skill s { in plane maximize near policy gaussian learn sql }\n", "s"), "");
  EXPECT_EQ(stopped(lower, "l"), "");
  EXPECT_EQ(stopped(lower + "skill s over l { in plane maximize near }\n", "s"), "M0704 l");
  EXPECT_EQ(stopped(lower + "skill s = l & l\n", "s"), "");
  EXPECT_EQ(stopped("skill s from \".\"\n", "s"), "");
  EXPECT_EQ(
      stopped("skill a { in plane maximize near }\nskill s { in plane maximize near start from a }\n", "s"),
      "");
  EXPECT_EQ(stopped("skill s { in plane maximize near latent per episode }\n", "s"),
            "M0708 latent per episode");
  EXPECT_EQ(stopped("skill s { in plane maximize near prior gaussian }\n", "s"), "M0709 prior gaussian");
}

}  // namespace
}  // namespace motet::testing

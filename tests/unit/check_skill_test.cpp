// Skills: instances, layers, compositions, what they need.

#include "check_fixture.h"

namespace motet::testing {
namespace {

const std::string near = "reward near = -norm(qpos) + 0.1 * norm(goal)\n";

std::vector<std::string> found(const std::string& skills) {
  return found_in_plane(near + skills);
}

TEST(CheckSkill, NeedsAWorldAndAReward) {
  EXPECT_THAT(found("skill s { maximize near }\n"), ElementsAre("M0202 s"));
  EXPECT_THAT(found("skill s { in plane }\n"), ElementsAre("M0203 s"));
  EXPECT_THAT(found("skill s { in plan maximize near }\n"), ElementsAre("M0304 plan"));
}

TEST(CheckSkill, HasDefaults) {
  const Checked checked(plane + near +
                        "skill s { in plane maximize near }\nskill t { in plane maximize near learn sql }\n"
                        "skill u over s { in plane maximize near }\n");
  EXPECT_EQ(checked.skill("u").policy_kind, "gaussian");
  EXPECT_EQ(checked.skill("u").prior, "gaussian");
  EXPECT_EQ(checked.skill("s").policy_kind, "flow");
  EXPECT_EQ(checked.skill("s").prior, "uniform");
  EXPECT_EQ(checked.skill("s").algorithm, "sac");
  EXPECT_EQ(checked.skill("t").policy_kind, "sampler");
}

TEST(CheckSkill, WordsAreKnown) {
  EXPECT_THAT(found("skill s { in plane maximize near policy gausian }\n"), ElementsAre("M0305 gausian"));
  EXPECT_THAT(found("skill s { in plane maximize near learn ppo }\n"), ElementsAre("M0305 ppo"));
  EXPECT_THAT(found("skill s { in plane maximize near latent per run }\n"), ElementsAre("M0305 run"));
  EXPECT_THAT(found("skill s { in plane maximize near prior flat }\n"), ElementsAre("M0305 flat"));
}

// --- instances ----------------------------------------------------------------------------------

const std::string reach =
    "reward at(p) = -distance(qpos, p)\nskill reach(x, y) { in plane maximize at((x, y)) learn sac { "
    "temperature 1 } }\n";

TEST(CheckSkill, TheSameInstanceIsOneNode) {
  const Checked checked(plane + reach +
                        "let five = 5\nskill a = reach(5, 0)\nskill b = reach(five, 1 - 1)\n"
                        "skill c = reach(5, 0) & reach(0, 5)\n");
  ASSERT_TRUE(checked.graph) << checked.rendered();
  EXPECT_EQ(checked.graph->skills.size(), 3u);
  EXPECT_EQ(&checked.skill("a"), &checked.skill("reach(5, 0)"));
  EXPECT_EQ(&checked.skill("b"), &checked.skill("a"));
  EXPECT_THAT(checked.skill("a").aliases, ElementsAre("a", "b"));
  EXPECT_EQ(checked.skill("c").kind, SkillPlan::Kind::composed);
}

TEST(CheckSkill, SkillsStandBelowThoseThatUseThem) {
  const Checked checked(plane + reach +
                        "skill top = low & reach(1, 1)\nskill low { in plane maximize at((0, 0)) learn sac { "
                        "temperature 1 } }\n");
  ASSERT_TRUE(checked.graph) << checked.rendered();
  EXPECT_EQ(checked.graph->skills.back().name, "top");
}

// As they are written: not in the alphabet's order, nor in that of the declarations.
TEST(CheckSkill, RewardsKeepTheOrderOfTheProgram) {
  const std::string rewards =
      "reward a = qpos.x\nreward b = qpos.y\nreward c = qvel.x\nreward d = qvel.y\n"
      "reward sum = d + 2 * a\n";
  const auto order_of = [&](const std::string& maximized) {
    const Checked checked(plane + rewards + "skill s { in plane maximize " + maximized + " }\n");
    std::vector<std::string> names;
    for (const RewardTerm& term : checked.skill("s").environment->reward_terms)
      names.push_back(checked.graph->rewards[term.reward].name);
    return names;
  };
  EXPECT_THAT(order_of("c + a - b"), ElementsAre("c", "a", "b"));
  EXPECT_THAT(order_of("b + sum + mean(c, a)"), ElementsAre("b", "d", "a", "c"));
  EXPECT_THAT(order_of("max(c, a) + b if qpos.x > 0 else d"), ElementsAre("c", "a", "b", "d"));
}

TEST(CheckSkill, RewardsOfInstancesAreNamed) {
  const Checked checked(plane + reach + "skill a = reach(5, 0)\n");
  const Environment& environment = *checked.skill("a").environment;
  ASSERT_EQ(environment.reward_terms.size(), 1u);
  EXPECT_EQ(checked.graph->rewards[environment.reward_terms[0].reward].name, "at((5, 0))");
}

TEST(CheckSkill, ArgumentsAreConstants) {
  EXPECT_THAT(found_in_plane(reach + "skill a = reach(qpos.x, 0)\n"), ElementsAre("M0408 qpos"));
  EXPECT_THAT(found_in_plane(reach + "skill a = reach(1)\n"), ElementsAre("M0307 reach(1)"));
  EXPECT_THAT(found_in_plane(reach + "skill a = reach\n"), ElementsAre("M0307 reach"));
}

TEST(CheckSkill, AnAliasAddsNothing) {
  EXPECT_THAT(found_in_plane(reach + "skill a = reach(5, 0) { in plane }\n"), ElementsAre("M0213 in plane"));
}

TEST(CheckSkill, ACircleOfSkills) {
  EXPECT_THAT(
      found(
          "skill a = b & c\nskill b over a { in plane maximize near }\nskill c { in plane maximize near }\n"),
      ElementsAre("M0201 a"));
  EXPECT_THAT(found("skill a { in plane maximize near start from a }\n"), ElementsAre("M0201 a"));
}

// --- layers -------------------------------------------------------------------------------------

TEST(CheckSkill, OnlyFlowsCanBeStoodUpon) {
  const std::string text = plane + near +
                           "skill walk { in plane maximize near policy gaussian }\n"
                           "skill navigate over walk { in plane maximize near }\n";
  const Checked checked(text);
  EXPECT_THAT(checked.findings(), ElementsAre("M0214 walk"));
  EXPECT_THAT(Checked(checked.fixed()).findings(), IsEmpty());
  EXPECT_THAT(found("skill walk { in plane maximize near policy flow }\nskill navigate over walk { in plane "
                    "maximize near }\n"),
              IsEmpty());
}

TEST(CheckSkill, RendersAsInTheLanguagesDescription) {
  const Checked checked(plane + near +
                        "skill walk { in plane maximize near policy gaussian }\n\n"
                        "skill navigate over walk {\n  in plane\n  maximize near\n}\n");
  std::string said = checked.rendered();
  const std::string path = (checked.folder.path() / "program.motet").string();
  said.replace(said.find(path), path.size(), "ant_maze.motet");
  EXPECT_EQ(said,
            "error[M0214]: `navigate` stands over `walk`, whose policy cannot be inverted\n"
            " --> ant_maze.motet:6:21\n"
            "  |\n"
            "6 | skill navigate over walk {\n"
            "  |                     ^^^^ a Gaussian policy has no latent to act on\n"
            "  |\n"
            "  = help: give `walk` an invertible policy: `policy flow { couplings 2 }`\n");
}

TEST(CheckSkill, AnExpressionStandsOverAnother) {
  const Checked checked(
      plane + near +
      "skill walk { in plane maximize near }\nskill go { in plane maximize 2 * near }\n"
      "skill nav = go over walk\nskill run { in plane maximize near learn sac { temperature 1 } }\n"
      "skill deep over (go over walk) { in plane maximize near hold 2 steps }\n");
  EXPECT_EQ(checked.graph->skills[*checked.skill("nav").over].name, "walk");
  EXPECT_EQ(checked.graph->skills[*checked.skill("deep").over].name, "go over walk");
  EXPECT_EQ(checked.skill("deep").hold, 2);
  EXPECT_EQ(checked.skill("go over walk").policy_kind, "flow");
}

TEST(CheckSkill, WhatCannotStandOver) {
  EXPECT_THAT(found("skill a { in plane maximize near learn sac { temperature 1 } }\nskill b { in plane "
                    "maximize near }\n"
                    "skill c = (a & a) over b\n"),
              ElementsAre("M0217 (a & a)"));
  EXPECT_THAT(found("skill b { in plane maximize near }\nskill a over b { in plane maximize near }\nskill c "
                    "= a over b\n"),
              ElementsAre("M0217 a"));
}

TEST(CheckSkill, HoldBelongsToUpperSkills) {
  EXPECT_THAT(found("skill s { in plane maximize near hold 2 steps }\n"), ElementsAre("M0213 hold 2 steps"));
  const std::string lower = "skill s { in plane maximize near }\n";
  EXPECT_THAT(found(lower + "skill t over s { in plane maximize near hold 2 }\n"), ElementsAre("M0406 2"));
  EXPECT_THAT(found(lower + "skill t over s { in plane maximize near hold 0 steps }\n"),
              ElementsAre("M0407 0 steps"));
  EXPECT_THAT(found(lower + "skill t over s { in plane maximize near hold 4 steps }\n"),
              ElementsAre("M0208 4 steps"));
}

TEST(CheckSkill, LayersMoveOneRobot) {
  EXPECT_THAT(found("robot two { model point(2) observe qpos act motors control 10 Hz }\n"
                    "world space { robot two horizon 30 steps }\nskill s { in plane maximize near }\n"
                    "skill t over s { in space maximize norm(qpos) }\n"),
              ElementsAre("M0211 s"));
}

TEST(CheckSkill, ALowerSkillSeesWhatItSawInItsWorld) {
  EXPECT_THAT(found("world bare { robot dot horizon 30 steps }\nskill s { in plane maximize near }\n"
                    "skill t over s { in bare maximize norm(qpos) }\n"),
              ElementsAre("M0219 s"));
}

TEST(CheckSkill, ALatentHasNoBounds) {
  const std::string lower = "skill s { in plane maximize near }\n";
  EXPECT_THAT(found(lower + "skill t over s { in plane maximize near policy sampler learn sql }\n"),
              ElementsAre("M0215 sampler"));
  EXPECT_THAT(found(lower + "skill t over s { in plane maximize near learn sql prior uniform }\n"),
              ElementsAre("M0213 prior uniform"));
  EXPECT_THAT(found("skill s { in plane maximize near learn sql prior gaussian }\n"),
              ElementsAre("M0213 prior gaussian"));
  EXPECT_THAT(found("skill s { in plane maximize near prior gaussian }\n"), IsEmpty());
  const Checked checked(plane + near + lower + "skill t over s { in plane maximize near learn sql }\n");
  EXPECT_EQ(checked.skill("t").policy_kind, "flow");
  EXPECT_EQ(checked.skill("t").prior, "gaussian");
}

TEST(CheckSkill, AHoldCountsStepsOfTheSkillBelow) {
  EXPECT_THAT(found("skill s { in plane maximize near }\n"
                    "skill t over s { in plane maximize near hold 3 steps }\n"
                    "skill u over t { in plane maximize near hold 4 steps }\n"),
              ElementsAre("M0208 4 steps"));  // 12 of 30
}

TEST(CheckSkill, ACompositionActsWhereItsPartsDo) {
  const std::string layers =
      "skill s { in plane maximize near }\n"
      "skill a over s { in plane maximize near hold 3 steps learn sac { temperature 1 } }\n"
      "skill b over s { in plane maximize -near hold 3 steps learn sac { temperature 1 } }\n";
  const Checked checked(plane + near + layers + "skill c = a & b\n");
  ASSERT_TRUE(checked.graph) << checked.rendered();
  EXPECT_EQ(checked.graph->skills[*checked.skill("c").over].name, "s");
  EXPECT_EQ(checked.skill("c").hold, 3);
  EXPECT_EQ(checked.skill("c").prior, "gaussian");
}

// --- compositions -------------------------------------------------------------------------------

const std::string parts = near +
                          "skill a { in plane maximize near learn sac { temperature 1 } }\nskill b { in "
                          "plane maximize -near learn sac { temperature 1 } }\n";

TEST(CheckSkill, RewardsOfCompositions) {
  const Checked checked(plane + parts + "skill both = 3 * a & b\nskill one = a | b\n");
  ASSERT_TRUE(checked.graph) << checked.rendered();
  const Environment& both = *checked.skill("both").environment;
  ASSERT_EQ(both.reward_terms.size(), 1u);
  EXPECT_EQ(both.reward_terms[0].weight, 0.75 - 0.25);
  const Environment& one = *checked.skill("one").environment;
  EXPECT_NE(one.reward_terms.at(0).weight, one.reward_terms.at(0).weight);  // not a number
}

TEST(CheckSkill, AndBindsTighterThanOr) {
  const Checked checked(plane + parts + "skill c = a & b | 2 * a\n");
  const CompositionNode& tree = *checked.skill("c").composition;
  EXPECT_EQ(tree.kind, CompositionNode::Kind::either);
  ASSERT_EQ(tree.children.size(), 2u);
  EXPECT_EQ(tree.children[0].kind, CompositionNode::Kind::both);
  EXPECT_EQ(tree.children[1].weight, 2);
}

TEST(CheckSkill, CompositionsAreComposedAndStoodUpon) {
  const Checked checked(plane + parts +
                        "skill c = a & b\nskill d = c | a\nskill e over d { in plane maximize near }\n");
  EXPECT_EQ(checked.skill("d").policy_kind, "flow");
  EXPECT_EQ(checked.skill("d").algorithm, "extraction");
  EXPECT_EQ(checked.graph->skills[*checked.skill("e").over].name, "d");
}

TEST(CheckSkill, PartsShareAWorldOrOneIsNamed) {
  const std::string two =
      parts +
      "world other { robot dot horizon 30 steps sample goal = uniform((0, 0), (2, 2)) observe goal }\n"
      "skill c { in other maximize near learn sac { temperature 1 } }\n";
  EXPECT_THAT(found_in_plane(two + "skill d = a & c\n"), ElementsAre("M0202 d"));
  EXPECT_THAT(Checked(plane + two + "skill d = a & c\n").labels(), ElementsAre("a", "c"));
  EXPECT_THAT(found_in_plane(two + "skill d = a & c { in other }\n"), IsEmpty());
}

TEST(CheckSkill, AllSignalsOfThePartsExist) {
  EXPECT_THAT(
      found_in_plane(parts + "world bare { robot dot horizon 30 steps }\nskill d = a & b { in bare }\n"),
      Contains("M0219 a"));
}

TEST(CheckSkill, PartsActInOneSpace) {
  EXPECT_THAT(
      found_in_plane(
          parts + "skill l { in plane maximize near }\n"
                  "skill u over l { in plane maximize near learn sac { temperature 1 } }\nskill d = a & u\n"),
      ElementsAre("M0204 u"));
}

TEST(CheckSkill, PartsHaveOneDiscount) {
  EXPECT_THAT(
      found_in_plane(
          parts +
          "skill c { in plane maximize near learn sac { temperature 1, discount 0.9 } }\nskill d = a & c\n"),
      ElementsAre("M0205 c"));
}

TEST(CheckSkill, TemperaturesOfParts) {
  const std::string learnt = "skill c { in plane maximize near }\n";
  EXPECT_THAT(found_in_plane(parts + learnt + "skill d = a & c\n"), ElementsAre("M0206 c"));
  EXPECT_THAT(found_in_plane(parts + learnt + "skill d = c & c\n"), ElementsAre("M0206 c"));
  EXPECT_THAT(found_in_plane(parts + "skill d = a & b\n"), IsEmpty());
}

TEST(CheckSkill, PartsWithoutEntropy) {
  EXPECT_THAT(found("skill a { in plane maximize near learn sac { temperature 0.01 } }\nskill d = a & a\n"),
              ElementsAre("M0207 a", "M0207 a"));
  EXPECT_THAT(found("skill a { in plane maximize near learn sac { target_entropy -6 } }\nskill d = a & a\n"),
              ElementsAre("M0206 a", "M0207 a", "M0207 a"));
  EXPECT_THAT(found("skill a { in plane maximize near learn sac { temperature anneal(10, 0.001, 20k) } "
                    "}\nskill d = a & a\n"),
              ElementsAre("M0207 a", "M0207 a"));
}

TEST(CheckSkill, Weights) {
  EXPECT_THAT(found_in_plane(parts + "let w = 2\nskill d = w * a & b\n"), IsEmpty());
  EXPECT_THAT(found_in_plane(parts + "skill d = 0 * a & b\n"), ElementsAre("M0212 0"));
  EXPECT_THAT(found_in_plane(parts + "skill d = 2 * a\n"), ElementsAre("M0212 2"));
}

TEST(CheckSkill, CompositionsHaveNoRewardOfTheirOwn) {
  EXPECT_THAT(found_in_plane(parts + "skill d = a & b { maximize near }\n"),
              ElementsAre("M0213 maximize near"));
  EXPECT_THAT(found_in_plane(parts + "skill d = a & b { learn sac }\n"), ElementsAre("M0305 sac"));
  EXPECT_THAT(found_in_plane(parts + "skill d = a & b { learn extraction { steps 5k } }\n"), IsEmpty());
}

// --- the rest -----------------------------------------------------------------------------------

TEST(CheckSkill, SamplersAreLearntBySoftQLearning) {
  EXPECT_THAT(found("skill s { in plane maximize near policy sampler }\n"), ElementsAre("M0215 sampler"));
  EXPECT_THAT(found("skill s { in plane maximize near policy sampler learn sql }\n"), IsEmpty());
}

TEST(CheckSkill, StartingPoints) {
  const std::string first = "skill a { in plane maximize near }\n";
  EXPECT_THAT(found(first + "skill b { in plane maximize near start from a }\n"), IsEmpty());
  EXPECT_THAT(found(first + "skill b { in plane maximize near policy flow start from a }\n"),
              ElementsAre("M0216 a"));
  EXPECT_THAT(found(first + "world bare { robot dot horizon 30 steps }\nskill b { in bare maximize "
                            "norm(qpos) start from a }\n"),
              ElementsAre("M0216 a"));
}

TEST(CheckSkill, StartingFromSeveralLayers) {
  const std::string stack =
      "skill low { in plane maximize near policy flow }\nskill up over low { in plane maximize near policy "
      "flow "
      "}\n";
  EXPECT_THAT(found(stack + "skill b { in plane maximize near start from up }\n"), IsEmpty());
  EXPECT_THAT(found(stack + "skill b { in plane maximize near learn sql start from up }\n"), IsEmpty());
  EXPECT_THAT(found(stack + "skill b { in plane maximize near policy gaussian start from up }\n"),
              ElementsAre("M0216 up"));
  // What acts on a latent of its own never comes down to that of another skill.
  EXPECT_THAT(found(stack + "skill c { in plane maximize near policy flow }\n"
                            "skill b over c { in plane maximize near policy flow start from up }\n"),
              ElementsAre("M0216 up"));
  EXPECT_THAT(found(stack + "skill top over up { in plane maximize near policy flow }\n"
                            "skill b over low { in plane maximize near policy flow start from top }\n"),
              IsEmpty());
  EXPECT_THAT(found("skill low { in plane maximize near policy flow }\n"
                    "skill up over low { in plane maximize near hold 3 steps policy flow }\n"
                    "skill b { in plane maximize near start from up }\n"),
              ElementsAre("M0216 up"));
}

TEST(CheckSkill, ImportedSkills) {
  EXPECT_THAT(found("skill w from \"no/where\"\n"), ElementsAre("M0220 \"no/where\""));
  const Checked checked(plane + near +
                        "skill w from \".\" { in plane }\nskill u over w { in plane maximize near }\n");
  EXPECT_EQ(checked.skill("w").kind, SkillPlan::Kind::imported);
  EXPECT_FALSE(checked.skill("w").environment);
  EXPECT_THAT(found("skill w from \".\" { maximize near }\n"), ElementsAre("M0213 maximize near"));
}

TEST(CheckSkill, RewardsReadTheState) {
  EXPECT_THAT(found("skill s { in plane maximize 1 - norm(action) + time }\n"),
              ElementsAre("M0209 1 - norm(action) + time"));
  EXPECT_THAT(found("skill s { in plane maximize norm(goal) }\n"), ElementsAre("M0209 norm(goal)"));
}

TEST(CheckSkill, SamplesAreObserved) {
  const std::string dot = "robot dot { model point(2) observe qpos act motors control 1 Hz }\n";
  EXPECT_THAT(Checked(dot + "world w { robot dot horizon 9 steps sample a = uniform(0, 1) }\n").findings(),
              ElementsAre("M0210 a"));
  EXPECT_THAT(Checked(dot + "world w { robot dot horizon 9 steps sample a = uniform(0, 1) reset qpos = a }\n")
                  .findings(),
              IsEmpty());
  EXPECT_THAT(
      Checked(dot +
              "world w { robot dot horizon 9 steps sample a = uniform(0, 1) sample b = a + uniform(0, 1)\n"
              "observe 2 * b }\n")
          .findings(),
      IsEmpty());
}

// --- reward terms -------------------------------------------------------------------------------

TEST(CheckSkill, NamedRewardsAreTermsWithWeights) {
  const Checked checked(plane +
                        "reward a = norm(qpos)\nreward b = qpos.x\nreward c = qpos.y\nlet half = 0.5\n"
                        "skill s { in plane maximize -(2 * a - half * (b + 4 * c)) + a / 4 + qpos.x }\n"
                        "skill t { in plane maximize mean(a, b) + a * b }\n");
  ASSERT_TRUE(checked.graph) << checked.rendered();
  const auto weights = [&](const char* skill) {
    std::map<std::string, double> result;
    for (const RewardTerm& term : checked.skill(skill).environment->reward_terms)
      result[checked.graph->rewards[term.reward].name] = term.weight;
    return result;
  };
  EXPECT_EQ(weights("s"), (std::map<std::string, double>{{"a", -1.75}, {"b", 0.5}, {"c", 2}}));
  EXPECT_NE(weights("t").at("a"), weights("t").at("a"));
}

// --- settings -----------------------------------------------------------------------------------

TEST(CheckSkill, Settings) {
  const Checked checked(
      plane + near +
      "let n = 64\nskill s(t) { in plane maximize near policy gaussian { hidden [n, 2 * n] }\n"
      "learn sac { steps 200k, temperature t, target_entropy auto } }\nskill u = s(0.2)\n"
      "skill v { in plane maximize near learn sac { temperature anneal(10, 0.1, 20k) } }\n");
  std::map<std::string, SettingValue> settings;
  for (const SettingNode& setting : checked.skill("u").settings) settings[setting.key] = setting.value;
  EXPECT_EQ(settings.at("policy.gaussian.hidden"), SettingValue(std::vector<std::int64_t>{64, 128}));
  EXPECT_EQ(settings.at("learn.sac.steps"), SettingValue(std::int64_t{200'000}));
  EXPECT_EQ(settings.at("learn.sac.temperature"), SettingValue(0.2));
  EXPECT_EQ(settings.at("learn.sac.target_entropy"), SettingValue(std::string("auto")));
  EXPECT_EQ(checked.skill("v").settings.at(0).value, SettingValue(std::string("anneal(10, 0.1, 20000)")));
}

TEST(CheckSkill, SettingsAreChecked) {
  const auto with = [](const std::string& items) {
    return found("skill s { in plane maximize near " + items + " }\n");
  };
  EXPECT_THAT(with("learn sac { bacth 128 }"), ElementsAre("M0420 bacth"));
  EXPECT_THAT(with("learn sac { couplings 2 }"), ElementsAre("M0420 couplings"));
  EXPECT_THAT(with("learn sac { batch 1.5 }"), ElementsAre("M0421 1.5"));
  EXPECT_THAT(with("learn sac { batch many }"), ElementsAre("M0301 many"));
  EXPECT_THAT(with("learn sac { temperature warm }"), ElementsAre("M0421 warm"));
  EXPECT_THAT(with("learn sac { temperature anneal(1, 2) }"), ElementsAre("M0421 anneal(1, 2)"));
  EXPECT_THAT(with("learn sac { discount 2 }"), ElementsAre("M0422 2"));
  EXPECT_THAT(with("learn sac { steps 10 s }"), ElementsAre("M0406 10 s"));
  EXPECT_THAT(with("policy gaussian { hidden 256 }"), ElementsAre("M0421 256"));
  EXPECT_THAT(with("policy gaussian { hidden [256, 0.5] }"), ElementsAre("M0421 0.5"));
}

}  // namespace
}  // namespace motet::testing

// Skills that stand on skills, through the command line.

#include <gtest/gtest.h>

#include "process.h"

namespace motet::test {
namespace {

const std::string learner =
    "  policy   flow { embedding [16] }\n"
    "  learn    sac { steps 300, warmup 50, batch 8, hidden [16], temperature 1 }\n";

const std::string plane = R"(robot dot {
  model   point(2)
  observe qpos
  act     motors
  control 1 Hz
}

world plane {
  robot   dot
  horizon 24 steps
  measure x = qpos.x at end
}

world other_plane {
  robot   dot
  horizon 24 steps
  measure y = qpos.y at end
}

reward left = -abs(qpos.x + 3)

reward down = -abs(qpos.y + 3)

)";

// Three layers; and one over a composition by soft Q-learning.
const std::string tower = plane + "skill low {\n  in       plane\n  maximize left\n" + learner + "}\n\n" +
                          "skill middle over low {\n  in       plane\n  maximize down\n  hold     2 steps\n" +
                          learner + "}\n\n" +
                          "skill top over middle {\n  in       plane\n  maximize left + down\n"
                          "  hold     3 steps\n  latent   per episode\n" +
                          learner + "}\n";

const std::string sql =
    "  learn    sql { steps 300, warmup 50, batch 8, hidden [16], particles 4, value_samples 4, temperature "
    "1 }\n";

const std::string composed = plane + "skill a {\n  in       plane\n  maximize left\n" + sql +
                             "  policy   sampler { hidden [16] }\n}\n\n" +
                             "skill b {\n  in       plane\n  maximize down\n" + sql +
                             "  policy   sampler { hidden [16] }\n}\n\n" +
                             "skill both = a & b {\n  policy flow { embedding [16] }\n  learn  extraction { "
                             "steps 40, batch 8 }\n}\n\n" +
                             "skill upper over both {\n  in       plane\n  maximize left\n" + sql +
                             "  policy   flow { embedding [16] "
                             "}\n}\n";

class Layered : public ::testing::Test {
 protected:
  Outcome run(const std::vector<std::string>& words) { return motet(words, folder_.path()); }
  void train(const std::string& program) {
    write_text(folder_ / "tower.motet", program);
    const Outcome trained = run({"train", "tower.motet", "--run", "r"});
    ASSERT_EQ(trained.status, 0) << trained.err;
    out_ = trained.out;
  }
  const Folder folder_;
  std::string out_;
};

TEST_F(Layered, AreTrainedFromTheBottom) {
  train(tower);
  EXPECT_NE(out_.find("middle: acts on the latent of `low`, which stays as it is; a step of its own is 2"),
            std::string::npos)
      << out_;
  EXPECT_NE(out_.find("a step of its own is 6 control steps"), std::string::npos) << out_;
  const Outcome eval = run({"eval", "r", "--skill", "top", "--episodes", "2"});
  EXPECT_EQ(eval.status, 0) << eval.err;
  EXPECT_NE(eval.out.find("24 ± 0 steps"), std::string::npos) << eval.out;
  const Outcome elsewhere = run({"eval", "r", "--skill", "top", "--in", "other_plane", "--episodes", "2"});
  EXPECT_EQ(elsewhere.status, 0) << elsewhere.err;
  EXPECT_NE(run({"train", "tower.motet", "--run", "r"}).out.find("top: up to date"), std::string::npos);
  // 300 steps of low, then 300 of 2, then 300 of 6: the axis ends at 2700.
  const Outcome plotted = run({"plot", "r", "-o", "curves.svg"});
  EXPECT_EQ(plotted.status, 0) << plotted.err;
  EXPECT_NE(read_file(folder_ / "curves.svg").find(">3000<"), std::string::npos);
}

TEST_F(Layered, WhatStandsOnASkillFollowsIt) {
  train(tower);
  ASSERT_EQ(run({"train", "tower.motet", "low", "--run", "r", "--force", "--seed", "2"}).status, 0);
  const Outcome stale = run({"eval", "r", "--skill", "middle"});
  EXPECT_EQ(stale.status, 1);
  EXPECT_NE(stale.err.find("`middle` was trained over another `low`"), std::string::npos) << stale.err;
  const Outcome again = run({"train", "tower.motet", "--run", "r"});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(run({"eval", "r", "--skill", "middle", "--episodes", "1"}).status, 0);
}

TEST_F(Layered, AFixedLatentActsAlone) {
  train(tower);
  const auto eval_of = [&](const std::string& latent, const std::string& skill = "top") {
    return run({"run", "r", "--skill", skill, "--latent", latent});
  };
  EXPECT_EQ(eval_of("low=0.5,-1").status, 0) << eval_of("low=0.5,-1").err;
  EXPECT_EQ(eval_of("top=0,0").out, eval_of("top=0,0").out);
  EXPECT_NE(eval_of("middle=2,2").out, eval_of("middle=-2,-2").out);
  // The layers above have no say.
  const auto numbers = [](const std::string& text) { return text.substr(text.find("measure")); };
  EXPECT_EQ(numbers(eval_of("low=1,1", "low").out).substr(0, 20),
            numbers(eval_of("low=1,1", "middle").out).substr(0, 20));
  EXPECT_NE(eval_of("low=0.5").err.find("has 2 coordinates, not 1"), std::string::npos);
  EXPECT_NE(eval_of("high=0,0").err.find("none of the layers"), std::string::npos);
  for (const char* wrong : {"low", "low=", "=1,2", "low=1;2", "low=nan,1", "low=1,"})
    EXPECT_EQ(eval_of(wrong).status, 2) << wrong;
}

TEST_F(Layered, ASweepShowsWhatEachCoordinateDoes) {
  train(tower);
  const Outcome swept =
      run({"run", "r", "--skill", "top", "--sweep", "low", "--seconds", "5", "--video", "sweep.png"});
  EXPECT_EQ(swept.status, 0) << swept.err;
  EXPECT_EQ(std::count(swept.out.begin(), swept.out.end(), '\n'), 2 + 2 * 5 + 1) << swept.out;
  EXPECT_TRUE(fs::exists(folder_ / "sweep.png"));
  EXPECT_EQ(run({"run", "r", "--sweep", "low", "--video", "sweep.mp4"}).status, 2);
  EXPECT_EQ(run({"run", "r", "--sweep", "low", "--seconds", "0"}).status, 2);
  EXPECT_EQ(run({"run", "r", "--sweep", "high"}).status, 1);
}

TEST_F(Layered, ACompositionCanBeStoodUpon) {
  train(composed);
  EXPECT_NE(out_.find("upper: acts on the latent of `both`"), std::string::npos) << out_;
  const Outcome eval = run({"eval", "r", "--skill", "upper", "--episodes", "2"});
  EXPECT_EQ(eval.status, 0) << eval.err;
}

TEST_F(Layered, SkillsOverTheSameSkillCanBeComposed) {
  const auto upper = [](const std::string& name, const std::string& reward) {
    return "skill " + name + " over low {\n  in       plane\n  maximize " + reward +
           "\n  hold     2 steps\n" + learner + "}\n\n";
  };
  train(plane + "skill low {\n  in       plane\n  maximize left\n" + learner + "}\n\n" + upper("a", "left") +
        upper("b", "down") + "skill both = a & b {\n  learn extraction { steps 40, batch 8 }\n}\n");
  const Outcome eval = run({"eval", "r", "--skill", "both", "--episodes", "2"});
  EXPECT_EQ(eval.status, 0) << eval.err;
  EXPECT_NE(eval.out.find("24 ± 0"), std::string::npos) << eval.out;
  const Outcome bound = run({"bound", "r", "--skill", "both"});
  EXPECT_EQ(bound.status, 1);
  EXPECT_NE(bound.err.find("a latent has no bounds"), std::string::npos) << bound.err;
}

TEST_F(Layered, ASkillOfAnotherRunCanBeStoodUpon) {
  train(tower);
  write_text(folder_ / "next.motet", plane +
                                         "skill low from \"r\"\n\nskill go over low {\n  in       plane\n"
                                         "  maximize left\n" +
                                         learner + "}\n");
  const Outcome next = run({"train", "next.motet", "--run", "next"});
  EXPECT_EQ(next.status, 0) << next.err;
  EXPECT_EQ(run({"eval", "next", "--episodes", "1"}).status, 0);
  // From then on it does not need the other run.
  fs::rename(folder_ / "r", folder_ / "elsewhere");
  EXPECT_EQ(run({"eval", "next", "--in", "other_plane", "--episodes", "1"}).status, 0);
  const Outcome drawn = run({"graph", "next", "-o", "next.dot"});
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  const std::string dot = read_file(folder_ / "next.dot");
  EXPECT_NE(dot.find("return"), std::string::npos) << dot;
  fs::rename(folder_ / "elsewhere", folder_ / "r");
  write_text(folder_ / "next.motet", plane +
                                         "skill middle from \"r\"\n\nskill go over middle {\n  in       "
                                         "plane\n  maximize left\n" +
                                         learner + "}\n");
  const Outcome without = run({"train", "next.motet", "--run", "another"});
  EXPECT_EQ(without.status, 1);
  EXPECT_NE(without.err.find("M0221"), std::string::npos) << without.err;
  EXPECT_NE(without.err.find("take `low` over"), std::string::npos) << without.err;
}

TEST_F(Layered, LayersThatBecameOnePolicyInAnotherRunCanBeStoodUpon) {
  const auto skill = [](const std::string& name, const std::string& items) {
    return "skill " + name + " {\n  in       plane\n  maximize left\n" + items + learner + "}\n\n";
  };
  train(plane + skill("low", "") + skill("high over low", "") + skill("whole", "  start    from high\n"));
  write_text(folder_ / "next.motet", plane + "skill whole from \"r\"\n\n" + skill("go over whole", ""));
  const Outcome next = run({"train", "next.motet", "--run", "next"});
  EXPECT_EQ(next.status, 0) << next.err;
  const Outcome eval = run({"eval", "next", "--episodes", "1"});
  EXPECT_EQ(eval.status, 0) << eval.err;
}

TEST_F(Layered, ATowerOfAnotherRunCanBeStoodUpon) {
  train(tower);
  const auto program = [&](const std::string& low, const std::string& middle) {
    write_text(folder_ / "next.motet", plane + low + "\n\n" + middle +
                                           "\n\nskill go over middle {\n  in       plane\n  maximize left\n" +
                                           learner + "}\n");
  };
  program("skill low from \"r\"", "skill middle over low from \"r\"");
  const Outcome next = run({"train", "next.motet", "--run", "next"});
  EXPECT_EQ(next.status, 0) << next.err;
  EXPECT_NE(next.out.find("go: acts on the latent of `middle`"), std::string::npos) << next.out;
  EXPECT_EQ(run({"eval", "next", "--episodes", "1"}).status, 0);
  EXPECT_EQ(run({"train", "next.motet", "--run", "next"}).status, 0);

  const auto refused = [&](const std::string& why) {
    const Outcome outcome = run({"train", "next.motet", "--run", "refused"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.err.find("M0221"), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.err.find(why), std::string::npos) << outcome.err;
  };
  program("skill low from \"r\"", "skill middle over low from \"r/skills/low\"");
  refused("stands on no other skill");
  program("skill low from \"other\"", "skill middle over low from \"r\"");
  const Outcome other = run({"train", "tower.motet", "--run", "other", "--seed", "2"});
  ASSERT_EQ(other.status, 0) << other.err;
  refused("which is another policy");
}

}  // namespace
}  // namespace motet::test

// Worlds: scenes, horizons, samples, resets.

#include "check_fixture.h"

namespace motet::testing {
namespace {

const WorldNode& node(const Checked& checked) {
  if (!checked.graph) throw std::runtime_error(checked.rendered());
  return checked.graph->worlds.at(0);
}

// The world's environment, with a skill in it.
struct Reset {
  explicit Reset(const std::string& items)
      : checked(arm + "world table { robot arm horizon 30 steps " + items +
                    " }\nskill s { in table maximize norm(qpos) }\n",
                arm_files) {}
  const Environment& environment() const { return *checked.skill("s").environment; }
  // "body.pos puck[0..2] = sample"
  std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const ResetNode& reset : environment().resets) {
      const std::uint32_t end = reset.offset + environment().terms[reset.value].length;
      texts.push_back(std::string(signal_name(reset.target.kind)) + " " + reset.target.name + "[" +
                      std::to_string(reset.offset) + ".." + std::to_string(end) + "] " +
                      (reset.add ? "+= " : "= ") + to_text(environment().terms, reset.value));
    }
    return texts;
  }
  Checked checked;
};

TEST(CheckWorld, NeedsARobotAndAHorizon) {
  EXPECT_THAT(Checked(plane + "world w { horizon 3 steps }\n").findings(), ElementsAre("M0310 w"));
  EXPECT_THAT(Checked(plane + "world w { robot dot }\n").findings(), ElementsAre("M0310 w"));
  EXPECT_THAT(Checked(plane + "world w { robot dots horizon 3 steps }\n").findings(),
              ElementsAre("M0304 dots"));
}

TEST(CheckWorld, SomethingIsObserved) {
  EXPECT_THAT(
      Checked("robot dot { model point(2) act motors control 1 Hz }\nworld w { robot dot horizon 3 steps }\n")
          .findings(),
      ElementsAre("M0310 w"));
  EXPECT_THAT(Checked("robot dot { model point(2) act motors control 1 Hz }\nworld w { robot dot horizon 3 "
                      "steps observe qpos }\n")
                  .findings(),
              IsEmpty());
}

TEST(CheckWorld, Horizons) {
  const auto horizon = [](const std::string& text) {
    return Checked(arm + "world w { robot arm horizon " + text + " }\n", arm_files);
  };
  EXPECT_EQ(node(horizon("300 steps")).horizon, 300);
  EXPECT_EQ(node(horizon("10 s")).horizon, 200);
  EXPECT_THAT(horizon("0 steps").findings(), ElementsAre("M0407 0 steps"));
  EXPECT_THAT(horizon("1.5 steps").findings(), ElementsAre("M0407 1.5 steps"));
  EXPECT_THAT(horizon("0.12 s").findings(), ElementsAre("M0415 0.12 s"));
  EXPECT_THAT(horizon("5 m").findings(), ElementsAre("M0406 5 m"));
  EXPECT_THAT(horizon("300").findings(), ElementsAre("M0406 300"));
  EXPECT_EQ(horizon("300").fixed(), arm + "world w { robot arm horizon 300 steps }\n");
}

// --- scenes -------------------------------------------------------------------------------------

const std::string scene_world = arm + "world w { robot arm scene \"scene.xml\" horizon 30 steps }\n";

std::vector<std::string> found_with_scene(const std::string& scene) {
  return Checked(scene_world, {{"arm.xml", arm_model}, {"scene.xml", scene}}).findings();
}

TEST(CheckWorld, AScene) {
  EXPECT_THAT(found_with_scene("<mujoco><include file=\"arm.xml\"/></mujoco>"), IsEmpty());
  EXPECT_THAT(found_with_scene("<mujoco><worldbody><geom size=\"1\"/></worldbody></mujoco>"),
              ElementsAre("M0507 \"scene.xml\""));
  EXPECT_THAT(found_with_scene("nonsense"), ElementsAre("M0501 \"scene.xml\""));
}

TEST(CheckWorld, ASceneMayHoldMore) {
  EXPECT_THAT(found_with_scene(
                  "<mujoco><include file=\"arm.xml\"/><worldbody><body name=\"door\"><joint name=\"door\"/>"
                  "<geom size=\"1\"/></body></worldbody></mujoco>"),
              IsEmpty());
  EXPECT_THAT(found_with_scene(
                  "<mujoco><include file=\"arm.xml\"/><worldbody><body name=\"door\"><joint name=\"door\"/>"
                  "<geom size=\"1\"/></body></worldbody><actuator><motor name=\"door\" joint=\"door\" "
                  "ctrllimited=\"true\" ctrlrange=\"-1 1\"/></actuator></mujoco>"),
              ElementsAre("M0508 \"scene.xml\""));
}

TEST(CheckWorld, ASceneKeepsTheRobotsTime) {
  std::string model = arm_model;
  model.replace(model.find("0.01"), 4, "0.02");
  EXPECT_THAT(found_with_scene(model), ElementsAre("M0504 \"scene.xml\""));
}

TEST(CheckWorld, APointHasNoScene) {
  EXPECT_THAT(Checked("robot dot { model point(2) observe qpos act motors control 1 Hz }\n"
                      "world w { robot dot scene \"arm.xml\" horizon 3 steps }\n",
                      arm_files)
                  .findings(),
              ElementsAre("M0503 scene \"arm.xml\""));
}

// --- samples ------------------------------------------------------------------------------------

TEST(CheckWorld, SamplesAreDrawn) {
  EXPECT_THAT(found_in_world("sample a = uniform((0, 0), (1, 2)) sample b = a + normal(0, 1) observe a, b"),
              IsEmpty());
  EXPECT_THAT(found_in_world("sample a = choice((0, 0), (1, 2)) observe a"), IsEmpty());
  EXPECT_THAT(found_in_world("sample a = 3 observe a"), ElementsAre("M0412 3"));
  EXPECT_THAT(found_in_world("sample a = uniform(1, 0) observe a"), ElementsAre("M0412 0"));
  EXPECT_THAT(found_in_world("sample a = normal(0, -1) observe a"), ElementsAre("M0412 -1"));
  EXPECT_THAT(found_in_world("sample a = uniform((0, 0), (1, 1, 1)) observe a"),
              ElementsAre("M0401 uniform"));
  EXPECT_THAT(found_in_world("sample a = choice((0, 0), 1) observe a"), ElementsAre("M0401 1"));
  EXPECT_THAT(found_in_world("sample a = choice(1) observe a"), ElementsAre("M0307 choice(1)"));
  EXPECT_THAT(found_in_world("sample a = uniform(0, 1) sample a = uniform(0, 1) observe a"),
              ElementsAre("M0302 a"));
  EXPECT_THAT(found_in_world("sample qpos = uniform(0, 1)"), ElementsAre("M0309 qpos"));
}

TEST(CheckWorld, MeasuresHaveNames) {
  EXPECT_THAT(found_in_world("measure a = qpos[0] at end measure a = qpos[0] at max"),
              ElementsAre("M0302 a"));
}

// --- resets -------------------------------------------------------------------------------------

TEST(CheckWorld, ResetsSetTheState) {
  EXPECT_THAT(Reset("reset joint(elbow).pos = 30 deg").texts(),
              ElementsAre("joint.pos elbow[0..1] = 0.5235987755982988"));
  EXPECT_THAT(Reset("reset qvel[0..2] += (1, 2)").texts(), ElementsAre("qvel [0..2] += (1, 2)"));
  EXPECT_THAT(Reset("reset body(puck).pos.xy = (1, 2)").texts(), ElementsAre("body.pos puck[0..2] = (1, 2)"));
  EXPECT_THAT(Reset("reset body(ball).pos.xz = (1, 2)").texts(),
              ElementsAre("body.pos ball[0..1] = 1", "body.pos ball[2..3] = 2"));
}

TEST(CheckWorld, AScalarIsSpread) {
  EXPECT_THAT(Reset("reset body(ball).pos = 1").texts(), ElementsAre("body.pos ball[0..3] = (1, 1, 1)"));
}

// Each component of `reset qpos += uniform(-0.1, 0.1)` has a draw of its own.
TEST(CheckWorld, DrawsAreSpreadEachForItself) {
  const Reset reset("reset qvel += 0.5 * uniform(-1, 1)");
  const Environment& environment = reset.environment();
  const Term& product = environment.terms[environment.resets.at(0).value];
  ASSERT_EQ(product.length, 10u);
  bool drawn = false;
  for (const TermId argument : product.args) {
    const Term& term = environment.terms[argument];
    if (term.kind == Term::Kind::operation && term.op == Op::draw_uniform) drawn = term.length == 10;
  }
  EXPECT_TRUE(drawn);
}

TEST(CheckWorld, ResetsReadSamples) {
  EXPECT_THAT(found_in_world("sample a = uniform((0, 0), (1, 1)) reset body(puck).pos.xy = a"), IsEmpty());
}

TEST(CheckWorld, WhatAResetCannotSet) {
  EXPECT_THAT(found_in_world("reset site(tip).pos = 1"), ElementsAre("M0413 site(tip).pos"));
  EXPECT_THAT(found_in_world("reset time = 1"), ElementsAre("M0413 time"));
  EXPECT_THAT(found_in_world("reset qpos + 1 = 1"), ElementsAre("M0413 qpos + 1"));
  EXPECT_THAT(found_in_world("reset body(puck).vel = 1"), ElementsAre("M0413 body(puck).vel"));
}

TEST(CheckWorld, BodiesThatCanBePut) {
  for (const char* target : {"body(puck).pos.xy", "body(puck).pos.y", "body(ball).pos", "body(ball).quat",
                             "body(mark).pos", "body(mark).quat", "body(ghost).pos.z"})
    EXPECT_THAT(found_in_world(std::string("reset ") + target + " = 0.5"), IsEmpty()) << target;
}

TEST(CheckWorld, BodiesThatCannotBePut) {
  for (const char* target : {"body(puck).pos", "body(puck).pos.z", "body(puck).quat", "body(upper).pos",
                             "body(lower).pos.x", "body(\"left hand\").pos", "body(\"world\").pos"})
    EXPECT_THAT(found_in_world(std::string("reset ") + target + " = 0.5"),
                ElementsAre(std::string("M0510 ") + target))
        << target;
}

TEST(CheckWorld, ResetsFit) {
  EXPECT_THAT(found_in_world("reset body(puck).pos.xy = (1, 2, 3)"), ElementsAre("M0401 (1, 2, 3)"));
  EXPECT_THAT(found_in_world("reset joint(elbow).pos = 1 m"), ElementsAre("M0405 1 m"));
  EXPECT_THAT(found_in_world("reset joint(elbow).pos = qpos[0] > 1"), ElementsAre("M0402 qpos[0] > 1"));
}

// --- ends ---------------------------------------------------------------------------------------

TEST(CheckWorld, AnyOfSeveralEndsIsOne) {
  const Reset reset("end when qpos[0] > 1 end when qpos[1] > 2");
  EXPECT_EQ(to_text(reset.environment().terms, *reset.environment().end), "qpos[0] > 1 or qpos[1] > 2");
}

}  // namespace
}  // namespace motet::testing

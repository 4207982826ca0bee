#pragma once

// Plans of whole worlds for tests, as the compiler would make them.

#include <cmath>

#include "simulation_fixture.h"

namespace motet::test {

// The point on a line of 2 dimensions, started near the origin, drawn to a goal that is sampled.
// Observes (qpos, goal); reward = -|x - goal|^2 - 0.1 |a|^2 with the terms `near` and `effort`;
// ends within 0.5 of the goal; measures of the distance.
inline EnvironmentPlan point_plan(std::int64_t horizon = 30) {
  EnvironmentPlan plan;
  plan.world = "field";
  plan.robot = robot_plan(0.1);
  plan.robot.name = "dot";
  plan.robot.point_dimensions = 2;
  plan.robot.action = {{"x", -1, 1}, {"y", -1, 1}};
  plan.horizon = horizon;
  plan.observation_size = 4;

  ProgramBuilder reset;
  const Value start = reset.op(Op::draw_normal, reset.constant({0, 0}), reset.constant(0.1));
  const Value goal = reset.op(Op::draw_uniform, reset.constant({2, 2}), reset.constant({5, 5}));
  plan.reset = reset.program();
  plan.samples = {{"goal", goal.reg, 2}};
  plan.resets = {{{SignalKind::qpos, {}, {}, 2}, 0, false, {"start", start.reg, 2}}};

  ProgramBuilder step;
  const Value position = step.load(SignalKind::qpos, 2), target = step.load(SignalKind::sample, 2, "goal");
  const Value action = step.load(SignalKind::action, 2);
  const Value offset = step.op(Op::sub, position, target), distance = step.reduce(Op::norm, offset);
  const Value near = step.op(Op::neg, step.reduce(Op::dot, offset, offset));
  const Value effort = step.op(Op::neg, step.reduce(Op::dot, action, action));
  const Value arrived = step.op(Op::lt, distance, step.constant(0.5));
  step.output("observation", step.join({position, target}))
      .output("reward", step.op(Op::add, near, step.op(Op::mul, step.constant(0.1), effort)))
      .output("reward.near", near)
      .output("reward.effort", effort)
      .output("end", arrived)
      .output("success", arrived)
      .output("measure.last", distance)
      .output("measure.mean", distance)
      .output("measure.most", distance)
      .output("measure.least", distance);
  plan.step = step.program();
  plan.reward_terms = {{"near", 1}, {"effort", 0.1}};
  using Over = MeasurePlan::Over;
  plan.measures = {{"last", Over::end}, {"mean", Over::mean}, {"most", Over::max}, {"least", Over::min}};
  return plan;
}

// A robot of the library in its scene, that observes all positions and velocities; its
// reward is the speed of its first coordinate by finite differences, less 0.1 |a|^2.
// Every position and velocity starts with a little noise.
inline EnvironmentPlan runner_plan(const std::string& scene, double control_period, std::uint32_t nq,
                                   std::uint32_t nv, std::initializer_list<ActuatorPlan> actuators,
                                   std::int64_t horizon = 1000) {
  EnvironmentPlan plan;
  plan.world = "track";
  plan.scene = "library/" + scene;
  plan.robot = robot_plan(control_period, actuators);
  plan.horizon = horizon;
  plan.observation_size = static_cast<int>(nq + nv);

  ProgramBuilder reset;
  const Value noise = reset.op(Op::draw_uniform, reset.constant(std::vector<double>(nq + nv, -0.1)),
                               reset.constant(std::vector<double>(nq + nv, 0.1)));
  plan.reset = reset.program();
  plan.resets = {{{SignalKind::qpos, {}, {}, nq}, 0, true, {"qpos", noise.reg, nq}},
                 {{SignalKind::qvel, {}, {}, nv}, 0, true, {"qvel", noise.reg + nq, nv}}};

  ProgramBuilder step;
  const Value qpos = step.load(SignalKind::qpos, nq), qvel = step.load(SignalKind::qvel, nv);
  const Value action = step.load(SignalKind::action, static_cast<std::uint32_t>(actuators.size()));
  const Value x = step.op(Op::copy, qpos.part(0));
  const Value speed = step.op(Op::div, step.op(Op::sub, x, step.previous(x)), step.constant(control_period));
  const Value effort = step.op(Op::neg, step.reduce(Op::dot, action, action));
  step.output("observation", step.join({qpos, qvel}))
      .output("reward", step.op(Op::add, speed, step.op(Op::mul, step.constant(0.1), effort)))
      .output("reward.forward", speed)
      .output("reward.effort", effort);
  plan.step = step.program();
  plan.reward_terms = {{"forward", 1}, {"effort", 0.1}};
  return plan;
}

inline EnvironmentPlan half_cheetah_plan(std::int64_t horizon = 1000) {
  return runner_plan(
      "worlds/half_cheetah_track.xml", 0.05, 9, 9,
      {{"hind_hip"}, {"hind_knee"}, {"hind_ankle"}, {"fore_hip"}, {"fore_knee"}, {"fore_ankle"}}, horizon);
}

// Actions that are neither constant nor random: coordinate j of step i.
inline float swaying(int i, std::size_t j) {
  return static_cast<float>(std::sin(0.3 * i + 1.7 * static_cast<double>(j)));
}

}  // namespace motet::test

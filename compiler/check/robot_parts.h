#pragma once

// The parts of checking a robot.

#include "compiler/check/context.h"

namespace motet::checking {

struct RobotCheck {
  Context& context;
  CheckedRobot& robot;
  std::uint32_t module = 0;
  const syntax::Robot& syntax;
  bool has_body = false;  // the model is there
  bool acts = false;      // what acts is known

  bool is_point() const { return robot.node.point_dimensions > 0; }
  // What an expression of the robot can read.
  Scenery scenery() const;
};

// `act` and `drive`: the coordinates of the action, and what they do.
void check_actions(RobotCheck& check);
void check_limits(RobotCheck& check);

// For a range at `span` that exceeds the model's.
Diagnostic wider_than_model(Span span, const std::string& what, double low, double high);

}  // namespace motet::checking

#include "compiler/toml/robot.h"

#include <cmath>

#include "compiler/toml/lines.h"

namespace motet {

std::string robot_toml(const RobotPlan& robot) {
  TomlLines lines;
  lines.add("name", robot.name);
  if (robot.model.empty())
    lines.add("point_dimensions", robot.point_dimensions);
  else
    lines.add("model", robot.model);
  lines.add("control_period", robot.control_period);
  lines.add_text("actuators",
                 toml_tables(robot.actuators, [](const ActuatorPlan& actuator, TomlLines& fields) {
                   fields.add("name", actuator.name);
                   fields.add("low", actuator.low);
                   fields.add("high", actuator.high);
                 }));
  lines.add_text("action",
                 toml_tables(robot.action, [](const ActionCoordinate& coordinate, TomlLines& fields) {
                   fields.add("name", coordinate.name);
                   fields.add("low", coordinate.low);
                   fields.add("high", coordinate.high);
                 }));
  lines.add_text("limits", toml_tables(robot.limits, [](const LimitPlan& limit, TomlLines& fields) {
                   fields.add("kind", limit_words[limit.kind]);
                   fields.add("joint", limit.joint);
                   fields.add("low", limit.low);
                   fields.add("high", limit.high);
                 }));
  if (robot.drive) lines.add_text("drive", toml_block(to_text(*robot.drive)));
  return lines.text();
}

InstructionProgram read_program(TomlFields& fields, std::string_view key) {
  auto program = parse_program(fields.text(key));
  if (program) return std::move(*program);
  fields.fail(key, program.error().message);
  return {};
}

RobotPlan read_robot(TomlFields fields) {
  RobotPlan robot;
  robot.name = fields.text("name");
  if (fields.has("point_dimensions"))
    robot.point_dimensions = static_cast<int>(fields.integer("point_dimensions", 1, most_numbers));
  else
    robot.model = fields.text("model");
  robot.control_period = fields.number("control_period");
  fields.each_table("actuators", [&](TomlFields& actuator) {
    robot.actuators.push_back({actuator.text("name"), actuator.number("low"), actuator.number("high")});
    actuator.done();
  });
  fields.each_table("action", [&](TomlFields& coordinate) {
    robot.action.push_back({coordinate.text("name"), coordinate.number("low"), coordinate.number("high")});
    coordinate.done();
  });
  fields.each_table("limits", [&](TomlFields& limit) {
    const auto kind = read_enumeration<LimitPlan::Kind>(limit, "kind", limit_words);
    robot.limits.push_back({kind, limit.text("joint"), limit.number("low"), limit.number("high")});
    limit.done();
  });
  if (fields.has("drive")) robot.drive = read_program(fields, "drive");
  fields.done();
  return robot;
}

std::optional<std::string> wrong_with(const RobotPlan& robot) {
  if (!(robot.control_period > 0 && robot.control_period <= 3600))
    return "its control period is not in (0, 3600] s";
  if (robot.action.empty()) return "its robot has no action";
  for (const ActionCoordinate& coordinate : robot.action) {
    const bool finite = std::isfinite(coordinate.low) && std::isfinite(coordinate.high);
    if (!finite || coordinate.low > coordinate.high) return "the range of an action is not one";
  }
  for (const ActuatorPlan& actuator : robot.actuators)
    if (!(actuator.low <= actuator.high)) return "the range of an actuator is not one";
  for (const LimitPlan& limit : robot.limits)
    if (!(limit.low <= limit.high)) return "a limit is not a range";
  if (!robot.drive) {
    if (robot.actuators.size() == robot.action.size()) return std::nullopt;
    return "it has no `drive`, and not an action for each actuator";
  }
  for (const ActuatorPlan& actuator : robot.actuators) {
    const Output* output = robot.drive->find(actuator.name);
    if (output == nullptr || output->n != 1)
      return "the program `drive` has no output `" + actuator.name.substr(0, 80) + "` of length 1";
  }
  return std::nullopt;
}

}  // namespace motet

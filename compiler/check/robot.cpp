// Robots: the model, and how often it acts.

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "compiler/check/robot_parts.h"

namespace motet::checking {

namespace {

constexpr int most_dimensions = 16;
constexpr double longest_step = 60;  // s

void missing_items(RobotCheck& check) {
  const auto& items = check.syntax.items;
  report_missing(check.context.report, "robot", check.syntax.name,
                 {{find_item<syntax::ModelItem>(items), "model", "model \"robot.xml\""},
                  {find_item<syntax::ActItem>(items), "act", "act motors"},
                  {find_item<syntax::ControlItem>(items), "control", "control 20 Hz"}});
}

void check_point(RobotCheck& check, const syntax::Expr& call) {
  Report& report = check.context.report;
  if (call.text != "point" || call.children.size() != 1) {
    report.add({.code = Code::M0305,
                .message = "a model is a file or `point(N)`",
                .primary = {call.span, ""},
                .help = {"such as `model \"arm.xml\"` or `model point(2)`"}});
    return;
  }
  const auto dimensions = check.context.constant_number(call.children[0], check.module, powers::number,
                                                        "the number of dimensions");
  if (!dimensions) return;
  if (!(*dimensions >= 1 && *dimensions <= most_dimensions) || *dimensions != std::floor(*dimensions)) {
    report.add({.code = Code::M0407,
                .message = "a point has 1 to " + std::to_string(most_dimensions) + " dimensions",
                .primary = {call.children[0].span, ""}});
    return;
  }
  check.robot.node.point_dimensions = static_cast<int>(*dimensions);
  check.has_body = true;
}

void check_model(RobotCheck& check) {
  const auto* item = find_item<syntax::ModelItem>(check.syntax.items);
  if (item == nullptr) return;
  CheckedRobot& robot = check.robot;
  robot.model_item = item;
  if (item->source.kind == syntax::Expr::Kind::call) return check_point(check, item->source);
  robot.model = check.context.load(check.module, item->source);
  if (!robot.model) return;
  robot.node.model_file = robot.model->file;
  robot.node.model = {robot.model, &robot.model->info};
  check.has_body = true;
}

void check_control(RobotCheck& check) {
  const auto* item = find_item<syntax::ControlItem>(check.syntax.items);
  if (item == nullptr) return;
  const auto rate = check.context.constant(item->rate, check.module);
  if (!rate) return;
  const auto& powers = rate->quantity.powers;
  const bool is_rate = powers == powers::frequency, is_period = powers == powers::time;
  if (!rate->scalar() || !(is_rate || is_period)) {
    check.context.report.add(
        {.code = Code::M0406,
         .message = "`control` takes a rate or a period",
         .primary = {item->rate.span, powers ? "in " + to_text(*powers) : "without a unit"},
         .help = {"such as `control 20 Hz` or `control 50 ms`"}});
    return;
  }
  const double period = is_rate ? 1 / rate->values[0] : rate->values[0];
  if (!(period > 0 && period <= longest_step)) {
    check.context.report.add({.code = Code::M0407,
                              .message = "a control step lasts more than nothing and at most a minute",
                              .primary = {item->rate.span, ""}});
    return;
  }
  check.robot.node.control_period = period;
  const auto& model = check.robot.model;
  if (!model) return;
  const double timestep = model->info.timestep;
  if (!whole_steps(period, timestep))
    return check.context.report.add(uneven_control(item->rate.span, period, timestep));
  // 33.3333 Hz is meant as 30 ms.
  const double whole = std::round(period / timestep) * timestep;
  if (std::abs(whole - period) > 1e-12 * period) check.robot.node.control_period = whole;
}

// Worlds elaborate it again, in their scenes. Here it is checked against the robot itself.
void check_observation(RobotCheck& check) {
  const Scenery scenery = check.scenery();
  TermTable terms;
  Elaborator elaborator(check.context.shared(), terms, scenery);
  for (const auto* item : check.robot.observes)
    for (const syntax::Expr& term : item->terms)
      elaborator.numbers(term, {.module = check.module}, Place::observation);
}

}  // namespace

Scenery RobotCheck::scenery() const {
  Scenery scenery;
  scenery.body = robot.model ? Scenery::Body::model : Scenery::Body::point;
  scenery.model = robot.model;
  scenery.point_dimensions = static_cast<std::uint32_t>(robot.node.point_dimensions);
  scenery.action_size = acts ? static_cast<std::uint32_t>(robot.node.action.size()) : 0;
  scenery.control_period = robot.node.control_period;
  return scenery;
}

Diagnostic wider_than_model(Span span, const std::string& what, double low, double high) {
  return {.code = Code::M0505,
          .message = "this is wider than " + what,
          .primary = {span, ""},
          .notes = {"the model has [" + rounded(low) + ", " + rounded(high) + "], and that holds too"}};
}

bool whole_steps(double period, double timestep) {
  const double steps = period / timestep;
  return steps > 0.5 && std::abs(steps - std::round(steps)) <= 1e-6 * steps;
}

Diagnostic uneven_control(Span span, double period, double timestep) {
  // As a rate, where a round one hits it; else as a period.
  const auto written = [&](double steps) {
    const std::string rate = rounded(1 / (steps * timestep));
    const double said = std::strtod(rate.c_str(), nullptr);  // std::stod throws at the edge of the range
    if (std::abs(1 / said / timestep - steps) <= 1e-9 * steps) return ticked(rate + " Hz");
    return ticked(rounded(1000 * steps * timestep) + " ms");
  };
  const double steps = period / timestep;
  const double fewer = std::max(1.0, std::floor(steps));
  const std::string near = steps < 1 ? written(1) : written(fewer) + " or " + written(fewer + 1);
  return {.code = Code::M0504,
          .message = "a control step is no whole number of physics steps",
          .primary = {span, rounded(steps) + " physics steps"},
          .notes = {"the model's physics step is " + rounded(timestep) + " s"},
          .help = {"the nearest that fit: " + near}};
}

void check_robot(Context& context, DeclaredId id) {
  CheckedRobot& robot = context.robots.emplace_back();
  robot.id = id;
  robot.index = context.robots.size() - 1;
  context.robot_of[id] = &robot;
  RobotCheck check{context, robot, context.scope[id].module, context.robot_syntax(id)};
  robot.node.name = context.scope.display_name(id);
  robot.node.span = check.syntax.name.span;
  robot.observes = find_items<syntax::ObserveItem>(check.syntax.items);
  missing_items(check);
  check_model(check);
  check_control(check);
  check_actions(check);
  robot.sound = check.has_body && check.acts && robot.node.control_period > 0;
  if (!check.has_body) return;
  check_limits(check);
  check_observation(check);
}

}  // namespace motet::checking

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "cli/command.h"
#include "runtime/bundle/bundle.h"

namespace motet::cli {

namespace {

constexpr std::size_t widest_name = 60;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string range(double low, double high) {
  return "[" + number(low) + ", " + number(high) + "]";
}

std::string hertz(double period) {
  return number(1 / period) + " Hz";
}

// "  LABEL   first   second ...", in columns as wide as their widest.
std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i == widths.size()) widths.push_back(0);
      widths[i] = std::max(widths[i], row[i].size());
    }
  std::string text;
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < row.size(); ++i)
      line += " " + row[i] + std::string(widths[i] - row[i].size() + 1, ' ');
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string shortened(const std::string& name) {
  return name.size() <= widest_name ? name : name.substr(0, widest_name - 3) + "...";
}

std::string policy_text(const LayerContract& layer) {
  constexpr const char* kinds[] = {"gaussian", "flow", "sampler"};
  const PolicyShape& policy = layer.policy;
  std::string text = kinds[static_cast<int>(policy.kind)];
  if (policy.kind == PolicyKind::flow)
    text += " of " + std::to_string(policy.couplings) + " couplings" +
            (policy.below.empty() ? "" : " and " + std::to_string(policy.below.size()) + " more layers");
  std::string units;
  for (const std::int64_t size : policy.hidden) units += (units.empty() ? "" : ", ") + std::to_string(size);
  return text + ", units " + units;
}

std::vector<std::vector<std::string>> observation_rows(const Contract& contract) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < contract.observation_names.size(); ++i)
    rows.push_back({std::to_string(i), shortened(contract.observation_names[i]),
                    i < contract.observation_units.size() ? contract.observation_units[i] : ""});
  return rows;
}

std::vector<std::vector<std::string>> layer_rows(const Bundle& bundle) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < bundle.contract.layers.size(); ++i) {
    const LayerContract& layer = bundle.contract.layers[i];
    rows.push_back({layer.skill, policy_text(layer), "sees " + std::to_string(layer.columns.size()),
                    std::to_string(bundle.weights[i].parameters.values().size()) + " weights",
                    layer.hold == 1 ? "every step" : "every " + std::to_string(layer.hold) + " steps"});
  }
  return rows;
}

std::vector<std::vector<std::string>> actuator_rows(const Contract& contract) {
  constexpr const char* kinds[] = {"effort", "position servo", "velocity servo", "general"};
  std::vector<std::vector<std::string>> rows;
  for (const ActuatorContract& actuator : contract.actuators) {
    std::vector<std::string> row = {actuator.name, kinds[static_cast<int>(actuator.kind)],
                                    range(actuator.low, actuator.high)};
    row.push_back(actuator.joint.empty() ? "" : "of joint " + actuator.joint);
    const bool servo = actuator.kind == ActuatorContract::Kind::position;
    row.push_back(servo ? "stiffness " + number(actuator.gain) + ", damping " + number(actuator.damping)
                        : "gear " + number(actuator.gear * actuator.gain));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::vector<std::string>> limit_rows(const RobotPlan& robot) {
  constexpr const char* kinds[] = {"position", "velocity", "effort", "rate of actions"};
  std::vector<std::vector<std::string>> rows;
  for (const LimitPlan& limit : robot.limits) {
    const bool rate = limit.kind == LimitPlan::Kind::action_rate;
    rows.push_back({kinds[static_cast<int>(limit.kind)],
                    limit.joint.empty() ? (rate ? "" : "every joint") : limit.joint,
                    rate ? "at most " + number(limit.high) + " a second" : range(limit.low, limit.high)});
  }
  return rows;
}

std::string inspected(const Bundle& bundle) {
  const Contract& contract = bundle.contract;
  const RobotPlan& robot = contract.robot;
  std::string text = contract.skill + "\n";
  std::vector<std::vector<std::string>> head = {
      {"trained", std::to_string(contract.steps) + " steps with seed " + std::to_string(contract.seed) +
                      ", in " + contract.world + " of " + contract.program},
      {"by", "Motet " + contract.motet + ", program " + contract.program_hash.substr(0, 12) + ", skill " +
                 contract.skill_hash.substr(0, 12)},
      {"robot", robot.name + ", at " + hertz(robot.control_period)}};
  if (robot.drive)
    head.push_back({"drives", "by a program of " + std::to_string(robot.drive->code.size()) +
                                  " instructions, at " + hertz(contract.drive_period)});
  if (contract.latent == "episode") head.push_back({"latent", "drawn once an episode"});
  text += table(head) + "\nobserves\n" + table(observation_rows(contract));
  text += "\npolicies, from the top\n" + table(layer_rows(bundle));
  std::vector<std::vector<std::string>> action;
  for (const ActionCoordinate& coordinate : robot.action)
    action.push_back({coordinate.name, range(coordinate.low, coordinate.high)});
  text += "\nacts\n" + table(action) + "\nactuators\n" + table(actuator_rows(contract));
  if (!robot.limits.empty()) text += "\nlimits\n" + table(limit_rows(robot));
  std::vector<std::vector<std::string>> files;
  for (const TarMember& file : bundle.files)
    files.push_back({file.name, std::to_string(file.content.size()) + " bytes"});
  if (!files.empty()) text += "\ncarries\n" + table(files);
  return text;
}

int run(const Arguments& arguments) {
  const std::string form = arguments.value("--format").value_or("text");
  if (form != "text" && form != "toml") {
    complain("`--format` is text or toml, not `" + form + "`");
    return wrong_usage;
  }
  const Result<Bundle> bundle = read_bundle(arguments.positional[0]);
  if (!bundle) return fail(bundle.error(), wrong_input);
  std::cout << (form == "toml" ? to_toml(bundle->contract) : inspected(*bundle));
  return done;
}

}  // namespace

Command inspect_command() {
  return {
      .name = "inspect",
      .operands = "BUNDLE",
      .summary = "what is in a bundle, after all of it has been checked",
      .description =
          "Prints what a robot's computer must know of the skill: what it observes, in this order and in\n"
          "these units; its policies; what its actions drive, how often, and within which limits. A bundle\n"
          "that is damaged, or could not be executed, is refused and the reason given.",
      .options = {{"--format", "text|toml", "text (the default), or bundle.toml as it is in the file"}},
      .examples = {{"motet inspect reach.motetpack", "what does it promise?"},
                   {"tar xf reach.motetpack", "a bundle is a tar"}},
      .least = 1,
      .most = 1,
      .run = run};
}

}  // namespace motet::cli

// A world with a reward, as instructions and plain numbers.

#include <map>

#include "compiler/lower.h"
#include "compiler/lower_paths.h"
#include "compiler/observation_units.h"
#include "compiler/plan/sha256.h"

namespace motet {

namespace {

Output output_of(const InstructionProgram& program, const std::string& name) {
  const Output* output = program.find(name);
  return output == nullptr ? Output{} : *output;
}

void lower_reset(const Environment& environment, EnvironmentPlan& plan) {
  std::vector<NamedTerm> outputs;
  for (const NamedTerm& sample : environment.samples)
    outputs.push_back({"sample." + sample.name, sample.term});
  for (std::size_t i = 0; i < environment.resets.size(); ++i)
    outputs.push_back({"reset." + std::to_string(i), environment.resets[i].value});
  plan.reset = lower(environment.terms, outputs);

  for (const NamedTerm& sample : environment.samples) {
    plan.samples.push_back(output_of(plan.reset, "sample." + sample.name));
    plan.samples.back().name = sample.name;
  }
  for (std::size_t i = 0; i < environment.resets.size(); ++i) {
    const ResetNode& reset = environment.resets[i];
    plan.resets.push_back(
        {reset.target, reset.offset, reset.add, output_of(plan.reset, "reset." + std::to_string(i))});
  }
}

std::string expression(const TermTable& terms, TermId id) {
  constexpr std::size_t longest = 120;
  std::string text = to_text(terms, id);
  if (text.size() > longest) text = text.substr(0, longest - 20) + "... #" + sha256_hex(text).substr(0, 12);
  return text;
}

std::string steps_ago(std::uint32_t steps) {
  return ", " + std::to_string(steps) + (steps == 1 ? " step ago" : " steps ago");
}

// The expression of each coordinate: of a vector that is put together, those of its parts; of a history,
// those of what it keeps.
std::vector<std::string> expressions(const TermTable& terms, TermId id) {
  const Term& term = terms[id];
  std::vector<std::string> all;
  const auto add = [&](const std::vector<std::string>& some, const std::string& ending = "") {
    for (const std::string& one : some) all.push_back(one + ending);
  };
  if (term.kind == Term::Kind::concat) {
    for (const TermId part : term.args) add(expressions(terms, part));
  } else if (term.kind == Term::Kind::slice) {
    const std::vector<std::string> whole = expressions(terms, term.args[0]);
    all.assign(whole.begin() + term.offset, whole.begin() + term.offset + term.length);
  } else if (term.kind == Term::Kind::history) {
    const std::vector<std::string> kept = expressions(terms, term.args[0]);
    for (std::uint32_t steps = term.offset; steps-- > 0;) add(kept, steps == 0 ? "" : steps_ago(steps));
  } else {
    const std::string text = expression(terms, id);
    for (std::uint32_t i = 0; i < term.length; ++i)
      all.push_back(term.length == 1 ? text : text + "[" + std::to_string(i) + "]");
  }
  return all;
}

// A name for each coordinate of the term: equal expressions have equal names, and what is observed a second
// time is "NAME (2)".
std::vector<std::string> coordinate_names(const TermTable& terms, TermId observation) {
  std::vector<std::string> names = expressions(terms, observation);
  std::map<std::string, int> seen;
  for (std::string& name : names)
    if (const int times = ++seen[name]; times > 1) name += " (" + std::to_string(times) + ")";
  return names;
}

void lower_step(const PolicyGraph& graph, const Environment& environment, EnvironmentPlan& plan) {
  std::vector<NamedTerm> outputs = {{"observation", environment.observation}};
  if (environment.reward) outputs.push_back({"reward", *environment.reward});
  if (environment.end) outputs.push_back({"end", *environment.end});
  if (environment.success) outputs.push_back({"success", *environment.success});
  for (const RewardTerm& term : environment.reward_terms) {
    const std::string& name = graph.rewards[term.reward].name;
    outputs.push_back({"reward." + name, term.value});
    plan.reward_terms.push_back({name, term.weight});
  }
  for (const NamedTerm& part : environment.part_rewards) {
    outputs.push_back({"part." + part.name, part.term});
    plan.part_rewards.push_back(part.name);
  }
  for (const MeasureNode& measure : environment.measures) {
    outputs.push_back({"measure." + measure.name, measure.value});
    plan.measures.push_back({measure.name, measure.over});
  }
  plan.step = lower(environment.terms, outputs);
  plan.observation_size = static_cast<int>(environment.terms[environment.observation].length);
  plan.observation_names = coordinate_names(environment.terms, environment.observation);
  const WorldNode& world = graph.worlds[environment.world];
  plan.observation_units =
      observation_units(environment, world.model.get(), graph.robots[world.robot].control_period);
}

}  // namespace

EnvironmentPlan lower_environment(const PolicyGraph& graph, const Environment& environment,
                                  const std::vector<std::filesystem::path>& library) {
  const WorldNode& world = graph.worlds[environment.world];
  const RobotNode& robot = graph.robots[world.robot];
  const auto path_of = [&](const std::filesystem::path& file) {
    if (file.empty()) return std::string();
    const std::string path = plan_path(file, graph.program.parent_path(), library);
    return path.empty() ? file.generic_string() : path;
  };

  EnvironmentPlan plan;
  plan.world = world.name;
  plan.scene = path_of(world.scene_file);
  plan.horizon = world.horizon;
  plan.robot.name = robot.name;
  plan.robot.model = path_of(robot.model_file);
  plan.robot.point_dimensions = robot.point_dimensions;
  plan.robot.control_period = robot.control_period;
  plan.robot.actuators = robot.actuators;
  plan.robot.action = robot.action;
  plan.robot.limits = robot.limits;
  if (!robot.drives.empty()) {
    std::vector<NamedTerm> drives;
    for (const DriveNode& drive : robot.drives) drives.push_back({drive.actuator, drive.value});
    plan.robot.drive = lower(robot.terms, drives);
  }
  lower_reset(environment, plan);
  lower_step(graph, environment, plan);

  const std::filesystem::path& loaded = world.scene_file.empty() ? robot.model_file : world.scene_file;
  if (!loaded.empty())
    if (const auto hash = model_hash(loaded)) plan.model_hash = *hash;
  return plan;
}

}  // namespace motet

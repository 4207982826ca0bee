// A contract as TOML, both ways.

#include <cmath>

#include "compiler/toml/fields.h"
#include "compiler/toml/lines.h"
#include "compiler/toml/robot.h"
#include "compiler/toml/text.h"
#include "runtime/bundle/contract.h"

namespace motet {
namespace {

constexpr Words<4> joint_words = {{"free", "ball", "slide", "hinge"}};
constexpr Words<4> actuator_words = {{"effort", "position", "velocity", "general"}};
constexpr Words<3> policy_words = {{"gaussian", "flow", "sampler"}};
constexpr Words<2> latent_words = {{"step", "episode"}};
constexpr std::int64_t most_steps = 1'000'000'000'000;
constexpr std::int64_t most_units = 1 << 16;       // of a layer of a network
constexpr std::int64_t most_parameters = 1 << 28;  // of a policy: 1 GiB
constexpr std::size_t most_policies = 64, most_networks = 256;
constexpr double most_substeps = 10'000;

static_assert(joint_words[JointContract::Type::hinge] == "hinge");
static_assert(actuator_words[ActuatorContract::Kind::general] == "general");
static_assert(policy_words[PolicyKind::sampler] == "sampler");

// --- writing ---

std::string observation_text(const Contract& contract) {
  struct Coordinate {
    const std::string& name;
    std::string unit;
  };
  std::vector<Coordinate> coordinates;
  for (std::size_t i = 0; i < contract.observation_names.size(); ++i)
    coordinates.push_back({contract.observation_names[i],
                           contract.observation_units.empty() ? "" : contract.observation_units[i]});
  TomlLines lines;
  lines.add_text("coordinates", toml_tables(coordinates, [](const Coordinate& one, TomlLines& fields) {
                   fields.add("name", one.name);
                   fields.add("unit", one.unit);
                 }));
  lines.add_text("program", toml_block(to_text(contract.observe)));
  return lines.text();
}

void joint_fields(const JointContract& joint, TomlLines& fields) {
  fields.add("name", joint.name);
  fields.add("type", joint_words[joint.type]);
  fields.add("qpos", joint.qpos);
  fields.add("qvel", joint.qvel);
  if (!joint.limited) return;
  fields.add("low", joint.low);
  fields.add("high", joint.high);
}

void actuator_fields(const ActuatorContract& actuator, TomlLines& fields) {
  fields.add("name", actuator.name);
  fields.add("joint", actuator.joint);
  fields.add("kind", actuator_words[actuator.kind]);
  fields.add("low", actuator.low);
  fields.add("high", actuator.high);
  fields.add("gear", actuator.gear);
  fields.add("gain", actuator.gain);
  fields.add("damping", actuator.damping);
}

std::string layer_text(const LayerContract& layer) {
  const PolicyShape& policy = layer.policy;
  TomlLines lines;
  lines.add("skill", layer.skill);
  lines.add("policy", policy_words[policy.kind]);
  lines.add("hold", layer.hold);
  lines.add("bounded", policy.bounded);
  lines.add("hidden", policy.hidden);
  if (policy.kind == PolicyKind::flow) {
    lines.add("couplings", policy.couplings);
    lines.add("units", policy.units);
    lines.add_text("below", toml_tables(policy.below, [](const FlowLayer& below, TomlLines& fields) {
                     fields.add("embedding", below.embedding);
                     fields.add("couplings", below.couplings);
                     fields.add("units", below.units);
                   }));
  }
  if (layer.noise_set > 0) lines.add("noise_set", layer.noise_set);
  lines.add("observes", layer.columns);
  return lines.text();
}

// --- reading ---

std::vector<std::int64_t> read_sizes(TomlFields& fields, std::string_view key) {
  std::vector<std::int64_t> sizes = fields.integers(key, 1, most_units);
  if (sizes.size() > most_networks) fields.fail(key, "these are too many layers");
  return sizes;
}

FlowLayer read_flow_layer(TomlFields& fields) {
  FlowLayer layer;
  layer.embedding = read_sizes(fields, "embedding");
  layer.couplings = fields.integer("couplings", 1, most_networks);
  layer.units = fields.integer("units", 1, most_units);
  fields.done();
  return layer;
}

// Of a policy whose every width is within bounds; too many are refused before they are counted up.
bool is_too_large(const PolicyShape& policy) {
  double count = 0;
  const auto add = [&](const MlpSizes& sizes) {
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i)
      count += (static_cast<double>(sizes[i]) + 1) * static_cast<double>(sizes[i + 1]);
  };
  if (policy.kind != PolicyKind::flow) {
    add(policy.sizes());
  } else {
    for (const FlowNetwork& network : policy.flow().networks()) add(network.sizes);
  }
  return count > static_cast<double>(most_parameters);
}

LayerContract read_layer(TomlFields& fields, const Contract& contract) {
  LayerContract layer;
  PolicyShape& policy = layer.policy;
  layer.skill = fields.text("skill");
  policy.kind = read_enumeration<PolicyKind>(fields, "policy", policy_words);
  layer.hold = fields.integer("hold", 1, most_steps);
  policy.bounded = fields.boolean("bounded");
  policy.hidden = read_sizes(fields, "hidden");
  if (policy.kind == PolicyKind::flow) {
    policy.couplings = fields.integer("couplings", 1, most_networks);
    policy.units = fields.integer("units", 1, most_units);
    fields.each_table("below", [&](TomlFields& below) { policy.below.push_back(read_flow_layer(below)); });
    if (policy.below.size() >= most_policies) fields.fail("below", "these are too many layers");
  }
  if (fields.has("noise_set")) layer.noise_set = fields.integer("noise_set", 1, most_units);
  if (layer.noise_set > 0 && policy.kind != PolicyKind::sampler)
    fields.fail("noise_set", "only a sampler has one");
  layer.columns = fields.integers("observes", 0, contract.observation_size() - 1);
  if (layer.columns.empty() || layer.columns.size() > static_cast<std::size_t>(most_units))
    fields.fail("observes", "a policy sees from 1 to " + std::to_string(most_units) + " numbers");
  policy.observation_size = static_cast<std::int64_t>(layer.columns.size());
  policy.action_size = contract.action_size();
  if (!fields.error() && is_too_large(policy)) fields.fail("policy", "its networks are too large");
  fields.done();
  return layer;
}

JointContract read_joint(TomlFields& fields) {
  JointContract joint;
  joint.name = fields.text("name");
  joint.type = read_enumeration<JointContract::Type>(fields, "type", joint_words);
  joint.qpos = fields.integer("qpos", 0, most_numbers);
  joint.qvel = fields.integer("qvel", 0, most_numbers);
  joint.limited = fields.has("low");
  if (joint.limited) {
    joint.low = fields.number("low");
    joint.high = fields.number("high");
    if (!(joint.low <= joint.high)) fields.fail("low", "the range of a joint is not one");
  }
  fields.done();
  return joint;
}

ActuatorContract read_actuator(TomlFields& fields) {
  ActuatorContract actuator;
  actuator.name = fields.text("name");
  actuator.joint = fields.text("joint");
  actuator.kind = read_enumeration<ActuatorContract::Kind>(fields, "kind", actuator_words);
  actuator.low = fields.number("low");
  actuator.high = fields.number("high");
  actuator.gear = fields.number("gear");
  actuator.gain = fields.number("gain");
  actuator.damping = fields.number("damping");
  if (!(actuator.low <= actuator.high)) fields.fail("low", "the range of an actuator is not one");
  if (!std::isfinite(actuator.gear) || !std::isfinite(actuator.gain) || !std::isfinite(actuator.damping))
    fields.fail("gear", "it is not finite");
  fields.done();
  return actuator;
}

void read_observation(TomlFields fields, Contract& contract) {
  fields.each_table("coordinates", [&](TomlFields& one) {
    contract.observation_names.push_back(one.text("name"));
    contract.observation_units.push_back(one.text("unit"));
    one.done();
  });
  contract.observe = read_program(fields, "program");
  const Output* output = contract.observe.find("observation");
  if (output == nullptr || output->n != contract.observation_names.size() || output->n == 0)
    fields.fail("program", "it has no output `observation` of as many numbers as there are coordinates");
  fields.done();
}

void check_robot(TomlFields& fields, const Contract& contract) {
  const RobotPlan& robot = contract.robot;
  if (const auto wrong = wrong_with(robot)) return fields.fail("robot", *wrong);
  if (!(contract.drive_period > 0) || contract.drive_period > robot.control_period * 1.0001 ||
      robot.control_period / contract.drive_period > most_substeps)
    return fields.fail("drive_period", "it is no part of the robot's control period");
  bool same = contract.actuators.size() == robot.actuators.size();
  for (std::size_t i = 0; same && i < robot.actuators.size(); ++i)
    same = contract.actuators[i].name == robot.actuators[i].name;
  if (!same) fields.fail("actuators", "they are not those of the robot, in its order");
}

void check_layers(TomlFields& fields, const Contract& contract) {
  if (contract.layers.empty() || contract.layers.size() > most_policies)
    return fields.fail("layer", "there is not from 1 to " + std::to_string(most_policies) + " of them");
  for (std::size_t i = 0; i < contract.layers.size(); ++i) {
    const LayerContract& layer = contract.layers[i];
    const bool bottom = i + 1 == contract.layers.size();
    if (i > 0 && layer.policy.kind != PolicyKind::flow)
      return fields.fail("layer", "`" + layer.skill.substr(0, 80) + "` is stood upon, and is no flow");
    if (layer.policy.bounded != bottom)
      return fields.fail("layer", "the lowest policy, and no other, has bounded actions");
    if (!bottom && layer.hold % contract.layers[i + 1].hold != 0)
      return fields.fail("layer",
                         "`" + layer.skill.substr(0, 80) + "` is not held for whole steps of the one below");
  }
}

}  // namespace

std::string to_toml(const Contract& contract) {
  TomlLines head, control;
  head.add("version", bundle_version);
  head.add("motet", contract.motet);
  head.add("skill", contract.skill);
  head.add("skill_hash", contract.skill_hash);
  head.add("program", contract.program);
  head.add("program_hash", contract.program_hash);
  head.add("world", contract.world);
  head.add("seed", contract.seed);
  head.add("steps", contract.steps);
  head.add("latent", contract.latent);
  head.add("drive_period", contract.drive_period);
  control.add_text("joints", toml_tables(contract.joints, joint_fields));
  control.add_text("actuators", toml_tables(contract.actuators, actuator_fields));
  std::string text =
      "# A trained skill, as a robot's computer has to know it: what it observes, in this order; the "
      "policies\n"
      "# from the top; and what its actions drive. SI units. The weights are in weights.safetensors.\n" +
      head.text() + control.text() + "\n[robot]\n" + robot_toml(contract.robot) + "\n[observation]\n" +
      observation_text(contract);
  for (const LayerContract& layer : contract.layers) text += "\n[[layer]]\n" + layer_text(layer);
  return text;
}

Result<Contract> contract_from_toml(std::string_view text) {
  const auto parsed = parse_toml(text);
  if (const TomlError* wrong = std::get_if<TomlError>(&parsed))
    return Error{"line " + std::to_string(wrong->line) + ": " + wrong->message};
  FirstError error;
  Contract contract;
  TomlFields fields(std::get<toml::table>(parsed), "", error);
  const std::int64_t version = fields.integer("version", 1, most_steps);
  if (!error && version > bundle_version)
    return Error{"it is of form " + std::to_string(version) + ", and this Motet reads up to " +
                 std::to_string(bundle_version) + "; use a newer one"};
  contract.motet = fields.text("motet");
  contract.skill = fields.text("skill");
  contract.skill_hash = fields.text("skill_hash");
  contract.program = fields.text("program");
  contract.program_hash = fields.text("program_hash");
  contract.world = fields.text("world");
  contract.seed = fields.integer("seed", 0, most_steps);
  contract.steps = fields.integer("steps", 0, most_steps);
  contract.latent = std::string(latent_words[fields.word("latent", latent_words)]);
  contract.drive_period = fields.number("drive_period");
  fields.each_table("joints", [&](TomlFields& joint) { contract.joints.push_back(read_joint(joint)); });
  fields.each_table("actuators",
                    [&](TomlFields& actuator) { contract.actuators.push_back(read_actuator(actuator)); });
  contract.robot = read_robot(fields.table("robot"));
  read_observation(fields.table("observation"), contract);
  if (!error) check_robot(fields, contract);
  if (!error)
    fields.each_table("layer",
                      [&](TomlFields& layer) { contract.layers.push_back(read_layer(layer, contract)); });
  if (!error) check_layers(fields, contract);
  fields.done();
  if (error) return Error{error.message()};
  return contract;
}

}  // namespace motet

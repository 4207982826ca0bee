#include "runtime/bundle/untrained.h"

namespace motet {

Bundle untrained_bundle(const std::vector<PolicyShape>& policies, std::int64_t hold, Random& random) {
  const std::int64_t n = policies.front().observation_size, m = policies.front().action_size;
  Bundle bundle;
  Contract& contract = bundle.contract;
  contract.skill = "untrained";
  contract.robot.name = "motors";
  contract.robot.model = "motors.xml";
  contract.robot.control_period = contract.drive_period = 0.02;
  for (std::int64_t i = 0; i < m; ++i) {
    const std::string name = "motor_" + std::to_string(i);
    contract.robot.actuators.push_back({name, -1, 1});
    contract.robot.action.push_back({name, -1, 1});
    contract.actuators.push_back({.name = name, .joint = "", .kind = ActuatorContract::Kind::effort});
  }
  const auto registers = static_cast<std::uint32_t>(n);
  contract.observe.registers = registers;
  contract.observe.loads.push_back({{.kind = SignalKind::qpos, .length = registers}, 0});
  contract.observe.outputs.push_back({"observation", 0, registers});
  for (std::int64_t i = 0; i < n; ++i) {
    contract.observation_names.push_back("qpos[" + std::to_string(i) + "]");
    contract.observation_units.emplace_back();
  }
  std::int64_t held = 1;
  for (std::size_t i = 1; i < policies.size(); ++i) held *= hold;
  for (const PolicyShape& policy : policies) {
    LayerContract layer;
    layer.skill = "layer_" + std::to_string(contract.layers.size());
    layer.policy = policy;
    layer.policy.bounded = contract.layers.size() + 1 == policies.size();
    layer.hold = held;
    held /= hold;
    for (std::int64_t i = 0; i < n; ++i) layer.columns.push_back(i);
    AlignedFloats parameters(static_cast<std::size_t>(policy.parameters()));
    initialize_policy(policy, parameters.values(), random);
    bundle.weights.push_back({std::move(parameters), {}});
    contract.layers.push_back(std::move(layer));
  }
  return bundle;
}

}  // namespace motet

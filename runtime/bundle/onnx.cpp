#include "runtime/bundle/onnx.h"

#include <limits>

#include "compiler/plan/text_line.h"
#include "runtime/bundle/onnx_graph.h"
#include "runtime/bundle/onnx_inputs.h"
#include "runtime/bundle/onnx_policy.h"
#include "runtime/bundle/onnx_program.h"
#include "runtime/bundle/tensor_header.h"

namespace motet {
namespace {

constexpr std::int64_t ir_version = 8, opset_version = 13;
constexpr std::size_t most_bytes = std::numeric_limits<std::int32_t>::max();

// Numbers of fields, by message.
namespace model_field {
constexpr std::uint32_t ir_version = 1, producer = 2, producer_version = 3, documentation = 6, graph = 7,
                        opset = 8, metadata = 14;
}
namespace opset_field {
constexpr std::uint32_t domain = 1, version = 2;
}
namespace entry_field {
constexpr std::uint32_t key = 1, value = 2;
}

template <typename Items, typename Text>
std::string json_list(const Items& items, Text text, const char* brackets = "[]") {
  std::string list(1, brackets[0]);
  for (const auto& item : items) list += (list.size() > 1 ? "," : "") + text(item);
  return list + brackets[1];
}

std::string json_texts(const std::vector<std::string>& texts) {
  return json_list(texts, [](const std::string& text) { return json_quoted(text); });
}

std::string json_inputs(const Contract& contract, const std::vector<std::string>& names) {
  std::size_t i = 0;
  const auto one = [&](const SignalLoad& load) {
    const std::string& name = names[i++];
    std::vector<std::string> coordinate_names, units;
    for (const InputCoordinate& each : input_coordinates(load.signal, name, contract)) {
      coordinate_names.push_back(each.name);
      units.push_back(each.unit);
    }
    return json_quoted(name) + ":{\"names\":" + json_texts(coordinate_names) +
           ",\"units\":" + json_texts(units) + "}";
  };
  return json_list(contract.observe.loads, one, "{}");
}

std::string json_actions(const Contract& contract) {
  return json_list(contract.robot.action, [](const ActionCoordinate& each) {
    return "{\"name\":" + json_quoted(each.name) + ",\"low\":" + number_text(each.low) +
           ",\"high\":" + number_text(each.high) + "}";
  });
}

// [noise_set, m] in rows.
std::string json_rows(std::span<const float> values, std::size_t columns) {
  std::vector<std::span<const float>> rows;
  for (std::size_t at = 0; at < values.size(); at += columns) rows.push_back(values.subspan(at, columns));
  return json_list(rows, [](std::span<const float> row) {
    return json_list(row, [](float value) { return number_text(value); });
  });
}

class Metadata {
 public:
  explicit Metadata(ProtobufMessage& model) : model_(model) {}

  void add(std::string_view key, std::string_view value) {
    ProtobufMessage entry;
    entry.text(entry_field::key, key);
    entry.text(entry_field::value, value);
    model_.message(model_field::metadata, entry);
  }

 private:
  ProtobufMessage& model_;
};

bool takes_latent(const Contract& contract) {
  return contract.layers.front().policy.kind != PolicyKind::gaussian;
}

void describe(ProtobufMessage& model, const Bundle& bundle, const std::vector<std::string>& inputs,
              bool has_state) {
  const Contract& contract = bundle.contract;
  Metadata metadata(model);
  metadata.add("motet", contract.motet);
  metadata.add("skill", contract.skill);
  metadata.add("skill_hash", contract.skill_hash);
  metadata.add("program", contract.program);
  metadata.add("program_hash", contract.program_hash);
  metadata.add("world", contract.world);
  metadata.add("control_period", number_text(contract.robot.control_period));
  metadata.add("inputs", json_inputs(contract, inputs));
  metadata.add("observation_names", json_texts(contract.observation_names));
  metadata.add("observation_units", json_texts(contract.observation_units));
  metadata.add("actuators", json_list(contract.actuators,
                                      [](const ActuatorContract& each) { return json_quoted(each.name); }));
  metadata.add("actions", json_actions(contract));
  if (takes_latent(contract)) metadata.add("latent", contract.latent);
  const std::vector<float>& set = bundle.weights.front().noise;
  if (!set.empty())
    metadata.add("latent_set", json_rows(set, static_cast<std::size_t>(contract.action_size())));
  if (has_state) metadata.add("reset_runs", std::to_string(evaluations_to_settle(contract.observe)));
}

// Puts all of a control step into a graph.
class Step {
 public:
  explicit Step(const Bundle& bundle)
      : bundle_(bundle),
        contract_(bundle.contract),
        inputs_(input_names(contract_.observe)),
        remembered_(remembered_registers(contract_.observe)) {}

  Status build() {
    std::vector<OnnxVector> loads;
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      loads.push_back(graph_.input(inputs_[i], contract_.observe.loads[i].signal.length));
    OnnxVector state, latent;
    if (takes_latent(contract_))
      latent = graph_.input("latent", static_cast<std::size_t>(contract_.action_size()));
    if (has_state()) state = graph_.input("state", remembered_.size());
    const Result<OnnxVector> registers = add_program(graph_, contract_.observe, loads, state, most_bytes);
    if (!registers) return registers.error();
    const OnnxVector observation = observed(*registers);
    graph_.output("action", act(observation, latent));
    graph_.output("observation", observation);
    if (has_state()) {
      for (std::size_t i = 0; i < state.size(); ++i) state[i] = (*registers)[remembered_[i]];
      graph_.output("state_next", state);
    }
    return {};
  }

  std::string model() const {
    ProtobufMessage model, opset;
    model.number(model_field::ir_version, ir_version);
    model.text(model_field::producer, "motet");
    model.text(model_field::producer_version, contract_.motet);
    model.text(model_field::documentation, "A control step of the skill `" + contract_.skill + "`.");
    model.message(model_field::graph, graph_.finish(contract_.skill));
    opset.text(opset_field::domain, "");
    opset.number(opset_field::version, opset_version);
    model.message(model_field::opset, opset);
    describe(model, bundle_, inputs_, has_state());
    return model.bytes();
  }

  std::size_t size() const { return graph_.size(); }

 private:
  bool has_state() const { return !remembered_.empty(); }

  OnnxVector observed(const OnnxVector& registers) const {
    const Output& output = *contract_.observe.find("observation");
    const auto first = registers.begin() + output.reg;
    return {first, first + output.n};
  }

  OnnxVector act(const OnnxVector& observation, OnnxVector latent) {
    for (std::size_t i = 0; i < contract_.layers.size(); ++i) {
      const LayerContract& layer = contract_.layers[i];
      OnnxVector seen;
      for (const std::int64_t column : layer.columns)
        seen.push_back(observation[static_cast<std::size_t>(column)]);
      latent = add_policy(graph_, layer.policy, bundle_.weights[i].parameters.values(),
                          "layer_" + std::to_string(i), seen, latent);
    }
    return latent;
  }

  const Bundle& bundle_;
  const Contract& contract_;
  std::vector<std::string> inputs_;
  std::vector<std::uint32_t> remembered_;
  OnnxGraph graph_;
};

}  // namespace

Result<std::string> to_onnx(const Bundle& bundle) {
  const auto refuse = [&](const std::string& why) {
    return Error{"`" + bundle.contract.skill + "` cannot be an ONNX model: " + why};
  };
  for (const LayerContract& layer : bundle.contract.layers)
    if (layer.hold != 1)
      return refuse("`" + layer.skill + "` holds its action for " + std::to_string(layer.hold) +
                    " control steps, and a model knows of one step only");
  Step step(bundle);
  if (Status built = step.build(); !built) return refuse(built.error().message);
  const std::string too_large = "it would be larger than 2 GiB";
  if (step.size() > most_bytes) return refuse(too_large);
  std::string bytes = step.model();
  if (bytes.size() > most_bytes) return refuse(too_large);
  return bytes;
}

}  // namespace motet

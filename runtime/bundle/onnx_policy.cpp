#include "runtime/bundle/onnx_policy.h"

#include "runtime/bundle/weights.h"

namespace motet {
namespace {

OnnxVector part(const OnnxVector& whole, long first, long last) {
  return {whole.begin() + first, whole.begin() + last};
}

OnnxVector join(OnnxVector a, const OnnxVector& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

class Policy {
 public:
  Policy(OnnxGraph& graph, std::span<const float> parameters, std::vector<WeightPlace> places)
      : graph_(graph), parameters_(parameters), places_(std::move(places)) {}

  // The next of the policy's networks, as Perceptron has it.
  OnnxVector perceptron(OnnxVector x, const MlpSizes& sizes) {
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
      const WeightPlace &weight = places_[next_], &bias = places_[next_ + 1];
      next_ += 2;
      x = graph_.dense(x, values(weight), weight.name, values(bias), bias.name);
      if (i + 2 < sizes.size()) x = graph_.map("Relu", {x});
    }
    return x;
  }

  // As Flow::forward.
  OnnxVector flow(const FlowShape& shape, const OnnxVector& observation, OnnxVector vector) {
    OnnxVector embedded;
    for (const FlowNetwork& network : shape.networks()) {
      if (network.changed.size() == 0) {
        embedded = perceptron(observation, network.sizes);
        continue;
      }
      const Rows &kept = network.kept, &changed = network.changed;
      const OnnxVector given = part(vector, kept.first, kept.last);
      const OnnxVector raw = perceptron(join(given, embedded), network.sizes);
      const OnnxVector after = coupling(raw, part(vector, changed.first, changed.last));
      vector = kept.first < changed.first ? join(given, after) : join(after, given);
    }
    return vector;
  }

  OnnxVector tanh(const OnnxVector& x) { return graph_.map("Tanh", {x}); }

 private:
  std::span<const float> values(const WeightPlace& place) const {
    return parameters_.subspan(place.offset, place.size);
  }

  OnnxVector scaled(const OnnxVector& x, double factor) {
    OnnxNumber number;
    number.value = factor;
    return factor == 1 ? x : graph_.map("Mul", {x, {number}});
  }

  // x exp(s) + t, with s = bound tanh(raw / bound). Of the two bounds each has its own side of 0, and gives 0
  // on the other one.
  OnnxVector coupling(const OnnxVector& raw, const OnnxVector& x) {
    const auto size = static_cast<long>(x.size());
    const OnnxVector s = part(raw, 0, size), shift = part(raw, size, 2 * size);
    const OnnxVector above = scaled(graph_.map("Relu", {s}), 1 / most_log_scale);
    const OnnxVector below = scaled(graph_.map("Relu", {graph_.map("Neg", {s})}), -1 / least_log_scale);
    const OnnxVector log_scale =
        graph_.map("Add", {scaled(tanh(above), most_log_scale), scaled(tanh(below), least_log_scale)});
    return graph_.map("Add", {graph_.map("Mul", {x, graph_.map("Exp", {log_scale})}), shift});
  }

  OnnxGraph& graph_;
  std::span<const float> parameters_;
  std::vector<WeightPlace> places_;
  std::size_t next_ = 0;
};

}  // namespace

OnnxVector add_policy(OnnxGraph& graph, const PolicyShape& shape, std::span<const float> parameters,
                      const std::string& prefix, const OnnxVector& observation, const OnnxVector& latent) {
  Policy policy(graph, parameters, weight_places(shape, prefix));
  OnnxVector action;
  switch (shape.kind) {
    case PolicyKind::gaussian:
      action = part(policy.perceptron(observation, shape.sizes()), 0, shape.action_size);
      break;
    case PolicyKind::flow:
      action = policy.flow(shape.flow(), observation, latent);
      break;
    case PolicyKind::sampler: {
      const OnnxVector change = policy.perceptron(join(observation, latent), shape.sizes());
      return policy.tanh(graph.map("Add", {latent, change}));
    }
  }
  return shape.bounded ? policy.tanh(action) : action;
}

}  // namespace motet

#pragma once

// A normalizing flow u = f(h; s) (Eq. 7.5): real-NVP coupling layers (Dinh et al., 2016), conditioned on an
// embedding of the observation. Its passes, derived by hand.

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/engine/perceptron.h"
#include "runtime/instructions/random.h"

namespace motet {

// One network of a flow: an embedding of the observation, or a coupling, which changes one half of the
// vector by what the other half and its embedding say. A vector of one coordinate is changed by the
// embedding alone.
struct FlowNetwork {
  MlpSizes sizes;                  // n -> ... -> 2 m, or kept + 2 m -> units -> 2 changed: log-scales
                                   // before their bound, then translations
  std::size_t embedding = 0;       // which network embeds for this one; an embedding has itself
  Rows kept{0, 0}, changed{0, 0};  // coordinates, of a coupling
  std::size_t offset = 0;          // of its parameters in the flow's
};

// Couplings, the halves taking turns, with the hidden units of each and of the embedding that they share.
struct FlowLayer {
  std::vector<std::int64_t> embedding = {128, 128};
  std::int64_t couplings = 2, units = 64;
};

// h passes through a layer, and through those `below` where several are trained as one.
struct FlowShape {
  std::int64_t observation_size = 0, action_size = 0;
  std::vector<std::int64_t> embedding = {128, 128};
  std::int64_t couplings = 2, units = 64;
  std::vector<FlowLayer> below = {};

  std::vector<FlowNetwork> networks() const;  // of each layer, its embedding, then its couplings
  std::int64_t parameters() const;            // in that order
};

// A coupling's log-scale s stays between these: s = bound tanh(raw / bound), with the one that raw goes
// towards. A wide flow would leave tanh nothing but its ends, where no gradient leads back.
inline constexpr float least_log_scale = -4, most_log_scale = 1;

// First values: networks as initialize_mlp has them, but for the couplings' last layers, which are zero: f
// begins as the identity. `parameters` [shape.parameters()].
void initialize_flow(const FlowShape& shape, std::span<float> parameters, Random& random);

// What passes through a flow for one batch. Made once.
struct FlowTape {
  FlowTape(const FlowShape& shape, long rows, bool gradients);

  Matrix& observation() { return networks.front().input(); }  // [B, n]

  Matrix vector;               // [B, m]: h, and after forward() u
  std::vector<float> log_det;  // [B]: log |det du/dh|
  Matrix gradient;             // [B, m]: dJ/du, and after backward() dJ/dh
  // Of each network; the rest is empty for embeddings.
  std::vector<Tape> networks;
  std::vector<Matrix> entered;                       // [B, changed]: what a coupling changed
  std::vector<std::vector<float>> scale, log_scale;  // [B, changed], dense
  std::vector<Matrix> input_gradient;                // [B, kept + 2 m]
};

class Flow {
 public:
  // `parameters` [shape.parameters()] outlive the flow, with the kernels' slack behind them.
  Flow(const FlowShape& shape, std::span<const float> parameters, bool differentiable);

  const FlowShape& shape() const { return shape_; }

  // From tape.observation() and tape.vector = h to tape.vector = u and tape.log_det, for these rows.
  // Different rows may be computed by different threads at once.
  void forward(FlowTape& tape, Rows rows) const;
  // h of u in tape.vector, the other way round; tape.log_det is that of forward().
  void inverse(FlowTape& tape, Rows rows) const;
  // From tape.gradient = dJ/du, and dJ/d log_det, the same for every row, to that of every layer and of h.
  void backward(FlowTape& tape, float log_det_gradient, Rows rows) const;

  // A piece of the parameters.
  struct Part {
    std::size_t network;
    ParameterPart part;  // of that network's parameters
    std::size_t offset;  // in the flow's
  };
  std::vector<Part> parts(std::size_t size) const;
  // After backward() of all rows: one part of dJ/d parameters. `gradient` is the whole flow's.
  void parameter_gradient(const FlowTape& tape, const Part& part, std::span<float> gradient) const;
  // backward() is to see changed parameters.
  void refresh(const Part& part) { networks_[part.network].refresh(part.part); }
  void refresh();

 private:
  bool embeds(std::size_t k) const { return layout_[k].embedding == k; }
  void embed(FlowTape& tape, Rows rows) const;
  void enter(FlowTape& tape, std::size_t k, Rows rows) const;

  FlowShape shape_;
  std::vector<FlowNetwork> layout_;
  std::vector<Perceptron> networks_;
};

}  // namespace motet

#include "runtime/engine/flow.h"

#include <algorithm>
#include <cmath>

#include "runtime/engine/parameters.h"
#include "runtime/kernels/kernels.h"

namespace motet {

std::vector<FlowNetwork> FlowShape::networks() const {
  const std::int64_t m = action_size, half = m / 2;
  std::vector<FlowNetwork> all;
  std::size_t offset = 0;
  const auto add = [&](FlowNetwork network) {
    network.offset = offset;
    offset += static_cast<std::size_t>(mlp_parameters(network.sizes));
    all.push_back(std::move(network));
  };
  const auto add_layer = [&](const FlowLayer& layer) {
    const std::size_t own = all.size();
    add({.sizes = mlp_sizes(observation_size, layer.embedding, 2 * m), .embedding = own});
    for (std::int64_t j = 0; j < layer.couplings; ++j) {
      Rows kept{0, half}, changed{half, m};
      if (m > 1 && j % 2 == 1) std::swap(kept, changed);
      add({.sizes = {kept.size() + 2 * m, layer.units, 2 * changed.size()},
           .embedding = own,
           .kept = kept,
           .changed = changed});
    }
  };
  add_layer({embedding, couplings, units});
  for (const FlowLayer& layer : below) add_layer(layer);
  return all;
}

std::int64_t FlowShape::parameters() const {
  const FlowNetwork last = networks().back();
  return static_cast<std::int64_t>(last.offset) + mlp_parameters(last.sizes);
}

void initialize_flow(const FlowShape& shape, std::span<float> parameters, Random& random) {
  const std::vector<FlowNetwork> networks = shape.networks();
  for (std::size_t k = 0; k < networks.size(); ++k) {
    const MlpSizes& sizes = networks[k].sizes;
    const std::span<float> own =
        parameters.subspan(networks[k].offset, static_cast<std::size_t>(mlp_parameters(sizes)));
    initialize_mlp(sizes, own, random);
    if (networks[k].embedding == k) continue;
    const std::span<float> last = own.last(static_cast<std::size_t>((sizes[1] + 1) * sizes[2]));
    std::fill(last.begin(), last.end(), 0.0f);
  }
}

FlowTape::FlowTape(const FlowShape& shape, long rows, bool gradients)
    : vector(rows, shape.action_size),
      log_det(static_cast<std::size_t>(rows)),
      gradient(gradients ? rows : 0, shape.action_size) {
  for (const FlowNetwork& network : shape.networks()) {
    networks.emplace_back(network.sizes, rows, gradients);
    const long changed = network.changed.size(), kept_rows = gradients && changed > 0 ? rows : 0;
    entered.emplace_back(kept_rows, changed);
    input_gradient.emplace_back(kept_rows, network.sizes[0]);
    for (auto* one : {&scale, &log_scale}) one->emplace_back(static_cast<std::size_t>(kept_rows * changed));
  }
}

Flow::Flow(const FlowShape& shape, std::span<const float> parameters, bool differentiable)
    : shape_(shape), layout_(shape.networks()) {
  for (const FlowNetwork& network : layout_)
    networks_.emplace_back(
        network.sizes,
        parameters.subspan(network.offset, static_cast<std::size_t>(mlp_parameters(network.sizes))),
        differentiable);
}

// All embeddings of the first one's observation.
void Flow::embed(FlowTape& tape, Rows rows) const {
  for (std::size_t k = 0; k < networks_.size(); ++k) {
    if (!embeds(k)) continue;
    for (long i = rows.first; k > 0 && i < rows.last; ++i)
      std::copy_n(tape.observation().row(i), shape_.observation_size, tape.networks[k].input().row(i));
    networks_[k].forward(tape.networks[k], rows);
  }
  std::fill(tape.log_det.begin() + rows.first, tape.log_det.begin() + rows.last, 0.0f);
}

// The input of a coupling: what it keeps, and the embedding.
void Flow::enter(FlowTape& tape, std::size_t k, Rows rows) const {
  const Rows kept = layout_[k].kept;
  const Matrix& embedded = tape.networks[layout_[k].embedding].output();
  for (long i = rows.first; i < rows.last; ++i) {
    float* input = tape.networks[k].input().row(i);
    input = std::copy_n(tape.vector.row(i) + kept.first, kept.size(), input);
    std::copy_n(embedded.row(i), 2 * shape_.action_size, input);
  }
  networks_[k].forward(tape.networks[k], rows);
}

void Flow::forward(FlowTape& tape, Rows rows) const {
  embed(tape, rows);
  for (std::size_t k = 0; k < networks_.size(); ++k) {
    if (embeds(k)) continue;
    enter(tape, k, rows);
    const Rows changed = layout_[k].changed;
    const long size = changed.size();
    const bool kept_for_backward = !tape.scale[k].empty();
    if (kept_for_backward) {
      for (long i = rows.first; i < rows.last; ++i)
        std::copy_n(tape.vector.row(i) + changed.first, size, tape.entered[k].row(i));
    }
    const Matrix& raw = tape.networks[k].output();
    float* half = tape.vector.row(rows.first) + changed.first;
    kernels().coupling(
        {.rows = rows.size(),
         .size = size,
         .raw = raw.row(rows.first),
         .raw_row = raw.stride(),
         .lowest = least_log_scale,
         .highest = most_log_scale,
         .x = half,
         .x_row = tape.vector.stride(),
         .y = half,
         .y_row = tape.vector.stride(),
         .scale = kept_for_backward ? tape.scale[k].data() + rows.first * size : nullptr,
         .log_scale = kept_for_backward ? tape.log_scale[k].data() + rows.first * size : nullptr,
         .log_det = tape.log_det.data() + rows.first});
  }
}

void Flow::inverse(FlowTape& tape, Rows rows) const {
  embed(tape, rows);
  for (std::size_t k = networks_.size(); k-- > 0;) {
    if (embeds(k)) continue;
    enter(tape, k, rows);
    const Rows changed = layout_[k].changed;
    const long size = changed.size();
    for (long i = rows.first; i < rows.last; ++i) {
      const float* raw = tape.networks[k].output().row(i);
      float* half = tape.vector.row(i) + changed.first;
      for (long c = 0; c < size; ++c) {
        const float bound = raw[c] < 0 ? least_log_scale : most_log_scale;
        const float log_scale = bound * std::tanh(raw[c] / bound);
        half[c] = (half[c] - raw[size + c]) * std::exp(-log_scale);
        tape.log_det[static_cast<std::size_t>(i)] += log_scale;
      }
    }
  }
}

void Flow::backward(FlowTape& tape, float log_det_gradient, Rows rows) const {
  const long embedded = 2 * shape_.action_size;
  for (std::size_t k = networks_.size(); k-- > 0;) {
    // An embedding comes before its couplings: here all of them have been.
    if (embeds(k)) {
      networks_[k].backward(tape.networks[k], rows);
      continue;
    }
    const Rows kept = layout_[k].kept, changed = layout_[k].changed;
    const long size = changed.size();
    Tape& coupling = tape.networks[k];
    Matrix& by_embedding = tape.networks[layout_[k].embedding].output_gradient();
    const bool is_last = k + 1 == networks_.size() || embeds(k + 1);
    for (long i = rows.first; i < rows.last; ++i) {
      const float *scale = tape.scale[k].data() + i * size, *log_scale = tape.log_scale[k].data() + i * size;
      const float* x = tape.entered[k].row(i);
      float *by_y = tape.gradient.row(i) + changed.first, *by_raw = coupling.output_gradient().row(i);
      for (long c = 0; c < size; ++c) {
        const float bent = log_scale[c] / (log_scale[c] < 0 ? least_log_scale : most_log_scale),
                    by_x = by_y[c] * scale[c];
        by_raw[c] = (by_x * x[c] + log_det_gradient) * (1 - bent * bent);
        by_raw[size + c] = by_y[c];
        by_y[c] = by_x;
      }
    }
    const Perceptron& network = networks_[k];
    network.backward(coupling, rows);
    network.input_gradient(coupling, 0, tape.input_gradient[k], rows);
    for (long i = rows.first; i < rows.last; ++i) {
      const float* from = tape.input_gradient[k].row(i);
      float* by_kept = tape.gradient.row(i) + kept.first;
      for (long c = 0; c < kept.size(); ++c) by_kept[c] += *from++;
      for (long c = 0; c < embedded; ++c) by_embedding(i, c) = *from++ + (is_last ? 0 : by_embedding(i, c));
    }
  }
}

std::vector<Flow::Part> Flow::parts(std::size_t size) const {
  std::vector<Part> all;
  for (std::size_t k = 0; k < networks_.size(); ++k)
    for (const ParameterPart& part : networks_[k].parts(size))
      all.push_back({k, part, layout_[k].offset + part.offset});
  return all;
}

void Flow::parameter_gradient(const FlowTape& tape, const Part& part, std::span<float> gradient) const {
  const FlowNetwork& network = layout_[part.network];
  networks_[part.network].parameter_gradient(
      tape.networks[part.network], part.part,
      gradient.subspan(network.offset, static_cast<std::size_t>(mlp_parameters(network.sizes))));
}

void Flow::refresh() {
  for (Perceptron& network : networks_) network.refresh();
}

}  // namespace motet

#include "runtime/engine/flow.h"

#include <algorithm>
#include <cmath>

#include "runtime/engine/parameters.h"
#include "runtime/kernels/kernels.h"

namespace motet {

MlpSizes FlowShape::embedding_sizes() const {
  return mlp_sizes(observation_size, embedding, 2 * action_size);
}

Rows FlowShape::kept(std::int64_t j) const {
  const std::int64_t half = action_size / 2;
  if (action_size == 1) return {0, 0};
  return j % 2 == 0 ? Rows{0, half} : Rows{half, action_size};
}

Rows FlowShape::changed(std::int64_t j) const {
  if (action_size == 1) return {0, 1};
  return kept(j + 1);
}

MlpSizes FlowShape::coupling_sizes(std::int64_t j) const {
  return {kept(j).size() + 2 * action_size, std::max(action_size, least_coupling_units),
          2 * changed(j).size()};
}

std::int64_t FlowShape::parameters() const {
  std::int64_t count = mlp_parameters(embedding_sizes());
  for (std::int64_t j = 0; j < couplings; ++j) count += mlp_parameters(coupling_sizes(j));
  return count;
}

void initialize_flow(const FlowShape& shape, std::span<float> parameters, Random& random) {
  const auto take = [&](const MlpSizes& sizes) {
    const auto count = static_cast<std::size_t>(mlp_parameters(sizes));
    const std::span<float> own = parameters.first(count);
    initialize_mlp(sizes, own, random);
    parameters = parameters.subspan(count);
    return own;
  };
  take(shape.embedding_sizes());
  for (std::int64_t j = 0; j < shape.couplings; ++j) {
    const MlpSizes sizes = shape.coupling_sizes(j);
    const std::span<float> last = take(sizes).last(static_cast<std::size_t>((sizes[1] + 1) * sizes[2]));
    std::fill(last.begin(), last.end(), 0.0f);
  }
}

FlowTape::FlowTape(const FlowShape& shape, long rows, bool gradients)
    : embedding(shape.embedding_sizes(), rows, gradients),
      vector(rows, shape.action_size),
      log_det(static_cast<std::size_t>(rows)),
      gradient(gradients ? rows : 0, shape.action_size) {
  for (std::int64_t j = 0; j < shape.couplings; ++j) {
    couplings.emplace_back(shape.coupling_sizes(j), rows, gradients);
    const long changed = shape.changed(j).size();
    entered.emplace_back(gradients ? rows : 0, changed);
    input_gradient.emplace_back(gradients ? rows : 0, shape.coupling_sizes(j)[0]);
    for (auto* one : {&scale, &log_scale})
      one->emplace_back(static_cast<std::size_t>(gradients ? rows * changed : 0));
  }
}

Flow::Flow(const FlowShape& shape, std::span<const float> parameters, bool differentiable) : shape_(shape) {
  std::size_t offset = 0;
  const auto add = [&](const MlpSizes& sizes) {
    const auto size = static_cast<std::size_t>(mlp_parameters(sizes));
    networks_.emplace_back(sizes, parameters.subspan(offset, size), differentiable);
    offsets_.push_back(offset);
    sizes_.push_back(size);
    offset += size;
  };
  add(shape.embedding_sizes());
  for (std::int64_t j = 0; j < shape.couplings; ++j) add(shape.coupling_sizes(j));
}

// The input of coupling j: what it keeps, and the embedding.
void Flow::enter(FlowTape& tape, std::int64_t j, Rows rows) const {
  const Rows kept = shape_.kept(j);
  Tape& coupling = tape.couplings[static_cast<std::size_t>(j)];
  const long embedded = 2 * shape_.action_size;
  for (long i = rows.first; i < rows.last; ++i) {
    float* input = coupling.input().row(i);
    input = std::copy_n(tape.vector.row(i) + kept.first, kept.size(), input);
    std::copy_n(tape.embedding.output().row(i), embedded, input);
  }
  networks_[static_cast<std::size_t>(j) + 1].forward(coupling, rows);
}

void Flow::forward(FlowTape& tape, Rows rows) const {
  networks_[0].forward(tape.embedding, rows);
  std::fill(tape.log_det.begin() + rows.first, tape.log_det.begin() + rows.last, 0.0f);
  for (std::int64_t j = 0; j < shape_.couplings; ++j) {
    const auto at = static_cast<std::size_t>(j);
    enter(tape, j, rows);
    const Rows changed = shape_.changed(j);
    const long size = changed.size();
    const bool kept_for_backward = !tape.scale[at].empty();
    if (kept_for_backward) {
      for (long i = rows.first; i < rows.last; ++i)
        std::copy_n(tape.vector.row(i) + changed.first, size, tape.entered[at].row(i));
    }
    const Matrix& raw = tape.couplings[at].output();
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
         .scale = kept_for_backward ? tape.scale[at].data() + rows.first * size : nullptr,
         .log_scale = kept_for_backward ? tape.log_scale[at].data() + rows.first * size : nullptr,
         .log_det = tape.log_det.data() + rows.first});
  }
}

void Flow::inverse(FlowTape& tape, Rows rows) const {
  networks_[0].forward(tape.embedding, rows);
  std::fill(tape.log_det.begin() + rows.first, tape.log_det.begin() + rows.last, 0.0f);
  for (std::int64_t j = shape_.couplings; j-- > 0;) {
    enter(tape, j, rows);
    const Rows changed = shape_.changed(j);
    const long size = changed.size();
    for (long i = rows.first; i < rows.last; ++i) {
      const float* raw = tape.couplings[static_cast<std::size_t>(j)].output().row(i);
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
  Matrix& by_embedding = tape.embedding.output_gradient();
  for (long i = rows.first; i < rows.last; ++i) std::fill_n(by_embedding.row(i), embedded, 0.0f);
  for (std::int64_t j = shape_.couplings; j-- > 0;) {
    const auto at = static_cast<std::size_t>(j);
    const Rows kept = shape_.kept(j), changed = shape_.changed(j);
    const long size = changed.size();
    Tape& coupling = tape.couplings[at];
    for (long i = rows.first; i < rows.last; ++i) {
      const float *scale = tape.scale[at].data() + i * size,
                  *log_scale = tape.log_scale[at].data() + i * size;
      const float* x = tape.entered[at].row(i);
      float *by_y = tape.gradient.row(i) + changed.first, *by_raw = coupling.output_gradient().row(i);
      for (long c = 0; c < size; ++c) {
        const float bent = log_scale[c] / (log_scale[c] < 0 ? least_log_scale : most_log_scale),
                    by_x = by_y[c] * scale[c];
        by_raw[c] = (by_x * x[c] + log_det_gradient) * (1 - bent * bent);
        by_raw[size + c] = by_y[c];
        by_y[c] = by_x;
      }
    }
    const Perceptron& network = networks_[at + 1];
    network.backward(coupling, rows);
    network.input_gradient(coupling, 0, tape.input_gradient[at], rows);
    for (long i = rows.first; i < rows.last; ++i) {
      const float* from = tape.input_gradient[at].row(i);
      float* by_kept = tape.gradient.row(i) + kept.first;
      for (long c = 0; c < kept.size(); ++c) by_kept[c] += *from++;
      for (long c = 0; c < embedded; ++c) by_embedding(i, c) += *from++;
    }
  }
  networks_[0].backward(tape.embedding, rows);
}

std::vector<Flow::Part> Flow::parts(std::size_t size) const {
  std::vector<Part> all;
  for (std::size_t k = 0; k < networks_.size(); ++k)
    for (const ParameterPart& part : networks_[k].parts(size))
      all.push_back({k, part, offsets_[k] + part.offset});
  return all;
}

void Flow::parameter_gradient(const FlowTape& tape, const Part& part, std::span<float> gradient) const {
  const std::size_t k = part.network;
  networks_[k].parameter_gradient(k == 0 ? tape.embedding : tape.couplings[k - 1], part.part,
                                  gradient.subspan(offsets_[k], sizes_[k]));
}

void Flow::refresh() {
  for (Perceptron& network : networks_) network.refresh();
}

}  // namespace motet

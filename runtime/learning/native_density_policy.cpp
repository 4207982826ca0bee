#include "runtime/learning/native_density_policy.h"

#include <algorithm>
#include <cmath>

#include "runtime/engine/flow.h"
#include "runtime/engine/gaussian_inference.h"
#include "runtime/kernels/kernels.h"

namespace motet {
namespace {

constexpr float half_log_two_pi = 0.91893853f;

// - log N(a; 0, I), and below its gradient.
void subtract_prior(const PolicyShape& shape, Rows rows, const float* action, long action_row,
                    float* log_ratio) {
  for (long r = 0; r < rows.size(); ++r) {
    const float* a = action + r * action_row;
    float half_square = 0;
    for (long c = 0; c < shape.action_size; ++c) half_square += a[c] * a[c] / 2;
    log_ratio[r] += half_square + half_log_two_pi * static_cast<float>(shape.action_size);
  }
}

void add_prior_gradient(const PolicyShape& shape, Rows rows, const float* action, long action_row,
                        float weight_alpha, Matrix& action_gradient) {
  for (long r = 0; r < rows.size(); ++r)
    for (long c = 0; c < shape.action_size; ++c)
      action_gradient(r, c) += weight_alpha * action[r * action_row + c];
}

class NativeGaussian : public NativeDensityPolicy {
 public:
  NativeGaussian(const PolicyShape& shape, std::span<const float> parameters, std::size_t size)
      : shape_(shape), network_(shape.sizes(), parameters, true), parts_(network_.parts(size)) {}

  struct GaussianTape : Tape {
    GaussianTape(const PolicyShape& shape, long rows, bool gradients)
        : network(shape.sizes(), rows, gradients),
          slope(static_cast<std::size_t>(gradients ? rows * shape.action_size : 0)),
          spread(slope.size()) {}
    Matrix& observation() override { return network.input(); }

    motet::Tape network;
    std::vector<float> slope, spread;
  };

  std::unique_ptr<Tape> make_tape(long rows, bool gradients) const override {
    return std::make_unique<GaussianTape>(shape_, rows, gradients);
  }

  void sample(Tape& tape, Rows rows, const float* noise, float* action, long action_row,
              float* log_ratio) const override {
    auto& own = static_cast<GaussianTape&>(tape);
    network_.forward(own.network, rows);
    const Matrix& head = own.network.output();
    const long m = shape_.action_size;
    const bool gradients = !own.slope.empty();
    kernels().gaussian_sample({.rows = rows.size(),
                               .size = m,
                               .head = head.row(rows.first),
                               .head_row = head.stride(),
                               .lowest = min_log_sigma,
                               .highest = max_log_sigma,
                               .bounded = shape_.bounded,
                               .noise = noise,
                               .action = action,
                               .action_row = action_row,
                               .slope = gradients ? own.slope.data() + rows.first * m : nullptr,
                               .spread = gradients ? own.spread.data() + rows.first * m : nullptr,
                               .log_prob = log_ratio});
    if (shape_.gaussian_prior) subtract_prior(shape_, rows, action, action_row, log_ratio);
  }

  void backward(Tape& tape, Rows rows, const float* action, long action_row, float weight_alpha,
                Matrix& action_gradient) const override {
    auto& own = static_cast<GaussianTape&>(tape);
    if (shape_.gaussian_prior)
      add_prior_gradient(shape_, rows, action, action_row, weight_alpha, action_gradient);
    const Matrix& head = own.network.output();
    Matrix& gradient = own.network.output_gradient();
    const long m = shape_.action_size;
    kernels().gaussian_gradient({.rows = rows.size(),
                                 .size = m,
                                 .head = head.row(rows.first),
                                 .head_row = head.stride(),
                                 .lowest = min_log_sigma,
                                 .highest = max_log_sigma,
                                 .bounded = shape_.bounded,
                                 .action = action,
                                 .action_row = action_row,
                                 .slope = own.slope.data() + rows.first * m,
                                 .spread = own.spread.data() + rows.first * m,
                                 .weight_alpha = weight_alpha,
                                 .action_gradient = action_gradient.row(0),
                                 .action_gradient_row = action_gradient.stride(),
                                 .gradient = gradient.row(rows.first),
                                 .gradient_row = gradient.stride()});
    network_.backward(own.network, rows);
  }

  std::size_t parts() const override { return parts_.size(); }
  void step(const Tape& tape, std::size_t part, TrainedParameters& parameters) override {
    const ParameterPart& one = parts_[part];
    network_.parameter_gradient(static_cast<const GaussianTape&>(tape).network, one, parameters.gradient());
    parameters.step(one.offset, one.size, {}, 0);
    network_.refresh(one);
  }
  void refresh() override { network_.refresh(); }

 private:
  PolicyShape shape_;
  Perceptron network_;
  std::vector<ParameterPart> parts_;
};

class NativeFlow : public NativeDensityPolicy {
 public:
  NativeFlow(const PolicyShape& shape, std::span<const float> parameters, std::size_t size)
      : shape_(shape), flow_(shape.flow(), parameters, true), parts_(flow_.parts(size)) {}

  struct OwnTape : Tape {
    OwnTape(const PolicyShape& shape, long rows, bool gradients)
        : flow(shape.flow(), rows, gradients),
          slope(static_cast<std::size_t>(gradients ? rows * shape.action_size : 0)) {}
    Matrix& observation() override { return flow.observation(); }

    FlowTape flow;
    std::vector<float> slope;
  };

  std::unique_ptr<Tape> make_tape(long rows, bool gradients) const override {
    return std::make_unique<OwnTape>(shape_, rows, gradients);
  }

  // log pi(a|s) = log N(h; 0, I) - log |det da/dh| (Eq. 7.5), where the noise is h.
  void sample(Tape& tape, Rows rows, const float* noise, float* action, long action_row,
              float* log_ratio) const override {
    auto& own = static_cast<OwnTape&>(tape);
    FlowTape& flow = own.flow;
    const long m = shape_.action_size;
    for (long r = 0; r < rows.size(); ++r) {
      const float* h = std::copy_n(noise + r * m, m, flow.vector.row(rows.first + r)) - m;
      log_ratio[r] = -half_log_two_pi * static_cast<float>(m);
      for (long c = 0; c < m; ++c) log_ratio[r] -= h[c] * h[c] / 2;
    }
    flow_.forward(flow, rows);
    if (shape_.bounded) {
      kernels().squash({.rows = rows.size(),
                        .size = m,
                        .u = flow.vector.row(rows.first),
                        .u_row = flow.vector.stride(),
                        .action = action,
                        .action_row = action_row,
                        .slope = own.slope.empty() ? nullptr : own.slope.data() + rows.first * m,
                        .log_det = flow.log_det.data() + rows.first});
    } else {
      for (long r = 0; r < rows.size(); ++r)
        std::copy_n(flow.vector.row(rows.first + r), m, action + r * action_row);
    }
    for (long r = 0; r < rows.size(); ++r)
      log_ratio[r] -= flow.log_det[static_cast<std::size_t>(rows.first + r)];
    if (shape_.gaussian_prior) subtract_prior(shape_, rows, action, action_row, log_ratio);
  }

  void backward(Tape& tape, Rows rows, const float* action, long action_row, float weight_alpha,
                Matrix& action_gradient) const override {
    auto& own = static_cast<OwnTape&>(tape);
    const long m = shape_.action_size;
    if (shape_.gaussian_prior)
      add_prior_gradient(shape_, rows, action, action_row, weight_alpha, action_gradient);
    for (long r = 0; r < rows.size(); ++r) {
      float* by_u = own.flow.gradient.row(rows.first + r);
      const float *a = action + r * action_row, *slope = own.slope.data() + (rows.first + r) * m;
      for (long c = 0; c < m; ++c)
        by_u[c] = shape_.bounded ? action_gradient(r, c) * slope[c] + weight_alpha * 2 * a[c]
                                 : action_gradient(r, c);
    }
    flow_.backward(own.flow, -weight_alpha, rows);
  }

  std::size_t parts() const override { return parts_.size(); }
  void step(const Tape& tape, std::size_t part, TrainedParameters& parameters) override {
    const Flow::Part& one = parts_[part];
    flow_.parameter_gradient(static_cast<const OwnTape&>(tape).flow, one, parameters.gradient());
    parameters.step(one.offset, one.part.size, {}, 0);
    flow_.refresh(one);
  }
  void refresh() override { flow_.refresh(); }

 private:
  PolicyShape shape_;
  Flow flow_;
  std::vector<Flow::Part> parts_;
};

}  // namespace

std::unique_ptr<NativeDensityPolicy> make_native_density_policy(const PolicyShape& shape,
                                                                std::span<const float> parameters,
                                                                std::size_t part_size) {
  if (shape.kind == PolicyKind::flow) return std::make_unique<NativeFlow>(shape, parameters, part_size);
  return std::make_unique<NativeGaussian>(shape, parameters, part_size);
}

}  // namespace motet

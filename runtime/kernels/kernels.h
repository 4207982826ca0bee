#pragma once

// The loops in which training spends its time, compiled once for each instruction set; the widest that
// this machine has is chosen while the program runs. Plain pointers and counts, because these functions
// are compiled with instructions that not every machine has: nothing of the standard library may come
// out of their sources. All are real-time safe: they allocate nothing and cannot fail.
//
// Matrices are rows of floats at a stride. Where a matrix says so, whole vectors are read past the end
// of its rows: its memory has `overread` floats of slack behind its last row.

namespace motet {

inline constexpr long overread = 32;

// What becomes of a product before it is stored.
enum class Epilogue {
  none,  // C = A B
  relu,  // C = max(A B, 0)
  gate,  // C = A B where gate > 0, else 0: a gradient on its way back through relu
};

// C [rows, columns] = A [rows, depth] B [depth, columns].
struct Product {
  long rows, columns, depth;
  const float* a;  // A(i, k) = a[i * a_row + k * a_depth]: A or its transpose
  long a_row, a_depth;
  const float* b;  // B(k, j) = b[k * b_row + j]; reads past the end of rows
  long b_row;
  float* c;
  long c_row;
  Epilogue epilogue = Epilogue::none;
  const float* gate = nullptr;  // [rows, columns]; reads past the end of rows
  long gate_row = 0;
};

// One step of Adam (Kingma and Ba, 2015): m <- beta1 m + (1 - beta1) g, v <- beta2 v + (1 - beta2) g^2,
// x <- x - rate * m / (root * sqrt(v) + epsilon).
struct AdamStep {
  double beta1, beta2;
  double rate;  // learning rate / (1 - beta1^t)
  double root;  // 1 / sqrt(1 - beta2^t)
  double epsilon;
};

// Samples of a Gaussian squashed by tanh and their log-densities (Eq. C.2), rows at a time:
//   u = mu + sigma * noise,  a = tanh(u),
//   log_prob = sum_j [-noise^2 / 2 - log sigma - log(2 pi) / 2 - 2 (log 2 - u - softplus(-2 u))].
struct GaussianSample {
  long rows, size;    // size: coordinates of an action, m
  const float* head;  // [rows, 2 m]: mu, then log sigma before its clamp to [lowest, highest]
  long head_row;
  float lowest, highest;
  bool bounded;        // false: a = u, without the logarithm of its slope
  const float* noise;  // [rows, m], dense
  float* action;       // [rows, m]
  long action_row;
  float* slope;     // [rows, m], dense: da/du = 1 - a^2, without its cancellation; null: not wanted
  float* spread;    // [rows, m], dense: sigma * noise; null with `slope`
  float* log_prob;  // [rows]
};

// The gradient of sum over rows of [weight * (alpha * log_prob)] + (dJ/da) . a by the head's outputs:
//   dJ/dmu        = weight * alpha * 2 a + dJ/da * slope; unbounded, without the first term,
//   dJ/dlog sigma = dJ/dmu * spread - weight * alpha; 0 where clamped.
struct GaussianGradient {
  long rows, size;
  const float* head;
  long head_row;
  float lowest, highest;
  bool bounded;
  const float* action;
  long action_row;
  const float *slope, *spread;
  float weight_alpha;            // weight * alpha
  const float* action_gradient;  // dJ/da [rows, m]
  long action_gradient_row;
  float* gradient;  // [rows, 2 m]
  long gradient_row;
};

// The half of a vector that a coupling layer changes (Dinh et al., 2016), rows at a time:
//   y = x exp(s) + t,  s = bound tanh(raw_s / bound),  log_det += sum_j s_j,
// with the lowest s for a bound where raw_s is negative, else the highest.
struct Coupling {
  long rows, size;   // size: coordinates that change
  const float* raw;  // [rows, 2 size]: raw_s, then t
  long raw_row;
  float lowest, highest;
  const float* x;  // [rows, size]; may be y
  long x_row;
  float* y;
  long y_row;
  float *scale, *log_scale;  // [rows, size], dense: exp(s) and s; null: not wanted
  float* log_det;            // [rows]
};

// action = tanh(u), log_det += sum_j log(1 - tanh(u_j)^2), in the form that does not cancel (Eq. C.2).
struct Squash {
  long rows, size;
  const float* u;  // [rows, size]
  long u_row;
  float* action;  // [rows, size]
  long action_row;
  float* slope;    // [rows, size], dense: 1 - action^2; null: not wanted
  float* log_det;  // [rows]
};

// The direction in which particles u_1 ... u_K of one state lower their divergence from a density p the
// most (Eq. 3.11, divided by the temperature):
//   direction_j = 1/K sum_i [k(u_i, u_j) score_i + d k(u_i, u_j) / d u_i],  score_i = d log p(u_i) / d u_i,
//   k(u, v) = exp(-|u - v|^2 / h),  h = max(floor, median_{i<j} |u_i - u_j|^2 / median_part).
// The median of an even number of distances is the lower one of the middle two.
struct SteinDirection {
  long particles, size;
  const float* u;  // [particles, size]
  long u_row;
  const float* score;  // [particles, size]
  long score_row;
  float median_part;  // 2 log(K + 1) (App. C.1)
  float floor;
  float* direction;  // [particles, size]
  long direction_row;
  float* scratch;  // [stein_scratch(particles, size)]
};

// Floats of scratch that a direction needs.
constexpr long stein_scratch(long particles, long size) {
  return (2 * size + particles) * (particles + 16);
}

struct Kernels {
  const char* name;

  void (*product)(const Product& product);
  // to(j, i) = from(i, j). from [rows, columns], to [columns, rows].
  void (*transpose)(long rows, long columns, const float* from, long from_row, float* to, long to_row);
  // y[i] = a(i, :) . x, with a [rows, depth].
  void (*rows_dot)(long rows, long depth, const float* a, long a_row, const float* x, float* y);
  // Where `target` is not null: target <- target + tau * (x - target) with the new x, and x where tau is 1.
  void (*adam)(const AdamStep& step, long size, const float* g, float* m, float* v, float* x, float* target,
               double tau);
  void (*gaussian_sample)(const GaussianSample& sample);
  void (*gaussian_gradient)(const GaussianGradient& gradient);
  void (*stein_direction)(const SteinDirection& stein);
  void (*coupling)(const Coupling& coupling);
  void (*squash)(const Squash& squash);
};

// The fastest that this machine can run; the same for the life of the process.
const Kernels& kernels();

// Those that this machine can run, fastest first, for tests and measurements; `count` of them.
const Kernels* const* all_kernels(int& count);

}  // namespace motet

#pragma once

// Loops over whole networks' worth of numbers, compiled for the widest vectors that the machine has.
// No LibTorch in this header. T: float or double.

#include <cstdint>
#include <span>

namespace motet {

struct AdamStep {
  double beta1, beta2;
  double first;   // learning rate / (1 - beta1^t)
  double second;  // 1 / sqrt(1 - beta2^t)
  double epsilon;
};

// One pass of Adam: m <- b1 m + (1 - b1) g, v <- b2 v + (1 - b2) g^2,
// x <- x - first * m / (second * sqrt(v) + epsilon). All of one size.
template <typename T>
void adam_pass(const AdamStep& step, std::span<const T> g, std::span<T> m, std::span<T> v, std::span<T> x);

// x <- x + tau * (goal - x); x = goal where tau is 1.
template <typename T>
void move_towards(std::span<const T> goal, double tau, std::span<T> x);

// y = W x + b: weight [y.size(), x.size()] row-major.
void affine(const float* weight, const float* bias, std::span<const float> x, std::span<float> y);

}  // namespace motet

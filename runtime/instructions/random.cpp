#include "runtime/instructions/random.h"

#include <bit>
#include <cmath>

#include "runtime/instructions/ziggurat.h"

namespace motet {
namespace {

// SplitMix64 (Steele, Lea, Flood): a permutation of the 64-bit numbers that scatters them.
std::uint64_t scatter(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;

// A product of 64-bit numbers in full.
struct Product {
  std::uint64_t high, low;
};
Product multiply(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return {static_cast<std::uint64_t>(product >> 64), static_cast<std::uint64_t>(product)};
}

}  // namespace

Random::Random(std::uint64_t seed, std::uint64_t stream) {
  // Seed and stream are scattered apart, so that neighbours in both give unrelated states.
  std::uint64_t x = scatter(seed + golden) ^ std::rotl(scatter(scatter(stream + 2 * golden)), 32);
  for (std::uint64_t& word : s_) word = scatter(x += golden);
  ziggurat();
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(s_[0] + s_[3], 23) + s_[0];
  const std::uint64_t t = s_[1] << 17;
  s_[2] ^= s_[0];
  s_[3] ^= s_[1];
  s_[1] ^= s_[2];
  s_[0] ^= s_[3];
  s_[2] ^= t;
  s_[3] = std::rotl(s_[3], 45);
  return result;
}

double Random::uniform() {
  return static_cast<double>(next() >> 11) * 0x1p-53;
}

double Random::uniform(double low, double high) {
  return low + (high - low) * uniform();
}

double Random::normal() {
  return ziggurat().normal(*this);
}

// Lemire: the high word of a product is a fair draw once the few low words are refused that would
// make some results more frequent than others.
std::uint64_t Random::below(std::uint64_t n) {
  Product product = multiply(next(), n);
  if (product.low < n) {
    const std::uint64_t unfair = (0 - n) % n;
    while (product.low < unfair) product = multiply(next(), n);
  }
  return product.high;
}

void Random::fill_normal(std::span<float> out) {
  const Ziggurat& tables = ziggurat();
  for (float& value : out) value = static_cast<float>(tables.normal(*this));
}

void Random::fill_uniform(std::span<float> out, float low, float high) {
  for (float& value : out) value = low + (high - low) * (static_cast<float>(next() >> 40) * 0x1p-24f);
}

}  // namespace motet

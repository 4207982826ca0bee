#include "runtime/learning/energy.h"

#include <algorithm>
#include <cmath>

namespace motet {
namespace {

double value_of(const EnergyNode& node, std::span<const double> terms) {
  if (node.kind == EnergyNode::Kind::term) return terms[node.term];
  double total = 0;
  if (node.kind == EnergyNode::Kind::mean) {
    for (const EnergyNode& child : node.children) total += child.weight * value_of(child, terms);
    return total;
  }
  double most = -INFINITY;
  for (const EnergyNode& child : node.children) most = std::max(most, value_of(child, terms));
  for (const EnergyNode& child : node.children)
    total += child.weight * std::exp(value_of(child, terms) - most);
  return most + std::log(total);
}

void add_slopes(const EnergyNode& node, std::span<const double> terms, double slope,
                std::span<double> slopes) {
  if (node.kind == EnergyNode::Kind::term) {
    slopes[node.term] += slope;
    return;
  }
  const double own = node.kind == EnergyNode::Kind::softmax ? value_of(node, terms) : 0;
  for (const EnergyNode& child : node.children) {
    const double share = node.kind == EnergyNode::Kind::softmax ? std::exp(value_of(child, terms) - own) : 1;
    add_slopes(child, terms, slope * child.weight * share, slopes);
  }
}

}  // namespace

double energy_of(const Energy& energy, std::span<const double> values, std::span<double> slopes) {
  std::fill(slopes.begin(), slopes.end(), 0.0);
  add_slopes(energy.root, values, energy.scale, slopes);
  return energy.scale * value_of(energy.root, values);
}

}  // namespace motet

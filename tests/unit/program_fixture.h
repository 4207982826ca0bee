#pragma once

// Signals for programs under test.

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "runtime/instructions/evaluator.h"

namespace motet {

// A sample signal of this name: the plainest signal there is.
inline SignalRef sample(std::string name, std::uint32_t length = 1) {
  return {.kind = SignalKind::sample, .name = std::move(name), .length = length};
}

// A signal that changes during an episode.
inline SignalRef sensor(std::string name, std::uint32_t length = 1) {
  return {.kind = SignalKind::sensor, .name = std::move(name), .length = length};
}

// Gives each load of the program the value that its name has here.
class NamedValues : public SignalSource {
 public:
  NamedValues(const InstructionProgram& program, std::map<std::string, std::vector<double>> values)
      : program_(program), values_(std::move(values)) {}

  std::vector<double>& operator[](const std::string& name) { return values_[name]; }

  void read(std::size_t index, std::span<double> out) const override {
    const std::vector<double>& value = values_.at(program_.loads[index].signal.name);
    std::copy_n(value.begin(), out.size(), out.begin());
  }

 private:
  const InstructionProgram& program_;
  std::map<std::string, std::vector<double>> values_;
};

inline std::vector<double> value_of(const Evaluator& evaluator, const InstructionProgram& program,
                                    std::string_view name) {
  const std::span<const double> value = evaluator.output(*program.find(name));
  return {value.begin(), value.end()};
}

}  // namespace motet

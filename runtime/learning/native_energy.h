#pragma once

// Energies and their gradients by the action, on the native engine.

#include <vector>

#include "runtime/engine/perceptron.h"
#include "runtime/learning/energy.h"

namespace motet {

class NativeEnergy {
 public:
  // `critics`: those of all terms, one after the other, differentiable; they outlive this object.
  NativeEnergy(const Energy& energy, std::vector<const Perceptron*> critics, std::int64_t action_size);

  // What one member of a team needs for some rows.
  struct Scratch {
    Scratch(const NativeEnergy& of, long rows);

    std::vector<Tape> tapes;       // a critic each
    std::vector<Matrix> gradient;  // dQ/da of each critic, [rows, m]
    std::vector<double> values, slopes;
  };

  // Row r of the states, as long as its columns ask for, and of the actions, [m].
  void set_state(Scratch& scratch, long r, const float* state) const;
  void set_action(Scratch& scratch, long r, const float* action) const;
  // A factor of the energy, from now on.
  void set_scale(double scale) { energy_.scale = scale; }
  // e [rows] and, where it is wanted, de/da [rows, m].
  void evaluate(Scratch& scratch, long rows, float* e, Matrix* action_gradient) const;

 private:
  Energy energy_;
  std::vector<const Perceptron*> critics_;
  std::vector<std::size_t> term_of_;  // by critic
  std::vector<bool> whole_state_;     // by term: it sees the state as it is
  std::int64_t action_size_;
};

}  // namespace motet

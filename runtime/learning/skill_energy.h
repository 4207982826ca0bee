#pragma once

// The energy of a trained skill: of one that was learnt its soft Q-function over its temperature, of a
// composition that of its parts.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/engine/parameters.h"
#include "runtime/learning/checkpoint.h"
#include "runtime/learning/native_energy.h"

namespace motet {

class SkillEnergy {
 public:
  // One soft Q-function that counts.
  struct Part {
    const SkillPlan* skill;
    AlignedFloats parameters;  // of its critics
    std::vector<Perceptron> critics;
    double temperature;  // reward a nat, in the part's own rewards
  };

  // Reads the parts' checkpoints. `plan` outlives the energy. States are `skill`'s. Errors: a part that is
  // not trained, that has changed since, or that is not finite.
  static Result<std::unique_ptr<SkillEnergy>> load(const Plan& plan, const SkillPlan& skill,
                                                   const FolderOf& folder_of);

  const std::vector<Part>& parts() const { return parts_; }
  const Energy& energy() const { return energy_; }
  std::int64_t action_size() const { return action_size_; }
  // Of each part in a composition that is a mean: what its energy counts in e. They add up to 1.
  const std::vector<double>& shares() const { return shares_; }
  // The temperature that e is over: the one that the composition asks for, or that of a mean of its parts,
  // 1 / sum_i w_i / alpha_i. And the weight of each soft Q-function in Q_mean = temperature * e. Of a soft
  // maximum they are what its parts would give in a mean.
  double temperature() const { return temperature_; }
  const std::vector<double>& weights() const { return weights_; }
  // Whether it is a mean of soft Q-functions (or one): no soft maximum anywhere in it.
  bool is_mean() const;

  // Evaluates the whole, or one part by itself.
  NativeEnergy native() const;
  NativeEnergy native_part(std::size_t part) const;

 private:
  SkillEnergy() = default;
  Status add_part(const SkillPlan& part, const SkillPlan& whole, const std::filesystem::path& folder);
  Result<EnergyNode> node_of(const Plan& plan, const SkillPlan& skill, const SkillPlan& whole,
                             const FolderOf& folder_of);

  std::vector<Part> parts_;
  Energy energy_;
  std::int64_t action_size_ = 0;
  double temperature_ = 1;
  std::vector<double> shares_, weights_;
};

// One energy at one state, for many actions.
class EnergyAtState {
 public:
  EnergyAtState(NativeEnergy energy, std::int64_t action_size, std::int64_t most_actions);

  // e [count] of actions [count, m].
  std::span<const float> operator()(std::span<const float> state, std::span<const float> actions);

 private:
  NativeEnergy energy_;
  std::int64_t action_size_;
  NativeEnergy::Scratch scratch_;
  std::vector<float> e_;
};

}  // namespace motet

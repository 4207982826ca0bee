#include "runtime/learning/skill_energy.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "compiler/plan/composition.h"
#include "runtime/learning/checkpoint.h"
#include "runtime/learning/evaluation.h"
#include "runtime/learning/learner.h"

namespace motet {
namespace {

bool has_softmax(const EnergyNode& node) {
  return node.kind == EnergyNode::Kind::softmax || std::ranges::any_of(node.children, has_softmax);
}

// d e / d term of a mean of means; of a soft maximum, its weights.
void add_weights(const EnergyNode& node, double weight, std::vector<double>& weights) {
  if (node.kind == EnergyNode::Kind::term) weights[node.term] += weight;
  for (const EnergyNode& child : node.children) add_weights(child, weight * child.weight, weights);
}

}  // namespace

Status SkillEnergy::add_part(const SkillPlan& part, const SkillPlan& whole,
                             const std::filesystem::path& folder) {
  if (part.algorithm == "extraction")
    return Error{"`" + part.name +
                 "` is a composition that was taken from another run, and has no soft "
                 "Q-function of its own; take its parts over, and compose them"};
  const Result<Archive> archive = read_checkpoint(folder, part);
  if (!archive) return archive.error();
  const auto columns = observed_columns(part, whole.environment, whole.name);
  if (!columns) return columns.error();
  const LearnerShape shape = learner_shape(part);
  EnergyTerm term;
  term.sizes = mlp_sizes(shape.observation_size + shape.action_size, part.learning().hidden, 1);
  term.critics = static_cast<std::size_t>(part.critics());
  term.columns = *columns;
  const std::string file = checkpoint_file(folder).string();
  auto parameters =
      read_parameters(*archive, "critic/parameters",
                      static_cast<std::int64_t>(term.critics) * mlp_parameters(term.sizes), file);
  if (!parameters) return parameters.error();
  if (Status status = archive->get_value("policy/temperature", term.temperature); !status)
    return status.error();
  if (term.temperature == 0)
    return Error{"the temperature of `" + part.name + "` in `" + file +
                 "` has come down to 0: its policy is a point, and Q over temperature has no bound. Train it "
                 "at a fixed temperature, or with a higher `target_entropy`"};
  if (!(term.temperature > 0) || !std::isfinite(term.temperature))
    return Error{"the temperature of `" + part.name + "` in `" + file + "` is not finite; train it again"};
  Part made{&part, std::move(*parameters), {}, term.temperature / part.learning().reward_scale};
  const std::size_t one = made.parameters.values().size() / term.critics;
  for (std::size_t i = 0; i < term.critics; ++i)
    made.critics.emplace_back(term.sizes, std::as_const(made.parameters).values().subspan(i * one, one),
                              true);
  parts_.push_back(std::move(made));
  energy_.terms.push_back(std::move(term));
  return {};
}

Result<EnergyNode> SkillEnergy::node_of(const Plan& plan, const SkillPlan& skill, const SkillPlan& whole,
                                        const FolderOf& folder_of) {
  EnergyNode node;
  if (skill.composition.empty()) {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (parts_[i].skill == &skill) {
        node.term = i;
        return node;
      }
    }
    node.term = parts_.size();
    if (Status status = add_part(skill, whole, folder_of(skill.name)); !status) return status.error();
    return node;
  }
  const Result<Composition> composition = parse_composition(skill.composition);
  if (!composition) return composition.error();
  const auto convert = [&](const auto& self, const Composition& from) -> Result<EnergyNode> {
    if (from.kind == Composition::Kind::skill) {
      const SkillPlan* part = plan.find(from.skill);
      if (part == nullptr || part == &skill) return Error{"the plan has no skill `" + from.skill + "`"};
      return node_of(plan, *part, whole, folder_of);
    }
    EnergyNode result;
    result.kind = from.kind == Composition::Kind::mean ? EnergyNode::Kind::mean : EnergyNode::Kind::softmax;
    double total = 0;
    for (const Composition& child : from.children) total += child.weight;
    for (const Composition& child : from.children) {
      Result<EnergyNode> inner = self(self, child);
      if (!inner) return inner;
      inner->weight = child.weight / total;
      result.children.push_back(std::move(*inner));
    }
    return result;
  };
  return convert(convert, *composition);
}

Result<std::unique_ptr<SkillEnergy>> SkillEnergy::load(const Plan& plan, const SkillPlan& skill,
                                                       const FolderOf& folder_of) {
  std::unique_ptr<SkillEnergy> made(new SkillEnergy);
  made->action_size_ = static_cast<std::int64_t>(skill.environment.robot.action.size());
  Result<EnergyNode> root = made->node_of(plan, skill, skill, folder_of);
  if (!root) return root.error();
  made->energy_.root = std::move(*root);
  made->weights_.resize(made->parts_.size());
  add_weights(made->energy_.root, 1, made->weights_);
  made->shares_ = made->weights_;
  double inverse = 0;
  for (std::size_t i = 0; i < made->parts_.size(); ++i) {
    made->weights_[i] /= made->parts_[i].temperature;
    inverse += made->weights_[i];
  }
  made->temperature_ = 1 / inverse;
  for (double& weight : made->weights_) weight /= inverse;
  if (const double asked = skill.extraction.temperature; !skill.composition.empty() && asked > 0) {
    made->energy_.scale = made->temperature_ / asked;
    made->temperature_ = asked;
  }
  return made;
}

bool SkillEnergy::is_mean() const {
  return !has_softmax(energy_.root);
}

NativeEnergy SkillEnergy::native() const {
  std::vector<const Perceptron*> critics;
  for (const Part& part : parts_)
    for (const Perceptron& critic : part.critics) critics.push_back(&critic);
  return {energy_, std::move(critics), action_size_};
}

NativeEnergy SkillEnergy::native_part(std::size_t part) const {
  Energy energy;
  energy.terms.push_back(energy_.terms[part]);
  std::vector<const Perceptron*> critics;
  for (const Perceptron& critic : parts_[part].critics) critics.push_back(&critic);
  return {energy, std::move(critics), action_size_};
}

EnergyAtState::EnergyAtState(NativeEnergy energy, std::int64_t action_size, std::int64_t most_actions)
    : energy_(std::move(energy)),
      action_size_(action_size),
      scratch_(energy_, most_actions),
      e_(static_cast<std::size_t>(most_actions)) {}

std::span<const float> EnergyAtState::operator()(std::span<const float> state,
                                                 std::span<const float> actions) {
  const auto count = static_cast<long>(actions.size()) / action_size_;
  for (long r = 0; r < count; ++r) {
    energy_.set_state(scratch_, r, state.data());
    energy_.set_action(scratch_, r, actions.data() + r * action_size_);
  }
  energy_.evaluate(scratch_, count, e_.data(), nullptr);
  return std::span(e_).first(static_cast<std::size_t>(count));
}

}  // namespace motet

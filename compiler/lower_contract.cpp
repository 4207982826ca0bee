#include "compiler/lower_contract.h"

#include <algorithm>
#include <set>

#include "compiler/setting_value.h"
#include "language/text/number.h"

namespace motet {

namespace {

bool same_action(const ActionCoordinate& a, const ActionCoordinate& b) {
  return a.name == b.name && a.low == b.low && a.high == b.high;
}

std::string tick(const std::string& name) {
  return "`" + name + "`";
}

// Why two robots are not one, as far as a policy can tell. Empty: they are.
std::string difference(const RobotPlan& a, const RobotPlan& b) {
  if (!std::equal(a.action.begin(), a.action.end(), b.action.begin(), b.action.end(), same_action))
    return "its robot has other actions";
  if (a.control_period != b.control_period)
    return "its robot is controlled at " + format_number(1 / a.control_period) + " Hz, not at " +
           format_number(1 / b.control_period);
  if (a.drive.has_value() != b.drive.has_value() || (a.drive && to_text(*a.drive) != to_text(*b.drive)))
    return "its actions drive the actuators in another way";
  return "";
}

class Contract {
 public:
  Contract(const Plan& plan, const SkillPlan& skill, const SkillNode& node, Diagnostics& diagnostics)
      : plan_(plan), skill_(skill), node_(node), diagnostics_(diagnostics) {}

  void check() {
    if (is_too_large(plan_, skill_))
      return refuse(Code::M0222, tick(skill_.name) + " is too large",
                    "with the compositions that it is made of written out, it has more than " +
                        std::to_string(most_composition_nodes) + " operators and parts");
    for (const std::string& part : skill_.parts) check_part(*plan_.find(part));
    if (!skill_.parts.empty()) check_seen();
    if (!skill_.over.empty() && skill_.parts.empty()) check_lower(*plan_.find(skill_.over));
    if (!skill_.start_from.empty()) check_start(*plan_.find(skill_.start_from));
  }

 private:
  void refuse(Code code, const std::string& message, const std::string& note, const std::string& help = {}) {
    fits_ = false;
    Diagnostic diagnostic{.code = code, .message = message, .primary = {node_.span, ""}};
    if (!note.empty()) diagnostic.notes.push_back(note);
    if (!help.empty()) diagnostic.help.push_back(help);
    diagnostics_.add(std::move(diagnostic));
  }

  void check_part(const SkillPlan& part) {
    if (!checked_.insert(part.name).second) return;
    const std::string pair = tick(part.name) + " cannot be a part of " + tick(skill_.name);
    if (part.kind == SkillPlan::Kind::composed) {
      for (const std::string& name : part.parts) check_part(*plan_.find(name));
      return;
    }
    if (part.algorithm == "extraction")
      return refuse(Code::M0222, pair, "it is a composition itself, and has no soft Q-function of its own",
                    "take its parts over, and compose them here");
    if (const std::string why = difference(part.environment.robot, skill_.environment.robot); !why.empty())
      return refuse(Code::M0204, pair, why);
    if (first_ == nullptr) first_ = &part;
    if (part.learning().discount != first_->learning().discount)
      return refuse(
          Code::M0205, tick(first_->name) + " and " + tick(part.name) + " have different discounts",
          format_number(first_->learning().discount) + " and " + format_number(part.learning().discount));
    seen_.insert(part.environment.observation_names.begin(), part.environment.observation_names.end());
    check_sees(part, Code::M0222, pair);
  }

  // What `other` was trained on must be there.
  void check_sees(const SkillPlan& other, Code code, const std::string& pair) {
    const auto& seen = skill_.environment.observation_names;
    for (const std::string& name : other.environment.observation_names) {
      if (std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
      return refuse(code, pair,
                    tick(other.name) + " sees " + tick(name) + ", which the world " +
                        tick(skill_.environment.world) + " does not observe",
                    "let that world `observe` it, too");
    }
  }

  void check_lower(const SkillPlan& lower) {
    const std::string pair = tick(skill_.name) + " cannot stand over " + tick(lower.name);
    if (const std::string why = difference(lower.environment.robot, skill_.environment.robot); !why.empty())
      return refuse(Code::M0211, pair, why);
    if (lower.policy.kind != "flow")
      return refuse(Code::M0214, pair, "it was trained as a " + lower.policy.kind + ", which has no inverse",
                    "train it with `policy flow`");
    check_sees(lower, Code::M0219, pair);
  }

  // Where the composition is to be learnt, somebody must have been.
  void check_seen() {
    if (!fits_) return;
    for (const std::string& name : skill_.environment.observation_names) {
      if (seen_.contains(name)) continue;
      return refuse(Code::M0222, tick(skill_.name) + " sees " + tick(name) + ", which none of its parts does",
                    "its policy is learnt from the states that they have seen",
                    "let the world of one of them `observe` it, too");
    }
  }

  void check_start(const SkillPlan& from) {
    const std::string pair = tick(skill_.name) + " cannot start from " + tick(from.name);
    std::string why = difference(from.environment.robot, skill_.environment.robot);
    const std::vector<const SkillPlan*> layers = layers_started_from(plan_, skill_);
    if (layers.size() > 1) {
      for (const SkillPlan* layer : layers) {
        check_sees(*layer, Code::M0216, pair);
        if (layer != layers.back() && layer->hold > 1)
          why = tick(layer->name) + " holds its actions for " + std::to_string(layer->hold) + " steps";
      }
      if (skill_.policy.below.size() >= most_layers)
        why = "its policy would have " + std::to_string(most_layers) + " layers, or more";
    }
    // Of several layers, only the policies are taken over: their soft Q-functions are of latents.
    const bool alone = layers.size() == 1;
    if (why.empty() && alone && from.algorithm != skill_.algorithm)
      why = "it is learnt by another algorithm, " + from.algorithm;
    if (why.empty() &&
        (from.policy.kind != skill_.policy.kind || from.policy.hidden != skill_.policy.hidden ||
         from.policy.couplings != skill_.policy.couplings || from.policy.units != skill_.policy.units))
      why = "its policy is another network: " + from.policy.kind + " " +
            to_text(SettingValue(from.policy.hidden));
    if (why.empty() && alone && from.learning().hidden != skill_.learning().hidden)
      why = "its soft Q-function is another network: hidden " + to_text(SettingValue(from.learning().hidden));
    if (why.empty() && alone && from.environment.observation_names != skill_.environment.observation_names)
      why = "it sees something else";
    if (!why.empty()) refuse(Code::M0216, pair, why);
  }

  const Plan& plan_;
  const SkillPlan& skill_;
  const SkillNode& node_;
  Diagnostics& diagnostics_;
  const SkillPlan* first_ = nullptr;  // part with a soft Q-function
  std::set<std::string> checked_;     // parts
  std::set<std::string> seen_;        // by any part
  bool fits_ = true;
};

}  // namespace

void check_contract(const Plan& plan, const SkillPlan& skill, const SkillNode& node,
                    Diagnostics& diagnostics) {
  Contract(plan, skill, node, diagnostics).check();
}

}  // namespace motet

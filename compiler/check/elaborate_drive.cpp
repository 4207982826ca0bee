// What motors are driven by.

#include <algorithm>

#include "compiler/check/elaborator.h"

namespace motet::checking {

// The hinge or slide that the driven motor acts on; reports, where it is none. Nothing without a model.
const JointInfo* Elaborator::driven_joint(const Expr& e, const Frame& f) {
  if (scenery_.body != Scenery::Body::model) return nullptr;
  const ModelInfo& model = scenery_.model->info;
  const auto actuator = scenery_.model->find(Element::actuator, scenery_.actuator);
  if (!actuator) return nullptr;
  const auto index =
      scenery_.model->find(Element::joint, model.actuators[static_cast<std::size_t>(*actuator)].joint);
  const JointInfo* joint = index ? &model.joints[static_cast<std::size_t>(*index)] : nullptr;
  using Type = JointInfo::Type;
  if (joint != nullptr && (joint->type == Type::hinge || joint->type == Type::slide)) return joint;
  complain({.code = Code::M0509,
            .message = "`pd` needs a motor on a hinge or a slide, and " + ticked(scenery_.actuator) +
                       " does not act on one",
            .primary = {e.span, ""}},
           f);
  return nullptr;
}

// The target, kp and kd, one number each; empty, where they are not (reported).
std::vector<Value> Elaborator::pd_values(const Expr& e, const Arguments& given, const Frame& f) {
  std::vector<const Expr*> texts = given.positional;
  for (const std::string_view name : {"kp", "kd"})
    if (const auto named = given.named.find(name); named != given.named.end()) texts.push_back(named->second);
  std::vector<Value> values;
  for (const Expr* text : texts) {
    const Value value = single(number_operand(*text, f), *text, f);
    if (value.known()) values.push_back(value);
  }
  if (given.positional.size() == 1 && given.named.contains("kp")) {
    if (values.size() != texts.size()) values.clear();
    return values;
  }
  complain({.code = Code::M0307,
            .message = "`pd` takes a target and its gains, `kp` and perhaps `kd`",
            .primary = {e.span, ""},
            .help = {"such as `pd(target, kp 1.2, kd 0.02)`"}},
           f);
  return {};
}

// kp (target - joint.pos) - kd joint.vel
Value Elaborator::pd(const Expr& e, const Arguments& given, const Frame& f) {
  if (place_ != Place::drive) {
    return complain({.code = Code::M0312,
                     .message = "`pd` tracks a position with a motor: it stands in `drive` only",
                     .primary = {e.span, ""}},
                    f);
  }
  const std::vector<Value> values = pd_values(e, given, f);
  const JointInfo* joint = values.empty() ? nullptr : driven_joint(e, f);
  if (joint == nullptr) return Value::unknown_number();
  const Quantity unit = Quantity::of(joint->type == JointInfo::Type::slide ? powers::length : powers::number);
  if (!agree(values[0].quantity, unit)) {
    const std::string target = checking::to_text(*values[0].quantity.powers);
    return complain({.code = Code::M0405,
                     .message = "the joint's position is in " + checking::to_text(*unit.powers) +
                                ", the target in " + target,
                     .primary = {given.positional[0]->span, target}},
                    f);
  }
  if (!spend(8)) return Value::unknown();
  const TermId position = table_.signal({.kind = SignalKind::joint_pos, .name = joint->name, .length = 1});
  const TermId error = table_.operation(Op::sub, {values[0].term, position});
  TermId control = table_.operation(Op::mul, {values[1].term, error});
  if (values.size() > 2) {
    const TermId velocity = table_.signal({.kind = SignalKind::joint_vel, .name = joint->name, .length = 1});
    control = table_.operation(Op::sub, {control, table_.operation(Op::mul, {values[2].term, velocity})});
  }
  return {.term = control};
}

}  // namespace motet::checking

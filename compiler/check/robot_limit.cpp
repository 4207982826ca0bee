// Limits, enforced in simulation and on hardware alike.

#include "compiler/check/robot_parts.h"

namespace motet::checking {

namespace {

class LimitsChecker {
 public:
  explicit LimitsChecker(RobotCheck& check) : check_(check), report_(check.context.report) {}

  void check() {
    for (const auto* item : find_items<syntax::LimitItem>(check_.syntax.items)) {
      using Kind = syntax::LimitItem::Kind;
      if (item->kind == Kind::range) limit_range(*item);
      if (item->kind == Kind::action_rate) {
        if (const auto bound = positive(item->bound, powers::frequency, "a rate of actions"))
          check_.robot.node.limits.push_back({LimitPlan::Kind::action_rate, "", 0, *bound});
      }
      if (item->kind == Kind::torque) limit_torque(*item);
    }
  }

 private:
  std::optional<double> positive(const syntax::Expr& bound, std::optional<Powers> unit,
                                 std::string_view what) {
    const bool per_second = bound.unit == "per s";
    const auto value = per_second ? std::optional(bound.value)
                                  : check_.context.constant_number(bound, check_.module, unit, what);
    if (!value || *value > 0) return value;
    report_.add({.code = Code::M0407, .message = "this limit leaves nothing", .primary = {bound.span, ""}});
    return std::nullopt;
  }

  void limit_torque(const syntax::LimitItem& item) {
    if (check_.is_point()) {
      report_.add({.code = Code::M0503, .message = "a point has no joints", .primary = {item.span, ""}});
      return;
    }
    const auto bound = positive(item.bound, powers::torque, "a torque");
    if (bound) check_.robot.node.limits.push_back({LimitPlan::Kind::joint_torque, "", -*bound, *bound});
  }

  void limit_range(const syntax::LimitItem& item) {
    const syntax::Expr& target = item.target[0];
    const bool of_joint = target.kind == syntax::Expr::Kind::member &&
                          target.children[0].kind == syntax::Expr::Kind::call &&
                          target.children[0].text == "joint";
    Scenery scenery = check_.scenery();
    TermTable terms;
    Elaborator elaborator(check_.context.shared(), terms, scenery);
    const Value value = elaborator.any(target, {.module = check_.module}, Place::drive);
    if (!value.known()) return;
    if (!of_joint || value.length != 1) {
      report_.add({.code = Code::M0305,
                   .message = "a limit is put on a hinge's or a slide's `.pos`, `.vel` or `.torque`",
                   .primary = {target.span, ""},
                   .help = {"such as `limit joint(knee).pos in [-1, 1]`"}});
      return;
    }
    const SignalRef& signal = terms[value.term].signal;
    const auto range =
        check_.context.constant_range(item.bound, check_.module, value.quantity.powers, "this limit");
    if (!range) return;
    LimitPlan limit{LimitPlan::Kind::joint_pos, signal.name, range->first, range->second};
    if (signal.kind == SignalKind::joint_vel) limit.kind = LimitPlan::Kind::joint_vel;
    if (signal.kind == SignalKind::joint_torque) limit.kind = LimitPlan::Kind::joint_torque;
    const auto index = static_cast<std::size_t>(*check_.robot.model->find(Element::joint, signal.name));
    const JointInfo& joint = check_.robot.model->info.joints[index];
    if (limit.kind == LimitPlan::Kind::joint_pos && joint.limited &&
        (limit.low < joint.low || limit.high > joint.high))
      report_.add(
          wider_than_model(item.bound.span, "the range of " + ticked(joint.name), joint.low, joint.high));
    check_.robot.node.limits.push_back(std::move(limit));
  }

  RobotCheck& check_;
  Report& report_;
};

}  // namespace

void check_limits(RobotCheck& check) {
  LimitsChecker(check).check();
}

}  // namespace motet::checking

// Robots: the model, what acts and how often, and limits.

#include <algorithm>
#include <cmath>

#include "compiler/check/context.h"
#include "compiler/setting_value.h"

namespace motet::checking {

namespace {

constexpr std::size_t most_actions = 4096;
constexpr int most_dimensions = 16;

class RobotChecker {
 public:
  RobotChecker(Context& context, CheckedRobot& robot)
      : context_(context),
        report_(context.report),
        robot_(robot),
        module_(context.scope[robot.id].module),
        syntax_(context.robot_syntax(robot.id)) {}

  void check() {
    robot_.node.name = context_.scope.display_name(robot_.id);
    robot_.node.span = syntax_.name.span;
    robot_.observes = find_items<syntax::ObserveItem>(syntax_.items);
    const std::size_t errors = report_.errors();
    model();
    control();
    act();
    robot_.sound = has_body_ && acts_ && robot_.node.control_period > 0;
    if (has_body_) {
      drives();
      limits();
      observe();
    }
    if (report_.errors() == errors && robot_.model) check_unused_channels();
  }

 private:
  void missing(std::string_view item, std::string_view example) {
    report_.add({.code = Code::M0310,
                 .message = "the robot " + ticked(syntax_.name.text) + " has no " + ticked(item),
                 .primary = {syntax_.name.span, ""},
                 .help = {"add it: " + ticked(example)}});
  }

  // --- the model ------------------------------------------------------------------------------

  void model() {
    const auto* item = find_item<syntax::ModelItem>(syntax_.items);
    if (item == nullptr) return missing("model", "model \"robot.xml\"");
    robot_.model_item = item;
    if (item->source.kind == syntax::Expr::Kind::call) return point(item->source);
    robot_.model = context_.load(module_, item->source);
    if (!robot_.model) return;
    robot_.node.model_file = robot_.model->file;
    robot_.node.model = {robot_.model, &robot_.model->info};
    has_body_ = true;
  }

  void point(const syntax::Expr& call) {
    if (call.text != "point" || call.children.size() != 1) {
      report_.add({.code = Code::M0305,
                   .message = "a model is a file or `point(N)`",
                   .primary = {call.span, ""},
                   .help = {"such as `model \"arm.xml\"` or `model point(2)`"}});
      return;
    }
    const auto dimensions = context_.constant_number(call.children[0], module_, {}, "the number of dimensions");
    if (!dimensions) return;
    if (!(*dimensions >= 1 && *dimensions <= most_dimensions) || *dimensions != std::floor(*dimensions)) {
      report_.add({.code = Code::M0407,
                   .message = "a point has 1 to " + std::to_string(most_dimensions) + " dimensions",
                   .primary = {call.children[0].span, ""}});
      return;
    }
    robot_.node.point_dimensions = static_cast<int>(*dimensions);
    has_body_ = true;
  }

  // --- how often ------------------------------------------------------------------------------

  void control() {
    const auto* item = find_item<syntax::ControlItem>(syntax_.items);
    if (item == nullptr) return missing("control", "control 20 Hz");
    const auto rate = context_.constant(item->rate, module_);
    if (!rate) return;
    const auto& powers = rate->quantity.powers;
    const bool is_rate = powers == powers::frequency, is_period = powers == powers::time;
    if (!rate->scalar() || !(is_rate || is_period)) {
      report_.add({.code = Code::M0406,
                   .message = "`control` takes a rate or a period",
                   .primary = {item->rate.span, powers ? "in " + to_text(*powers) : "without a unit"},
                   .help = {"such as `control 20 Hz` or `control 50 ms`"}});
      return;
    }
    const double period = is_rate ? 1 / rate->values[0] : rate->values[0];
    if (!(period > 0 && period <= 60)) {
      report_.add({.code = Code::M0407,
                   .message = "a control step lasts more than nothing and at most a minute",
                   .primary = {item->rate.span, ""}});
      return;
    }
    robot_.node.control_period = period;
    if (robot_.model && !whole_steps(period, robot_.model->info.timestep))
      report_.add(uneven_control(item->rate.span, period, robot_.model->info.timestep));
  }

  // --- what acts ------------------------------------------------------------------------------

  void act() {
    const auto* item = find_item<syntax::ActItem>(syntax_.items);
    if (item == nullptr) return missing("act", "act motors");
    if (!has_body_) return;
    acts_ = true;
    const bool driven = find_item<syntax::DriveItem>(syntax_.items) != nullptr;
    for (const syntax::ActChannel& channel : item->channels) {
      const auto [seen, is_new] = channels_.emplace(channel.name.text, &channel);
      if (!is_new) {
        acts_ = false;
        report_.add({.code = Code::M0302,
                     .message = ticked(channel.name.text) + " acts twice",
                     .primary = {channel.name.span, "again here"},
                     .secondary = {{seen->second->name.span, "first here"}}});
      } else if (robot_.node.point_dimensions > 0) {
        act_point(channel);
      } else if (channel.name.text == "motors" && !channel.length) {
        act_all(channel);
      } else {
        act_channel(channel, driven);
      }
    }
    for (const std::string& name : directly_) robot_.node.actuators.push_back(plan_of(name));
    put_in_order();
  }

  void act_point(const syntax::ActChannel& channel) {
    static constexpr std::string_view axes[] = {"x", "y", "z"};
    if (channel.name.text != "motors" || channel.length || channel.range) {
      acts_ = false;
      report_.add({.code = Code::M0503,
                   .message = "a point acts as a whole, by its coordinates",
                   .primary = {channel.span, ""},
                   .help = {"write `act motors`"}});
      return;
    }
    const int dimensions = robot_.node.point_dimensions;
    for (int i = 0; i < dimensions; ++i) {
      const std::string name = dimensions <= 3 ? std::string(axes[i]) : "x" + std::to_string(i);
      robot_.node.actuators.push_back({.name = name});
      robot_.node.action.push_back({.name = name});
    }
  }

  void act_all(const syntax::ActChannel& channel) {
    const auto& actuators = robot_.model->info.actuators;
    if (actuators.empty()) {
      acts_ = false;
      report_.add({.code = Code::M0502,
                   .message = "the model has no actuators",
                   .primary = {channel.span, ""},
                   .notes = {robot_.model->file.filename().string() + " describes a body that cannot act"}});
      return;
    }
    for (std::size_t i = 0; i < actuators.size(); ++i) {
      if (actuators[i].name.empty()) {
        acts_ = false;
        report_.add({.code = Code::M0509,
                     .message = "actuator " + std::to_string(i + 1) + " of the model has no name",
                     .primary = {channel.span, ""},
                     .help = {"give each actuator in " + robot_.model->file.filename().string() + " a name"}});
        return;
      }
      act_directly(actuators[i].name, channel);
    }
  }

  void act_channel(const syntax::ActChannel& channel, bool driven) {
    const bool actuator = robot_.model->find(Element::actuator, channel.name.text).has_value();
    if (actuator && !channel.length && !is_driven(channel.name.text)) return act_directly(channel.name.text, channel);
    if (!driven) {
      acts_ = false;
      Diagnostic diagnostic{.code = Code::M0502,
                            .message = "the model has no actuator called " + ticked(channel.name.text),
                            .primary = {channel.name.span, "no such actuator"}};
      if (actuator) {
        diagnostic = {.code = Code::M0509,
                      .message = "an actuator is one number, not " + std::to_string(*channel.length),
                      .primary = {channel.span, ""}};
      }
      const std::vector<std::string> names = robot_.model->all_names(Element::actuator);
      diagnostic.notes.push_back(robot_.model->file.filename().string() +
                                 (names.empty() ? " has none with a name" : " has " + ticked_list(names, 8)));
      diagnostic.help.push_back("an action with a name of its own needs `drive motor(NAME) = ...`");
      if (!actuator) report_.suggest(diagnostic, channel.name.text, channel.name.span, names);
      report_.add(std::move(diagnostic));
      return;
    }
    named_action(channel);
  }

  // `swing[4] in [-0.5, 0.5]`: read by `drive`.
  void named_action(const syntax::ActChannel& channel) {
    const std::int64_t length = channel.length.value_or(1);
    if (length < 1 || robot_.node.action.size() + static_cast<std::size_t>(length) > most_actions) {
      acts_ = false;
      report_.add({.code = Code::M0407,
                   .message = "an action has 1 to " + std::to_string(most_actions) + " coordinates",
                   .primary = {channel.span, ""}});
      return;
    }
    const auto range = channel.range ? context_.constant_range(*channel.range, module_, {}, "the range of an action")
                                     : std::pair(-1.0, 1.0);
    const auto offset = static_cast<std::uint32_t>(robot_.node.action.size());
    named_[channel.name.text] = {offset, static_cast<std::uint32_t>(length)};
    for (std::int64_t i = 0; i < length; ++i) {
      std::string name = channel.name.text + (channel.length ? "[" + std::to_string(i) + "]" : "");
      robot_.node.action.push_back({std::move(name), range ? range->first : -1, range ? range->second : 1});
    }
  }

  void act_directly(const std::string& name, const syntax::ActChannel& channel) {
    const ActuatorPlan plan = plan_of(name);
    const auto& info = info_of(name);
    ActionCoordinate coordinate{name, plan.low, plan.high};
    if (!info.limited) {
      report_.add({.code = Code::M0506,
                   .message = "the actuator " + ticked(name) + " has no control range",
                   .primary = {channel.span, "[-1, 1] is taken"},
                   .help = {"give it a `ctrlrange` in " + robot_.model->file.filename().string()}});
    }
    if (channel.range) {
      const auto range = context_.constant_range(*channel.range, module_, {}, "the range of an action");
      if (range) coordinate = {name, range->first, range->second};
      if (range && info.limited && (range->first < plan.low || range->second > plan.high))
        report_.add(wider(channel.range->span, "the control range of " + ticked(name), plan.low, plan.high));
    }
    named_[name] = {static_cast<std::uint32_t>(robot_.node.action.size()), 1};
    robot_.node.action.push_back(std::move(coordinate));
    directly_.push_back(name);
  }

  Diagnostic wider(Span span, const std::string& what, double low, double high) {
    return {.code = Code::M0505,
            .message = "this is wider than " + what,
            .primary = {span, ""},
            .notes = {"the model has [" + format_number(low) + ", " + format_number(high) + "], and that holds too"}};
  }

  const ActuatorInfo& info_of(const std::string& name) const {
    const auto index = robot_.model->find(Element::actuator, name);
    return robot_.model->info.actuators[static_cast<std::size_t>(*index)];
  }
  ActuatorPlan plan_of(const std::string& name) const {
    const ActuatorInfo& info = info_of(name);
    return {name, info.limited ? info.low : -1, info.limited ? info.high : 1};
  }
  bool is_driven(std::string_view actuator) const {
    for (const auto* drive : find_items<syntax::DriveItem>(syntax_.items))
      if (!drive->target.children.empty() && drive->target.children[0].text == actuator) return true;
    return false;
  }

  // Actuators stand in the model's order. Where the actions do not, each drives its own by a `drive`.
  void put_in_order() {
    if (!robot_.model) return;
    const auto position = [&](const ActuatorPlan& plan) { return *robot_.model->find(Element::actuator, plan.name); };
    const auto before = [&](const ActuatorPlan& a, const ActuatorPlan& b) { return position(a) < position(b); };
    if (!std::ranges::is_sorted(robot_.node.actuators, before)) in_model_order_ = false;
    std::ranges::sort(robot_.node.actuators, before);
  }

  // --- drive ----------------------------------------------------------------------------------

  void drives() {
    const auto items = find_items<syntax::DriveItem>(syntax_.items);
    if (!items.empty() && robot_.node.point_dimensions > 0) {
      report_.add({.code = Code::M0503,
                   .message = "a point has no motors to drive",
                   .primary = {items[0]->span, ""},
                   .help = {"write `act motors`, and no `drive`"}});
      return;
    }
    if (!acts_) return;
    for (const syntax::DriveItem* item : items) drive(*item);
    if (!items.empty() || !in_model_order_) {
      for (const std::string& name : directly_) {
        const TermId action = action_signal();
        robot_.node.drives.push_back({name, robot_.node.terms.slice(action, named_.at(name).offset, 1)});
      }
    }
    put_in_order();
  }

  TermId action_signal() {
    const auto length = static_cast<std::uint32_t>(robot_.node.action.size());
    return robot_.node.terms.signal({.kind = SignalKind::action, .length = length});
  }

  void drive(const syntax::DriveItem& item) {
    const syntax::Expr& target = item.target;
    const bool names_motor = target.kind == syntax::Expr::Kind::call && target.text == "motor" &&
                             target.children.size() == 1 &&
                             (target.children[0].kind == syntax::Expr::Kind::name ||
                              target.children[0].kind == syntax::Expr::Kind::string);
    if (!names_motor) {
      report_.add({.code = Code::M0305,
                   .message = "`drive` names a motor",
                   .primary = {target.span, ""},
                   .help = {"such as `drive motor(knee) = pd(bend, kp 1.2, kd 0.02)`"}});
      return;
    }
    const syntax::Expr& name = target.children[0];
    if (!robot_.model->find(Element::actuator, name.text)) {
      Diagnostic diagnostic{.code = Code::M0502,
                            .message = "the model has no actuator called " + ticked(name.text),
                            .primary = {name.span, "no such actuator"}};
      report_.suggest(diagnostic, name.text, name.span, robot_.model->all_names(Element::actuator));
      report_.add(std::move(diagnostic));
      return;
    }
    const auto [seen, is_new] = driven_.emplace(name.text, name.span);
    if (!is_new) {
      report_.add({.code = Code::M0302,
                   .message = ticked(name.text) + " is driven twice",
                   .primary = {name.span, "again here"},
                   .secondary = {{seen->second, "first here"}}});
      return;
    }
    Scenery scenery = own_scenery();
    scenery.channels = {named_.begin(), named_.end()};
    scenery.actuator = name.text;
    Elaborator elaborator(context_.shared(), robot_.node.terms, scenery);
    const Value value = elaborator.number(item.value, {.module = module_}, Place::drive);
    if (!value.known()) return;
    robot_.node.drives.push_back({name.text, value.term});
    robot_.node.actuators.push_back(plan_of(name.text));
  }

  void check_unused_channels() {
    if (robot_.node.drives.empty()) return;
    std::vector<bool> read(robot_.node.action.size(), false);
    const TermTable& terms = robot_.node.terms;
    std::vector<bool> seen(terms.size(), false);
    std::vector<TermId> open;
    for (const DriveNode& drive : robot_.node.drives) open.push_back(drive.value);
    while (!open.empty()) {
      const TermId id = open.back();
      open.pop_back();
      if (seen[id]) continue;
      seen[id] = true;
      const Term& term = terms[id];
      const auto is_action = [&](TermId of) {
        return terms[of].kind == Term::Kind::signal && terms[of].signal.kind == SignalKind::action;
      };
      if (is_action(id)) read.assign(read.size(), true);
      if (term.kind == Term::Kind::slice && is_action(term.args[0])) {
        for (std::uint32_t i = 0; i < term.length; ++i) read[term.offset + i] = true;
        continue;
      }
      open.insert(open.end(), term.args.begin(), term.args.end());
    }
    for (const auto& [name, channel] : named_) {
      for (std::uint32_t i = 0; i < channel.length; ++i) {
        if (read[channel.offset + i]) continue;
        report_.add({.code = Code::M0314,
                     .message = ticked(robot_.node.action[channel.offset + i].name) + " drives nothing",
                     .primary = {channels_.at(name)->name.span, "read by no `drive`"}});
        break;
      }
    }
  }

  // --- limits ---------------------------------------------------------------------------------

  void limits() {
    for (const auto* item : find_items<syntax::LimitItem>(syntax_.items)) {
      using Kind = syntax::LimitItem::Kind;
      if (item->kind == Kind::range) limit_range(*item);
      if (item->kind == Kind::action_rate) {
        if (const auto bound = positive(item->bound, {}, "a rate of actions"))
          robot_.node.limits.push_back({LimitPlan::Kind::action_rate, "", 0, *bound});
      }
      if (item->kind == Kind::torque) limit_torque(*item);
    }
  }

  std::optional<double> positive(const syntax::Expr& bound, std::optional<Powers> unit, std::string_view what) {
    const bool per_second = bound.unit == "per s";
    const auto value = per_second ? std::optional(bound.value) : context_.constant_number(bound, module_, unit, what);
    if (!value || *value > 0) return value;
    report_.add({.code = Code::M0407, .message = "this limit leaves nothing", .primary = {bound.span, ""}});
    return std::nullopt;
  }

  void limit_torque(const syntax::LimitItem& item) {
    if (robot_.node.point_dimensions > 0) {
      report_.add({.code = Code::M0503, .message = "a point has no joints", .primary = {item.span, ""}});
      return;
    }
    const auto bound = positive(item.bound, powers::torque, "a torque");
    if (bound) robot_.node.limits.push_back({LimitPlan::Kind::joint_torque, "", -*bound, *bound});
  }

  void limit_range(const syntax::LimitItem& item) {
    const syntax::Expr& target = item.target[0];
    const bool of_joint = target.kind == syntax::Expr::Kind::member &&
                          target.children[0].kind == syntax::Expr::Kind::call && target.children[0].text == "joint";
    Scenery scenery = own_scenery();
    TermTable terms;
    Elaborator elaborator(context_.shared(), terms, scenery);
    const Value value = elaborator.any(target, {.module = module_}, Place::drive);
    if (!value.known()) return;
    if (!of_joint || value.length != 1) {
      report_.add({.code = Code::M0305,
                   .message = "a limit is put on a hinge's or a slide's `.pos`, `.vel` or `.torque`",
                   .primary = {target.span, ""},
                   .help = {"such as `limit joint(knee).pos in [-1, 1]`"}});
      return;
    }
    const SignalRef& signal = terms[value.term].signal;
    const auto range = context_.constant_range(item.bound, module_, value.quantity.powers, "this limit");
    if (!range) return;
    LimitPlan limit{LimitPlan::Kind::joint_pos, signal.name, range->first, range->second};
    if (signal.kind == SignalKind::joint_vel) limit.kind = LimitPlan::Kind::joint_vel;
    if (signal.kind == SignalKind::joint_torque) limit.kind = LimitPlan::Kind::joint_torque;
    const auto index = static_cast<std::size_t>(*robot_.model->find(Element::joint, signal.name));
    const JointInfo& joint = robot_.model->info.joints[index];
    if (limit.kind == LimitPlan::Kind::joint_pos && joint.limited && (limit.low < joint.low || limit.high > joint.high))
      report_.add(wider(item.bound.span, "the range of " + ticked(joint.name), joint.low, joint.high));
    robot_.node.limits.push_back(std::move(limit));
  }

  // --- what it sees ---------------------------------------------------------------------------

  Scenery own_scenery() const {
    Scenery scenery;
    scenery.body = robot_.model ? Scenery::Body::model : Scenery::Body::point;
    scenery.model = robot_.model;
    scenery.point_dimensions = static_cast<std::uint32_t>(robot_.node.point_dimensions);
    scenery.action_size = acts_ ? static_cast<std::uint32_t>(robot_.node.action.size()) : 0;
    scenery.control_period = robot_.node.control_period;
    return scenery;
  }

  // Worlds elaborate it again, in their scenes. Here it is checked against the robot itself.
  void observe() {
    const Scenery scenery = own_scenery();
    TermTable terms;
    Elaborator elaborator(context_.shared(), terms, scenery);
    for (const auto* item : robot_.observes)
      for (const syntax::Expr& term : item->terms) elaborator.numbers(term, {.module = module_}, Place::observation);
  }

  Context& context_;
  Report& report_;
  CheckedRobot& robot_;
  const std::uint32_t module_;
  const syntax::Robot& syntax_;
  bool has_body_ = false;
  bool acts_ = false;
  bool in_model_order_ = true;
  std::map<std::string, const syntax::ActChannel*> channels_;
  std::map<std::string, ChannelInfo> named_;
  std::vector<std::string> directly_;  // actuators that a coordinate of the action drives
  std::map<std::string, Span> driven_;
};

}  // namespace

bool whole_steps(double period, double timestep) {
  const double steps = period / timestep;
  return steps > 0.5 && std::abs(steps - std::round(steps)) <= 1e-6 * steps;
}

Diagnostic uneven_control(Span span, double period, double timestep) {
  const auto rate = [&](double steps) { return "`" + format_number(1 / (steps * timestep)) + " Hz`"; };
  const double steps = period / timestep;
  const double fewer = std::max(1.0, std::floor(steps));
  std::string near = steps < 1 ? rate(1) : rate(fewer) + " or " + rate(fewer + 1);
  return {.code = Code::M0504,
          .message = "a control step is no whole number of physics steps",
          .primary = {span, format_number(steps) + " physics steps"},
          .notes = {"the model's physics step is " + format_number(timestep) + " s"},
          .help = {"the nearest that fit: " + near}};
}

void check_robot(Context& context, DeclaredId id) {
  CheckedRobot& robot = context.robots.emplace_back();
  robot.id = id;
  robot.index = context.robots.size() - 1;
  context.robot_of[id] = &robot;
  RobotChecker(context, robot).check();
}

}  // namespace motet::checking

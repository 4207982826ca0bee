// What acts, and what it drives.

#include <algorithm>

#include "compiler/check/robot_parts.h"

namespace motet::checking {

namespace {

constexpr std::size_t most_actions = 4096;

class ActionsChecker {
 public:
  explicit ActionsChecker(RobotCheck& check) : check_(check), report_(check.context.report) {}

  void act() {
    const auto* item = find_item<syntax::ActItem>(check_.syntax.items);
    if (item == nullptr || !check_.has_body) return;
    check_.acts = true;
    const bool driven = find_item<syntax::DriveItem>(check_.syntax.items) != nullptr;
    for (const syntax::ActChannel& channel : item->channels) {
      const auto [seen, is_new] = channels_.emplace(channel.name.text, &channel);
      if (!is_new) {
        check_.acts = false;
        report_.add({.code = Code::M0302,
                     .message = ticked(channel.name.text) + " acts twice",
                     .primary = {channel.name.span, "again here"},
                     .secondary = {{seen->second->name.span, "first here"}}});
      } else if (check_.is_point()) {
        act_point(channel);
      } else if (channel.name.text == "motors" && !channel.length) {
        act_all(channel);
      } else {
        act_channel(channel, driven);
      }
    }
    for (const std::string& name : directly_) check_.robot.node.actuators.push_back(plan_of(name));
    put_in_order();
  }

  void drives() {
    const std::size_t errors = report_.errors();
    const auto items = find_items<syntax::DriveItem>(check_.syntax.items);
    if (!items.empty() && check_.is_point()) {
      report_.add({.code = Code::M0503,
                   .message = "a point has no motors to drive",
                   .primary = {items[0]->span, ""},
                   .help = {"write `act motors`, and no `drive`"}});
      return;
    }
    if (!check_.acts) return;
    for (const syntax::DriveItem* item : items) drive(*item);
    if (!items.empty() || !in_model_order_) {
      for (const std::string& name : directly_) {
        const TermId action = action_signal();
        check_.robot.node.drives.push_back(
            {name, check_.robot.node.terms.slice(action, named_.at(name).offset, 1)});
      }
    }
    put_in_order();
    if (report_.errors() == errors) check_unused_channels();
  }

 private:
  void act_point(const syntax::ActChannel& channel) {
    static constexpr std::string_view axes[] = {"x", "y", "z"};
    if (channel.name.text != "motors" || channel.length || channel.range) {
      check_.acts = false;
      report_.add({.code = Code::M0503,
                   .message = "a point acts as a whole, by its coordinates",
                   .primary = {channel.span, ""},
                   .help = {"write `act motors`"}});
      return;
    }
    const int dimensions = check_.robot.node.point_dimensions;
    for (int i = 0; i < dimensions; ++i) {
      const std::string name = dimensions <= 3 ? std::string(axes[i]) : "x" + std::to_string(i);
      check_.robot.node.actuators.push_back({.name = name});
      check_.robot.node.action.push_back({.name = name});
    }
  }

  void act_all(const syntax::ActChannel& channel) {
    const auto& actuators = check_.robot.model->info.actuators;
    if (actuators.empty()) {
      check_.acts = false;
      report_.add(
          {.code = Code::M0502,
           .message = "the model has no actuators",
           .primary = {channel.span, ""},
           .notes = {check_.robot.model->file.filename().string() + " describes a body that cannot act"}});
      return;
    }
    for (std::size_t i = 0; i < actuators.size(); ++i) {
      if (actuators[i].name.empty()) {
        check_.acts = false;
        report_.add(
            {.code = Code::M0509,
             .message = "actuator " + std::to_string(i + 1) + " of the model has no name",
             .primary = {channel.span, ""},
             .help = {"give each actuator in " + check_.robot.model->file.filename().string() + " a name"}});
        return;
      }
      act_directly(actuators[i].name, channel);
    }
  }

  void act_channel(const syntax::ActChannel& channel, bool driven) {
    const bool actuator = check_.robot.model->find(Element::actuator, channel.name.text).has_value();
    if (actuator && !channel.length && !is_driven(channel.name.text))
      return act_directly(channel.name.text, channel);
    if (!driven) {
      check_.acts = false;
      Diagnostic diagnostic{.code = Code::M0502,
                            .message = "the model has no actuator called " + ticked(channel.name.text),
                            .primary = {channel.name.span, "no such actuator"}};
      if (actuator) {
        diagnostic = {.code = Code::M0509,
                      .message = "an actuator is one number, not " + std::to_string(*channel.length),
                      .primary = {channel.span, ""}};
      }
      const std::vector<std::string> names = check_.robot.model->all_names(Element::actuator);
      diagnostic.notes.push_back(check_.robot.model->file.filename().string() +
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
    if (length < 1 || check_.robot.node.action.size() + static_cast<std::size_t>(length) > most_actions) {
      check_.acts = false;
      report_.add({.code = Code::M0407,
                   .message = "an action has 1 to " + std::to_string(most_actions) + " coordinates",
                   .primary = {channel.span, ""}});
      return;
    }
    const auto range = channel.range ? check_.context.constant_range(*channel.range, check_.module, {},
                                                                     "the range of an action")
                                     : std::pair(-1.0, 1.0);
    const auto offset = static_cast<std::uint32_t>(check_.robot.node.action.size());
    named_[channel.name.text] = {offset, static_cast<std::uint32_t>(length)};
    for (std::int64_t i = 0; i < length; ++i) {
      std::string name = channel.name.text + (channel.length ? "[" + std::to_string(i) + "]" : "");
      check_.robot.node.action.push_back(
          {std::move(name), range ? range->first : -1, range ? range->second : 1});
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
                   .help = {"give it a `ctrlrange` in " + check_.robot.model->file.filename().string()}});
    }
    if (channel.range) {
      const auto range =
          check_.context.constant_range(*channel.range, check_.module, {}, "the range of an action");
      if (range) coordinate = {name, range->first, range->second};
      if (range && info.limited && (range->first < plan.low || range->second > plan.high))
        report_.add(wider_than_model(channel.range->span, "the control range of " + ticked(name), plan.low,
                                     plan.high));
    }
    named_[name] = {static_cast<std::uint32_t>(check_.robot.node.action.size()), 1};
    check_.robot.node.action.push_back(std::move(coordinate));
    directly_.push_back(name);
  }

  const ActuatorInfo& info_of(const std::string& name) const {
    const auto index = check_.robot.model->find(Element::actuator, name);
    return check_.robot.model->info.actuators[static_cast<std::size_t>(*index)];
  }
  ActuatorPlan plan_of(const std::string& name) const {
    const ActuatorInfo& info = info_of(name);
    return {name, info.limited ? info.low : -1, info.limited ? info.high : 1};
  }
  bool is_driven(std::string_view actuator) const {
    for (const auto* drive : find_items<syntax::DriveItem>(check_.syntax.items))
      if (!drive->target.children.empty() && drive->target.children[0].text == actuator) return true;
    return false;
  }

  // Actuators stand in the model's order. Where the actions do not, each drives its own by a `drive`.
  void put_in_order() {
    if (!check_.robot.model) return;
    const auto position = [&](const ActuatorPlan& plan) {
      return *check_.robot.model->find(Element::actuator, plan.name);
    };
    const auto before = [&](const ActuatorPlan& a, const ActuatorPlan& b) {
      return position(a) < position(b);
    };
    if (!std::ranges::is_sorted(check_.robot.node.actuators, before)) in_model_order_ = false;
    std::ranges::sort(check_.robot.node.actuators, before);
  }

  // --- drive ----------------------------------------------------------------------------------------

  TermId action_signal() {
    const auto length = static_cast<std::uint32_t>(check_.robot.node.action.size());
    return check_.robot.node.terms.signal({.kind = SignalKind::action, .length = length});
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
    if (!check_.robot.model->find(Element::actuator, name.text)) {
      Diagnostic diagnostic{.code = Code::M0502,
                            .message = "the model has no actuator called " + ticked(name.text),
                            .primary = {name.span, "no such actuator"}};
      report_.suggest(diagnostic, name.text, name.span, check_.robot.model->all_names(Element::actuator));
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
    Scenery scenery = check_.scenery();
    scenery.channels = {named_.begin(), named_.end()};
    scenery.actuator = name.text;
    Elaborator elaborator(check_.context.shared(), check_.robot.node.terms, scenery);
    const Value value = elaborator.number(item.value, {.module = check_.module}, Place::drive);
    if (!value.known()) return;
    check_.robot.node.drives.push_back({name.text, value.term});
    check_.robot.node.actuators.push_back(plan_of(name.text));
  }

  void check_unused_channels() {
    if (check_.robot.node.drives.empty()) return;
    std::vector<bool> read(check_.robot.node.action.size(), false);
    const TermTable& terms = check_.robot.node.terms;
    std::vector<bool> seen(terms.size(), false);
    std::vector<TermId> open;
    for (const DriveNode& drive : check_.robot.node.drives) open.push_back(drive.value);
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
                     .message = ticked(check_.robot.node.action[channel.offset + i].name) + " drives nothing",
                     .primary = {channels_.at(name)->name.span, "read by no `drive`"}});
        break;
      }
    }
  }

  RobotCheck& check_;
  Report& report_;
  bool in_model_order_ = true;
  std::map<std::string, const syntax::ActChannel*> channels_;
  std::map<std::string, ChannelInfo> named_;
  std::vector<std::string> directly_;  // actuators that a coordinate of the action drives
  std::map<std::string, Span> driven_;
};

}  // namespace

void check_actions(RobotCheck& check) {
  ActionsChecker actions(check);
  actions.act();
  actions.drives();
}

}  // namespace motet::checking

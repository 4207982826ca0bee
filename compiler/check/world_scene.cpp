#include "compiler/check/world_parts.h"

#include <algorithm>
#include <cmath>

namespace motet::checking {

namespace {

class SceneChecker : WorldCheck {
 public:
  using WorldCheck::WorldCheck;

  void check() {
    robot();
    scene();
    horizon();
  }

 private:
  void robot() {
    const auto* item = find_item<syntax::RobotItem>(syntax_.items);
    if (item == nullptr) return;
    const auto id = context_.resolve(module_, Space::robot, item->robot);
    if (id) world_.robot = context_.robot_of[*id];
  }

  void scene() {
    if (world_.robot == nullptr) return;
    const auto* item = find_item<syntax::SceneItem>(syntax_.items);
    world_.model = world_.robot->model;
    const bool point = world_.robot->node.point_dimensions > 0;
    if (item != nullptr && point) {
      report_.add({.code = Code::M0503,
                   .message = "a point has no scene",
                   .primary = {item->span, ""},
                   .secondary = {{world_.robot->node.span, "a point"}}});
      return;
    }
    bool fits = true;
    if (item != nullptr) {
      world_.model = context_.load(module_, item->path);
      if (world_.model) world_.node.scene_file = world_.model->file;
      if (world_.model && world_.robot->model) fits = holds_robot(*item);
    }
    if (world_.model) world_.node.model = {world_.model, &world_.model->info};
    world_.sound = world_.robot->sound && fits && (world_.model || point);
  }

  // Every name of the robot's model must be in the scene, and its timestep must fit the control.
  bool holds_robot(const syntax::SceneItem& item) {
    const LoadedModel& own = *world_.robot->model;
    std::vector<std::string> lost;
    for (const Element element :
         {Element::body, Element::joint, Element::actuator, Element::site, Element::sensor}) {
      for (const std::string& name : own.all_names(element))
        if (!world_.model->find(element, name))
          lost.push_back(std::string(element_name(element)) + " " + name);
    }
    if (!lost.empty()) {
      report_.add({.code = Code::M0507,
                   .message = "the scene does not hold the robot " + ticked(world_.robot->node.name),
                   .primary = {item.path.span, ""},
                   .secondary = {{world_.robot->model_item->source.span, "the robot's model"}},
                   .notes = {"the scene has no " + ticked_list(lost)},
                   .help = {"include the robot's file in the scene: `<include file=\"" +
                            own.file.filename().string() + "\"/>`"}});
      return false;
    }
    std::vector<std::string> more;
    for (const std::string& name : world_.model->all_names(Element::actuator))
      if (!own.find(Element::actuator, name)) more.push_back(name);
    if (!more.empty()) {
      report_.add({.code = Code::M0508,
                   .message = "the scene has actuators that the robot has not",
                   .primary = {item.path.span, ""},
                   .notes = {"nothing drives " + ticked_list(more)}});
    }
    const double period = world_.robot->node.control_period;
    if (period > 0 && whole_steps(period, own.info.timestep) &&
        !whole_steps(period, world_.model->info.timestep)) {
      Diagnostic diagnostic = uneven_control(item.path.span, period, world_.model->info.timestep);
      diagnostic.notes.push_back("the robot's own model has a step of " + rounded(own.info.timestep) + " s");
      report_.add(std::move(diagnostic));
    }
    return true;
  }

  void horizon() {
    const auto* item = find_item<syntax::HorizonItem>(syntax_.items);
    if (item == nullptr) return;
    const syntax::Expr& length = item->length;
    if (length.kind == syntax::Expr::Kind::number && length.unit == "steps") {
      world_.node.horizon = context_.steps(length, "horizon").value_or(0);
      return;
    }
    const auto duration = context_.constant(length, module_);
    if (!duration) return;
    if (!duration->scalar() || duration->quantity.powers != powers::time) {
      Diagnostic diagnostic{.code = Code::M0406,
                            .message = "`horizon` takes a number of steps or a time",
                            .primary = {length.span, ""},
                            .help = {"such as `horizon 300 steps` or `horizon 10 s`"}};
      if (length.kind == syntax::Expr::Kind::number && length.unit.empty())
        diagnostic.fix = Fix{length.span, length.text + " steps"};
      report_.add(std::move(diagnostic));
      return;
    }
    const double period = world_.robot != nullptr ? world_.robot->node.control_period : 0;
    if (period > 0) horizon_in_seconds(length, duration->values[0], period);
  }

  void horizon_in_seconds(const syntax::Expr& text, double duration, double period) {
    const double steps = duration / period;
    if (!(steps >= 0.5 && steps <= 1e9)) {
      report_.add({.code = Code::M0407,
                   .message = "a horizon has 1 to 1000000000 control steps",
                   .primary = {text.span, rounded(steps) + " steps"}});
      return;
    }
    const double whole = std::max(1.0, std::round(steps));
    if (std::abs(steps - whole) > 1e-6 * whole) {
      report_.add({.code = Code::M0415,
                   .message = "the horizon is no whole number of control steps",
                   .primary = {text.span, rounded(steps) + " steps"},
                   .notes = {"a control step of " + ticked(world_.robot->node.name) + " lasts " +
                             rounded(period) + " s"},
                   .help = {"the nearest is " + ticked(rounded(whole * period) + " s")}});
    }
    world_.node.horizon = static_cast<std::int64_t>(whole);
  }
};

}  // namespace

void check_scene(Context& context, CheckedWorld& world) {
  SceneChecker(context, world).check();
}

}  // namespace motet::checking

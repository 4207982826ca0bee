// Worlds: the scene, the horizon, and what happens in an episode.

#include <algorithm>
#include <cmath>

#include "compiler/check/context.h"
#include "compiler/check/reset.h"
#include "compiler/setting_value.h"

namespace motet::checking {

namespace {

class WorldChecker {
 public:
  WorldChecker(Context& context, CheckedWorld& world)
      : context_(context),
        report_(context.report),
        world_(world),
        module_(context.scope[world.id].module),
        syntax_(context.world_syntax(world.id)) {}

  void check() {
    world_.node.name = context_.scope.display_name(world_.id);
    world_.node.span = syntax_.name.span;
    world_.observes = find_items<syntax::ObserveItem>(syntax_.items);
    robot();
    scene();
    horizon();
    set_the_scene();
    world_.elaborator = std::make_unique<Elaborator>(context_.shared(), world_.environment.terms, world_.scenery);
    samples();
    resets();
    success_and_end();
    observe();
    measures();
  }

 private:
  Frame frame() const { return {.module = module_}; }

  void missing(std::string_view item, std::string_view example) {
    report_.add({.code = Code::M0310,
                 .message = "the world " + ticked(syntax_.name.text) + " has no " + ticked(item),
                 .primary = {syntax_.name.span, ""},
                 .help = {"add it: " + ticked(example)}});
  }

  // --- where --------------------------------------------------------------------------------------

  void robot() {
    const auto* item = find_item<syntax::RobotItem>(syntax_.items);
    if (item == nullptr) return missing("robot", "robot NAME");
    const auto id = context_.resolve(module_, Space::robot, item->robot);
    if (id) world_.robot = context_.robot_of[*id];
  }

  void scene() {
    if (world_.robot == nullptr) return;
    const auto* item = find_item<syntax::SceneItem>(syntax_.items);
    model_ = world_.robot->model;
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
      model_ = context_.load(module_, item->path);
      if (model_) world_.node.scene_file = model_->file;
      if (model_ && world_.robot->model) fits = holds_robot(*item);
    }
    if (model_) world_.node.model = {model_, &model_->info};
    world_.sound = world_.robot->sound && fits && (model_ || point);
  }

  // Every name of the robot's model must be in the scene, and its timestep must fit the control.
  bool holds_robot(const syntax::SceneItem& item) {
    const LoadedModel& own = *world_.robot->model;
    std::vector<std::string> lost;
    for (const Element element : {Element::body, Element::joint, Element::actuator, Element::site, Element::sensor}) {
      for (const std::string& name : own.all_names(element))
        if (!model_->find(element, name)) lost.push_back(std::string(element_name(element)) + " " + name);
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
    for (const std::string& name : model_->all_names(Element::actuator))
      if (!own.find(Element::actuator, name)) more.push_back(name);
    if (!more.empty()) {
      report_.add({.code = Code::M0508,
                   .message = "the scene has actuators that the robot has not",
                   .primary = {item.path.span, ""},
                   .notes = {"nothing drives " + ticked_list(more)}});
    }
    const double period = world_.robot->node.control_period;
    if (period > 0 && whole_steps(period, own.info.timestep) && !whole_steps(period, model_->info.timestep)) {
      Diagnostic diagnostic = uneven_control(item.path.span, period, model_->info.timestep);
      diagnostic.notes.push_back("the robot's own model has a step of " + format_number(own.info.timestep) + " s");
      report_.add(std::move(diagnostic));
    }
    return true;
  }

  void horizon() {
    const auto* item = find_item<syntax::HorizonItem>(syntax_.items);
    if (item == nullptr) return missing("horizon", "horizon 300 steps");
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
                   .primary = {text.span, format_number(steps) + " steps"}});
      return;
    }
    const double whole = std::max(1.0, std::round(steps));
    if (std::abs(steps - whole) > 1e-6 * whole) {
      report_.add({.code = Code::M0415,
                   .message = "the horizon is no whole number of control steps",
                   .primary = {text.span, format_number(steps) + " steps"},
                   .notes = {"a control step of " + ticked(world_.robot->node.name) + " lasts " +
                             format_number(period) + " s"},
                   .help = {"the nearest is " + ticked(format_number(whole * period) + " s")}});
    }
    world_.node.horizon = static_cast<std::int64_t>(whole);
  }

  void set_the_scene() {
    Scenery& scenery = world_.scenery;
    scenery.success_item = find_item<syntax::SuccessItem>(syntax_.items);
    if (world_.robot != nullptr) scenery.control_period = world_.robot->node.control_period;
    if (world_.sound) {
      scenery.body = model_ ? Scenery::Body::model : Scenery::Body::point;
      scenery.model = model_;
      scenery.point_dimensions = static_cast<std::uint32_t>(world_.robot->node.point_dimensions);
      scenery.action_size = static_cast<std::uint32_t>(world_.robot->node.action.size());
    }
    world_.robot_scenery = scenery;
  }

  // --- a reset ------------------------------------------------------------------------------------

  void samples() {
    for (const auto* item : find_items<syntax::SampleItem>(syntax_.items)) {
      if (!name_is_free(item->name)) continue;
      const Value value = world_.elaborator->numbers(item->distribution, frame(), Place::sample);
      SampleInfo info{.quantity = value.quantity, .span = item->name.span};
      if (value.known()) {
        if (!value.draws) not_drawn(*item);
        info.length = value.length;
        info.draw = value.term;
        world_.environment.samples.push_back({item->name.text, value.term});
        world_.node.samples.push_back(item->name.text);
      }
      world_.scenery.samples.emplace(item->name.text, info);
    }
  }

  void not_drawn(const syntax::SampleItem& item) {
    report_.add({.code = Code::M0412,
                 .message = ticked(item.name.text) + " is drawn from nothing: it is always the same",
                 .primary = {item.distribution.span, "no distribution"},
                 .help = {"draw it, such as from `uniform(-1, 1)`, or declare it with `let`"}});
  }

  bool name_is_free(const syntax::Name& name) {
    if (is_signal_word(name.text) || is_element_word(name.text)) {
      report_.add({.code = Code::M0309,
                   .message = ticked(name.text) + " is a signal of the language",
                   .primary = {name.span, "cannot be declared"},
                   .help = {"choose another name"}});
      return false;
    }
    if (const auto known = world_.scenery.samples.find(name.text); known != world_.scenery.samples.end()) {
      report_.add({.code = Code::M0302,
                   .message = ticked(name.text) + " is sampled twice",
                   .primary = {name.span, "again here"},
                   .secondary = {{known->second.span, "first here"}}});
      return false;
    }
    const Lookup lookup = context_.scope.find(module_, Space::value, name.text);
    if (!lookup.found) return true;
    const Declared& declared = context_.scope[*lookup.found];
    report_.add({.code = Code::M0302,
                 .message = ticked(name.text) + " is a sample and " + kind_text(declared.kind),
                 .primary = {name.span, "sampled here"},
                 .secondary = {{declared.name->span, "declared here"}},
                 .help = {"give one of them another name"}});
    return false;
  }

  void resets() {
    if (!world_.sound) {
      for (const auto* item : find_items<syntax::ResetItem>(syntax_.items)) {
        world_.elaborator->any(item->target, frame(), Place::reset);
        world_.elaborator->spread(item->value, frame(), 0);
      }
      return;
    }
    for (const auto* item : find_items<syntax::ResetItem>(syntax_.items))
      check_reset(context_, *world_.elaborator, module_, *item, world_.environment.resets);
  }

  // --- a step -------------------------------------------------------------------------------------

  void success_and_end() {
    if (const auto* item = world_.scenery.success_item) {
      const Value value = world_.elaborator->truth(item->condition, frame(), Place::success);
      world_.scenery.success = value;
      if (value.known()) world_.environment.success = value.term;
    }
    // Any of several ends is one.
    for (const auto* item : find_items<syntax::EndItem>(syntax_.items)) {
      const Value value = world_.elaborator->truth(item->condition, frame(), Place::end);
      if (!value.known()) continue;
      auto& end = world_.environment.end;
      end = end ? world_.environment.terms.operation(Op::logical_or, {*end, value.term}) : value.term;
    }
  }

  // What the robot sees, then what the world adds.
  void observe() {
    std::vector<Value> parts;
    if (world_.robot != nullptr && world_.sound) {
      Elaborator robot(context_.shared(), world_.environment.terms, world_.robot_scenery);
      const Frame in_robot{.module = context_.scope[world_.robot->id].module};
      for (const auto* item : world_.robot->observes)
        for (const syntax::Expr& term : item->terms) parts.push_back(robot.numbers(term, in_robot, Place::observation));
    }
    for (const auto* item : world_.observes)
      for (const syntax::Expr& term : item->terms)
        parts.push_back(world_.elaborator->numbers(term, frame(), Place::observation));
    if (!parts.empty()) {
      const Value all = world_.elaborator->concatenated(parts, syntax_.name.span);
      if (all.known()) world_.environment.observation = all.term;
      return;
    }
    if (!world_.sound) return;
    report_.add({.code = Code::M0310,
                 .message = "nothing is observed in " + ticked(syntax_.name.text),
                 .primary = {syntax_.name.span, "a policy would see nothing"},
                 .secondary = {{world_.robot->node.span, "the robot observes nothing"}},
                 .help = {"say what the robot sees: `observe qpos, qvel`"}});
  }

  void measures() {
    std::map<std::string_view, Span> seen;
    for (const auto* item : find_items<syntax::MeasureItem>(syntax_.items)) {
      const auto [first, is_new] = seen.emplace(item->name.text, item->name.span);
      if (!is_new) {
        report_.add({.code = Code::M0302,
                     .message = ticked(item->name.text) + " is measured twice",
                     .primary = {item->name.span, "again here"},
                     .secondary = {{first->second, "first here"}}});
      }
      const Value value = world_.elaborator->measured(item->value, frame());
      if (!value.known()) continue;
      const auto over = static_cast<MeasurePlan::Over>(item->over);
      world_.environment.measures.push_back({item->name.text, over, value.term});
    }
  }

  Context& context_;
  Report& report_;
  CheckedWorld& world_;
  const std::uint32_t module_;
  const syntax::World& syntax_;
  std::shared_ptr<const LoadedModel> model_;
};

}  // namespace

void check_world(Context& context, DeclaredId id) {
  CheckedWorld& world = context.worlds.emplace_back();
  world.id = id;
  world.index = context.worlds.size() - 1;
  context.world_of[id] = &world;
  WorldChecker(context, world).check();
}

}  // namespace motet::checking

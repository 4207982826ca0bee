// Worlds: what happens in an episode.

#include <algorithm>
#include <cmath>

#include "compiler/check/context.h"
#include "compiler/check/reset.h"
#include "compiler/check/world_parts.h"

namespace motet::checking {

namespace {

class WorldChecker : WorldCheck {
 public:
  using WorldCheck::WorldCheck;

  void check() {
    world_.node.name = context_.scope.display_name(world_.id);
    world_.node.span = syntax_.name.span;
    world_.observes = find_items<syntax::ObserveItem>(syntax_.items);
    missing_items();
    check_scene(context_, world_);
    set_the_scene();
    world_.elaborator =
        std::make_unique<Elaborator>(context_.shared(), world_.environment.terms, world_.scenery);
    samples();
    resets();
    success_and_end();
    observe();
    measures();
  }

 private:
  Frame frame() const { return {.module = module_}; }

  void missing_items() {
    const auto& items = syntax_.items;
    report_missing(report_, "world", syntax_.name,
                   {{find_item<syntax::RobotItem>(items), "robot", "robot NAME"},
                    {find_item<syntax::HorizonItem>(items), "horizon", "horizon 300 steps"}});
  }

  void set_the_scene() {
    Scenery& scenery = world_.scenery;
    scenery.success_item = find_item<syntax::SuccessItem>(syntax_.items);
    if (world_.robot != nullptr) scenery.control_period = world_.robot->node.control_period;
    if (world_.sound) {
      scenery.body = world_.model ? Scenery::Body::model : Scenery::Body::point;
      scenery.model = world_.model;
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
        for (const syntax::Expr& term : item->terms)
          parts.push_back(robot.numbers(term, in_robot, Place::observation));
    }
    for (const auto* item : world_.observes)
      for (const syntax::Expr& term : item->terms)
        parts.push_back(world_.elaborator->numbers(term, frame(), Place::observation));
    if (!parts.empty()) {
      const Value all = world_.elaborator->concatenated(parts, syntax_.name.span);
      world_.observed = all.known();
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

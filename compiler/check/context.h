#pragma once

// What the checker has found out so far. Robots, worlds and skills are checked in this order, each
// kind in a file of its own.

#include <deque>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/check/elaborator.h"
#include "compiler/check/models.h"
#include "compiler/check/report.h"
#include "compiler/check/scope.h"
#include "compiler/graph.h"
#include "language/modules.h"

namespace motet::checking {

// A constant's numbers, in SI.
struct Constant {
  std::vector<double> values;
  Quantity quantity;

  bool scalar() const { return values.size() == 1; }
};

// An argument of a skill. Nothing is known of it where the declaration is checked by itself.
struct Binding {
  std::string_view name;
  std::optional<Constant> constant;
};
using Bindings = std::vector<Binding>;

struct CheckedRobot {
  DeclaredId id = 0;
  std::size_t index = 0;
  RobotNode node;
  std::shared_ptr<const LoadedModel> model;  // null for the point, and after an error
  bool sound = false;                        // what acts and how often is known
  std::vector<const syntax::ObserveItem*> observes;
  const syntax::ModelItem* model_item = nullptr;
};

struct CheckedWorld {
  DeclaredId id = 0;
  std::size_t index = 0;
  WorldNode node;
  const CheckedRobot* robot = nullptr;
  std::shared_ptr<const LoadedModel> model;  // of the scene, or the robot's
  bool sound = false;                        // the scenery is known: expressions can be checked
  bool observed = false;                     // `environment.observation` is there
  Scenery scenery;
  Scenery robot_scenery;                   // the same without what the robot cannot know
  Environment environment;                 // without a reward
  std::unique_ptr<Elaborator> elaborator;  // of `environment`
  std::vector<const syntax::ObserveItem*> observes;
};

struct Context {
  Context(const Program& program, const SourceMap& sources, Diagnostics& diagnostics);

  Shared shared() {
    return {scope, report, budget, elaborated, is_constant, constants_ ? &*constants_ : nullptr};
  }
  const syntax::Robot& robot_syntax(DeclaredId id) const {
    return std::get<syntax::Robot>(*scope[id].syntax);
  }
  const syntax::World& world_syntax(DeclaredId id) const {
    return std::get<syntax::World>(*scope[id].syntax);
  }
  // A path in the program's text, from the folder of the module it stands in.
  std::filesystem::path path_in(std::uint32_t module, std::string_view text) const;

  // The declaration that a place for a robot, a world or a skill names; reports what is wrong.
  std::optional<DeclaredId> resolve(std::uint32_t module, Space space, const syntax::Name& name);
  // Loads a model for the text that names it; reports what is wrong (M0501).
  std::shared_ptr<const LoadedModel> load(std::uint32_t module, const syntax::Expr& path);

  // A constant; nothing, where it is none (reported) or depends on an unknown argument.
  std::optional<Constant> constant(const syntax::Expr& expression, std::uint32_t module,
                                   const Bindings& bindings = {});
  // A single number that is plain or has the unit that the field takes: "a torque in Nm".
  std::optional<double> constant_number(const syntax::Expr& expression, std::uint32_t module,
                                        std::optional<Powers> unit, std::string_view what,
                                        const Bindings& bindings = {});
  // Two of them, in order: [low, high].
  std::optional<std::pair<double, double>> constant_range(const syntax::Expr& list, std::uint32_t module,
                                                          std::optional<Powers> unit, std::string_view what);
  // `300 steps`: nothing, unless it is a whole number from 1 on (reported).
  std::optional<std::int64_t> steps(const syntax::Expr& expression, std::string_view item);

  const Program& program;
  const SourceMap& sources;
  Report report;
  Scope scope;
  ModelCache models;
  Budget budget;
  std::vector<bool> elaborated;
  std::vector<bool> is_constant;
  std::deque<CheckedRobot> robots;
  std::deque<CheckedWorld> worlds;
  std::vector<CheckedRobot*> robot_of;  // by DeclaredId
  std::vector<CheckedWorld*> world_of;

 private:
  TermTable constant_terms_;
  Scenery no_scenery_;
  std::optional<Elaborator> constants_;
};

// For expressions whose world is not known: the samples of all worlds may be meant.
Scenery without_world(const Context& context);

// The parameters of a text, as values for one elaborator.
Frame frame_for(std::uint32_t module, const Bindings& bindings, Elaborator& elaborator);

template <typename T>
const T* find_item(const std::vector<syntax::Item>& items) {
  for (const syntax::Item& item : items)
    if (const T* found = std::get_if<T>(&item)) return found;
  return nullptr;
}
template <typename T>
std::vector<const T*> find_items(const std::vector<syntax::Item>& items) {
  std::vector<const T*> found;
  for (const syntax::Item& item : items)
    if (const T* one = std::get_if<T>(&item)) found.push_back(one);
  return found;
}

// What a declaration must have, and how it is written.
struct NeededItem {
  const void* item = nullptr;  // null: it has none
  std::string_view name, example;
};
// Says which of them it lacks (M0310); `kind` is "robot" or "world".
void report_missing(Report& report, std::string_view kind, const syntax::Name& name,
                    std::initializer_list<NeededItem> needed);

// Whether the control period is a whole number of physics steps, and what to say if it is not.
bool whole_steps(double period, double timestep);
Diagnostic uneven_control(Span span, double period, double timestep);

void check_robot(Context& context, DeclaredId id);
void check_world(Context& context, DeclaredId id);

}  // namespace motet::checking

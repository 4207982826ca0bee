#include "compiler/check/unused.h"

#include <algorithm>

namespace motet::checking {

namespace {

constexpr std::size_t most_worlds = 8;

// A world to try expressions in, which stays as it is.
struct Trial {
  TermTable terms;
  std::unique_ptr<Elaborator> elaborator;
};

class UnusedValues {
 public:
  explicit UnusedValues(Context& context) : context_(context), no_world_(without_world(context)) {
    nowhere_.elaborator = std::make_unique<Elaborator>(context.shared(), nowhere_.terms, no_world_);
  }

  // From what uses to what is used: a helper is then checked with the arguments that it gets.
  void check() {
    const auto& order = context_.scope.order();
    for (auto id = order.rbegin(); id != order.rend(); ++id) {
      const Declared& declared = context_.scope[*id];
      if (declared.space() == Space::value && !context_.elaborated[*id]) check(*id);
    }
  }

 private:
  void check(DeclaredId id) {
    std::vector<Diagnostic> fewest;
    std::size_t least = 0;
    const auto worlds = candidates(context_.scope[id].module);
    for (const CheckedWorld* world : worlds) {
      const Report::Aside aside(context_.report);
      elaborator_of(*world).by_itself(id);
      if (aside.errors() == 0) return;
      if (fewest.empty() || aside.errors() < least) {
        least = aside.errors();
        fewest = aside.taken();
      }
    }
    if (worlds.empty()) nowhere_.elaborator->by_itself(id);
    for (Diagnostic& diagnostic : fewest) {
      if (worlds.size() > 1) diagnostic.notes.push_back("checked in every world, as no skill uses it");
      context_.report.add(std::move(diagnostic));
    }
  }

  // Those that the module sees, else all.
  std::vector<const CheckedWorld*> candidates(std::uint32_t module) const {
    std::vector<const CheckedWorld*> worlds;
    const auto add = [&](const CheckedWorld* world) {
      if (world != nullptr && world->sound && worlds.size() < most_worlds) worlds.push_back(world);
    };
    const auto visible = context_.scope.visible_ids(module, Space::world);
    for (const DeclaredId id : visible) add(context_.world_of[id]);
    if (visible.empty())
      for (const CheckedWorld& world : context_.worlds) add(&world);
    return worlds;
  }

  Elaborator& elaborator_of(const CheckedWorld& world) {
    Trial& trial = trials_[&world];
    if (trial.elaborator == nullptr) {
      trial.terms = world.environment.terms;
      trial.elaborator =
          std::make_unique<Elaborator>(context_.shared(), trial.terms, world.scenery, world.elaborator.get());
    }
    return *trial.elaborator;
  }

  Context& context_;
  Scenery no_world_;
  Trial nowhere_;
  std::map<const CheckedWorld*, Trial> trials_;
};

}  // namespace

void check_unused_values(Context& context) {
  UnusedValues(context).check();
}

}  // namespace motet::checking

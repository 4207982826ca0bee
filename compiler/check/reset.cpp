#include "compiler/check/reset.h"

#include <algorithm>
#include <cmath>

namespace motet::checking {

namespace {

// Neighbouring numbers of a signal.
struct Run {
  SignalRef signal;
  std::uint32_t offset = 0, length = 0;
};

// The runs that a target's term is made of; false, where it is made of anything else.
bool collect_runs(const TermTable& terms, TermId id, std::vector<Run>& runs) {
  const Term& term = terms[id];
  if (term.kind == Term::Kind::signal) {
    runs.push_back({term.signal, 0, term.length});
    return true;
  }
  if (term.kind == Term::Kind::slice && terms[term.args[0]].kind == Term::Kind::signal) {
    runs.push_back({terms[term.args[0]].signal, term.offset, term.length});
    return true;
  }
  if (term.kind != Term::Kind::concat) return false;
  return std::ranges::all_of(term.args, [&](TermId arg) { return collect_runs(terms, arg, runs); });
}

bool is_settable(SignalKind kind) {
  return kind == SignalKind::qpos || kind == SignalKind::qvel || kind == SignalKind::joint_pos ||
         kind == SignalKind::joint_vel || kind == SignalKind::body_pos || kind == SignalKind::body_quat;
}

// Only parts of signals may be written here, so that a target reads like what it sets.
bool looks_settable(const syntax::Expr& target) {
  using Kind = syntax::Expr::Kind;
  if (target.kind == Kind::name || target.kind == Kind::call) return true;
  return (target.kind == Kind::member || target.kind == Kind::slice) && looks_settable(target.children[0]);
}

bool along(const JointInfo& joint, std::uint32_t axis) {
  return joint.type == JointInfo::Type::slide && std::abs(std::abs(joint.axis[axis]) - 1) < 1e-9;
}

// Why the body cannot be put there; empty, where it can.
std::string why_fixed(const ModelInfo& model, const Run& run, int index) {
  const BodyInfo& body = model.bodies[static_cast<std::size_t>(index)];
  const auto joint = [&](int j) -> const JointInfo& { return model.joints[static_cast<std::size_t>(j)]; };
  if (index == 0) return "it is the world itself";
  if (body.mocap || (body.joints.empty() && body.parent == 0)) return "";
  for (const int j : body.joints)
    if (joint(j).type == JointInfo::Type::free) return "";
  if (body.joints.empty())
    return "it is fixed to " + ticked(model.bodies[static_cast<std::size_t>(body.parent)].name);
  if (run.signal.kind == SignalKind::body_quat) return "its joints do not turn it freely";
  for (std::uint32_t axis = run.offset; axis < run.offset + run.length; ++axis) {
    const bool slides =
        body.parent == 0 && std::ranges::any_of(body.joints, [&](int j) { return along(joint(j), axis); });
    if (!slides) return "no slide joint moves it along " + std::string(1, "xyz"[axis]);
  }
  return "";
}

class ResetChecker {
 public:
  ResetChecker(Context& context, Elaborator& elaborator, std::uint32_t module, const syntax::ResetItem& item)
      : report_(context.report), elaborator_(elaborator), frame_{.module = module}, item_(item) {}

  void check(std::vector<ResetNode>& resets) {
    const Value target = elaborator_.any(item_.target, frame_, Place::reset);
    const Value value = elaborator_.spread(item_.value, frame_, target.length);
    if (!target.known()) return;
    std::vector<Run> runs;
    if (!looks_settable(item_.target) || !collect_runs(elaborator_.table(), target.term, runs) ||
        !std::ranges::all_of(runs, [](const Run& run) { return is_settable(run.signal.kind); })) {
      report_.add({.code = Code::M0413,
                   .message = "a reset cannot set this",
                   .primary = {item_.target.span, ""},
                   .help = {"it sets `qpos`, `qvel`, `joint(NAME).pos`, `.vel`, `body(NAME).pos`, `.quat`, "
                            "and their parts"}});
      return;
    }
    if (!std::ranges::all_of(runs, [&](const Run& run) { return can_move(run); }) || !value.known()) return;
    if (!fits(target, value)) return;
    const Value all = elaborator_.broadcast(value, target.length, item_.value.span);
    if (!all.known()) return;
    std::uint32_t offset = 0;
    for (Run& run : runs) {
      const TermId part = elaborator_.table().slice(all.term, offset, run.length);
      offset += run.length;
      resets.push_back({std::move(run.signal), run.offset, item_.add, part});
    }
  }

 private:
  bool can_move(const Run& run) {
    const Scenery& scenery = elaborator_.scenery();
    const bool of_body = run.signal.kind == SignalKind::body_pos || run.signal.kind == SignalKind::body_quat;
    if (!of_body || scenery.model == nullptr) return true;
    const auto index = scenery.model->find(Element::body, run.signal.name);
    const std::string why = index ? why_fixed(scenery.model->info, run, *index) : "";
    if (why.empty()) return true;
    report_.add(
        {.code = Code::M0510,
         .message = "the body " + ticked(run.signal.name) + " cannot be put anywhere: " + why,
         .primary = {item_.target.span, ""},
         .help = {"a reset moves a body with a free joint, with slide joints along the axes of the world, a "
                  "mocap body, or one without joints that is fixed to the world",
                  "or set the joints that carry it: `reset joint(NAME).pos = ...`"}});
    return false;
  }

  bool fits(const Value& target, const Value& value) {
    if (!agree(target.quantity, value.quantity)) {
      report_.add({.code = Code::M0405,
                   .message = "units that do not go together: " + to_text(*target.quantity.powers) + " and " +
                              to_text(*value.quantity.powers),
                   .primary = {item_.value.span, to_text(*value.quantity.powers)},
                   .secondary = {{item_.target.span, to_text(*target.quantity.powers)}}});
      return false;
    }
    if (value.length == 1 || value.length == target.length) return true;
    report_.add({.code = Code::M0401,
                 .message = "vectors of different lengths: " + std::to_string(target.length) + " and " +
                            std::to_string(value.length),
                 .primary = {item_.value.span, counted(value.length, "number")},
                 .secondary = {{item_.target.span, counted(target.length, "number")}}});
    return false;
  }

  Report& report_;
  Elaborator& elaborator_;
  Frame frame_;
  const syntax::ResetItem& item_;
};

}  // namespace

void check_reset(Context& context, Elaborator& elaborator, std::uint32_t module,
                 const syntax::ResetItem& item, std::vector<ResetNode>& resets) {
  ResetChecker(context, elaborator, module, item).check(resets);
}

}  // namespace motet::checking

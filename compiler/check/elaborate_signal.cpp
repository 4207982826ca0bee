// Signals: what can be read of a world, checked against its model.

#include <algorithm>

#include "compiler/check/elaborator.h"

namespace motet::checking {

namespace {

const Quantity metres = Quantity::of(powers::length);
const Quantity angle_quantity = Quantity::of(powers::number);

std::string listed(const std::vector<std::string>& members) {
  std::vector<std::string> dotted;
  for (const std::string& member : members) dotted.push_back("." + member);
  return ticked_list(dotted, 12);
}

struct BodyMember {
  std::string_view name;
  SignalKind kind;
  std::uint32_t length;
  Quantity quantity;
};
const BodyMember body_members[] = {
    {"pos", SignalKind::body_pos, 3, metres},
    {"quat", SignalKind::body_quat, 4, {}},
    {"up", SignalKind::body_up, 3, {}},
    {"roll", SignalKind::body_roll, 1, angle_quantity},
    {"pitch", SignalKind::body_pitch, 1, angle_quantity},
    {"yaw", SignalKind::body_yaw, 1, angle_quantity},
    {"vel", SignalKind::body_vel, 3, Quantity::of(powers::velocity)},
    {"angvel", SignalKind::body_angvel, 3, Quantity::of(powers::frequency)},
};

}  // namespace

Value Elaborator::signal(SignalKind kind, std::string name, std::uint32_t length, Quantity quantity) {
  if (length == 0) return Value::unknown_number();
  if (!spend(length)) return Value::unknown();
  Value value{.length = length, .quantity = quantity};
  value.term = table_.signal({.kind = kind, .name = std::move(name), .length = length});
  return value;
}

bool Elaborator::can_read(const Expr& e, const Frame& f) {
  if (place_ != Place::constant) return true;
  complain({.code = Code::M0408,
            .message = "a constant is wanted here, and this is a signal",
            .primary = {e.span, "changes from step to step"}},
           f);
  return false;
}

Value Elaborator::signal_word(const Expr& e, std::string_view text, const Frame& f) {
  if (!can_read(e, f)) return Value::unknown();
  if (text == "success") return success(e, f);
  if (text == "time") return signal(SignalKind::time, "", 1, Quantity::of(powers::time));
  if (text == "action") return signal(SignalKind::action, "", scenery_.action_size, {});
  if (text == "com") return no_such_member(e, {"pos", "vel"}, f);
  const bool position = text == "qpos";
  std::uint32_t length = scenery_.point_dimensions;
  if (scenery_.body == Scenery::Body::model)
    length = static_cast<std::uint32_t>(position ? scenery_.model->info.nq : scenery_.model->info.nv);
  return signal(position ? SignalKind::qpos : SignalKind::qvel, "", length, {});
}

Value Elaborator::success(const Expr& e, const Frame& f) {
  if (!in_step() || place_ == Place::success) {
    return complain(
        {.code = Code::M0312,
         .message = place_ == Place::success ? "`success` cannot be defined by itself"
                                             : "`success` is known after a step, and there is none here",
         .primary = {e.span, ""}},
        f);
  }
  if (scenery_.success) return *scenery_.success;
  if (scenery_.success_item != nullptr || scenery_.body == Scenery::Body::unknown)
    return Value::unknown_truth();
  return complain({.code = Code::M0301,
                   .message = "the world does not say what `success` is",
                   .primary = {e.span, "not known"},
                   .help = {"add it to the world: `success when CONDITION`"}},
                  f);
}

// --- body(NAME).pos and the like --------------------------------------------------------------

Value Elaborator::element_signal(const Expr& e, const Frame& f) {
  const Expr& call = e.children[0];
  if (!can_read(e, f)) return Value::unknown();
  const auto name = element_argument(call, 0, f);
  if (!name) return Value::unknown();
  if (call.text == "body") return body_signal(e, *name, f);
  if (call.text == "joint") return joint_signal(e, *name, f);
  if (e.text != "pos") return no_such_member(e, {"pos"}, f);
  if (!find_element(Element::site, call, 0, f)) return Value::unknown_number();
  return signal(SignalKind::site_pos, *name, 3, metres);
}

Value Elaborator::no_such_member(const Expr& e, std::vector<std::string> members, const Frame& f) {
  const bool bare = e.kind != Expr::Kind::member;
  const std::string what = bare ? ticked(e.text) : "a " + e.children[0].text;
  Diagnostic diagnostic{
      .code = Code::M0305,
      .message = bare ? what + " is several signals" : what + " has no " + ticked("." + e.text),
      .primary = {bare ? e.span : e.text_span, bare ? "which of them?" : ""},
      .notes = {"there is " + listed(members)}};
  if (!bare) shared_.report.suggest(diagnostic, e.text, e.text_span, members);
  return complain(std::move(diagnostic), f);
}

std::optional<std::string> Elaborator::element_argument(const Expr& call, std::size_t index, const Frame& f) {
  const std::size_t wanted = call.text == "contact" ? 2 : 1;
  if (call.children.size() != wanted) {
    complain(
        {.code = Code::M0307,
         .message = ticked(call.text) + " takes " + (wanted == 2 ? "the names of two geoms" : "one name"),
         .primary = {call.span, counted(call.children.size(), "argument")}},
        f);
    return std::nullopt;
  }
  const Expr& name = call.children[index];
  if (name.kind == Expr::Kind::name || name.kind == Expr::Kind::string) return name.text;
  complain({.code = Code::M0307,
            .message = ticked(call.text) + " takes a name in the model",
            .primary = {name.span, "not a name"},
            .help = {"names that are no words are written in quotes: `" + call.text + "(\"left foot\")`"}},
           f);
  return std::nullopt;
}

std::optional<int> Elaborator::find_element(Element element, const Expr& call, std::size_t index,
                                            const Frame& f) {
  if (scenery_.body == Scenery::Body::unknown) return std::nullopt;
  const Expr& argument = call.children[index];
  if (scenery_.body == Scenery::Body::point) {
    complain({.code = Code::M0503,
              .message = "a point has no " + std::string(element_name(element)) + "s",
              .primary = {call.span, ""},
              .help = {"where it is stands in `qpos`, how it moves in `qvel`"}},
             f);
    return std::nullopt;
  }
  const auto found = scenery_.model->find(element, argument.text);
  if (found) return found;
  const std::string kind(element_name(element));
  Diagnostic diagnostic{.code = Code::M0502,
                        .message = "the model has no " + kind + " called " + ticked(argument.text),
                        .primary = {argument.span, "no such " + kind}};
  const std::vector<std::string> names = scenery_.model->all_names(element);
  diagnostic.notes.push_back(scenery_.model->file.filename().string() +
                             (names.empty() ? " has none with a name" : " has " + ticked_list(names, 8)));
  if (std::ranges::any_of(f.parameters, [&](const auto& p) { return p.first == argument.text; }))
    diagnostic.notes.push_back("a parameter is a value, and cannot name a " + kind);
  shared_.report.suggest(diagnostic, argument.text, argument.span, names);
  complain(std::move(diagnostic), f);
  return std::nullopt;
}

Value Elaborator::body_signal(const Expr& e, std::string_view name, const Frame& f) {
  const auto member = std::ranges::find(body_members, e.text, &BodyMember::name);
  if (member == std::end(body_members)) {
    std::vector<std::string> members;
    for (const BodyMember& known : body_members) members.emplace_back(known.name);
    return no_such_member(e, std::move(members), f);
  }
  if (!find_element(Element::body, e.children[0], 0, f)) return Value::unknown_number();
  Value value = signal(member->kind, std::string(name), member->length, member->quantity);
  value.quaternion = member->kind == SignalKind::body_quat;
  return value;
}

Value Elaborator::joint_signal(const Expr& e, std::string_view name, const Frame& f) {
  if (e.text != "pos" && e.text != "vel" && e.text != "torque")
    return no_such_member(e, {"pos", "vel", "torque"}, f);
  const auto index = find_element(Element::joint, e.children[0], 0, f);
  if (!index) return Value::unknown_number();
  using Type = JointInfo::Type;
  const Type type = scenery_.model->info.joints[static_cast<std::size_t>(*index)].type;
  const bool free = type == Type::free, ball = type == Type::ball, slide = type == Type::slide;
  if (e.text == "pos") {
    const Quantity quantity = free || ball ? Quantity{} : slide ? metres : angle_quantity;
    Value value = signal(SignalKind::joint_pos, std::string(name), free ? 7 : ball ? 4 : 1, quantity);
    value.quaternion = ball;
    return value;
  }
  const bool velocity = e.text == "vel";
  Quantity quantity;
  if (slide)
    quantity = Quantity::of(velocity ? powers::velocity : powers::force);
  else if (!free)
    quantity = Quantity::of(velocity ? powers::frequency : powers::torque);
  return signal(velocity ? SignalKind::joint_vel : SignalKind::joint_torque, std::string(name),
                free   ? 6
                : ball ? 3
                       : 1,
                quantity);
}

// --- the rest ---------------------------------------------------------------------------------

Value Elaborator::com(const Expr& e, const Frame& f) {
  if (!can_read(e, f)) return Value::unknown();
  if (e.text != "pos" && e.text != "vel") return no_such_member(e, {"pos", "vel"}, f);
  if (scenery_.body == Scenery::Body::unknown) return Value::unknown_number();
  if (scenery_.body == Scenery::Body::point) {
    return complain({.code = Code::M0503,
                     .message = "a point has no mass, and no centre of mass",
                     .primary = {e.span, ""},
                     .help = {"where it is stands in `qpos`, how it moves in `qvel`"}},
                    f);
  }
  const bool position = e.text == "pos";
  return signal(position ? SignalKind::com_pos : SignalKind::com_vel, "", 3,
                position ? metres : Quantity::of(powers::velocity));
}

Value Elaborator::sensor(const Expr& e, const Frame& f) {
  if (!can_read(e, f)) return Value::unknown();
  const auto name = element_argument(e, 0, f);
  if (!name) return Value::unknown();
  const auto index = find_element(Element::sensor, e, 0, f);
  if (!index) return Value::unknown_number();
  const int dimension = scenery_.model->info.sensors[static_cast<std::size_t>(*index)].dimension;
  return signal(SignalKind::sensor, *name, static_cast<std::uint32_t>(dimension), {});
}

Value Elaborator::contact(const Expr& e, const Frame& f) {
  if (!can_read(e, f)) return Value::unknown();
  const auto one = element_argument(e, 0, f);
  const auto two = one ? element_argument(e, 1, f) : std::nullopt;
  if (!one || !two) return Value::unknown();
  const auto first = find_element(Element::geom, e, 0, f);
  const auto second =
      scenery_.body == Scenery::Body::point ? std::nullopt : find_element(Element::geom, e, 1, f);
  if (!first || !second || !spend(1)) return Value::unknown_number();
  Value value{.quantity = Quantity::of(powers::force)};
  value.term = table_.signal({.kind = SignalKind::contact, .name = *one, .other = *two, .length = 1});
  return value;
}

Value Elaborator::bare_element(const Expr& e, const Frame& f) {
  if (e.text == "body") {
    std::vector<std::string> members;
    for (const BodyMember& known : body_members) members.emplace_back(known.name);
    return no_such_member(e, std::move(members), f);
  }
  if (e.text == "joint") return no_such_member(e, {"pos", "vel", "torque"}, f);
  return no_such_member(e, {"pos"}, f);
}

}  // namespace motet::checking

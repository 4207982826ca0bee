#include "runtime/simulation/mujoco_targets.h"

#include <algorithm>
#include <cmath>

#include "runtime/simulation/mujoco_names.h"

namespace motet {
namespace {

constexpr double axis_tolerance = 1e-9;

BoundTarget range_of(mjtNum* first, std::uint32_t offset, std::uint32_t length) {
  BoundTarget target;
  for (std::uint32_t i = 0; i < length; ++i) target.numbers.push_back({first + offset + i});
  return target;
}

int only_joint_of_type(const mjModel& model, int body, int type) {
  for (int i = 0; i < model.body_jntnum[body]; ++i) {
    const int joint = model.body_jntadr[body] + i;
    if (model.jnt_type[joint] == type) return joint;
  }
  return -1;
}

bool is_child_of_world(const mjModel& model, int body) {
  return body > 0 && model.body_parentid[body] == 0;
}

// The slide joint that moves a child of the world along the world's axis, and the direction in which
// it does. Only the slides before a turning joint keep their axes.
struct Slide {
  int joint = -1;
  double direction = 1;
};

Slide find_slide(const mjModel& model, int body, std::uint32_t axis) {
  for (int i = 0; i < model.body_jntnum[body]; ++i) {
    const int joint = model.body_jntadr[body] + i;
    if (model.jnt_type[joint] != mjJNT_SLIDE) return {};
    mjtNum direction[3];
    mju_rotVecQuat(direction, model.jnt_axis + 3 * joint, model.body_quat + 4 * body);
    if (std::abs(std::abs(direction[axis]) - 1) < axis_tolerance)
      return {joint, direction[axis] > 0 ? 1.0 : -1.0};
  }
  return {};
}

// A joint that turns a body about a point other than its origin moves that origin.
bool turns_about_its_origin(const mjModel& model, int body) {
  for (int i = 0; i < model.body_jntnum[body]; ++i) {
    const int joint = model.body_jntadr[body] + i;
    if (model.jnt_type[joint] == mjJNT_SLIDE) continue;
    if (mju_norm3(model.jnt_pos + 3 * joint) > axis_tolerance) return false;
  }
  return true;
}

Error cannot_move(const std::string& body, const std::string& how) {
  return Error{
      "body `" + body + "` cannot be moved " + how +
      " at a reset: that takes a free joint, a slide joint along the axis of a child of the world, a "
      "mocap body, or a child of the world without joints"};
}

// xpos = body_pos + direction * (qpos - qpos0)
Result<BoundTarget> slide_target(const mjModel& model, mjData& data, int body, const std::string& name,
                                 std::uint32_t offset, std::uint32_t length) {
  if (!turns_about_its_origin(model, body))
    return cannot_move(name, "by its joints, which turn it about another point,");
  BoundTarget target;
  for (std::uint32_t axis = offset; axis < offset + length; ++axis) {
    const Slide slide = find_slide(model, body, axis);
    if (slide.joint < 0) return cannot_move(name, std::string("along ") + "xyz"[axis]);
    const int qpos = model.jnt_qposadr[slide.joint];
    target.numbers.push_back(
        {data.qpos + qpos, slide.direction,
         model.body_pos[3 * body + static_cast<int>(axis)] - slide.direction * model.qpos0[qpos]});
  }
  return target;
}

Result<BoundTarget> position_target(mjModel& model, mjData& data, const std::string& name,
                                    std::uint32_t offset, std::uint32_t length) {
  const Result<int> body = find_element(model, mjOBJ_BODY, name);
  if (!body) return body.error();
  const int free = only_joint_of_type(model, *body, mjJNT_FREE);
  if (free >= 0) return range_of(data.qpos + model.jnt_qposadr[free], offset, length);
  if (const int mocap = model.body_mocapid[*body]; mocap >= 0) {
    return range_of(data.mocap_pos + 3 * mocap, offset, length);
  }
  if (!is_child_of_world(model, *body)) return cannot_move(name, "on its own");
  if (model.body_jntnum[*body] == 0) return range_of(model.body_pos + 3 * *body, offset, length);
  return slide_target(model, data, *body, name, offset, length);
}

BoundTarget quaternion_at(mjtNum* first, std::uint32_t offset, std::uint32_t length) {
  BoundTarget target = range_of(first, offset, length);
  target.quaternion = first;
  return target;
}

Result<BoundTarget> turn_target(mjModel& model, mjData& data, const std::string& name, std::uint32_t offset,
                                std::uint32_t length) {
  const Result<int> body = find_element(model, mjOBJ_BODY, name);
  if (!body) return body.error();
  const int free = only_joint_of_type(model, *body, mjJNT_FREE);
  if (free >= 0) return quaternion_at(data.qpos + model.jnt_qposadr[free] + 3, offset, length);
  if (const int mocap = model.body_mocapid[*body]; mocap >= 0) {
    return quaternion_at(data.mocap_quat + 4 * mocap, offset, length);
  }
  if (is_child_of_world(model, *body) && model.body_jntnum[*body] == 0) {
    return quaternion_at(model.body_quat + 4 * *body, offset, length);
  }
  const int ball = only_joint_of_type(model, *body, mjJNT_BALL);
  if (is_child_of_world(model, *body) && ball >= 0) {
    BoundTarget target;
    target.frame = model.body_quat + 4 * *body;
    target.ball = data.qpos + model.jnt_qposadr[ball];
    target.offset = offset;
    target.length = length;
    return target;
  }
  return Error{"body `" + name +
               "` cannot be turned at a reset: that takes a free joint, a ball joint of a child "
               "of the world, a mocap body, or a child of the world without joints"};
}

Result<BoundTarget> joint_target(const mjModel& model, mjData& data, const SignalRef& target,
                                 std::uint32_t offset, std::uint32_t length) {
  const Result<int> joint = find_element(model, mjOBJ_JOINT, target.name);
  if (!joint) return joint.error();
  const bool position = target.kind == SignalKind::joint_pos;
  const int size = position ? qpos_size(model, *joint) : dof_size(model, *joint);
  if (offset + length > static_cast<std::uint32_t>(size)) {
    return Error{"joint `" + target.name + "` has " + std::to_string(size) + " coordinates, not " +
                 std::to_string(offset + length)};
  }
  mjtNum* first = position ? data.qpos + model.jnt_qposadr[*joint] : data.qvel + model.jnt_dofadr[*joint];
  return range_of(first, offset, length);
}

Status fits(std::uint32_t offset, std::uint32_t length, int size, const char* what) {
  if (std::uint64_t{offset} + length <= static_cast<std::uint64_t>(size)) return {};
  return Error{std::string("a reset of `") + what + "` reaches beyond its " + std::to_string(size) +
               " values: was the model changed after the program was compiled?"};
}

void assign_ball(const BoundTarget& target, std::span<const double> values, bool add) {
  mjtNum world[4];
  mju_mulQuat(world, target.frame, target.ball);
  for (std::uint32_t i = 0; i < target.length; ++i) {
    mjtNum& number = world[target.offset + i];
    number = add ? number + values[i] : values[i];
  }
  mju_normalize4(world);
  mjtNum inverse[4];
  mju_negQuat(inverse, target.frame);
  mju_mulQuat(target.ball, inverse, world);
}

}  // namespace

Result<BoundTarget> bind_mujoco_target(mjModel& model, mjData& data, const SignalRef& target,
                                       std::uint32_t offset, std::uint32_t length) {
  const auto checked = [&](int size, const char* what, auto make) -> Result<BoundTarget> {
    const Status status = fits(offset, length, size, what);
    if (!status) return status.error();
    return make();
  };
  switch (target.kind) {
    case SignalKind::qpos:
      return checked(model.nq, "qpos", [&] { return range_of(data.qpos, offset, length); });
    case SignalKind::qvel:
      return checked(model.nv, "qvel", [&] { return range_of(data.qvel, offset, length); });
    case SignalKind::joint_pos:
    case SignalKind::joint_vel:
      return checked(7, "joint", [&] { return joint_target(model, data, target, offset, length); });
    case SignalKind::body_pos:
      return checked(3, "body.pos",
                     [&] { return position_target(model, data, target.name, offset, length); });
    case SignalKind::body_quat:
      return checked(4, "body.quat", [&] { return turn_target(model, data, target.name, offset, length); });
    default:
      return Error{"`" + std::string(signal_name(target.kind)) + "` cannot be set at a reset"};
  }
}

void assign_mujoco_target(const BoundTarget& target, std::span<const double> values, bool add) {
  if (target.ball != nullptr) return assign_ball(target, values, add);
  for (std::size_t i = 0; i < target.numbers.size(); ++i) {
    const TargetNumber& number = target.numbers[i];
    const double now = *number.address * number.scale + number.shift;
    *number.address = ((add ? now + values[i] : values[i]) - number.shift) / number.scale;
  }
  if (target.quaternion != nullptr) mju_normalize4(target.quaternion);
}

}  // namespace motet

#include "runtime/simulation/mujoco_signals.h"

#include <algorithm>
#include <cmath>

#include "runtime/instructions/attitude.h"
#include "runtime/simulation/mujoco_names.h"

namespace motet {
namespace {

using Kernel = BoundSignal::Kernel;

static_assert(sizeof(mjtNum) == sizeof(double), "MuJoCo must be built with double precision");

BoundSignal copy_of(const mjtNum* source, int length, Needs needs = needs_nothing) {
  return {Kernel::copy, needs, static_cast<std::uint32_t>(length), source, -1, -1};
}

BoundSignal of_body(Kernel kernel, int length, int body, Needs needs) {
  return {kernel, needs, static_cast<std::uint32_t>(length), nullptr, body, -1};
}

BoundSignal of_com(const mjtNum* source, Needs needs) {
  return {Kernel::com, needs, 3, source, -1, -1};
}

BoundSignal joint_signal(const mjModel& model, const mjData& data, SignalKind kind, int joint) {
  const int dof = model.jnt_dofadr[joint];
  switch (kind) {
    case SignalKind::joint_pos:
      return copy_of(data.qpos + model.jnt_qposadr[joint], qpos_size(model, joint));
    case SignalKind::joint_vel:
      return copy_of(data.qvel + dof, dof_size(model, joint));
    default:
      return copy_of(data.qfrc_actuator + dof, dof_size(model, joint), needs_dynamics);
  }
}

BoundSignal body_signal(const mjData& data, SignalKind kind, int body) {
  const Needs velocities = needs_positions | needs_centres | needs_velocities;
  switch (kind) {
    case SignalKind::body_pos:
      return copy_of(data.xpos + 3 * body, 3, needs_positions);
    case SignalKind::body_quat:
      return copy_of(data.xquat + 4 * body, 4, needs_positions);
    case SignalKind::body_up:
      return of_body(Kernel::up, 3, body, needs_positions);
    case SignalKind::body_roll:
      return of_body(Kernel::roll, 1, body, needs_positions);
    case SignalKind::body_pitch:
      return of_body(Kernel::pitch, 1, body, needs_positions);
    case SignalKind::body_yaw:
      return of_body(Kernel::yaw, 1, body, needs_positions);
    case SignalKind::body_vel:
      return of_body(Kernel::velocity, 3, body, velocities);
    default:
      return of_body(Kernel::angular_velocity, 3, body, velocities);
  }
}

Result<BoundSignal> contact_signal(const mjModel& model, const SignalRef& signal) {
  const Result<int> first = find_element(model, mjOBJ_GEOM, signal.name);
  if (!first) return first.error();
  const Result<int> second = find_element(model, mjOBJ_GEOM, signal.other);
  if (!second) return second.error();
  return BoundSignal{Kernel::contact, needs_dynamics, 1, nullptr, *first, *second};
}

Result<BoundSignal> find_signal_of(const mjModel& model, const mjData& data, const SignalRef& signal) {
  switch (signal.kind) {
    case SignalKind::time:
      return copy_of(&data.time, 1);
    case SignalKind::qpos:
      return copy_of(data.qpos, model.nq);
    case SignalKind::qvel:
      return copy_of(data.qvel, model.nv);
    case SignalKind::joint_pos:
    case SignalKind::joint_vel:
    case SignalKind::joint_torque: {
      const Result<int> joint = find_element(model, mjOBJ_JOINT, signal.name);
      if (!joint) return joint.error();
      return joint_signal(model, data, signal.kind, *joint);
    }
    case SignalKind::body_pos:
    case SignalKind::body_quat:
    case SignalKind::body_up:
    case SignalKind::body_roll:
    case SignalKind::body_pitch:
    case SignalKind::body_yaw:
    case SignalKind::body_vel:
    case SignalKind::body_angvel: {
      const Result<int> body = find_element(model, mjOBJ_BODY, signal.name);
      if (!body) return body.error();
      return body_signal(data, signal.kind, *body);
    }
    case SignalKind::site_pos: {
      const Result<int> site = find_element(model, mjOBJ_SITE, signal.name);
      if (!site) return site.error();
      return copy_of(data.site_xpos + 3 * *site, 3, needs_positions);
    }
    case SignalKind::sensor: {
      const Result<int> sensor = find_element(model, mjOBJ_SENSOR, signal.name);
      if (!sensor) return sensor.error();
      return copy_of(data.sensordata + model.sensor_adr[*sensor], model.sensor_dim[*sensor], needs_dynamics);
    }
    case SignalKind::contact:
      return contact_signal(model, signal);
    case SignalKind::com_pos:
      return of_com(data.subtree_com, needs_positions | needs_centres);
    case SignalKind::com_vel:
      return of_com(data.subtree_linvel,
                    needs_positions | needs_centres | needs_velocities | needs_centre_velocities);
    case SignalKind::action:
    case SignalKind::sample:
      break;
  }
  return Error{"`" + std::string(signal_name(signal.kind)) + "` is not a signal of the simulator"};
}

double normal_force(const mjModel& model, const mjData& data, int a, int b) {
  double sum = 0;
  for (int i = 0; i < data.ncon; ++i) {
    const mjContact& contact = data.contact[i];
    const bool between =
        (contact.geom1 == a && contact.geom2 == b) || (contact.geom1 == b && contact.geom2 == a);
    if (!between) continue;
    mjtNum force[6];
    mj_contactForce(&model, &data, i, force);
    sum += std::abs(force[0]);
  }
  return sum;
}

void velocity_of(const mjModel& model, const mjData& data, int body, bool angular, std::span<double> out) {
  mjtNum velocity[6];  // angular, then linear
  mj_objectVelocity(&model, &data, mjOBJ_XBODY, body, velocity, 0);
  std::copy_n(velocity + (angular ? 0 : 3), 3, out.begin());
}

// The mean over the robot's trees, by mass.
void centre_of(const mjModel& model, std::span<const int> trees, const mjtNum* values,
               std::span<double> out) {
  double mass = 0;
  double sum[3] = {0, 0, 0};
  for (const int tree : trees) {
    const double m = model.body_subtreemass[tree];
    mass += m;
    for (int i = 0; i < 3; ++i) sum[i] += m * values[3 * tree + i];
  }
  for (std::size_t i = 0; i < 3; ++i) out[i] = mass > 0 ? sum[i] / mass : 0;
}

}  // namespace

Result<BoundSignal> bind_mujoco_signal(const mjModel& model, const mjData& data, const SignalRef& signal) {
  Result<BoundSignal> bound = find_signal_of(model, data, signal);
  if (bound && bound->length != signal.length) {
    return Error{"`" + std::string(signal_name(signal.kind)) +
                 (signal.name.empty() ? "" : "(" + signal.name + ")") + "` has " +
                 std::to_string(bound->length) + " values in this model, but " +
                 std::to_string(signal.length) +
                 " in the plan: was the model changed after the program was compiled?"};
  }
  return bound;
}

void read_mujoco_signal(const mjModel& model, const mjData& data, std::span<const int> trees,
                        const BoundSignal& signal, std::span<double> out) {
  switch (signal.kernel) {
    case Kernel::copy:
      std::copy_n(signal.source, signal.length, out.begin());
      return;
    case Kernel::up:
      for (std::size_t i = 0; i < 3; ++i)
        out[i] = data.xmat[9 * static_cast<std::size_t>(signal.id) + 3 * i + 2];
      return;
    case Kernel::roll:
      out[0] = roll_of(data.xquat + 4 * signal.id);
      return;
    case Kernel::pitch:
      out[0] = pitch_of(data.xquat + 4 * signal.id);
      return;
    case Kernel::yaw:
      out[0] = yaw_of(data.xquat + 4 * signal.id);
      return;
    case Kernel::velocity:
      velocity_of(model, data, signal.id, false, out);
      return;
    case Kernel::angular_velocity:
      velocity_of(model, data, signal.id, true, out);
      return;
    case Kernel::contact:
      out[0] = normal_force(model, data, signal.id, signal.other);
      return;
    case Kernel::com:
      centre_of(model, trees, signal.source, out);
      return;
  }
}

}  // namespace motet

#include "runtime/links/robot_signals.h"

#include <algorithm>
#include <cmath>

#include "runtime/bundle/joint_command.h"
#include "runtime/control/report.h"

namespace motet {
namespace {

const JointLink* find(const LinkFile& link, const std::string& joint) {
  const auto found = std::find_if(link.joints.begin(), link.joints.end(),
                                  [&](const JointLink& one) { return one.name == joint; });
  return found == link.joints.end() ? nullptr : &*found;
}

Error not_measured(const SignalRef& signal, const std::string& what) {
  return Error{"the policy observes `" + text_of(signal) + "`, and " + what};
}

}  // namespace

Result<RobotSignals> RobotSignals::make(const Contract& contract, const LinkFile& link,
                                        const std::vector<SignalRef>& signals) {
  RobotSignals made;
  made.mount_ = link.mount;
  std::string body = link.imu_body;
  for (const SignalRef& signal : signals) {
    if (Status status = made.add(signal, contract, link, body); !status) return status.error();
    made.size_ += signal.length;
  }
  return made;
}

// The place of a joint among those that are needed.
std::size_t RobotSignals::need(const std::string& joint, const LinkFile& link, Source source) {
  std::size_t i = static_cast<std::size_t>(std::find(names_.begin(), names_.end(), joint) - names_.begin());
  if (i == names_.size()) {
    const JointLink& one = *find(link, joint);
    names_.push_back(joint);
    needs_.push_back({one.at});
    readings_.push_back({unit_scale(one.unit) * one.sign, one.offset, one.sign});
  }
  needs_[i].position = needs_[i].position || source == Source::position;
  needs_[i].velocity = needs_[i].velocity || source == Source::velocity;
  needs_[i].effort = needs_[i].effort || source == Source::effort;
  return i;
}

// All coordinates of the model, where each is that of a joint.
Status RobotSignals::add_coordinates(const SignalRef& signal, const Contract& contract,
                                     const LinkFile& link) {
  const bool positions = signal.kind == SignalKind::qpos;
  for (std::uint32_t i = 0; i < signal.length; ++i) {
    const auto joint =
        std::find_if(contract.joints.begin(), contract.joints.end(),
                     [&](const JointContract& one) { return (positions ? one.qpos : one.qvel) == i; });
    if (joint == contract.joints.end() || find(link, joint->name) == nullptr)
      return not_measured(signal,
                          "coordinate " + std::to_string(i) +
                              " of it is of no joint that a robot measures (a base that moves freely, as "
                              "a rule): let it observe joints by name, `joint(" +
                              (contract.joints.empty() ? "knee" : contract.joints.back().name) + ").pos`");
    const Source source = positions ? Source::position : Source::velocity;
    loads_.push_back({source, need(joint->name, link, source), size_ + i});
  }
  return {};
}

Status RobotSignals::add(const SignalRef& signal, const Contract& contract, const LinkFile& link,
                         std::string& body) {
  const auto of_joint = [&](Source source) -> Status {
    if (signal.length != 1 || find(link, signal.name) == nullptr)
      return not_measured(signal,
                          "the joint has more than one coordinate, or the link's file does not have it");
    loads_.push_back({source, need(signal.name, link, source), size_});
    return {};
  };
  const auto of_imu = [&](Source source) -> Status {
    needs_imu_ = needs_imu_ || source != Source::where;
    loads_.push_back({source, 0, size_});
    return {};
  };
  const auto of_body = [&](Source source) -> Status {
    if (body.empty()) body = signal.name;
    if (body != signal.name)
      return not_measured(signal,
                          "the inertial unit is on `" + body + "`: `imu.body` in the link's file says where");
    return of_imu(source);
  };
  switch (signal.kind) {
    case SignalKind::joint_pos:
      return of_joint(Source::position);
    case SignalKind::joint_vel:
      return of_joint(Source::velocity);
    case SignalKind::joint_torque:
      return of_joint(Source::effort);
    case SignalKind::qpos:
    case SignalKind::qvel:
      return add_coordinates(signal, contract, link);
    case SignalKind::body_roll:
      return of_body(Source::roll);
    case SignalKind::body_pitch:
      return of_body(Source::pitch);
    case SignalKind::body_yaw:
      return of_body(Source::yaw);
    case SignalKind::body_up:
      return of_body(Source::up);
    case SignalKind::body_quat:
      return of_body(Source::attitude);
    case SignalKind::body_angvel:
      return of_body(Source::turning);
    case SignalKind::sensor:
      if (signal.name == link.gyro && signal.length == 3) return of_imu(Source::gyro);
      if (signal.name == link.accelerometer && signal.length == 3) return of_imu(Source::acceleration);
      return not_measured(signal,
                          "the link has no such sensor: `imu.gyro` and `imu.accelerometer` in its file "
                          "name those that it has");
    case SignalKind::body_pos:
      if (Status status = of_body(Source::where); !status) return status;
      needs_pose_ = true;
      return {};
    default:
      return not_measured(signal,
                          "no joint state and no inertial unit says that: train it on what the robot "
                          "measures");
  }
}

JointReading RobotSignals::joint(std::size_t i, const JointReading& reading) const noexcept {
  const Reading& of = readings_[i];
  return {of.scale * reading.position - of.offset, of.scale * reading.velocity, of.sign * reading.effort};
}

// The unit turns with its body: attitude_unit = attitude_body mount.
BodyMeasurement RobotSignals::body(const BodyMeasurement& measured) const noexcept {
  return {times(measured.attitude, inverse_of(mount_)), turned(mount_, measured.angular_velocity),
          turned(mount_, measured.acceleration), measured.position};
}

void RobotSignals::compute(std::span<const JointReading> joints, const BodyMeasurement& body,
                           std::span<double> values) const noexcept {
  const auto put = [&](std::size_t place, const auto& vector) {
    std::copy(vector.begin(), vector.end(), values.begin() + static_cast<std::ptrdiff_t>(place));
  };
  for (const Load& load : loads_) {
    double& value = values[load.place];
    switch (load.source) {
      case Source::position:
        value = joints[load.joint].position;
        break;
      case Source::velocity:
        value = joints[load.joint].velocity;
        break;
      case Source::effort:
        value = joints[load.joint].effort;
        break;
      case Source::roll:
        value = roll_of(body.attitude.data());
        break;
      case Source::pitch:
        value = pitch_of(body.attitude.data());
        break;
      case Source::yaw:
        value = yaw_of(body.attitude.data());
        break;
      case Source::up:
        put(load.place, turned(body.attitude, {0, 0, 1}));
        break;
      case Source::attitude:
        put(load.place, body.attitude);
        break;
      case Source::turning:
        put(load.place, turned(body.attitude, body.angular_velocity));
        break;
      case Source::gyro:
        put(load.place, body.angular_velocity);
        break;
      case Source::acceleration:
        put(load.place, body.acceleration);
        break;
      case Source::where:
        put(load.place, body.position);
        break;
    }
  }
}

RobotCommands::RobotCommands(const Contract& contract, const LinkFile& link)
    : scales_(contract.actuators.size()) {
  const auto add = [&](const std::vector<std::string>& names, const std::string& topic, bool position,
                       bool effort) {
    if (names.empty()) return;
    Group group{topic, {}};
    for (const std::string& name : names) {
      const auto actuator = std::find_if(contract.actuators.begin(), contract.actuators.end(),
                                         [&](const ActuatorContract& one) { return one.name == name; });
      const std::size_t i = static_cast<std::size_t>(actuator - contract.actuators.begin());
      group.actuators.push_back(i);
      const auto own = std::find_if(link.actuators.begin(), link.actuators.end(),
                                    [&](const ActuatorLink& one) { return one.name == name; });
      const JointLink* joint = find(link, actuator->joint);
      const double sign = joint == nullptr ? 1 : joint->sign;
      const double unit = joint == nullptr || effort ? 1 : unit_scale(joint->unit);
      scales_[i] = {own == link.actuators.end() ? 1 : own->gain, sign * joint_scale(*actuator) / unit,
                    position && joint != nullptr ? sign * joint->offset / unit : 0};
    }
    groups_.push_back(std::move(group));
  };
  add(link.efforts, link.effort, false, true);
  add(link.positions, link.position, true, false);
  add(link.velocities, link.velocity, false, false);
}

}  // namespace motet

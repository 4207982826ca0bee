#pragma once

// From what a robot measures to the signals that a program reads, and from controls to its commands.

#include <string>
#include <vector>

#include "runtime/links/link_file.h"

namespace motet {

// What an inertial unit says, turned into the frame of its body; and where motion capture sees that body.
struct BodyMeasurement {
  Quaternion attitude{1, 0, 0, 0};  // of the body in the world
  Vector3 angular_velocity{};       // rad/s, in the body's frame
  Vector3 acceleration{};           // m/s^2, in the body's frame
  Vector3 position{};               // m, of the body in the world
};

// A robot's joint, as the model has it: m or rad, m/s or rad/s, N or Nm.
struct JointReading {
  double position = 0, velocity = 0, effort = 0;
};

// Which of a joint's readings are needed.
struct JointNeed {
  std::string at;  // the robot's name of it
  bool position = false, velocity = false, effort = false;
};

class RobotSignals {
 public:
  // Errors: signals that no joint state and no inertial unit gives, each by name with what to do.
  static Result<RobotSignals> make(const Contract& contract, const LinkFile& link,
                                   const std::vector<SignalRef>& signals);

  const std::vector<JointNeed>& joints() const { return needs_; }  // that have to be measured
  bool needs_imu() const { return needs_imu_; }
  bool needs_pose() const { return needs_pose_; }

  // From the robot's reading of joint i of joints() to the model's.
  JointReading joint(std::size_t i, const JointReading& reading) const noexcept;
  // From an inertial unit as it is mounted.
  BodyMeasurement body(const BodyMeasurement& measured) const noexcept;
  // All signals, one after another; `joints` by joints(), both as the model has them. Real-time safe.
  void compute(std::span<const JointReading> joints, const BodyMeasurement& body,
               std::span<double> values) const noexcept;

 private:
  enum class Source {
    position,
    velocity,
    effort,
    roll,
    pitch,
    yaw,
    up,
    attitude,
    turning,
    gyro,
    acceleration,
    where
  };
  struct Load {
    Source source;
    std::size_t joint, place;
  };
  std::size_t need(const std::string& joint, const LinkFile& link, Source source);
  Status add(const SignalRef& signal, const Contract& contract, const LinkFile& link, std::string& body);
  Status add_coordinates(const SignalRef& signal, const Contract& contract, const LinkFile& link);

  struct Reading {  // of one joint
    double scale, offset, sign;
  };
  std::vector<JointNeed> needs_;
  std::vector<std::string> names_;
  std::vector<Reading> readings_;
  std::vector<Load> loads_;
  std::size_t size_ = 0;
  Quaternion mount_{1, 0, 0, 0};
  bool needs_imu_ = false, needs_pose_ = false;
};

// Commands by the robot's controllers.
class RobotCommands {
 public:
  // The link fits the contract.
  RobotCommands(const Contract& contract, const LinkFile& link);

  struct Group {
    std::string topic;
    std::vector<std::size_t> actuators;  // of the contract, in the controller's order
  };
  const std::vector<Group>& groups() const { return groups_; }
  // What actuator i is sent for a control: gain * (its joint's effort, position or velocity), in the robot's
  // units and direction.
  double command(std::size_t i, double control) const noexcept {
    return scales_[i].gain * (control * scales_[i].scale + scales_[i].offset);
  }

 private:
  struct Scale {
    double gain, scale, offset;
  };
  std::vector<Group> groups_;
  std::vector<Scale> scales_;
};

}  // namespace motet

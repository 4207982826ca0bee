#pragma once

// What goes over the wire, in this project's terms. Times are seconds of the sender's clock.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace motet::dds {

// sensor_msgs/JointState: by name, in the sender's order. A robot that does not measure one of the last three
// leaves it empty.
struct JointState {
  double stamp = 0;
  std::vector<std::string> names;
  std::vector<double> position, velocity, effort;  // m or rad, m/s or rad/s, N or Nm
};

// sensor_msgs/Imu, in the frame of the body that carries it.
struct Imu {
  double stamp = 0;
  std::array<double, 4> orientation{1, 0, 0, 0};  // w x y z
  std::array<double, 3> angular_velocity{};       // rad/s
  std::array<double, 3> linear_acceleration{};    // m/s^2
};

// geometry_msgs/PoseStamped, of a body in the world: what motion capture says.
struct Pose {
  double stamp = 0;
  std::array<double, 3> position{};               // m
  std::array<double, 4> orientation{1, 0, 0, 0};  // w x y z
};

// std_msgs/Float64MultiArray, as ros2_controllers take commands: one number a joint.
struct Numbers {
  std::vector<double> values;
};

// std_msgs/Bool.
struct Flag {
  bool value = false;
};

// The policy that a robot collects with, from the workstation that learns it.
struct Policy {
  std::string run;            // the training
  std::uint64_t version = 0;  // updates that it has had
  bool random = false;        // actions are to be drawn uniformly: the warm-up
  bool finished = false;      // no more episodes are needed
  std::uint32_t horizon = 0;  // steps of an episode
  std::string bundle;         // bytes
};

// What a robot has collected: kept there until its receipt comes.
struct EpisodeMessage {
  std::string run, collector;
  std::uint64_t number = 0;  // of the collector's
  std::string content;       // bytes of an episode's file
};
struct Receipt {
  std::string run, collector;
  std::uint64_t number = 0;
};

}  // namespace motet::dds

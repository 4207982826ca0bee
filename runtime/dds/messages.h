#pragma once

// What goes over the wire, in this project's terms. Times are seconds of the sender's clock.

#include <array>
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

// std_msgs/Float64MultiArray, as ros2_controllers take commands: one number a joint.
struct Numbers {
  std::vector<double> values;
};

// std_msgs/Bool.
struct Flag {
  bool value = false;
};

}  // namespace motet::dds

#pragma once

// How a robot on the network differs from its model: what it calls its joints, which way they turn, in which
// units and order it speaks, and what it must never do.

#include <filesystem>
#include <string>
#include <vector>

#include "runtime/bundle/contract.h"
#include "runtime/control/loop.h"
#include "runtime/instructions/attitude.h"

namespace motet {

// model = sign * unit * reading - offset, with the offset in m or rad.
struct JointLink {
  std::string name;   // the bundle's
  std::string at;     // the robot's
  double sign = 1;    // -1: it turns the other way
  double offset = 0;  // m or rad
  std::string unit;   // rad, deg, rev; m, mm
  JointRange range;   // what can be measured, as the model has it
};

struct ActuatorLink {
  std::string name;  // the bundle's
  double gain = 1;   // what is sent, for each N, Nm, or each unit of its joint
  ControlLimit limit;
};

struct LinkFile {
  std::string robot;                                                      // the bundle's
  int domain = 0;                                                         // of DDS
  std::string joint_states, imu, pose, effort, position, velocity, stop;  // topics
  // Names of actuators, in the order in which the robot's controllers take them.
  std::vector<std::string> efforts, positions, velocities;
  std::string imu_body;             // that carries the inertial unit; empty: any one body
  std::string gyro, accelerometer;  // the model's sensors that it is, too
  Quaternion mount{1, 0, 0, 0};     // how it is turned on its body
  WatchLimits watch;
  double ramp = 0.5;  // s
  std::vector<JointLink> joints;
  std::vector<ActuatorLink> actuators;

  std::map<std::string, ControlLimit> limits() const;  // by actuator
  std::map<std::string, JointRange> ranges() const;    // by joint
};

// m or rad of one of the unit; 0 where there is no such unit.
double unit_scale(const std::string& unit);

// A robot that differs in nothing: ROS 2's topics, the model's names and order.
LinkFile plain_link(const Contract& robot);

// As a file to be edited: with a word on each subject.
std::string to_toml(const LinkFile& link);
// Errors can stand behind the file's name.
Result<LinkFile> link_from_toml(std::string_view text);
Result<LinkFile> read_link(const std::filesystem::path& file);

// Whether the file is of this robot: all that does not fit, one sentence each.
std::vector<std::string> wrong_with(const LinkFile& link, const Contract& robot);

}  // namespace motet

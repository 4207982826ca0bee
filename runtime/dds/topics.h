#pragma once

// Where a robot speaks and listens, as ROS 2's controllers have it.

#include <string>

namespace motet::dds {

inline const std::string joint_states_topic = "/joint_states";  // JointState, by the robot
inline const std::string imu_topic = "/imu";                    // Imu, by the robot
inline const std::string pose_topic = "/pose";                  // Pose, by motion capture
// Numbers, to the robot: one for each joint of its kind, in the order of the actuators.
inline const std::string effort_topic = "/effort_controller/commands";
inline const std::string position_topic = "/position_controller/commands";
inline const std::string velocity_topic = "/velocity_controller/commands";
// Flags, to both sides: true stops the robot; true puts a simulated one back to where it begins, which
// answers false when it is there.
inline const std::string stop_topic = "/emergency_stop";
inline const std::string reset_topic = "/reset";
// Between a robot that collects and the workstation that learns.
inline const std::string policy_topic = "/motet/policy";    // Policy, to the robot
inline const std::string episode_topic = "/motet/episode";  // EpisodeMessage, by the robot
inline const std::string receipt_topic = "/motet/receipt";  // Receipt, to the robot

}  // namespace motet::dds

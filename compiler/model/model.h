#pragma once

// What a robot's model file offers: names, sizes, ranges. Loads MJCF and URDF through MuJoCo.
// Shared by the checker, which reads the facts, and the simulation, which runs the model.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "compiler/plan/result.h"

struct mjModel_;

namespace motet {

struct ModelDeleter {
  void operator()(mjModel_* model) const;
};
using ModelHandle = std::unique_ptr<mjModel_, ModelDeleter>;

// Loads a model file of at most 16 MiB (includes counted). MuJoCo's own error is in the message.
// Never ends the process. Every joint of a URDF with an effort limit becomes a motor of its name.
Result<ModelHandle> load_model(const std::filesystem::path& file);

// The files that a model consists of: itself, its includes, meshes, textures, height fields.
Result<std::vector<std::filesystem::path>> model_files(const std::filesystem::path& file);
// SHA-256 over names and contents of these files, in hex.
Result<std::string> model_hash(const std::filesystem::path& file);

struct JointInfo {
  enum class Type { free, ball, slide, hinge };
  std::string name;
  Type type{};
  bool limited = false;
  double low = 0, high = 0;  // m or rad
  int qpos_address = 0, dof_address = 0, body = 0;
  double axis[3] = {0, 0, 0};
};
struct ActuatorInfo {
  // What its control is: an effort, or what a servo brings the joint to; or none of these.
  enum class Kind { effort, position, velocity, general };
  std::string name;
  bool limited = false;
  double low = -1, high = 1;
  std::string joint;  // of its transmission, or empty
  Kind kind = Kind::general;
  double gear = 1;     // joint effort of an actuator force; its length is gear times the joint's position
  double gain = 1;     // actuator force of a control; of a servo: of its error (kp, or kv)
  double damping = 0;  // kv of a position servo
};
struct BodyInfo {
  std::string name;
  int parent = 0;
  bool mocap = false;
  std::vector<int> joints;
};
struct SensorInfo {
  std::string name;
  int dimension = 1;
};

// Indexed as MuJoCo does. Elements without a name have an empty one.
struct ModelInfo {
  int nq = 0, nv = 0, na = 0;
  double timestep = 0.002;  // s
  std::vector<BodyInfo> bodies;
  std::vector<JointInfo> joints;
  std::vector<ActuatorInfo> actuators;
  std::vector<SensorInfo> sensors;
  std::vector<std::string> sites, geoms, cameras;
};

ModelInfo describe(const mjModel_& model);

}  // namespace motet

#include "compiler/model/model.h"

#include <mujoco/mujoco.h>

#include <array>
#include <chrono>
#include <exception>
#include <mutex>

#include "compiler/model/model_assets.h"
#include "compiler/model/model_scan.h"
#include "compiler/model/mujoco_errors.h"
#include "compiler/model/urdf.h"

namespace motet {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds max_load_time{20};

// MuJoCo's messages run over several lines.
std::string one_line(std::string_view message) {
  std::string out;
  for (const char c : message) {
    if (c != '\n' && c != '\r')
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out.empty() ? "no reason given" : out;
}

Result<ModelHandle> load_with_mujoco(const fs::path& file, const ModelScan& scan) {
  std::array<char, 1000> message{};
  ModelHandle model(mj_loadXML(file.c_str(), nullptr, message.data(), message.size()));
  if (!model) return Error{file.string() + ": " + one_line(message.data())};
  if (scan.efforts.empty()) return model;
  return add_urdf_motors(file, scan, std::move(model));
}

std::string name_of(const mjModel& model, int type, int index) {
  const char* name = mj_id2name(&model, type, index);
  return name ? name : "";
}

std::vector<std::string> names(const mjModel& model, int type, int count) {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) all.push_back(name_of(model, type, i));
  return all;
}

JointInfo describe_joint(const mjModel& model, int i) {
  JointInfo joint;
  joint.name = name_of(model, mjOBJ_JOINT, i);
  switch (model.jnt_type[i]) {
    case mjJNT_FREE:
      joint.type = JointInfo::Type::free;
      break;
    case mjJNT_BALL:
      joint.type = JointInfo::Type::ball;
      break;
    case mjJNT_SLIDE:
      joint.type = JointInfo::Type::slide;
      break;
    default:
      joint.type = JointInfo::Type::hinge;
      break;
  }
  joint.limited = model.jnt_limited[i] != 0;
  joint.low = model.jnt_range[2 * i];
  joint.high = model.jnt_range[2 * i + 1];
  joint.qpos_address = model.jnt_qposadr[i];
  joint.dof_address = model.jnt_dofadr[i];
  joint.body = model.jnt_bodyid[i];
  for (int k = 0; k < 3; ++k) joint.axis[k] = model.jnt_axis[3 * i + k];
  return joint;
}

// MuJoCo's force = gain control + bias[0] + bias[1] length + bias[2] velocity.
void describe_servo(const mjModel& model, int i, ActuatorInfo& actuator) {
  const mjtNum* gain = model.actuator_gainprm + i * mjNGAIN;
  const mjtNum* bias = model.actuator_biasprm + i * mjNBIAS;
  actuator.gear = model.actuator_gear[6 * i];
  actuator.gain = gain[0];
  if (model.actuator_gaintype[i] != mjGAIN_FIXED || model.actuator_dyntype[i] != mjDYN_NONE) return;
  if (model.actuator_biastype[i] == mjBIAS_NONE) {
    actuator.kind = ActuatorInfo::Kind::effort;
  } else if (model.actuator_biastype[i] == mjBIAS_AFFINE && bias[0] == 0) {
    if (bias[1] == -gain[0]) {
      actuator.kind = ActuatorInfo::Kind::position;
      actuator.damping = -bias[2];
    } else if (bias[1] == 0 && bias[2] == -gain[0]) {
      actuator.kind = ActuatorInfo::Kind::velocity;
    }
  }
}

ActuatorInfo describe_actuator(const mjModel& model, int i) {
  ActuatorInfo actuator;
  actuator.name = name_of(model, mjOBJ_ACTUATOR, i);
  actuator.limited = model.actuator_ctrllimited[i] != 0;
  if (actuator.limited) {
    actuator.low = model.actuator_ctrlrange[2 * i];
    actuator.high = model.actuator_ctrlrange[2 * i + 1];
  }
  const int transmission = model.actuator_trntype[i];
  if (transmission == mjTRN_JOINT || transmission == mjTRN_JOINTINPARENT) {
    actuator.joint = name_of(model, mjOBJ_JOINT, model.actuator_trnid[2 * i]);
  }
  describe_servo(model, i, actuator);
  return actuator;
}

BodyInfo describe_body(const mjModel& model, int i) {
  BodyInfo body;
  body.name = name_of(model, mjOBJ_BODY, i);
  body.parent = model.body_parentid[i];
  body.mocap = model.body_mocapid[i] >= 0;
  for (int k = 0; k < model.body_jntnum[i]; ++k) body.joints.push_back(model.body_jntadr[i] + k);
  return body;
}

}  // namespace

void ModelDeleter::operator()(mjModel* model) const {
  mj_deleteModel(model);
}

Result<ModelHandle> load_model(const fs::path& file) {
  install_mujoco_handlers();
  Result<ModelScan> scan = scan_model(file);
  if (!scan) return scan.error();
  for (const fs::path& asset : scan->assets) {
    if (Status status = check_model_asset(asset); !status) return status.error();
  }
  // MuJoCo keeps the XML that it read last in one place, and a URDF is read back from there.
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const MujocoDeadline deadline(max_load_time);
  try {
    return load_with_mujoco(file, *scan);
  } catch (const std::exception& error) {
    return Error{file.string() + ": " + one_line(error.what())};
  }
}

ModelInfo describe(const mjModel& model) {
  ModelInfo info;
  info.nq = static_cast<int>(model.nq);
  info.nv = static_cast<int>(model.nv);
  info.na = static_cast<int>(model.na);
  info.timestep = model.opt.timestep;
  for (int i = 0; i < model.nbody; ++i) info.bodies.push_back(describe_body(model, i));
  for (int i = 0; i < model.njnt; ++i) info.joints.push_back(describe_joint(model, i));
  for (int i = 0; i < model.nu; ++i) info.actuators.push_back(describe_actuator(model, i));
  for (int i = 0; i < model.nsensor; ++i) {
    info.sensors.push_back({name_of(model, mjOBJ_SENSOR, i), model.sensor_dim[i]});
  }
  info.sites = names(model, mjOBJ_SITE, static_cast<int>(model.nsite));
  info.geoms = names(model, mjOBJ_GEOM, static_cast<int>(model.ngeom));
  info.cameras = names(model, mjOBJ_CAMERA, static_cast<int>(model.ncam));
  return info;
}

}  // namespace motet

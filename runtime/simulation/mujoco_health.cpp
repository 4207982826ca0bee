#include "runtime/simulation/mujoco_health.h"

#include "runtime/simulation/mujoco_names.h"

namespace motet {
namespace {

// MuJoCo's own mju_warningText writes to one buffer for all threads.
std::string text_of(const mjModel& model, int warning, int info) {
  const std::string too_large = " is not a number or too large";
  switch (warning) {
    case mjWARN_INERTIA:
      return "the inertia of " + joint_of_dof(model, info) + " is nearly singular";
    case mjWARN_CONTACTFULL:
      return "there are more contacts than MuJoCo has room for";
    case mjWARN_CNSTRFULL:
      return "there are more constraints than MuJoCo has room for";
    case mjWARN_BADQPOS:
      return "the position of " + joint_of_qpos(model, info) + too_large;
    case mjWARN_BADQVEL:
      return "the velocity of " + joint_of_dof(model, info) + too_large;
    case mjWARN_BADQACC:
      return "the acceleration of " + joint_of_dof(model, info) + too_large;
    case mjWARN_BADCTRL:
      return "the control of actuator `" + element_name(model, mjOBJ_ACTUATOR, info) + "`" + too_large;
    default:
      return "MuJoCo's warning " + std::to_string(warning);
  }
}

}  // namespace

std::string warning_of(const mjModel& model, const mjData& data) {
  for (int warning = 0; warning < mjNWARNING; ++warning) {
    if (warning == mjWARN_VGEOMFULL) continue;  // of pictures only
    if (data.warning[warning].number == 0) continue;
    return text_of(model, warning, static_cast<int>(data.warning[warning].lastinfo));
  }
  return {};
}

std::string bad_number_of(const mjModel& model, const mjData& data) {
  for (int i = 0; i < model.nq; ++i) {
    if (mju_isBad(data.qpos[i]))
      return "the position of " + joint_of_qpos(model, i) + " is not a number or too large";
  }
  for (int i = 0; i < model.nv; ++i) {
    if (mju_isBad(data.qvel[i]))
      return "the velocity of " + joint_of_dof(model, i) + " is not a number or too large";
  }
  return {};
}

}  // namespace motet

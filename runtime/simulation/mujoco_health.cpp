#include "runtime/simulation/mujoco_health.h"

#include "runtime/simulation/mujoco_names.h"

namespace motet {
namespace {

std::string where(const mjModel& model, int warning, int info) {
  switch (warning) {
    case mjWARN_BADQPOS:
      return " (" + joint_of_qpos(model, info) + ")";
    case mjWARN_INERTIA:
    case mjWARN_BADQVEL:
    case mjWARN_BADQACC:
      return " (" + joint_of_dof(model, info) + ")";
    case mjWARN_BADCTRL:
      return " (actuator `" + element_name(model, mjOBJ_ACTUATOR, info) + "`)";
    default:
      return "";
  }
}

std::string text_of(const mjModel& model, int warning, int info) {
  std::string text = mju_warningText(warning, info);
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
  return "MuJoCo: " + text + where(model, warning, info);
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
    if (mju_isBad(data.qpos[i])) return "the position of " + joint_of_qpos(model, i) + " is not a number";
  }
  for (int i = 0; i < model.nv; ++i) {
    if (mju_isBad(data.qvel[i])) return "the velocity of " + joint_of_dof(model, i) + " is not a number";
  }
  return {};
}

}  // namespace motet

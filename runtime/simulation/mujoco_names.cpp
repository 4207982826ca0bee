#include "runtime/simulation/mujoco_names.h"

namespace motet {
namespace {

constexpr int names_shown = 12;

struct Kind {
  const char* word;
  const char* words;
  int count;
};

Kind kind_of(const mjModel& model, mjtObj type) {
  switch (type) {
    case mjOBJ_BODY:
      return {"body", "bodies", static_cast<int>(model.nbody)};
    case mjOBJ_JOINT:
      return {"joint", "joints", static_cast<int>(model.njnt)};
    case mjOBJ_GEOM:
      return {"geom", "geoms", static_cast<int>(model.ngeom)};
    case mjOBJ_SITE:
      return {"site", "sites", static_cast<int>(model.nsite)};
    case mjOBJ_CAMERA:
      return {"camera", "cameras", static_cast<int>(model.ncam)};
    case mjOBJ_SENSOR:
      return {"sensor", "sensors", static_cast<int>(model.nsensor)};
    case mjOBJ_ACTUATOR:
      return {"actuator", "actuators", static_cast<int>(model.nu)};
    default:
      return {"element", "elements", 0};
  }
}

std::string names_that_exist(const mjModel& model, mjtObj type) {
  const Kind kind = kind_of(model, type);
  std::string list;
  int shown = 0;
  int named = 0;
  for (int id = 0; id < kind.count; ++id) {
    const char* name = mj_id2name(&model, type, id);
    if (name == nullptr || *name == '\0') continue;
    if (++named > names_shown) continue;
    list += (shown++ == 0 ? "" : ", ") + std::string(name);
  }
  if (shown == 0) return std::string("it has no named ") + kind.words;
  if (named > names_shown) list += " and " + std::to_string(named - names_shown) + " more";
  return std::string("its ") + kind.words + " are " + list;
}

}  // namespace

Result<int> find_element(const mjModel& model, mjtObj type, const std::string& name) {
  const int id = name.empty() ? -1 : mj_name2id(&model, type, name.c_str());
  if (id >= 0) return id;
  return Error{"the model has no " + std::string(kind_of(model, type).word) + " `" + name + "`; " +
               names_that_exist(model, type)};
}

std::string element_name(const mjModel& model, mjtObj type, int id) {
  const char* name = mj_id2name(&model, type, id);
  return name != nullptr && *name != '\0' ? name : "#" + std::to_string(id);
}

std::string joint_of_dof(const mjModel& model, int dof) {
  if (dof < 0 || dof >= model.nv) return "no joint";
  return "joint `" + element_name(model, mjOBJ_JOINT, model.dof_jntid[dof]) + "`";
}

std::string joint_of_qpos(const mjModel& model, int qpos) {
  for (int joint = 0; joint < model.njnt; ++joint) {
    const int first = model.jnt_qposadr[joint];
    if (qpos >= first && qpos < first + qpos_size(model, joint)) {
      return "joint `" + element_name(model, mjOBJ_JOINT, joint) + "`";
    }
  }
  return "no joint";
}

int qpos_size(const mjModel& model, int joint) {
  switch (model.jnt_type[joint]) {
    case mjJNT_FREE:
      return 7;
    case mjJNT_BALL:
      return 4;
    default:
      return 1;
  }
}

int dof_size(const mjModel& model, int joint) {
  switch (model.jnt_type[joint]) {
    case mjJNT_FREE:
      return 6;
    case mjJNT_BALL:
      return 3;
    default:
      return 1;
  }
}

}  // namespace motet

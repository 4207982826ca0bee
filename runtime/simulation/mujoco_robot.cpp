#include "runtime/simulation/mujoco_robot.h"

#include <algorithm>

#include "runtime/simulation/mujoco_names.h"

namespace motet {
namespace {

bool acts_on_joint(const mjModel& model, int actuator) {
  const int type = model.actuator_trntype[actuator];
  return type == mjTRN_JOINT || type == mjTRN_JOINTINPARENT;
}

int actuator_of(const mjModel& model, const std::string& name) {
  if (const int id = mj_name2id(&model, mjOBJ_ACTUATOR, name.c_str()); id >= 0) return id;
  for (int id = 0; id < model.nu; ++id) {
    const char* own = mj_id2name(&model, mjOBJ_ACTUATOR, id);
    if (own != nullptr && *own != '\0') continue;
    if (!acts_on_joint(model, id)) continue;
    if (element_name(model, mjOBJ_JOINT, model.actuator_trnid[2 * id]) == name) return id;
  }
  return -1;
}

// The bodies that an actuator pulls on.
void add_driven_bodies(const mjModel& model, int actuator, std::vector<int>& bodies) {
  const int target = model.actuator_trnid[2 * actuator];
  switch (model.actuator_trntype[actuator]) {
    case mjTRN_JOINT:
    case mjTRN_JOINTINPARENT:
      bodies.push_back(model.jnt_bodyid[target]);
      break;
    case mjTRN_SLIDERCRANK:
    case mjTRN_SITE:
      bodies.push_back(model.site_bodyid[target]);
      break;
    case mjTRN_TENDON: {
      const int first = model.tendon_adr[target];
      for (int i = first; i < first + model.tendon_num[target]; ++i) {
        const int object = model.wrap_objid[i];
        if (model.wrap_type[i] == mjWRAP_JOINT) bodies.push_back(model.jnt_bodyid[object]);
        if (model.wrap_type[i] == mjWRAP_SITE) bodies.push_back(model.site_bodyid[object]);
      }
      break;
    }
    default:
      break;
  }
}

bool can_move(const mjModel& model, int tree) {
  for (int body = tree; body < model.nbody; ++body) {
    if (model.body_rootid[body] == tree && model.body_dofnum[body] > 0) return true;
  }
  return false;
}

}  // namespace

Result<std::vector<int>> find_actuators(const mjModel& model, const RobotPlan& robot) {
  std::vector<int> found;
  for (const ActuatorPlan& actuator : robot.actuators) {
    const int id = actuator_of(model, actuator.name);
    if (id < 0) return find_element(model, mjOBJ_ACTUATOR, actuator.name).error();
    found.push_back(id);
  }
  return found;
}

std::vector<int> robot_trees(const mjModel& model, const std::vector<int>& actuators) {
  std::vector<int> bodies;
  for (int actuator : actuators) add_driven_bodies(model, actuator, bodies);
  std::vector<int> trees;
  for (int body : bodies) {
    const int tree = model.body_rootid[body];
    if (tree != 0 && can_move(model, tree)) trees.push_back(tree);
  }
  if (trees.empty()) {
    for (int body = 1; body < model.nbody; ++body) {
      if (model.body_rootid[body] == body && can_move(model, body)) trees.push_back(body);
    }
  }
  std::sort(trees.begin(), trees.end());
  trees.erase(std::unique(trees.begin(), trees.end()), trees.end());
  return trees;
}

}  // namespace motet

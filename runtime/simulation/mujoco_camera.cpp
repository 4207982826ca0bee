#include "runtime/simulation/mujoco_camera.h"

#include <algorithm>
#include <cmath>

#include "runtime/simulation/mujoco_names.h"

namespace motet {
namespace {

constexpr double degree = 3.14159265358979323846 / 180;
constexpr double azimuth = 110;  // from the right, a little from behind
constexpr double elevation = -20;
constexpr double elevation_of_scene = -40;
constexpr double room = 1.35;  // around the robot, for its limbs to move in

bool base_moves(const mjModel& model, int tree) {
  for (int i = 0; i < model.body_jntnum[tree]; ++i) {
    const int type = model.jnt_type[model.body_jntadr[tree] + i];
    if (type == mjJNT_FREE || type == mjJNT_SLIDE) return true;
  }
  return false;
}

// The radius of the ball about the tree's centre of mass that holds what can be seen of it.
double radius_of(const mjModel& model, const mjData& data, int tree) {
  double radius = 0;
  for (int geom = 0; geom < model.ngeom; ++geom) {
    if (model.body_rootid[model.geom_bodyid[geom]] != tree || model.geom_group[geom] > 2) continue;
    const double away = mju_dist3(data.geom_xpos + 3 * geom, data.subtree_com + 3 * tree);
    radius = std::max(radius, away + model.geom_rbound[geom]);
  }
  return radius > 0 ? radius : model.stat.extent;
}

mjvCamera fixed_camera(int id) {
  mjvCamera camera;
  mjv_defaultCamera(&camera);
  camera.type = mjCAMERA_FIXED;
  camera.fixedcamid = id;
  return camera;
}

double distance_to_see(const mjModel& model, double radius) {
  return radius / std::sin(model.vis.global.fovy * degree / 2);
}

mjvCamera following_camera(const mjModel& model, const mjData& data, int tree) {
  mjvCamera camera;
  mjv_defaultCamera(&camera);
  camera.type = mjCAMERA_TRACKING;
  camera.trackbodyid = tree;
  std::copy_n(data.subtree_com + 3 * tree, 3, camera.lookat);
  camera.distance = room * distance_to_see(model, radius_of(model, data, tree));
  camera.azimuth = azimuth;
  camera.elevation = elevation;
  return camera;
}

mjvCamera scene_camera(const mjModel& model) {
  mjvCamera camera;
  mjv_defaultCamera(&camera);
  camera.type = mjCAMERA_FREE;
  std::copy_n(model.stat.center, 3, camera.lookat);
  camera.distance = distance_to_see(model, model.stat.extent / 2);
  camera.azimuth = azimuth;
  camera.elevation = elevation_of_scene;
  return camera;
}

}  // namespace

Result<mjvCamera> choose_camera(const mjModel& model, const mjData& data, std::span<const int> trees,
                                const std::string& name) {
  if (!name.empty()) {
    const Result<int> id = find_element(model, mjOBJ_CAMERA, name);
    if (!id) return id.error();
    return fixed_camera(*id);
  }
  if (const int main = mj_name2id(&model, mjOBJ_CAMERA, "main"); main >= 0) return fixed_camera(main);
  const auto moving =
      std::find_if(trees.begin(), trees.end(), [&](int tree) { return base_moves(model, tree); });
  return moving == trees.end() ? scene_camera(model) : following_camera(model, data, *moving);
}

}  // namespace motet

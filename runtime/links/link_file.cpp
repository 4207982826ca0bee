#include "runtime/links/link_file.h"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/dds/topics.h"

namespace motet {
namespace {

using Kind = ActuatorContract::Kind;

bool is_measured(const JointContract& joint) {
  const bool one = joint.type == JointContract::Type::slide || joint.type == JointContract::Type::hinge;
  return one && !joint.name.empty();
}

template <typename Items>
const auto* find(const Items& items, const std::string& name) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

std::string in_quotes(const std::string& name) {
  return "`" + name.substr(0, 80) + "`";
}

// "; did you mean `hip`?", of the names that there are.
template <typename Items>
std::string names_of(const Items& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + item.name;
  return text;
}

template <typename Items>
void wrong_twice(const Items& items, const char* what, std::vector<std::string>& wrong) {
  std::set<std::string> seen;
  for (const auto& item : items)
    if (!seen.insert(item.name).second)
      wrong.push_back(std::string("the ") + what + " " + in_quotes(item.name) + " is there twice");
}

void wrong_joints(const LinkFile& link, const Contract& robot, std::vector<std::string>& wrong) {
  wrong_twice(link.joints, "joint", wrong);
  std::map<std::string, std::string> taken;  // the robot's name: ours
  for (const JointLink& joint : link.joints) {
    const JointContract* model = find(robot.joints, joint.name);
    if (model == nullptr)
      wrong.push_back("the robot has no joint " + in_quotes(joint.name) + "; it has " +
                      names_of(robot.joints));
    else if (!is_measured(*model))
      wrong.push_back("the joint " + in_quotes(joint.name) +
                      " has more than one coordinate: no joint state has it");
    const bool angle = joint.unit == "rad" || joint.unit == "deg" || joint.unit == "rev";
    if (model != nullptr && is_measured(*model) && angle != (model->type == JointContract::Type::hinge))
      wrong.push_back("the joint " + in_quotes(joint.name) + " is not measured in " + joint.unit + ": it " +
                      (angle ? "slides" : "turns"));
    const auto [other, is_new] = taken.emplace(joint.at, joint.name);
    if (!is_new)
      wrong.push_back("the robot's joint " + in_quotes(joint.at) + " is both " + in_quotes(other->second) +
                      " and " + in_quotes(joint.name));
  }
}

void wrong_commands(const LinkFile& link, const Contract& robot, std::vector<std::string>& wrong) {
  wrong_twice(link.actuators, "actuator", wrong);
  for (const ActuatorLink& actuator : link.actuators)
    if (find(robot.actuators, actuator.name) == nullptr)
      wrong.push_back("the robot has no actuator " + in_quotes(actuator.name) + "; it has " +
                      names_of(robot.actuators));
  for (const ActuatorLink& actuator : link.actuators) {
    const ActuatorContract* model = find(robot.actuators, actuator.name);
    if (model != nullptr && model->kind != Kind::position &&
        (actuator.limit.low > 0 || actuator.limit.high < 0))
      wrong.push_back("the actuator " + in_quotes(actuator.name) +
                      " could not be let go: its `low` and `high` have to leave 0");
  }
  std::map<std::string, int> times;
  const auto listed = [&](const std::vector<std::string>& names, const char* list, Kind kind) {
    for (const std::string& name : names) {
      ++times[name];
      const ActuatorContract* model = find(robot.actuators, name);
      if (model == nullptr)
        wrong.push_back(std::string("`commands.") + list + "` has " + in_quotes(name) +
                        ", and the robot has no such actuator; it has " + names_of(robot.actuators));
      else if (model->kind != kind && model->kind != Kind::general)
        wrong.push_back("the actuator " + in_quotes(name) + " takes no " + list +
                        ": it is in the wrong list");
    }
  };
  listed(link.efforts, "effort", Kind::effort);
  listed(link.positions, "position", Kind::position);
  listed(link.velocities, "velocity", Kind::velocity);
  for (const ActuatorContract& actuator : robot.actuators)
    if (times[actuator.name] != 1)
      wrong.push_back("the actuator " + in_quotes(actuator.name) + " is " +
                      (times[actuator.name] == 0 ? "in no list of `commands`: nobody would move it"
                                                 : "in more than one place of `commands`"));
}

}  // namespace

double unit_scale(const std::string& unit) {
  constexpr double turn = 6.283185307179586;
  static const std::map<std::string, double> scales{
      {"rad", 1}, {"deg", turn / 360}, {"rev", turn}, {"m", 1}, {"mm", 0.001}};
  const auto found = scales.find(unit);
  return found == scales.end() ? 0 : found->second;
}

std::map<std::string, ControlLimit> LinkFile::limits() const {
  std::map<std::string, ControlLimit> all;
  for (const ActuatorLink& actuator : actuators) all[actuator.name] = actuator.limit;
  return all;
}

std::map<std::string, JointRange> LinkFile::ranges() const {
  constexpr double none = 1e300;
  std::map<std::string, JointRange> all;
  for (const JointLink& joint : joints)
    if (joint.range.low > -none || joint.range.high < none || joint.range.fastest < none)
      all[joint.name] = joint.range;
  return all;
}

LinkFile plain_link(const Contract& robot) {
  LinkFile link;
  link.robot = robot.robot.name;
  link.joint_states = dds::joint_states_topic;
  link.imu = dds::imu_topic;
  link.pose = dds::pose_topic;
  link.effort = dds::effort_topic;
  link.position = dds::position_topic;
  link.velocity = dds::velocity_topic;
  link.stop = dds::stop_topic;
  link.gyro = "gyro";
  link.accelerometer = "accelerometer";
  for (const JointContract& joint : robot.joints) {
    if (!is_measured(joint)) continue;
    JointLink one;
    one.name = one.at = joint.name;
    one.unit = joint.type == JointContract::Type::hinge ? "rad" : "m";
    link.joints.push_back(one);
  }
  for (const ActuatorContract& actuator : robot.actuators) {
    auto& list = actuator.kind == Kind::position   ? link.positions
                 : actuator.kind == Kind::velocity ? link.velocities
                                                   : link.efforts;
    list.push_back(actuator.name);
    ActuatorLink one;
    one.name = actuator.name;
    one.limit.low = actuator.low;
    one.limit.high = actuator.high;
    // A servo that is asked for the other end of its range gets there in a second.
    if (actuator.kind == Kind::position) one.limit.rate = actuator.high - actuator.low;
    link.actuators.push_back(one);
  }
  return link;
}

std::vector<std::string> wrong_with(const LinkFile& link, const Contract& robot) {
  std::vector<std::string> wrong;
  if (link.robot != robot.robot.name)
    return {"it is the link of the robot " + in_quotes(link.robot) + ", and this is " +
            in_quotes(robot.robot.name)};
  wrong_joints(link, robot, wrong);
  wrong_commands(link, robot, wrong);
  return wrong;
}

}  // namespace motet

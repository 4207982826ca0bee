// A link's file, both ways.

#include <cmath>
#include <fstream>
#include <sstream>

#include "compiler/toml/fields.h"
#include "compiler/toml/lines.h"
#include "compiler/toml/text.h"
#include "runtime/links/link_file.h"

namespace motet {
namespace {

constexpr double none = 1e300;
constexpr std::size_t most_items = 4096;
constexpr std::size_t most_bytes = 4 << 20;

// --- writing ---

void add_unless_none(TomlLines& lines, const char* key, double value) {
  if (std::abs(value) < none) lines.add(key, value);
}

std::string joint_text(const JointLink& joint) {
  TomlLines lines;
  lines.add("name", joint.name);
  lines.add("at", joint.at);
  lines.add("sign", joint.sign);
  lines.add("offset", joint.offset);
  lines.add("unit", joint.unit);
  add_unless_none(lines, "low", joint.range.low);
  add_unless_none(lines, "high", joint.range.high);
  add_unless_none(lines, "fastest", joint.range.fastest);
  return "[[joint]]\n" + lines.text();
}

std::string actuator_text(const ActuatorLink& actuator) {
  TomlLines lines;
  lines.add("name", actuator.name);
  lines.add("gain", actuator.gain);
  add_unless_none(lines, "low", actuator.limit.low);
  add_unless_none(lines, "high", actuator.limit.high);
  add_unless_none(lines, "rate", actuator.limit.rate);
  if (actuator.limit.rest) lines.add("rest", *actuator.limit.rest);
  return "[[actuator]]\n" + lines.text();
}

// --- reading ---

double finite(TomlFields& fields, const char* key, double fallback) {
  if (!fields.has(key)) return fallback;
  const double value = fields.number(key);
  if (!std::isfinite(value)) fields.fail(key, "it is not finite");
  return value;
}

double positive(TomlFields& fields, const char* key, double fallback) {
  const double value = finite(fields, key, fallback);
  if (!(value > 0)) fields.fail(key, "it has to be above 0");
  return value;
}

std::string text_or(TomlFields& fields, const char* key, const std::string& fallback) {
  return fields.has(key) ? fields.text(key) : fallback;
}

JointLink read_joint(TomlFields& fields) {
  JointLink joint;
  joint.name = fields.text("name");
  joint.at = text_or(fields, "at", joint.name);
  joint.sign = finite(fields, "sign", 1);
  if (std::abs(joint.sign) != 1) fields.fail("sign", "it is 1 or -1");
  joint.offset = finite(fields, "offset", 0);
  joint.unit = fields.text("unit");
  if (unit_scale(joint.unit) == 0) fields.fail("unit", "it is rad, deg, rev, m or mm");
  joint.range.low = finite(fields, "low", -none);
  joint.range.high = finite(fields, "high", none);
  if (joint.range.low > joint.range.high) fields.fail("low", "it is above `high`");
  joint.range.fastest = positive(fields, "fastest", none);
  fields.done();
  return joint;
}

ActuatorLink read_actuator(TomlFields& fields) {
  ActuatorLink actuator;
  actuator.name = fields.text("name");
  actuator.gain = finite(fields, "gain", 1);
  if (actuator.gain == 0) fields.fail("gain", "nothing would be sent");
  actuator.limit.low = finite(fields, "low", -none);
  actuator.limit.high = finite(fields, "high", none);
  if (actuator.limit.low > actuator.limit.high) fields.fail("low", "it is above `high`");
  actuator.limit.rate = positive(fields, "rate", none);
  if (fields.has("rest")) actuator.limit.rest = finite(fields, "rest", 0);
  fields.done();
  return actuator;
}

void read_topics(TomlFields fields, LinkFile& link) {
  link.joint_states = fields.text("joint_states");
  link.imu = fields.text("imu");
  link.pose = fields.text("pose");
  link.effort = fields.text("effort");
  link.position = fields.text("position");
  link.velocity = fields.text("velocity");
  link.stop = fields.text("stop");
  for (const std::string* topic :
       {&link.joint_states, &link.imu, &link.pose, &link.effort, &link.position, &link.velocity, &link.stop})
    if (topic->empty() || topic->size() > 200)
      fields.fail("joint_states", "a topic's name has from 1 to 200 letters");
  fields.done();
}

void read_imu(TomlFields fields, LinkFile& link) {
  link.imu_body = fields.text("body");
  link.gyro = fields.text("gyro");
  link.accelerometer = fields.text("accelerometer");
  const toml::node* mount = fields.node("mount");
  const toml::array* values = mount == nullptr ? nullptr : mount->as_array();
  double squares = 0;
  for (std::size_t i = 0; i < 4 && values != nullptr && values->size() == 4; ++i) {
    link.mount[i] = (*values)[i].value<double>().value_or(0);
    squares += link.mount[i] * link.mount[i];
  }
  if (!(std::abs(squares - 1) < 1e-3)) fields.fail("mount", "it is a unit quaternion [w, x, y, z]");
  fields.done();
}

void read_safety(TomlFields fields, LinkFile& link) {
  link.watch.hold_after = positive(fields, "hold_after", link.watch.hold_after);
  link.watch.damp_after = positive(fields, "damp_after", link.watch.damp_after);
  link.watch.stop_after = positive(fields, "stop_after", link.watch.stop_after);
  if (!(link.watch.hold_after <= link.watch.damp_after && link.watch.damp_after <= link.watch.stop_after))
    fields.fail("stop_after", "it holds, then damps, then stops: each no earlier than the one before");
  if (!(link.watch.stop_after <= 10)) fields.fail("stop_after", "it is at most 10 s");
  link.watch.most_missed = static_cast<int>(fields.integer("most_missed", 0, 1000));
  link.ramp = positive(fields, "ramp", link.ramp);
  if (!(link.ramp <= 10)) fields.fail("ramp", "it is at most 10 s");
  fields.done();
}

}  // namespace

std::string to_toml(const LinkFile& link) {
  TomlLines head, topics, commands, imu, safety;
  head.add("robot", link.robot);
  head.add("domain", link.domain);
  topics.add("joint_states", link.joint_states);
  topics.add("imu", link.imu);
  topics.add("pose", link.pose);
  topics.add("effort", link.effort);
  topics.add("position", link.position);
  topics.add("velocity", link.velocity);
  topics.add("stop", link.stop);
  commands.add("effort", link.efforts);
  commands.add("position", link.positions);
  commands.add("velocity", link.velocities);
  imu.add("body", link.imu_body);
  imu.add("gyro", link.gyro);
  imu.add("accelerometer", link.accelerometer);
  std::vector<std::string> mount;
  for (const double value : link.mount) mount.push_back(toml_value(value));
  imu.add_text("mount", toml_list(mount));
  safety.add("hold_after", link.watch.hold_after);
  safety.add("damp_after", link.watch.damp_after);
  safety.add("stop_after", link.watch.stop_after);
  safety.add("most_missed", link.watch.most_missed);
  safety.add("ramp", link.ramp);
  std::string text =
      "# How this robot differs from its model. Each line is to be checked on the robot before it "
      "moves.\n\n" +
      head.text() + "\n[topics]\n" + topics.text() +
      "\n# Actuators in the order in which the robot's controllers take them.\n[commands]\n" +
      commands.text() +
      "\n# Which body carries the inertial unit (empty: the one that is observed), which of the\n"
      "# model's sensors it is, and how it is turned on its body (w, x, y, z).\n[imu]\n" +
      imu.text() +
      "\n# Seconds without a good observation after which the last command is held, efforts go to\n"
      "# nothing, and it stops; deadlines missed in a row after which it stops; and how long it\n"
      "# takes to come to rest.\n[safety]\n" +
      safety.text() +
      "\n# What the robot calls a joint (`at`), which way it turns, its reading where the model is at\n"
      "# zero (m or rad, after sign and unit), its unit; `low`, `high` and `fastest`: what can be\n"
      "# measured at all.\n";
  for (const JointLink& joint : link.joints) text += joint_text(joint) + "\n";
  text +=
      "# `gain`: what is sent for each N, Nm, m, rad, m/s or rad/s that its joint is asked for. `low`, "
      "`high`\n"
      "# and `rate` (a second): limits on the control, which tighten the program's. `rest`: where it is\n"
      "# brought at the end.\n";
  for (const ActuatorLink& actuator : link.actuators) text += actuator_text(actuator) + "\n";
  text.pop_back();
  return text;
}

Result<LinkFile> link_from_toml(std::string_view text) {
  if (text.size() > most_bytes) return Error{"it is larger than a link's file can be"};
  const auto parsed = parse_toml(text);
  if (const TomlError* error = std::get_if<TomlError>(&parsed))
    return Error{"line " + std::to_string(error->line) + ": " + error->message};
  FirstError error;
  TomlFields fields(std::get<toml::table>(parsed), "", error);
  LinkFile link;
  link.robot = fields.text("robot");
  link.domain = static_cast<int>(fields.integer("domain", 0, 232));
  read_topics(fields.table("topics"), link);
  TomlFields commands = fields.table("commands");
  link.efforts = commands.texts("effort");
  link.positions = commands.texts("position");
  link.velocities = commands.texts("velocity");
  commands.done();
  read_imu(fields.table("imu"), link);
  read_safety(fields.table("safety"), link);
  fields.each_table("joint", [&](TomlFields& one) { link.joints.push_back(read_joint(one)); });
  fields.each_table("actuator", [&](TomlFields& one) { link.actuators.push_back(read_actuator(one)); });
  if (link.joints.size() > most_items || link.actuators.size() > most_items)
    fields.fail("joint", "these are more than any robot has");
  fields.done();
  if (error) return Error{error.message()};
  return link;
}

Result<LinkFile> read_link(const std::filesystem::path& file) {
  std::ifstream input(file, std::ios::binary);
  std::string text(most_bytes + 1, '\0');
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!input && !input.eof()) return Error{"`" + file.string() + "` cannot be read"};
  text.resize(static_cast<std::size_t>(input.gcount()));
  Result<LinkFile> link = link_from_toml(text);
  if (!link) return Error{"`" + file.string() + "`: " + link.error().message};
  return link;
}

}  // namespace motet

#pragma once

// Checks a program and keeps what came of it. Tests assert codes and the text that they point at:
// "M0301 gaol".

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/check.h"
#include "language/modules.h"
#include "temporary_folder.h"

namespace motet::testing {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

struct Checked {
  // `files`: beside the program, by name.
  explicit Checked(const std::string& text, const std::map<std::string, std::string>& files = {}) {
    for (const auto& [name, content] : files) folder.write(name, content);
    const auto file = folder.write("program.motet", text);
    program = load_program(file, ModuleSearch{{MOTET_SOURCE_DIR "/library"}}, sources, diagnostics);
    graph = check(program, sources, diagnostics);
  }

  // In the order of the text.
  std::vector<std::string> findings() const {
    std::vector<std::string> result;
    for (const Diagnostic& diagnostic : diagnostics.all())
      result.push_back(std::string(info(diagnostic.code).name) + " " +
                       std::string(sources.text(diagnostic.primary.span)));
    return result;
  }
  // The texts that the other labels of a finding point at.
  std::vector<std::string> labels(std::size_t finding = 0) const {
    std::vector<std::string> result;
    for (const Label& label : diagnostics.all().at(finding).secondary)
      result.emplace_back(sources.text(label.span));
    return result;
  }
  // What the text would be with the fix of the first finding; empty, where there is none.
  std::string fixed() const {
    const auto& fix = diagnostics.all().at(0).fix;
    if (!fix) return "";
    std::string text = sources.file(fix->span.file).text();
    return text.replace(fix->span.begin, fix->span.end - fix->span.begin, fix->replacement);
  }
  std::string rendered() const { return render_text(diagnostics, sources, false); }
  const SkillNode& skill(std::string_view name) const {
    const SkillNode* found = graph ? graph->find_skill(name) : nullptr;
    if (found == nullptr) throw std::runtime_error("no skill " + std::string(name) + "\n" + rendered());
    return *found;
  }

  TemporaryFolder folder;
  SourceMap sources;
  Diagnostics diagnostics;
  Program program;
  std::optional<PolicyGraph> graph;
};

// A point in the plane and its world.
inline const std::string plane =
    "robot dot { model point(2) observe qpos act motors control 10 Hz }\n"
    "world plane { robot dot horizon 30 steps sample goal = uniform((-1, -1), (1, 1)) observe goal }\n";

// An arm with what models have: hinges, a slide, bodies that can and cannot be moved, a sensor.
inline const std::string arm_model = R"(<mujoco>
  <option timestep="0.01"/>
  <worldbody>
    <body name="upper"><joint name="shoulder" axis="0 0 1" limited="true" range="-90 90"/>
      <geom name="upper" size="0.1"/>
      <body name="lower" pos="1 0 0"><joint name="elbow" axis="0 0 1"/><geom name="lower" size="0.1"/>
        <body name="left hand" pos="1 0 0"><geom name="hand" size="0.1"/><site name="tip"/></body></body></body>
    <body name="puck"><joint name="puck_x" type="slide" axis="1 0 0"/><joint name="puck_y" type="slide" axis="0 1 0"/>
      <geom name="puck" size="0.1"/></body>
    <body name="ball" pos="0 0 2"><freejoint name="loose"/><geom name="ball" size="0.1"/></body>
    <body name="mark" pos="0 0 3"/>
    <body name="ghost" mocap="true" pos="0 0 4"/>
  </worldbody>
  <actuator>
    <motor name="shoulder" joint="shoulder" ctrllimited="true" ctrlrange="-2 2"/>
    <motor name="elbow" joint="elbow" ctrllimited="true" ctrlrange="-1 1"/>
  </actuator>
  <sensor><jointpos name="bend" joint="elbow"/><framepos name="where" objtype="body" objname="puck"/></sensor>
</mujoco>
)";
inline const std::map<std::string, std::string> arm_files = {{"arm.xml", arm_model}};
inline const std::string arm = "robot arm { model \"arm.xml\" observe qpos act motors control 20 Hz }\n";
inline const std::string table = arm + "world table { robot arm horizon 30 steps }\n";

// What is found in the plane with these declarations.
inline std::vector<std::string> found_in_plane(const std::string& declarations) {
  return Checked(plane + declarations).findings();
}
inline std::vector<std::string> found_on_table(const std::string& declarations) {
  return Checked(table + declarations, arm_files).findings();
}
// What is found with these items in the arm's world, or in the arm.
inline std::vector<std::string> found_in_world(const std::string& items) {
  return Checked(arm + "world table { robot arm horizon 30 steps " + items + " }\n", arm_files).findings();
}
inline std::vector<std::string> found_in_robot(const std::string& items) {
  return Checked("robot arm { model \"arm.xml\" observe qpos " + items + " }\n", arm_files).findings();
}
// The reward of a skill, as a term's text.
inline std::string reward_text(const std::string& prelude, const std::string& expression) {
  const Checked checked(prelude + "skill s { in " + (prelude.starts_with(plane) ? "plane" : "table") +
                            " maximize " + expression + " }\n",
                        arm_files);
  if (!checked.graph) return checked.rendered();
  const Environment& environment = *checked.skill("s").environment;
  return to_text(environment.terms, *environment.reward);
}

}  // namespace motet::testing

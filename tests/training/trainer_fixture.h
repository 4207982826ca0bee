#pragma once

// A training that takes a second: the point, small networks, and all that a folder then holds.

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "runtime/learning/training.h"
#include "world_fixture.h"

namespace motet::test {

// Evaluations every 200 steps and checkpoints every 150, so that each is met without the other; the
// replay is smaller than the training.
inline Plan training_plan(std::int64_t steps = 1000) {
  SkillPlan skill;
  skill.name = "reach";
  skill.algorithm = "sac";
  skill.hash = "0123";
  skill.environment = point_plan();
  skill.policy.hidden = {16, 16};
  skill.sac.hidden = {16, 16};
  skill.sac.steps = steps;
  skill.sac.batch = 16;
  skill.sac.replay = 400;
  skill.sac.warmup = 100;
  skill.sac.target_entropy = -2;
  skill.sac.learning_rate = 1e-3;
  skill.train = {.eval_interval = 200, .eval_episodes = 2, .checkpoint_interval = 150, .worlds = 1};
  Plan plan;
  plan.skills = {skill};
  return plan;
}

inline TrainingRequest training_request(const Plan& plan, const std::filesystem::path& folder) {
  TrainingRequest request;
  request.plan = &plan;
  request.skill = plan.skills[0].name;
  request.folder = folder;
  request.seed = 7;
  return request;
}

inline std::string error_of(const TrainingRequest& request) {
  const Result<TrainingEnd> end = train(request);
  return end ? "" : end.error().message;
}

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream input(file, std::ios::binary);
  std::ostringstream text;
  text << input.rdbuf();
  return text.str();
}

// The cells of metrics.csv, the first row with their names.
inline std::vector<std::vector<std::string>> table_of(const std::filesystem::path& folder) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream text(bytes_of(folder / "metrics.csv"));
  for (std::string line; std::getline(text, line);) {
    std::istringstream cells(line + ",");
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

// The same without the time that it took.
inline std::vector<std::vector<std::string>> timeless_table_of(const std::filesystem::path& folder) {
  std::vector<std::vector<std::string>> rows = table_of(folder);
  if (rows.empty()) return rows;
  const auto seconds = std::find(rows[0].begin(), rows[0].end(), "seconds") - rows[0].begin();
  for (std::vector<std::string>& row : rows) row.erase(row.begin() + seconds);
  return rows;
}

// A section of the folder's checkpoint, as bytes.
inline std::vector<std::byte> section_of(const std::filesystem::path& folder, const std::string& name) {
  const Result<Archive> archive = Archive::read(folder / "checkpoint.bin");
  if (!archive || !archive->has(name)) {
    ADD_FAILURE() << name << " is not in the checkpoint of " << folder;
    return {};
  }
  std::vector<std::byte> bytes(archive->size_of(name));
  EXPECT_TRUE(archive->get<std::byte>(name, bytes));
  return bytes;
}

// Two trainings came to the same end, bit for bit: networks, optimisers, generators, replay, log.
inline void expect_same_end(const std::filesystem::path& one, const std::filesystem::path& other) {
  for (const char* name :
       {"policy/parameters", "critic/parameters", "target/parameters", "policy/adam/first",
        "policy/adam/second", "critic/adam/first", "critic/adam/second", "temperature", "updates/random",
        "updates/count", "trainer/step", "trainer/batches", "trainer/actions", "trainer/replay_added",
        "trainer/evaluation_return", "statistics/total", "statistics/since_row"}) {
    EXPECT_EQ(section_of(one, name), section_of(other, name)) << name;
  }
  EXPECT_EQ(bytes_of(one / "states.bin").size(), bytes_of(other / "states.bin").size());
  EXPECT_TRUE(bytes_of(one / "states.bin") == bytes_of(other / "states.bin"));
  EXPECT_EQ(timeless_table_of(one), timeless_table_of(other));
  EXPECT_EQ(std::filesystem::file_size(one / "events.out.tfevents.motet"),
            std::filesystem::file_size(other / "events.out.tfevents.motet"));
}

}  // namespace motet::test

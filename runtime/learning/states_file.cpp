#include "runtime/learning/states_file.h"

#include <algorithm>

#include "runtime/engine/parameters.h"
#include "runtime/learning/checkpoint.h"

namespace motet {

std::filesystem::path states_file(const std::filesystem::path& folder) {
  return folder / "states.bin";
}

Status write_states(const std::filesystem::path& folder, const SkillPlan& skill, std::uint64_t seed,
                    const ReplayBuffer& replay) {
  const auto size = static_cast<std::size_t>(skill.environment.observation_size);
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(replay.size()) * size);
  for (std::int64_t i = replay.added() - replay.size(); i < replay.added(); ++i) {
    const std::span<const float> row = replay.row(i);
    values.insert(values.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(size));
  }
  Archive archive;
  sign_checkpoint(archive, skill, seed);
  archive.put<float>("states", values);
  return archive.write(states_file(folder));
}

Result<States> read_states(const std::filesystem::path& folder, const SkillPlan& skill) {
  const std::filesystem::path file = states_file(folder);
  if (std::error_code error; !std::filesystem::exists(file, error)) {
    return Error{"`" + file.string() + "` is missing: without the states that `" + skill.name +
                 "` has seen, nothing can be composed of it; train it again"};
  }
  const Result<Archive> archive = read_signed(file, skill);
  if (!archive) return archive.error();
  States states;
  states.size = skill.environment.observation_size;
  const std::size_t row = static_cast<std::size_t>(states.size) * sizeof(float);
  const std::size_t bytes = archive->size_of("states");
  if (bytes == 0 || bytes % row != 0)
    return Error{"`" + file.string() + "` does not hold states of " + std::to_string(states.size) +
                 " numbers"};
  states.count = static_cast<std::int64_t>(bytes / row);
  states.values.resize(bytes / sizeof(float));
  if (Status status = archive->get<float>("states", states.values); !status) return status.error();
  if (!all_finite(states.values)) return Error{"`" + file.string() + "` holds a number that is not finite"};
  return states;
}

}  // namespace motet

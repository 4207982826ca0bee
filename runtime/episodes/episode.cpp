#include "runtime/episodes/episode.h"

#include <algorithm>
#include <cmath>

#include "runtime/archive/archive.h"

namespace motet {
namespace {

constexpr std::int64_t most_steps = 1'000'000, most_numbers = 1 << 20;
constexpr std::uint32_t version = 1;

struct Sizes {
  std::int64_t n, m, steps;
};

template <typename T>
Status get_all(const Archive& archive, const char* name, std::int64_t count, std::vector<T>& values) {
  if (archive.size_of(name) != static_cast<std::size_t>(count) * sizeof(T))
    return Error{std::string("its ") + name + " are not as many as it says"};
  values.resize(static_cast<std::size_t>(count));
  return archive.get<T>(name, values);
}

bool finite(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

Result<Episode> episode_of(const Archive& archive) {
  Episode episode;
  std::uint32_t written = 0;
  Sizes sizes{};
  std::uint8_t terminated = 0, success = 0;
  if (Status status = archive.get_value("episode/version", written); !status) return status.error();
  if (written > version) return Error{"it was written by a newer version of Motet"};
  for (const auto& [name, text] :
       {std::pair("episode/run", &episode.id.run), std::pair("episode/collector", &episode.id.collector)}) {
    Result<std::string> read = archive.get_text(name);
    if (!read) return read.error();
    if (read->empty() || read->size() > 200) return Error{"its names are none"};
    *text = std::move(*read);
  }
  const Status all[] = {
      archive.get_value("episode/number", episode.id.number),
      archive.get_value("episode/policy", episode.policy), archive.get_value("episode/sizes", sizes),
      archive.get_value("episode/terminated", terminated), archive.get_value("episode/success", success)};
  for (const Status& status : all)
    if (!status) return status.error();
  if (sizes.n < 1 || sizes.n > most_numbers || sizes.m < 1 || sizes.m > most_numbers || sizes.steps < 1 ||
      sizes.steps > most_steps)
    return Error{"its sizes are those of no episode"};
  episode.observation_size = sizes.n;
  episode.action_size = sizes.m;
  episode.terminated = terminated != 0;
  episode.success = success != 0;
  const Status parts[] = {get_all(archive, "observations", (sizes.steps + 1) * sizes.n, episode.observations),
                          get_all(archive, "actions", sizes.steps * sizes.m, episode.actions),
                          get_all(archive, "rewards", sizes.steps, episode.rewards)};
  for (const Status& status : parts)
    if (!status) return status.error();
  if (!finite(episode.observations) || !finite(episode.rewards))
    return Error{"it holds what is not a number"};
  for (const float action : episode.actions)
    if (!(std::abs(action) <= 1)) return Error{"it holds an action that is out of range"};
  return episode;
}

}  // namespace

Status write_episode(const std::filesystem::path& file, const Episode& episode) {
  Archive archive;
  archive.put_value("episode/version", version);
  archive.put_text("episode/run", episode.id.run);
  archive.put_text("episode/collector", episode.id.collector);
  archive.put_value("episode/number", episode.id.number);
  archive.put_value("episode/policy", episode.policy);
  archive.put_value("episode/sizes", Sizes{episode.observation_size, episode.action_size, episode.steps()});
  archive.put_value("episode/terminated", static_cast<std::uint8_t>(episode.terminated));
  archive.put_value("episode/success", static_cast<std::uint8_t>(episode.success));
  archive.put<float>("observations", episode.observations);
  archive.put<float>("actions", episode.actions);
  archive.put<float>("rewards", episode.rewards);
  return archive.write(file);
}

Result<Episode> read_episode(const std::filesystem::path& file) {
  const Result<Archive> archive = Archive::read(file);
  if (!archive) return archive.error();
  Result<Episode> episode = episode_of(*archive);
  if (!episode) return Error{"`" + file.string() + "` is no episode: " + episode.error().message};
  return episode;
}

}  // namespace motet

#include "runtime/learning/robot_experience.h"

#include <fstream>

namespace motet {

namespace fs = std::filesystem;

Result<std::unique_ptr<RobotExperience>> RobotExperience::make(RobotExchange& exchange,
                                                               const fs::path& folder, std::int64_t n,
                                                               std::int64_t m) {
  Result<Inbox> inbox = Inbox::open(folder / "episodes");
  if (!inbox) return inbox.error();
  const fs::path name = folder / "episodes" / "run";
  std::string run;
  std::getline(std::ifstream(name) >> std::ws, run);
  if (run.empty()) {
    run = new_identity();
    if (Status status = write_file(name, run + "\n"); !status) return status.error();
  }
  return std::unique_ptr<RobotExperience>(new RobotExperience(exchange, std::move(*inbox), n, m, run));
}

Status RobotExperience::receive(double seconds, const std::function<void(const std::string&)>& say) {
  while (const auto arrival = exchange_.receive(seconds)) {
    seconds = 0;
    if (arrival->id.run != run_) continue;
    const Result<bool> kept = inbox_.keep(*arrival, n_, m_);
    if (!kept) {
      say("an episode is left out: " + kept.error().message);
      continue;
    }
    exchange_.acknowledge(arrival->id);
  }
  return {};
}

Result<std::optional<Transition>> RobotExperience::next() {
  while (!episode_read_ || place_.step == episode_.steps()) {
    if (episode_read_) place_ = {place_.episode + 1, 0};
    episode_read_ = false;
    if (place_.episode >= inbox_.size()) return std::optional<Transition>();
    Result<Episode> episode = inbox_.episode(place_.episode);
    if (!episode) return episode.error();
    episode_ = std::move(*episode);
    episode_read_ = true;
    if (place_.step > episode_.steps())
      return Error{"the checkpoint is at a step that episode " + std::to_string(place_.episode) + " has not"};
  }
  const auto row = [](const std::vector<float>& values, std::int64_t i, std::int64_t width) {
    return std::span(values).subspan(static_cast<std::size_t>(i * width), static_cast<std::size_t>(width));
  };
  const std::int64_t t = place_.step++;
  return std::optional(Transition{row(episode_.observations, t, n_), row(episode_.actions, t, m_),
                                  episode_.rewards[static_cast<std::size_t>(t)],
                                  row(episode_.observations, t + 1, n_),
                                  episode_.terminated && t + 1 == episode_.steps()});
}

void RobotExperience::save(Archive& archive) const {
  archive.put_value("robot/place", place_);
}

Status RobotExperience::restore(const Archive& archive) {
  if (!archive.has("robot/place"))
    return Error{
        "this training began in simulation: leave `--from-robot` out to go on, or begin anew with `--force`"};
  if (Status status = archive.get_value("robot/place", place_); !status) return status;
  if (place_.episode < 0 || place_.step < 0 || place_.episode > inbox_.size())
    return Error{"the checkpoint is beyond the episodes that are there"};
  return {};
}

}  // namespace motet

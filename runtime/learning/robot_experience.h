#pragma once

// Transitions that robots collect, in the order in which their episodes came.

#include <chrono>
#include <functional>
#include <optional>

#include "runtime/archive/archive.h"
#include "runtime/episodes/episode_folder.h"
#include "runtime/learning/replay.h"

namespace motet {

class RobotExperience {
 public:
  // `folder`: of the skill; what came before is there. The exchange outlives this.
  static Result<std::unique_ptr<RobotExperience>> make(RobotExchange& exchange,
                                                       const std::filesystem::path& folder, std::int64_t n,
                                                       std::int64_t m);

  // Keeps what has come, after at most so many seconds, and acknowledges it. What is no episode of this
  // training's is told to `say`.
  Status receive(double seconds, const std::function<void(const std::string&)>& say);
  // The next transition, until the one after is asked for; none where it has yet to be collected.
  Result<std::optional<Transition>> next();
  // After next(): the episode that has just ended with it, if it has.
  const Episode* ended() const { return place_.step == episode_.steps() ? &episode_ : nullptr; }

  std::int64_t episodes() const { return inbox_.size(); }
  std::int64_t steps() const { return inbox_.steps(); }  // that have come
  const std::string& run() const { return run_; }
  RobotExchange& exchange() { return exchange_; }

  void save(Archive& archive) const;
  Status restore(const Archive& archive);

 private:
  RobotExperience(RobotExchange& exchange, Inbox inbox, std::int64_t n, std::int64_t m, std::string run)
      : exchange_(exchange), inbox_(std::move(inbox)), n_(n), m_(m), run_(std::move(run)) {}

  struct Place {
    std::int64_t episode = 0;  // the one that is being read
    std::int64_t step = 0;     // of it: the next transition
  };
  RobotExchange& exchange_;
  Inbox inbox_;
  std::int64_t n_, m_;
  std::string run_;
  Place place_;
  Episode episode_;  // where place_ is
  bool episode_read_ = false;
};

}  // namespace motet

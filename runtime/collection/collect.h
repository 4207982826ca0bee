#pragma once

// Episodes on a robot, one after the other, with the policies that a workstation learns from them.

#include <functional>
#include <string>

#include "runtime/collection/courier.h"
#include "runtime/control/loop.h"
#include "runtime/links/link_file.h"

namespace motet {

// How the robot gets back to where episodes begin.
class Reset {
 public:
  virtual ~Reset() = default;
  enum class Outcome { ready, discard, over };
  // After an episode, with the robot at rest, or before the first. `ready`: the next may begin; `discard`: so
  // it may, and the last one is not to be kept; `over`: there is to be no next one, and the last is kept. An
  // error ends the collection.
  virtual Result<Outcome> reset(bool after_episode) = 0;
  // Whether reset() commands the robot itself, so that nobody else may.
  virtual bool takes_robot() const { return false; }
  // While an episode runs: whether its operator does not want it kept.
  virtual bool discards() { return false; }
};

struct CollectOptions {
  std::size_t most_waiting = 100;  // episodes without a receipt, at which it waits for the workstation
  std::int64_t episodes = 0;       // after which it ends; 0: when the workstation has enough
  int domain = 0;                  // of a robot without a link's file
  std::uint64_t seed = 1;          // of what the policies draw
};

// What it tells of itself.
struct CollectReport {
  std::int64_t episodes = 0, steps = 0, discarded = 0, interrupted = 0;
};

// Until the workstation has enough, the operator ends it, or `requests` do. The link stays active between two
// episodes. `say`: one line for the operator. Errors: a robot or a policy that is refused; before anything
// moves.
// `link`: null for the names of the policy's model. A robot that falls silent later on is waited for.
Result<CollectReport> collect(Courier& courier, const LinkFile* link, Clock& clock, Reset& reset,
                              LoopRequests& requests, const CollectOptions& options,
                              const std::function<void(const std::string&)>& say);

}  // namespace motet

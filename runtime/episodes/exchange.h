#pragma once

// What a training and the robots that collect for it say to each other.

#include <cstdint>
#include <optional>
#include <string>

#include "runtime/episodes/episode.h"

namespace motet {

// What a robot is to collect with.
struct PolicyOffer {
  std::string run;            // the training
  std::uint64_t version = 0;  // updates that it has had
  bool random = false;        // actions are to be drawn uniformly: the warm-up
  bool finished = false;      // no more episodes are needed
  std::int64_t horizon = 0;   // steps of an episode
  std::string bundle;         // bytes; its program gives observation, reward and end
};

// An episode as it came, its file's bytes not looked at yet.
struct EpisodeArrival {
  EpisodeId id;
  std::string content;
};

// The workstation's end. One thread.
class RobotExchange {
 public:
  virtual ~RobotExchange() = default;
  // The newest takes the place of the one before.
  virtual Status offer(const PolicyOffer& policy) = 0;
  // The next episode, after at most so many seconds.
  virtual std::optional<EpisodeArrival> receive(double seconds) = 0;
  // It is on this disk, and need not be kept by whoever collected it.
  virtual void acknowledge(const EpisodeId& id) = 0;
};

}  // namespace motet

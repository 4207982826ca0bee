#pragma once

#include <algorithm>
#include <deque>
#include <utility>

#include "runtime/instructions/random.h"

namespace motet {

// What a network does to messages. Seconds, and a part of one.
struct ChannelFaults {
  double latency = 0;  // each message comes so much later
  double jitter = 0;   // and up to so much more, uniformly
  double loss = 0;     // or not at all, with this probability
};

// Messages on their way. They may overtake each other, as on a network.
template <typename Message>
class Channel {
 public:
  Channel(const ChannelFaults& faults, Random random) : faults_(faults), random_(random) {}

  // `now`: s, of a clock that take() is given too.
  void put(Message message, double now) {
    if (random_.uniform() < faults_.loss) return;
    const double due = now + faults_.latency + faults_.jitter * random_.uniform();
    const auto place = std::upper_bound(waiting_.begin(), waiting_.end(), due,
                                        [](double time, const Waiting& each) { return time < each.due; });
    waiting_.insert(place, {due, std::move(message)});
  }

  // What is on its way is lost.
  void clear() { waiting_.clear(); }
  // Calls with each message that has arrived, the first to arrive first.
  template <typename Use>
  void take(double now, Use use) {
    while (!waiting_.empty() && waiting_.front().due <= now) {
      Message message = std::move(waiting_.front().message);
      waiting_.pop_front();
      use(std::move(message));
    }
  }

 private:
  struct Waiting {
    double due;
    Message message;
  };
  ChannelFaults faults_;
  Random random_;
  std::deque<Waiting> waiting_;
};

}  // namespace motet

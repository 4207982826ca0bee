#pragma once

// A robot on the network that speaks ROS 2's messages: joint states and an inertial unit in, commands for its
// controllers out.

#include <memory>

#include "runtime/control/link.h"
#include "runtime/links/link_file.h"

namespace motet {

// Threads of its own receive and send: read() and write() take no lock and wait for nothing.
class DdsLink final : public Link {
 public:
  // The clock, which outlives the link, tells how old a message is.
  DdsLink(LinkFile link, Clock& clock);
  ~DdsLink() override;

  // Of a link that is active: the same signals again.
  Status configure(const Contract& contract, const std::vector<SignalRef>& signals) override;
  // Waits for the robot, at most five seconds. Refused: joints that it does not measure, fewer joint states
  // than control steps, two robots on the same topics, controllers that do not listen, another master.
  Status activate() override;
  // Once its last command has arrived, or a second later.
  void deactivate() noexcept override;
  // A message is as old as it is here. One does not count that repeats the stamp of that before, or is of
  // another than the robot that was activated, be it only that robot started anew.
  bool read(std::span<double> values, double& age) noexcept override;
  void write(std::span<const double> controls) noexcept override;
  StopReason stop_requested() noexcept override;

  // After activate(): how often the joints were said, Hz.
  double joint_state_rate() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace motet

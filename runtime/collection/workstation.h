#pragma once

// The workstation's end of learning on a robot, over DDS.

#include <memory>

#include "runtime/dds/bus.h"
#include "runtime/episodes/exchange.h"

namespace motet {

class Workstation final : public RobotExchange {
 public:
  static Result<std::unique_ptr<Workstation>> join(int domain);
  // Gives the last offer a second to arrive.
  ~Workstation() override;

  Status offer(const PolicyOffer& policy) override;
  std::optional<EpisodeArrival> receive(double seconds) override;
  void acknowledge(const EpisodeId& id) override;

 private:
  Workstation(dds::Publisher<dds::Policy> policies, dds::Subscriber<dds::EpisodeMessage> episodes,
              dds::Publisher<dds::Receipt> receipts);
  dds::Publisher<dds::Policy> policies_;
  dds::Subscriber<dds::EpisodeMessage> episodes_;
  dds::Publisher<dds::Receipt> receipts_;
};

}  // namespace motet

#include "runtime/collection/workstation.h"

#include "runtime/dds/topics.h"

namespace motet {

using dds::Delivery;

Workstation::Workstation(dds::Publisher<dds::Policy> policies, dds::Subscriber<dds::EpisodeMessage> episodes,
                         dds::Publisher<dds::Receipt> receipts)
    : policies_(std::move(policies)), episodes_(std::move(episodes)), receipts_(std::move(receipts)) {}

Result<std::unique_ptr<Workstation>> Workstation::join(int domain) {
  auto bus = dds::Bus::join(domain);
  if (!bus) return bus.error();
  auto policies = dds::Publisher<dds::Policy>::make(*bus, dds::policy_topic, Delivery::kept);
  if (!policies) return policies.error();
  auto episodes = dds::Subscriber<dds::EpisodeMessage>::make(*bus, dds::episode_topic, Delivery::reliable);
  if (!episodes) return episodes.error();
  auto receipts = dds::Publisher<dds::Receipt>::make(*bus, dds::receipt_topic, Delivery::reliable);
  if (!receipts) return receipts.error();
  return std::unique_ptr<Workstation>(
      new Workstation(std::move(*policies), std::move(*episodes), std::move(*receipts)));
}

Workstation::~Workstation() {
  policies_.flush(std::chrono::seconds(1));
}

Status Workstation::offer(const PolicyOffer& policy) {
  return policies_.publish({policy.run, policy.version, policy.random, policy.finished,
                            static_cast<std::uint32_t>(policy.horizon), policy.bundle});
}

std::optional<EpisodeArrival> Workstation::receive(double seconds) {
  auto received = episodes_.take();
  if (!received && seconds > 0) {
    episodes_.wait(std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9)));
    received = episodes_.take();
  }
  if (!received) return std::nullopt;
  dds::EpisodeMessage& message = received->message;
  return EpisodeArrival{{std::move(message.run), std::move(message.collector), message.number},
                        std::move(message.content)};
}

void Workstation::acknowledge(const EpisodeId& id) {
  // One that is lost comes with the episode again.
  (void)receipts_.publish({id.run, id.collector, id.number});
}

}  // namespace motet

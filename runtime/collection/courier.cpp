#include "runtime/collection/courier.h"

#include <chrono>

#include "runtime/dds/topics.h"

namespace motet {
namespace {

using namespace std::chrono_literals;
using dds::Delivery;
using Clock = std::chrono::steady_clock;

constexpr auto again_after = 1s;      // without a receipt, an episode is brought again
constexpr std::size_t at_a_time = 4;  // episodes

// Run names come over the network, and name folders here.
bool is_name(const std::string& run) {
  return run.size() == 32 && run.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

Courier::Courier(std::filesystem::path folder, dds::Subscriber<dds::Policy> policies,
                 dds::Publisher<dds::EpisodeMessage> episodes, dds::Subscriber<dds::Receipt> receipts)
    : folder_(std::move(folder)),
      policies_(std::move(policies)),
      episodes_(std::move(episodes)),
      receipts_(std::move(receipts)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Courier::~Courier() {
  thread_.request_stop();
  thread_.join();
}

Result<std::unique_ptr<Courier>> Courier::make(int domain, const std::filesystem::path& folder) {
  auto bus = dds::Bus::join(domain);
  if (!bus) return bus.error();
  auto policies = dds::Subscriber<dds::Policy>::make(*bus, dds::policy_topic, Delivery::kept);
  if (!policies) return policies.error();
  auto episodes = dds::Publisher<dds::EpisodeMessage>::make(*bus, dds::episode_topic, Delivery::reliable);
  if (!episodes) return episodes.error();
  auto receipts = dds::Subscriber<dds::Receipt>::make(*bus, dds::receipt_topic, Delivery::reliable);
  if (!receipts) return receipts.error();
  return std::unique_ptr<Courier>(
      new Courier(folder, std::move(*policies), std::move(*episodes), std::move(*receipts)));
}

void Courier::take_policy(dds::Policy&& policy) {
  if (!is_name(policy.run) || policy.horizon < 1) return;
  const std::lock_guard lock(mutex_);
  // Nobody takes a robot over from a training that goes on.
  if (policy_ && !policy_->finished && policy_->run != policy.run) {
    if (std::exchange(other_, policy.run) != policy.run)
      notice_ = "another training offers policies, and is not listened to: to collect for it, begin anew";
    return;
  }
  if (!policy_ || policy_->run != policy.run) {
    auto outbox = Outbox::open(folder_ / policy.run, policy.run);
    if (!outbox) {
      trouble_ = outbox.error().message;
      return;
    }
    outbox_ = std::move(*outbox);
    if (outbox_->damaged() > 0)
      notice_ = std::to_string(outbox_->damaged()) + " damaged episodes are set aside, as *.damaged in `" +
                (folder_ / policy.run).string() + "`";
  }
  policy_ = PolicyOffer{std::move(policy.run), policy.version, policy.random,
                        policy.finished,       policy.horizon, std::move(policy.bundle)};
}

// The oldest that wait. What the network loses is brought again, and what came twice is kept once.
void Courier::bring() {
  std::vector<dds::EpisodeMessage> messages;
  {
    const std::lock_guard lock(mutex_);
    if (!outbox_ || episodes_.subscribers() == 0) return;
    for (const std::uint64_t number : outbox_->waiting()) {
      if (messages.size() == at_a_time) break;
      auto bytes = outbox_->bytes_of(number);
      if (!bytes) {
        trouble_ = bytes.error().message;
        continue;
      }
      messages.push_back({policy_->run, outbox_->collector(), number, std::move(*bytes)});
    }
  }
  for (const dds::EpisodeMessage& message : messages) (void)episodes_.publish(message);
}

void Courier::run(const std::stop_token& stop) {
  Clock::time_point brought{};
  std::size_t added = 0;
  while (!stop.stop_requested()) {
    receipts_.wait(20ms);
    bool received = false;
    while (const auto receipt = receipts_.take()) {
      const std::lock_guard lock(mutex_);
      if (!outbox_ || receipt->message.run != policy_->run ||
          receipt->message.collector != outbox_->collector())
        continue;
      outbox_->acknowledge(receipt->message.number);
      received = true;
    }
    while (auto policy = policies_.take()) take_policy(std::move(policy->message));
    std::size_t now = 0;
    {
      const std::lock_guard lock(mutex_);
      if (outbox_) now = static_cast<std::size_t>(outbox_->added());
    }
    const bool fresh = std::exchange(added, now) != now;
    if (fresh || received || Clock::now() - brought >= again_after) {
      bring();
      brought = Clock::now();
    }
  }
}

std::optional<PolicyOffer> Courier::policy() const {
  const std::lock_guard lock(mutex_);
  return policy_;
}

Status Courier::add(Episode episode) {
  const std::lock_guard lock(mutex_);
  if (outbox_ && episode.id.run == policy_->run) return outbox_->add(std::move(episode));
  notice_ = "an episode is left out: its training has been replaced by another";
  return {};
}

std::size_t Courier::waiting() const {
  const std::lock_guard lock(mutex_);
  return outbox_ ? outbox_->waiting().size() : 0;
}

std::string Courier::notice() {
  const std::lock_guard lock(mutex_);
  return std::exchange(notice_, {});
}

std::string Courier::trouble() {
  const std::lock_guard lock(mutex_);
  return std::exchange(trouble_, {});
}

}  // namespace motet

#pragma once

// Between a robot that collects and the workstation: fetches policies, and brings episodes until they are
// acknowledged.

#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "runtime/dds/bus.h"
#include "runtime/episodes/episode_folder.h"

namespace motet {

// A thread of its own does the talking. Callable from one other.
class Courier {
 public:
  // Episodes wait in a folder of `folder` for each training.
  static Result<std::unique_ptr<Courier>> make(int domain, const std::filesystem::path& folder);
  ~Courier();

  // The newest policy that the workstation has offered.
  std::optional<PolicyOffer> policy() const;
  // Keeps an episode on the disk, and brings it.
  Status add(Episode episode);
  std::size_t waiting() const;  // episodes without a receipt
  // What went wrong in the thread, once; and what its operator should know.
  std::string trouble();
  std::string notice();

 private:
  Courier(std::filesystem::path folder, dds::Subscriber<dds::Policy> policies,
          dds::Publisher<dds::EpisodeMessage> episodes, dds::Subscriber<dds::Receipt> receipts);

  void run(const std::stop_token& stop);
  void take_policy(dds::Policy&& policy);
  void bring();

  std::filesystem::path folder_;
  dds::Subscriber<dds::Policy> policies_;
  dds::Publisher<dds::EpisodeMessage> episodes_;
  dds::Subscriber<dds::Receipt> receipts_;

  mutable std::mutex mutex_;  // of what follows
  std::optional<PolicyOffer> policy_;
  std::optional<Outbox> outbox_;  // of the policy's training
  std::string trouble_, notice_;
  std::string other_;  // training that is not listened to
  std::jthread thread_;
};

}  // namespace motet

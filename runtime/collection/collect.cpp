#include "runtime/collection/collect.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <thread>

#include "runtime/bundle/bundle.h"
#include "runtime/collection/episode_writer.h"
#include "runtime/control/report.h"
#include "runtime/links/dds_link.h"

namespace motet {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t most_steps = 1'000'000;  // of an episode

// What one policy brings with it.
struct Acting {
  PolicyOffer offer;
  std::unique_ptr<Controller> controller;
};

class Collection {
 public:
  Collection(Courier& courier, const LinkFile* file, Clock& clock, Reset& reset, LoopRequests& requests,
             const CollectOptions& options, const std::function<void(const std::string&)>& say)
      : courier_(courier),
        given_(file),
        clock_(clock),
        reset_(reset),
        requests_(requests),
        options_(options),
        say_(say) {}

  Result<CollectReport> run() {
    Status status = all_episodes();
    link_.reset();
    if (!status) return status.error();
    wait_for_receipts();
    return report_;
  }

 private:
  bool asked_to_end() const { return requests_.finish || requests_.emergency; }

  // The newest policy, once there is one and there is room for its episode. Null where no more is needed.
  Result<std::unique_ptr<Acting>> next_policy() {
    bool told = false;
    while (!asked_to_end()) {
      if (const std::string trouble = courier_.trouble(); !trouble.empty()) return Error{trouble};
      if (const std::string notice = courier_.notice(); !notice.empty()) say_(notice);
      auto offer = courier_.policy();
      if (offer && offer->finished) return std::unique_ptr<Acting>();
      if (offer && courier_.waiting() < options_.most_waiting) return acting(std::move(*offer));
      if (!std::exchange(told, true))
        say_(offer ? std::to_string(courier_.waiting()) + " episodes wait for the workstation"
                   : "waits for a workstation: `motet train PROGRAM --from-robot`");
      std::this_thread::sleep_for(20ms);
    }
    return std::unique_ptr<Acting>();
  }

  Result<std::unique_ptr<Acting>> acting(PolicyOffer offer) {
    if (offer.horizon > most_steps) return Error{"the workstation asks for episodes that are too long"};
    const Result<Bundle> bundle = unpack(offer.bundle);
    if (!bundle) return Error{"the workstation's policy is refused: " + bundle.error().message};
    auto made = std::make_unique<Acting>();
    auto controller =
        Controller::make(*bundle, {.sample = true, .seed = options_.seed + offer.version, .latent = {}});
    if (!controller) return controller.error();
    made->controller = std::move(*controller);
    made->controller->act_at_random(offer.random);
    made->offer = std::move(offer);
    return made;
  }

  // What becomes of the last episode.
  Status settle(std::optional<Episode>& last, Reset::Outcome outcome) {
    if (!last) return {};
    if (outcome == Reset::Outcome::discard || discarded_) {
      ++report_.discarded;
      say_("discarded");
    } else {
      const std::int64_t steps = last->steps();
      if (Status status = courier_.add(std::move(*last)); !status) return status;
      report_.steps += steps;
      ++report_.episodes;
    }
    last.reset();
    return {};
  }

  LoopOptions loop_options() const {
    LoopOptions options;
    options.watch = file_.watch;
    options.limits = file_.limits();
    options.ranges = file_.ranges();
    options.ramp = file_.ramp;
    options.keep_link = true;
    return options;
  }

  Status activate(const Acting& policy) {
    const Controller& controller = *policy.controller;
    if (!link_) {
      file_ = given_ != nullptr ? *given_ : plain_link(controller.contract());
      if (given_ == nullptr) file_.domain = options_.domain;
      link_ = std::make_unique<DdsLink>(file_, clock_);
    }
    if (Status status = link_->configure(controller.contract(), controller.signals()); !status) return status;
    return link_->activate();
  }

  // Puts the robot back and begins: once it is there. The first time it has to be.
  Result<Reset::Outcome> begin(const Acting& policy, Loop& loop, bool before) {
    for (bool told = false; !asked_to_end(); std::this_thread::sleep_for(200ms)) {
      if (reset_.takes_robot()) link_->deactivate();
      const auto outcome = reset_.reset(before);
      if (!outcome || *outcome == Reset::Outcome::over) return outcome;
      Status status = activate(policy);
      if (status) status = loop.activate();
      if (status) return outcome;
      if (!before) return status.error();
      if (!std::exchange(told, true)) say_("waits for the robot: " + status.error().message);
    }
    return Reset::Outcome::over;
  }

  Status all_episodes() {
    std::optional<Episode> last;
    bool before = false;
    while (true) {
      auto policy = next_policy();
      if (!policy) return policy.error();
      if (!*policy) break;
      // The first time: the robot's master before anybody stands beside it to put it back.
      if (!link_)
        if (Status status = activate(**policy); !status) return status;
      Loop loop(*(*policy)->controller, *link_, clock_, loop_options());
      const auto outcome = begin(**policy, loop, before);
      if (!outcome) return outcome.error();
      if (Status status = settle(last, *outcome); !status) return status;
      if (*outcome == Reset::Outcome::over) return {};
      auto lived = one_episode(**policy, loop);
      if (!lived) return lived.error();
      last = std::move(*lived);
      before = true;
      if (options_.episodes > 0 && report_.episodes + (last ? 1 : 0) >= options_.episodes) break;
    }
    return settle(last, Reset::Outcome::over);
  }

  Result<std::optional<Episode>> one_episode(const Acting& policy, Loop& loop) {
    EpisodeWriter writer(policy.controller->contract(), policy.offer.horizon);
    loop.observe_with(writer);
    LoopReport report;
    std::thread control([&] {
      enter_real_time();
      report = loop.run(requests_);
    });
    discarded_ = false;
    std::atomic<bool> over{false};
    std::thread watch([&] {
      while (!over) {
        if (reset_.discards()) discarded_ = true;
        std::this_thread::sleep_for(20ms);
      }
    });
    control.join();
    over = true;
    watch.join();
    tell(policy, writer, report);
    // Whoever comes back may be a robot that was started anew: it is looked at as one.
    if (report.reason != StopReason::finished) link_->deactivate();
    if (report.reason == StopReason::emergency_stop || report.reason == StopReason::another_master)
      return Error{std::string(name(report.reason)) +
                   ": the collection ends here; what was collected is kept"};
    // An episode that the operator has cut off is none.
    if (asked_to_end()) return std::optional<Episode>();
    std::optional<Episode> episode = writer.episode();
    if (episode) {
      episode->id.run = policy.offer.run;
      episode->policy = policy.offer.version;
    }
    return episode;
  }

  void tell(const Acting& policy, const EpisodeWriter& writer, const LoopReport& report) {
    std::string why(writer.interruption());
    if (why.empty() && report.reason != StopReason::finished) why = name(report.reason);
    if (!why.empty()) {
      ++report_.interrupted;
      why = ", cut off: " + why;
    }
    char text[300];
    std::snprintf(
        text, sizeof text, "episode %lld: %lld steps, return %.2f%s%s; policy of %llu updates%s; %zu wait",
        static_cast<long long>(report_.episodes + report_.discarded + 1),
        static_cast<long long>(writer.steps()), writer.episode_return(), writer.terminated() ? ", ended" : "",
        why.c_str(), static_cast<unsigned long long>(policy.offer.version),
        policy.offer.random ? ", at random" : "", courier_.waiting());
    say_(text);
  }

  // So that nobody has to come back for the last ones; not for ever.
  void wait_for_receipts() {
    for (int i = 0; i < 250 && courier_.waiting() > 0 && !requests_.emergency; ++i)
      std::this_thread::sleep_for(20ms);
    if (const std::size_t waiting = courier_.waiting(); waiting > 0)
      say_(std::to_string(waiting) + " episodes are kept until the workstation is there again");
  }

  Courier& courier_;
  const LinkFile* given_;
  LinkFile file_;
  Clock& clock_;
  Reset& reset_;
  LoopRequests& requests_;
  const CollectOptions& options_;
  const std::function<void(const std::string&)>& say_;
  std::unique_ptr<DdsLink> link_;
  CollectReport report_;
  std::atomic<bool> discarded_{false};
};

}  // namespace

Result<CollectReport> collect(Courier& courier, const LinkFile* link, Clock& clock, Reset& reset,
                              LoopRequests& requests, const CollectOptions& options,
                              const std::function<void(const std::string&)>& say) {
  return Collection(courier, link, clock, reset, requests, options, say).run();
}

}  // namespace motet

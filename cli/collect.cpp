// Beside a robot that learns.

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

#include "cli/robot_options.h"
#include "cli/run_command.h"
#include "runtime/bundle/bundle.h"
#include "runtime/collection/collect.h"
#include "runtime/dds/topics.h"
#include "runtime/links/dds_link.h"

namespace motet::cli {

namespace {

using namespace std::chrono_literals;

// Lines of standard input, as they are typed.
class Keyboard {
 public:
  // Nothing where none comes for so long.
  std::optional<std::string> line(int milliseconds) {
    const std::size_t end = typed_.find('\n');
    if (end != std::string::npos) {
      std::string found = typed_.substr(0, end);
      typed_.erase(0, end + 1);
      return found;
    }
    pollfd standard{STDIN_FILENO, POLLIN, 0};
    if (closed_ || poll(&standard, 1, milliseconds) <= 0) return std::nullopt;
    char text[256];
    const ssize_t count = read(STDIN_FILENO, text, sizeof text);
    closed_ = count <= 0;
    if (count > 0) typed_.append(text, static_cast<std::size_t>(count));
    return typed_.find('\n') == std::string::npos ? std::nullopt : line(0);
  }
  bool closed() const { return closed_ && typed_.empty(); }

 private:
  std::string typed_;
  bool closed_ = false;
};

class ByHand : public Reset {
 public:
  explicit ByHand(const LoopRequests& requests) : requests_(requests) {}

  Result<Outcome> reset(bool after_episode) override {
    std::cout << "Put the robot where episodes begin, and press Enter"
              << (after_episode ? " (d: and discard the last episode; q: end)" : " (q: end)") << ": "
              << std::flush;
    while (!requests_.finish && !requests_.emergency) {
      const auto line = keyboard_.line(50);
      if (line && *line == "q") return Outcome::over;
      if (line) return *line == "d" ? Outcome::discard : Outcome::ready;
      if (keyboard_.closed())
        return Error{
            "nobody is at the keyboard to put the robot back: `--reset topic` or `--reset BUNDLE` do "
            "without"};
    }
    return Outcome::over;
  }
  bool discards() override {
    const auto line = keyboard_.line(0);
    return line && *line == "d";
  }

 private:
  const LoopRequests& requests_;
  Keyboard keyboard_;
};

// Without a person: `d` and Enter discard the episode that runs.
class ByItself : public Reset {
 public:
  bool discards() override {
    const auto line = keyboard_.line(0);
    return line && *line == "d";
  }

 private:
  Keyboard keyboard_;
};

class ByTopic final : public ByItself {
 public:
  ByTopic(dds::Publisher<dds::Flag> topic, dds::Subscriber<dds::Flag> answers)
      : topic_(std::move(topic)), answers_(std::move(answers)) {}

  Result<Outcome> reset(bool) override {
    while (answers_.take()) {
    }
    for (int attempt = 0; attempt < 10; ++attempt) {
      if (Status status = topic_.publish({true}); !status) return status.error();
      const auto end = std::chrono::steady_clock::now() + 500ms;
      while (std::chrono::steady_clock::now() < end) {
        answers_.wait(20ms);
        while (const auto answer = answers_.take()) {
          if (answer->message.value) continue;  // this one's own question
          std::this_thread::sleep_for(10ms);    // until it has said where it is now
          return Outcome::ready;
        }
      }
    }
    return Error{"nobody answers on `" + dds::reset_topic +
                 "`, by which a simulated robot is put back: a real one is put back by hand, or by a skill"};
  }

 private:
  dds::Publisher<dds::Flag> topic_;
  dds::Subscriber<dds::Flag> answers_;
};

// Another skill brings it back.
class BySkill final : public ByItself {
 public:
  BySkill(Bundle bundle, LinkFile link, Clock& clock, const LoopRequests& requests, double seconds)
      : bundle_(std::move(bundle)),
        link_(std::move(link)),
        clock_(clock),
        requests_(requests),
        seconds_(seconds) {}

  bool takes_robot() const override { return true; }
  Result<Outcome> reset(bool) override {
    auto controller = Controller::make(bundle_, {});
    if (!controller) return controller.error();
    LoopOptions options;
    options.watch = link_.watch;
    options.limits = link_.limits();
    options.ranges = link_.ranges();
    options.ramp = link_.ramp;
    options.seconds = seconds_;
    DdsLink link(link_, clock_);
    Loop loop(**controller, link, clock_, options);
    if (Status status = loop.activate(); !status) return status.error();
    LoopReport report;
    std::thread([&] {
      enter_real_time();
      report = loop.run(requests_);
    }).join();
    if (report.reason != StopReason::finished)
      return Error{"`" + bundle_.contract.skill +
                   "` did not bring the robot back: " + std::string(name(report.reason))};
    return requests_.finish ? Outcome::over : Outcome::ready;
  }

 private:
  Bundle bundle_;
  LinkFile link_;
  Clock& clock_;
  const LoopRequests& requests_;
  double seconds_;
};

// The way that was asked for; prints what is wrong.
std::unique_ptr<Reset> reset_of(const Arguments& arguments, int domain, Clock& clock,
                                const LoopRequests& requests, double seconds) {
  const std::string way = arguments.value("--reset").value_or("hand");
  if (way == "hand") return std::make_unique<ByHand>(requests);
  if (way == "topic") {
    auto bus = dds::Bus::join(domain);
    if (bus) {
      auto topic = dds::Publisher<dds::Flag>::make(*bus, dds::reset_topic, dds::Delivery::reliable);
      auto answers = dds::Subscriber<dds::Flag>::make(*bus, dds::reset_topic, dds::Delivery::reliable);
      if (topic && answers) return std::make_unique<ByTopic>(std::move(*topic), std::move(*answers));
      complain((topic ? answers.error() : topic.error()).message);
    } else {
      complain(bus.error().message);
    }
    return nullptr;
  }
  if (!is_bundle(way)) {
    complain("`--reset` is hand, topic, or a bundle whose skill brings the robot back, not `" + way + "`");
    return nullptr;
  }
  Result<Bundle> bundle = read_bundle(way);
  if (!bundle) {
    complain(bundle.error().message);
    return nullptr;
  }
  auto link = link_of(arguments, bundle->contract);
  if (!link) return nullptr;
  return std::make_unique<BySkill>(std::move(*bundle), std::move(*link), clock, requests, seconds);
}

int run(const Arguments& arguments) {
  const auto episodes = whole_number(arguments, "--episodes", 0, 1, 1'000'000'000);
  const auto waiting = whole_number(arguments, "--waiting", 100, 1, 1'000'000);
  const auto seed = whole_number(arguments, "--seed", 1, 0, 1'000'000'000);
  const auto speed = real_number(arguments, "--speed", 1, 0.01, 100);
  const auto seconds = real_number(arguments, "--reset-seconds", 5, 0.1, 600);
  if (!episodes || !waiting || !seed || !speed || !seconds) return wrong_usage;
  std::optional<LinkFile> link;
  const std::string name = arguments.value("--link").value_or("dds");
  const auto domain = whole_number(arguments, "--domain", 0, 0, 232);
  if (!domain) return wrong_usage;
  if (name != "dds") {
    link = link_of(arguments, {});
    if (!link) return wrong_usage;
  }
  const int where = link ? link->domain : static_cast<int>(*domain);
  MonotonicClock clock(*speed);
  LoopRequests& requests = catch_robot_signals();
  // The domain's own threads carry what the robot says, too: they are made with the first that joins it.
  const auto bus = [&] {
    const RealTimeThreads threads;
    return dds::Bus::join(where);
  }();
  if (!bus) return fail(bus.error(), outside_failed);
  const auto reset = reset_of(arguments, where, clock, requests, *seconds);
  if (!reset) return wrong_usage;
  auto courier = Courier::make(where, arguments.value("--folder").value_or("collected"));
  if (!courier) return fail(courier.error(), outside_failed);
  CollectOptions options;
  options.episodes = *episodes;
  options.most_waiting = static_cast<std::size_t>(*waiting);
  options.seed = static_cast<std::uint64_t>(*seed);
  options.domain = where;
  const auto report = collect(**courier, link ? &*link : nullptr, clock, *reset, requests, options,
                              [](const std::string& line) { std::cout << line << '\n'
                                                                      << std::flush; });
  if (!report) return fail(report.error(), outside_failed);
  std::cout << report->episodes << " episodes, " << report->steps << " steps; " << report->discarded
            << " discarded, " << report->interrupted << " cut off by the link\n";
  return done;
}

}  // namespace

Command collect_command() {
  return {
      .name = "collect",
      .operands = "",
      .summary = "episodes on a robot, for a training on a workstation",
      .description =
          "Beside the robot: acts with the policies that `motet train PROGRAM --from-robot` sends, behind\n"
          "every limit of the program and of the link's file, and brings it the episodes. Each is kept on\n"
          "this disk until the workstation has it, whatever fails in between. The robot is put back by\n"
          "hand, by another skill, or, where it is simulated, by /reset. Typed while an episode runs, `d`\n"
          "and Enter discard it; Ctrl-C brings the robot to rest and ends, a second one at once.",
      .options = {{"--link", "dds|FILE", "the names of the program's model, or a file of `motet link`"},
                  {"--domain", "N",
                   "of DDS, for the robot and the workstation (default: the file's, else 0)"},
                  {"--folder", "DIR", "where episodes wait (default: collected)"},
                  {"--reset", "hand|topic|BUNDLE", "how the robot gets back (default: hand)"},
                  {"--reset-seconds", "S", "with a bundle: how long it acts (default: 5)"},
                  {"--episodes", "N", "end after so many (default: when the workstation has enough)"},
                  {"--waiting", "N", "pause when so many wait for the workstation (default: 100)"},
                  {"--speed", "X", "times real time, beside a simulated robot that is as fast (default: 1)"},
                  {"--seed", "N", "of what the policies draw (default: 1)"}},
      .examples = {{"motet collect --link minitaur.toml", "beside the robot"},
                   {"motet collect --link dds --reset topic", "beside `motet simulate`"}},
      .least = 0,
      .most = 0,
      .run = run};
}

}  // namespace motet::cli

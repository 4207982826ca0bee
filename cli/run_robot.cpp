// A bundle's skill on a robot.

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <iostream>
#include <thread>

#include "cli/robot_options.h"
#include "cli/run_command.h"
#include "runtime/control/report.h"
#include "runtime/links/dds_link.h"

namespace motet::cli {

namespace {

using namespace std::chrono_literals;

// "50" or "50Hz".
bool rate_fits(const Arguments& arguments, const Contract& contract) {
  std::string text = arguments.value("--rate").value_or("");
  if (text.empty()) return true;
  if (text.ends_with("Hz")) text.resize(text.size() - 2);
  Arguments number;
  number.add("--rate", text);
  const auto rate = real_number(number, "--rate", 0, 1e-3, 1e5);
  if (!rate) return false;
  const double own = 1 / contract.robot.control_period;
  if (std::abs(*rate - own) <= 1e-6 * own) return true;
  char form[200];
  std::snprintf(form, sizeof form,
                "` was trained at %g Hz and would act wrongly at %g Hz: train it with `control %g Hz`", own,
                *rate, *rate);
  complain("`" + contract.skill + form);
  return false;
}

// What fits into a row of the terminal: a line that wraps could not be drawn over.
std::string fitted(const std::string& line) {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return line.substr(0, known ? size.ws_col - 1u : 79u);
}

// Runs in a thread of its own, so that a slow terminal delays nothing.
LoopReport supervised(Loop& loop, const LoopRequests& requests) {
  std::atomic<bool> over{false};
  std::vector<std::string> missing;
  LoopReport report;
  std::thread control([&] {
    missing = enter_real_time();
    report = loop.run(requests);
    over = true;
  });
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  for (int tick = 0; !over; ++tick) {
    std::this_thread::sleep_for(50ms);
    if (terminal && tick % 10 == 9)
      std::cout << '\r' << fitted(line_of(loop.snapshot())) << "\033[K" << std::flush;
  }
  control.join();
  if (terminal) std::cout << "\r\033[K";
  for (const std::string& one : missing) std::cerr << "note: " << one << '\n';
  return report;
}

// "walk-20240506-070809.motetrec" in this folder, unless another name was asked for.
Result<std::unique_ptr<Recorder>> recorder_of(const Loop& loop, const Controller& controller,
                                              const Bundle& bundle, const Arguments& arguments,
                                              std::string& file) {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char stamp[32], text[32];
  std::strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &utc);
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  const Contract& contract = controller.contract();
  file = arguments.value("--record").value_or(contract.skill + "-" + stamp + ".motetrec");
  return Recorder::make(file, {.contract = to_toml(contract),
                               .bundle_hash = digest_of(bundle),
                               .started = text,
                               .period = controller.tick_period(),
                               .columns = loop.columns()});
}

int run(const Bundle& bundle, const LinkFile& file, const Arguments& arguments) {
  const auto seconds = real_number(arguments, "--seconds", 0, 0, 1e9);
  const auto seed = whole_number(arguments, "--seed", 1, 0, 1'000'000'000);
  if (!seconds || !seed) return wrong_usage;
  ExecutorOptions executor;
  executor.sample = arguments.flag("--sample");
  executor.seed = static_cast<std::uint64_t>(*seed);
  const auto controller = Controller::make(bundle, executor);
  if (!controller) return fail(controller.error(), wrong_input);
  LoopOptions options;
  options.watch = file.watch;
  options.limits = file.limits();
  options.ranges = file.ranges();
  options.ramp = file.ramp;
  options.seconds = *seconds;
  MonotonicClock clock;
  DdsLink link(file, clock);
  Loop loop(**controller, link, clock, options);
  const LoopRequests& requests = catch_robot_signals();
  if (const Status status = loop.activate(); !status) return fail(status.error(), outside_failed);
  std::string recording;
  const auto recorder = recorder_of(loop, **controller, bundle, arguments, recording);
  if (!recorder) {
    complain(recorder.error().message + "; nothing was moved");
    return outside_failed;
  }
  loop.record_to(**recorder);
  const Contract& contract = bundle.contract;
  std::cout << "`" << contract.skill << "` on `" << contract.robot.name << "`, "
            << 1 / contract.robot.control_period << " Hz";
  if ((*controller)->ticks_per_step() > 1)
    std::cout << ", its drive at " << 1 / (*controller)->tick_period() << " Hz";
  std::cout << "; Ctrl-C brings it to rest, a second one at once\n" << std::flush;
  if (link.joint_state_rate() < 0.8 / (*controller)->tick_period())
    std::cerr << "note: joint states come at " << std::lround(link.joint_state_rate())
              << " Hz: the drive acts on some of them again\n";
  const LoopReport report = supervised(loop, requests);
  std::cout << to_text(report, **controller);
  if (const Status status = (*recorder)->finish(); !status) complain(status.error().message);
  std::cout << "  recorded       " << recording;
  if ((*recorder)->dropped() > 0) std::cout << ", without " << (*recorder)->dropped() << " ticks";
  std::cout << '\n';
  return report.reason == StopReason::finished ? done : outside_failed;
}

}  // namespace

int run_on_robot(const Arguments& arguments) {
  const Result<Bundle> bundle = read_bundle(arguments.positional[0]);
  if (!bundle) return fail(bundle.error(), wrong_input);
  if (!rate_fits(arguments, bundle->contract)) return wrong_usage;
  const auto link = link_of(arguments, bundle->contract);
  return link ? run(*bundle, *link, arguments) : static_cast<int>(wrong_usage);
}

}  // namespace motet::cli

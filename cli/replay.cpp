// A recording on its own, and what a bundle makes of what was measured.

#include "runtime/control/replay.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

#include "cli/command.h"
#include "runtime/archive/archive.h"
#include "runtime/control/report.h"

namespace motet::cli {

namespace {

constexpr double same = 1e-4;  // of an action in [-1, 1]: other processors sum in another order

template <typename... Values>
std::string formatted(const char* form, Values... values) {
  char buffer[300];
  std::snprintf(buffer, sizeof buffer, form, values...);
  return buffer;
}

std::string quoted(const std::string& name) {
  if (name.find_first_of(",\"\n") == std::string::npos) return name;
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

// "time,swing recorded,swing replayed,…", a line a control step.
std::string csv_of(const Replay& replay) {
  std::string text = "time";
  for (const std::string& name : replay.names)
    text += "," + quoted(name + " recorded") + "," + quoted(name + " replayed");
  text += "\n";
  const std::size_t m = replay.names.size();
  for (std::size_t step = 0; step < replay.steps(); ++step) {
    text += formatted("%.9g", replay.time[step]);
    for (std::size_t i = step * m; i < (step + 1) * m; ++i)
      text += formatted(",%.9g,%.9g", replay.recorded[i], replay.replayed[i]);
    text += "\n";
  }
  return text;
}

std::string row(const std::string& name, std::size_t width, const Difference& found, double when) {
  return "  " + name + std::string(width - name.size(), ' ') +
         formatted("  %10.3g mean  %10.3g largest, at %.2f s\n", found.mean, found.largest, when);
}

std::string differences(const Replay& replay) {
  std::size_t width = 5;
  for (const std::string& name : replay.names) width = std::max(width, name.size());
  std::string text;
  Difference all;
  for (std::size_t i = 0; i < replay.names.size(); ++i) {
    const Difference found = difference(replay, i);
    text += row(replay.names[i], width, found, replay.time[found.where]);
    all.mean += found.mean / static_cast<double>(replay.names.size());
    if (found.largest > all.largest) {
      all.largest = found.largest;
      all.where = found.where;
    }
  }
  return text + row("all", width, all, replay.time[all.where]);
}

double largest(const Replay& replay, std::size_t from) {
  double value = 0;
  for (std::size_t i = 0; i < replay.names.size(); ++i)
    value = std::max(value, difference(replay, i, from).largest);
  return value;
}

// How far it is from what ran, and why it may be.
std::string verdict(const RecordedRun& run, const Replay& replay, const Bundle& bundle) {
  if (to_toml(bundle.contract) != run.recording().header.contract)
    return "It is not the bundle that ran: that was `" + run.contract().skill + "` after " +
           std::to_string(run.contract().steps) + " steps with seed " + std::to_string(run.contract().seed) +
           ".\n";
  const bool is_it = digest_of(bundle) == run.recording().header.bundle_hash;
  const std::string start = is_it ? "It is the bundle that ran, and "
                                  : "It promises what the bundle that ran promised, and is another: it ";
  if (agrees_from(replay, same) == 0) {
    const double most = largest(replay, 0);
    return start + (most > 0 ? formatted("agrees to %.2g.\n", most) : "agrees exactly.\n");
  }
  const bool draws = replay.noise == Replay::Noise::drawn;
  return start + "acts otherwise" + (draws ? ": it draws other noise.\n" : ".\n");
}

std::string noise_text(Replay::Noise noise) {
  switch (noise) {
    case Replay::Noise::recorded:
      return "; it draws its noise, and was given what was drawn";
    case Replay::Noise::drawn:
      return "; it draws its noise, and none of its own is recorded: it drew anew";
    case Replay::Noise::none:
      break;
  }
  return "";
}

std::string text_of(const RecordedRun& run, const Replay& replay, const Bundle& bundle,
                    const std::string& file) {
  const Contract& contract = bundle.contract;
  std::string text = "`" + contract.skill + "` of " + file + ", with what `" + run.contract().skill +
                     "` measured on `" + contract.robot.name + "`: " + std::to_string(replay.steps()) +
                     " control steps" + noise_text(replay.noise) + "\n";
  if (replay.left_out > 0)
    text += formatted("  left out  %lld ticks in which it was held, damped or brought to rest\n",
                      static_cast<long long>(replay.left_out));
  if (replay.missing > 0)
    text += formatted("  missing   %lld ticks: in their place is what was measured before\n",
                      static_cast<long long>(replay.missing));
  if (replay.refused > 0)
    text += formatted("  without   %lld steps, of which its action is not a number\n",
                      static_cast<long long>(replay.refused));
  if (replay.steps() == 0) return text + "It has nothing to compare: the policy did not act.\n";
  return text + "difference of the actions, which are in [-1, 1]\n" + differences(replay) +
         verdict(run, replay, bundle);
}

int compare(const RecordedRun& run, const Arguments& arguments) {
  const std::string& file = arguments.positional[1];
  const Result<Bundle> bundle = read_bundle(file);
  if (!bundle) return fail(bundle.error(), wrong_input);
  const Result<Replay> replayed = replay(run, *bundle);
  if (!replayed) return fail(replayed.error(), wrong_input);
  if (!run.recording().damage.empty())
    std::cerr << "note: the recording is " << run.recording().damage << '\n';
  if (const auto output = arguments.value("--output"))
    if (const Status written = write_file(*output, csv_of(*replayed)); !written)
      return fail(written.error(), outside_failed);
  std::cout << text_of(run, *replayed, *bundle, file);
  return done;
}

int run(const Arguments& arguments) {
  if (arguments.flag("--output") && arguments.positional.size() < 2) {
    complain("`--output` writes what a bundle does: `replay` needs it, too, behind the recording");
    return wrong_usage;
  }
  const Result<RecordedRun> recorded = RecordedRun::read(arguments.positional[0]);
  if (!recorded) return fail(recorded.error(), wrong_input);
  if (arguments.positional.size() > 1) return compare(*recorded, arguments);
  std::cout << to_text(*recorded);
  return done;
}

}  // namespace

Command replay_command() {
  return {
      .name = "replay",
      .operands = "RECORDING [BUNDLE]",
      .summary = "what a run on a robot recorded, and what a bundle makes of it",
      .description =
          "Says what a recording of `motet run BUNDLE --link` holds. With a bundle, that one or another\n"
          "for the same robot: gives it all that was measured, tick by tick and without a robot, and says\n"
          "how far its actions are from those recorded. It never sees what its own actions would have\n"
          "done; a skill that observes its last actions observes its own. A recording that was cut off\n"
          "is read up to there.",
      .options = {{"--output", "FILE", "the actions of both by time, as CSV", 'o'}},
      .examples = {{"motet replay walk-20240506-070809.motetrec", "how did it go?"},
                   {"motet replay walk-20240506-070809.motetrec walk.motetpack",
                    "does this bundle do the same?"},
                   {"motet replay walk-20240506-070809.motetrec newer.motetpack -o actions.csv",
                    "would another one?"}},
      .least = 1,
      .most = 2,
      .run = run};
}

}  // namespace motet::cli

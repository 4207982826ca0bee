#include "cli/bench.h"

#include <cstdio>
#include <iostream>

#include "cli/command.h"
#include "cli/machine.h"
#include "language/json.h"
#include "runtime/kernels/kernels.h"
#include "runtime/learning/act_benchmark.h"

namespace motet::cli {

namespace {

// What has been measured, for a person and for a program.
struct Report {
  std::string text;
  JsonWriter json;

  template <typename... Values>
  void line(const char* form, Values... values) {
    char row[240];
    std::snprintf(row, sizeof row, form, values...);
    text += row;
    text += '\n';
  }
  void member(const char* name, const Spread& spread) {
    json.key(name).begin_object();
    json.member("median", spread.median).member("low", spread.low).member("high", spread.high);
    json.end_object();
  }
};

std::string in_words(const Spread& spread, double scale = 1, int digits = 0) {
  char text[80];
  std::snprintf(text, sizeof text, "%.*f (%.*f–%.*f)", digits, spread.median * scale, digits,
                spread.low * scale, digits, spread.high * scale);
  std::string padded = text;
  const std::size_t width = padded.size() - 2;  // the dash has three bytes
  if (width < 20) padded += std::string(20 - width, ' ');
  return padded;
}

void bench_updates(Report& report, const UpdateShape& shape, int threads, int rounds, double seconds) {
  const UpdateSpeed speed = measure_updates(shape, threads, rounds, seconds);
  report.line("%3d %3d %5d %5d %7d  %s %s %5.2f %6.0f  %s %s %5.0f %%",
              static_cast<int>(shape.observation_size), static_cast<int>(shape.action_size),
              static_cast<int>(shape.hidden), static_cast<int>(shape.batch), threads,
              in_words(speed.native).c_str(), in_words(speed.torch).c_str(),
              speed.native.median / speed.torch.median, speed.operations / 1e6,
              in_words(speed.products, 1e-9).c_str(), in_words(speed.library_products, 1e-9).c_str(),
              100 * speed.part_of_bound());
  report.json.begin_object();
  report.json.member("algorithm", shape.soft_q_learning() ? "sql" : "sac");
  report.json.member("observation", shape.observation_size).member("action", shape.action_size);
  report.json.member("hidden", shape.hidden).member("batch", shape.batch);
  if (shape.couplings > 0) report.json.member("couplings", shape.couplings);
  if (shape.soft_q_learning())
    report.json.member("particles", shape.particles).member("value_samples", shape.value_samples);
  report.json.member("threads", static_cast<std::int64_t>(threads));
  report.member("native_updates_per_second", speed.native);
  report.member("torch_updates_per_second", speed.torch);
  report.json.member("operations_per_update", speed.operations);
  report.member("product_operations_per_second", speed.products);
  report.member("blas_operations_per_second_per_thread", speed.library_products);
  report.json.member("part_of_bound", speed.part_of_bound());
  report.json.end_object();
}

void bench_train(Report& report, int rounds, double seconds) {
  const int all = cores();
  const auto table = [&](const char* title, std::initializer_list<UpdateShape> shapes) {
    report.line("updates a second of %s: median (quartiles)", title);
    report.line("obs act units batch threads  %-20s %-20s ratio  Mflop  %-20s %-20s of bound", "native",
                "torch", "products, Gflop/s", "by BLAS, one thread");
    for (const UpdateShape& shape : shapes) {
      bench_updates(report, shape, 1, rounds, seconds);
      if (all > 1) bench_updates(report, shape, all, rounds, seconds);
    }
  };
  report.json.key("train").begin_array();
  table("soft actor-critic", {{17, 6, 256, 256}, {17, 6, 128, 128}, {3, 1, 64, 100}, {376, 17, 256, 256}});
  // App. C.1's, and the pusher's.
  table("soft Q-learning, K = M = 32, K_V = 50", {{17, 6, 200, 64, 32, 50}, {12, 3, 128, 128, 32, 50}});
  // Tables C.3 and C.4.
  table("soft actor-critic, flows of two couplings", {{11, 3, 128, 128, 0, 0, 2},
                                                      {17, 6, 128, 128, 0, 0, 2},
                                                      {27, 8, 128, 128, 0, 0, 2},
                                                      {45, 21, 128, 128, 0, 0, 2}});
  report.json.end_array();
}

bool bench_sim(Report& report, int rounds, double seconds) {
  const auto speeds = measure_worlds(rounds, seconds);
  if (!speeds) return false;
  report.line("control steps a second of one world, on one core: median (quartiles)");
  report.line("%-14s %-20s %-20s %s", "", "world", "mj_step alone", "overhead, % of mj_step");
  report.json.key("sim").begin_array();
  for (const WorldSpeed& speed : *speeds) {
    report.line("%-14s %s %s %s", speed.world.c_str(), in_words(speed.steps).c_str(),
                in_words(speed.simulator).c_str(), in_words(speed.overhead, 100, 1).c_str());
    report.json.begin_object();
    report.json.member("world", speed.world);
    report.member("steps_per_second", speed.steps);
    report.member("mj_step_per_second", speed.simulator);
    report.member("overhead", speed.overhead);
    report.json.end_object();
  }
  report.json.end_array();
  return true;
}

bool bench_learn(Report& report, int rounds, double seconds) {
  const auto speed = measure_learning(rounds, seconds);
  if (!speed) return false;
  report.line(
      "whole training of a half cheetah, one update a step, 256 units, batch 256: median (quartiles)");
  report.line("updates alone, threads 1         %s a second", in_words(speed->updates).c_str());
  report.json.key("learn").begin_object();
  report.member("updates_per_second", speed->updates);
  report.json.key("trainings").begin_array();
  for (const TrainingSpeed& training : speed->trainings) {
    report.line("training, threads %d, ahead %-4lld %s a second, %.2f of the updates alone", training.threads,
                training.ahead, in_words(training.steps).c_str(),
                training.steps.median / speed->updates.median);
    report.json.begin_object();
    report.json.member("threads", static_cast<std::int64_t>(training.threads));
    report.json.member("ahead", static_cast<std::int64_t>(training.ahead));
    report.member("steps_per_second", training.steps);
    report.json.end_object();
  }
  report.json.end_array();
  const PendulumTime& pendulum = speed->pendulum;
  report.line("pendulum above -200, 64 units, batch 100: %d seeds of %d, after %s s and %s steps",
              pendulum.solved, pendulum.seeds, in_words(pendulum.seconds, 1, 2).c_str(),
              in_words(pendulum.steps).c_str());
  report.json.key("pendulum").begin_object();
  report.member("seconds", pendulum.seconds);
  report.member("steps", pendulum.steps);
  report.json.member("solved", static_cast<std::int64_t>(pendulum.solved));
  report.json.member("seeds", static_cast<std::int64_t>(pendulum.seeds));
  report.json.end_object();
  report.json.end_object();
  return true;
}

void bench_act(Report& report, std::int64_t calls) {
  const PolicyShape gaussian{.observation_size = 17, .action_size = 6, .hidden = {256, 256}};
  const PolicyShape flow{.kind = PolicyKind::flow,
                         .observation_size = 27,
                         .action_size = 8,
                         .hidden = {128, 128},
                         .couplings = 2,
                         .units = 16};
  report.line("microseconds from observation to action, over %lld calls; LibTorch over a tenth of them",
              static_cast<long long>(calls));
  report.line("%-22s %-12s %9s %9s %9s %9s", "", "", "median", "99 %", "99.9 %", "worst");
  report.json.key("act").begin_array();
  for (const ActSpeed& speed : {measure_act("Gaussian, 2 x 256", {gaussian}, calls),
                                measure_act("two layers of flows", {flow, flow}, calls)}) {
    report.json.begin_object().member("policy", speed.name).member("calls", speed.calls);
    const auto latency = [&](const char* by, const char* name, const Latency& seconds) {
      report.line("%-22s %-12s %9.2f %9.2f %9.2f %9.1f", speed.name.c_str(), by, 1e6 * seconds.median,
                  1e6 * seconds.percentile_99, 1e6 * seconds.percentile_99_9, 1e6 * seconds.worst);
      report.json.key(name).begin_object();
      report.json.member("median", seconds.median).member("percentile_99", seconds.percentile_99);
      report.json.member("percentile_99_9", seconds.percentile_99_9).member("worst", seconds.worst);
      report.json.end_object();
    };
    latency("executor", "executor_seconds", speed.executor);
    latency("LibTorch", "torch_seconds", speed.torch);
    latency("products", "product_seconds", speed.products);
    report.json.end_object();
  }
  report.json.end_array();
}

int run(const Arguments& arguments) {
  const std::string what = arguments.positional.empty() ? "all" : arguments.positional[0];
  if (what != "all" && what != "train" && what != "sim" && what != "learn" && what != "act") {
    complain("`motet bench` measures train, sim, learn or act, not `" + what + "`");
    return wrong_usage;
  }
  const std::string form = arguments.value("--format").value_or("text");
  if (form != "text" && form != "json") {
    complain("`--format` is text or json, not `" + form + "`");
    return wrong_usage;
  }
  const auto rounds = whole_number(arguments, "--rounds", 9, 1, 1000);
  const auto milliseconds = whole_number(arguments, "--milliseconds", 300, 1, 60'000);
  const auto calls = whole_number(arguments, "--calls", 1'000'000, 10'000, 100'000'000);
  if (!rounds || !milliseconds || !calls) return wrong_usage;
  const int turns = static_cast<int>(*rounds);
  const double seconds = static_cast<double>(*milliseconds) / 1000;

  Report report;
  report.json.begin_object();
  report.json.member("processor", processor()).member("cores", static_cast<std::int64_t>(cores()));
  report.json.member("kernels", kernels().name).member("blas", blas_kernels());
  report.line("%s, %d cores; engine's kernels: %s; LibTorch's products: %s", processor().c_str(), cores(),
              kernels().name, blas_kernels().c_str());
  for (const std::string& variable : blas_overrides())
    complain(variable + " is set, which overrides what OpenBLAS would choose: unset it to compare");
  if (what == "all" || what == "train") {
    report.line("");
    bench_train(report, turns, seconds);
  }
  if (what == "all" || what == "sim") {
    report.line("");
    if (!bench_sim(report, turns, seconds)) return outside_failed;
  }
  if (what == "all" || what == "learn") {
    report.line("");
    if (!bench_learn(report, turns, 4 * seconds)) return outside_failed;
  }
  if (what == "all" || what == "act") {
    report.line("");
    bench_act(report, *calls);
  }
  report.json.end_object();
  std::cout << (form == "json" ? report.json.text() + "\n" : report.text);
  return done;
}

}  // namespace

Command bench_command() {
  return {
      .name = "bench",
      .operands = "[train|sim|learn|act]",
      .summary = "how fast this machine trains, simulates and acts",
      .description =
          "train   updates a second by both backends, beside what the products alone would allow\n"
          "sim     steps a second of the library's worlds, beside mj_step alone\n"
          "learn   whole trainings: a half cheetah's steps a second, a pendulum until it stands\n"
          "act     how long a robot waits for its action, beside LibTorch and the products alone\n"
          "Everything that is compared is measured in turns, and given as a median with its quartiles.\n"
          "All of it takes some minutes; other work on the machine shows in the figures.",
      .options = {{"--rounds", "N", "turns (default: 9)"},
                  {"--milliseconds", "N", "of each measurement (default: 300; learn takes four times that)"},
                  {"--calls", "N", "of act (default: a million)"},
                  {"--format", "text|json", "text (the default), or one JSON object"}},
      .examples = {{"motet bench train", "is this machine as fast as it should be?"},
                   {"motet bench sim --rounds 3 --format json", "for a script"}},
      .least = 0,
      .most = 1,
      .run = run};
}

}  // namespace motet::cli

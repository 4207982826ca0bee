#include <stdlib.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <limits>

#include "cli/bench.h"
#include "cli/episodes.h"
#include "cli/machine.h"
#include "runtime/learning/training.h"
#include "runtime/simulation/step_cost.h"

namespace motet::cli {

namespace fs = std::filesystem;

namespace {

// A program of the library's robots in a folder of its own, which goes with it.
class Workshop {
 public:
  explicit Workshop(const std::string& text) {
    std::string pattern = (fs::temp_directory_path() / "motet-bench-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return;
    folder_ = pattern;
    std::ofstream(folder_ / "bench.motet") << text;
    compilation_ = compile_or_report((folder_ / "bench.motet").string());
    if (compilation_) plan_ = make_plan(*compilation_, Arguments());
    if (compilation_) report(*compilation_);
  }
  ~Workshop() {
    std::error_code error;
    if (!folder_.empty()) fs::remove_all(folder_, error);
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  std::optional<Plan>& plan() { return plan_; }
  TrainingRequest request(const Plan& plan) const {
    TrainingRequest request;
    request.plan = &plan;
    request.skill = plan.skills[0].name;
    request.roots = {folder_, compilation_->library};
    request.folder = folder_ / "run";
    request.resume = false;
    return request;
  }

 private:
  fs::path folder_;
  std::optional<Compilation> compilation_;
  std::optional<Plan> plan_;
};

// Steps a second of a training after its warm-up, over about this time; 0 where it fails.
double training_rate(const Workshop& shop, const Plan& plan, double seconds) {
  using Clock = std::chrono::steady_clock;
  std::atomic<bool> interrupt = false;
  std::int64_t first = -1, last = 0;
  Clock::time_point start, end;
  TrainingRequest request = shop.request(plan);
  request.interrupt = &interrupt;
  request.on_progress = [&](const Progress& progress) {
    if (progress.updates == 0) return;
    end = Clock::now();
    last = progress.step;
    if (first < 0) {
      first = last;
      start = end;
    }
    interrupt = std::chrono::duration<double>(end - start).count() >= seconds;
  };
  const Result<TrainingEnd> done = train(request);
  if (!done) complain(done.error().message);
  const double passed = std::chrono::duration<double>(end - start).count();
  return passed > 0 ? static_cast<double>(last - first) / passed : 0;
}

bool measure_pendulum(LearningSpeed& speed) {
  Workshop shop(
      "import robots.pendulum\n\nskill balance {\n  in wall\n  maximize upright + swing_cost\n"
      "  policy gaussian { hidden [64, 64] }\n"
      "  learn sac { steps 20k, batch 100, learning_rate 0.001, tau 0.01, hidden [64, 64] }\n}\n");
  if (!shop.plan()) return false;
  Plan& plan = *shop.plan();
  TrainSettings& train_settings = plan.skills[0].train;
  train_settings.eval_interval = 500;
  train_settings.eval_episodes = 10;
  train_settings.checkpoint_interval = 1'000'000;
  constexpr int seeds = 5;
  std::vector<double> seconds, steps;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    std::atomic<bool> interrupt = false;
    TrainingRequest request = shop.request(plan);
    request.seed = seed;
    request.interrupt = &interrupt;
    double passed = std::numeric_limits<double>::infinity(), at = passed;
    request.on_evaluation = [&](std::int64_t step, const std::vector<Metric>& metrics) {
      double result = 0, time = 0;
      for (const Metric& metric : metrics) {
        if (metric.name == "eval/return") result = metric.value;
        if (metric.name == "seconds") time = metric.value;
      }
      if (result <= -200 || interrupt) return;
      interrupt = true;
      passed = time;
      at = static_cast<double>(step);
    };
    const Result<TrainingEnd> end = train(request);
    if (!end) {
      complain(end.error().message);
      return false;
    }
    speed.pendulum.solved += interrupt;
    seconds.push_back(passed);
    steps.push_back(at);
  }
  speed.pendulum.seeds = seeds;
  speed.pendulum.seconds = spread_of(seconds);
  speed.pendulum.steps = spread_of(steps);
  return true;
}

}  // namespace

std::optional<std::vector<WorldSpeed>> measure_worlds(int rounds, double seconds) {
  std::vector<WorldSpeed> speeds;
  for (const char* robot : {"half_cheetah", "hopper", "pendulum", "reacher"}) {
    fs::path module;
    for (const fs::path& folder : library_folders()) {
      if (module.empty() && fs::exists(folder / "robots" / (std::string(robot) + ".motet")))
        module = folder / "robots" / (std::string(robot) + ".motet");
    }
    auto set = stage_from_program(module.string(), "random", {});
    if (std::holds_alternative<int>(set)) return std::nullopt;
    const Stage& stage = std::get<Stage>(set);
    std::vector<double> steps, simulator, overhead;
    for (int round = -1; round < rounds; ++round) {
      double passed = 0, world = 0, bare = 0;
      std::int64_t count = 0;
      while (passed < seconds) {
        const Result<StepCost> cost = measure_step_cost(*stage.world, 1000, Random(1));
        if (!cost) {
          complain(cost.error().message);
          return std::nullopt;
        }
        const auto taken = static_cast<double>(cost->steps);
        world += cost->world * taken;
        bare += cost->simulator * taken;
        count += cost->steps;
        passed = world + bare;
      }
      if (round < 0) continue;  // the first one warms up
      steps.push_back(static_cast<double>(count) / world);
      simulator.push_back(static_cast<double>(count) / bare);
      overhead.push_back(world / bare - 1);
    }
    speeds.push_back({robot, spread_of(steps), spread_of(simulator), spread_of(overhead)});
  }
  return speeds;
}

std::optional<LearningSpeed> measure_learning(int rounds, double seconds) {
  Workshop shop(
      "import robots.half_cheetah\n\nskill run {\n  in track\n  maximize run_forward + control_cost\n"
      "  learn sac { steps 100M, warmup 1000, replay 100k }\n}\n");
  if (!shop.plan()) return std::nullopt;
  Plan& plan = *shop.plan();
  plan.skills[0].train.eval_interval = 1'000'000'000;
  plan.skills[0].train.checkpoint_interval = 100'000;
  LearningSpeed speed{};
  const int all = cores();
  for (const int threads : {1, all}) {
    for (const long long ahead : {0LL, 16LL}) {
      if (threads > 1 || ahead == 0) speed.trainings.push_back({threads, ahead, {}});
    }
    if (all == 1) break;
  }
  std::vector<double> updates;
  std::vector<std::vector<double>> steps(speed.trainings.size());
  for (int round = 0; round < rounds; ++round) {
    updates.push_back(measure_native_updates({17, 6, 256, 256}, 1, seconds));
    for (std::size_t i = 0; i < steps.size(); ++i) {
      plan.run.threads = speed.trainings[i].threads;
      plan.skills[0].train.ahead = speed.trainings[i].ahead;
      steps[i].push_back(training_rate(shop, plan, seconds));
      if (steps[i].back() == 0) return std::nullopt;
    }
  }
  speed.updates = spread_of(updates);
  for (std::size_t i = 0; i < steps.size(); ++i) speed.trainings[i].steps = spread_of(steps[i]);
  if (!measure_pendulum(speed)) return std::nullopt;
  return speed;
}

}  // namespace motet::cli

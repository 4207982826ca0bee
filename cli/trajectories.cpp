#include "cli/trajectories.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "cli/episodes.h"
#include "runtime/learning/skill_energy.h"
#include "runtime/learning/soft_value.h"

namespace motet::cli {

namespace {

constexpr std::size_t grid = 61;
constexpr std::int64_t value_samples = 256;

// The column of an observed coordinate, by its name or its number.
Result<std::size_t> column_of(const EnvironmentPlan& environment, const std::string& name,
                              std::size_t fallback) {
  const auto& names = environment.observation_names;
  if (name.empty()) return std::min(fallback, names.size() - 1);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::size_t number = names.size();
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error == std::errc() && end == name.data() + name.size() && number < names.size()) return number;
  std::string message = "the skill does not observe `" + name + "`; it observes";
  for (const std::string& known : names) message += " `" + known + "`";
  return Error{message};
}

std::pair<double, double> range_of(const std::vector<Path>& paths, std::vector<double> Path::*values) {
  double low = INFINITY, high = -INFINITY;
  for (const Path& path : paths)
    for (const double value : path.*values) low = std::min(low, value), high = std::max(high, value);
  const double margin = std::max(0.08 * (high - low), 1e-3);
  return {low - margin, high + margin};
}

// Two numbers, "2.5,-1".
std::optional<std::pair<double, double>> pair_of(const std::string& text) {
  double x = 0, y = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, x);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ',') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, y);
  if (second.ec != std::errc() || second.ptr != end) return std::nullopt;
  return std::pair{x, y};
}

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

}  // namespace

std::variant<std::vector<LevelPanel>, int> trajectory_panels(const TrajectoryRequest& request) {
  const auto refuse = [](const std::string& message) {
    complain(message);
    return wrong_input;
  };
  StageRequest stage_request;
  stage_request.skill = request.skill;
  stage_request.world = request.world;
  stage_request.sample = true;
  stage_request.seed = static_cast<std::uint64_t>(request.seed);
  const RunFolder folder{request.run};
  auto set = stage_from_run(folder.path, stage_request);
  if (const int* status = std::get_if<int>(&set)) return *status;
  Stage& stage = std::get<Stage>(set);
  const auto plan = read_plan(folder);
  if (!plan) return refuse(plan.error().message);
  const SkillPlan& skill = *plan->find(stage.skill);
  const auto energy = SkillEnergy::load(*plan, skill, folder.skills());
  if (!energy) return refuse(energy.error().message);
  const auto x = column_of(skill.environment, request.x, 0), y = column_of(skill.environment, request.y, 1);
  if (!x) return refuse(x.error().message);
  if (!y) return refuse(y.error().message);

  LevelPanel panel;
  panel.x_label = skill.environment.observation_names[*x];
  panel.y_label = skill.environment.observation_names[*y];
  panel.title = stage.title + ": " + std::to_string(request.episodes) + " episodes over the soft value";
  std::vector<float> start;
  World& world = *stage.world;
  std::vector<float> action(static_cast<std::size_t>(world.action_size()));
  for (long long i = 0; i < request.episodes; ++i) {
    world.reset();
    if (start.empty()) start.assign(world.observation().begin(), world.observation().end());
    Path path;
    const auto note = [&] {
      path.x.push_back(static_cast<double>(world.observation()[*x]));
      path.y.push_back(static_cast<double>(world.observation()[*y]));
    };
    note();
    for (bool over = false; !over;) {
      stage.actor->act(world.observation(), action);
      const StepResult step = world.step(action);
      over = step.terminated || step.truncated || step.unstable;
      if (!step.unstable) note();
    }
    panel.dots.x.push_back(path.x.back());
    panel.dots.y.push_back(path.y.back());
    panel.paths.push_back(std::move(path));
  }

  // The soft value over the plane, the other coordinates as where the first episode began; the same actions
  // everywhere, so that the curves are smooth.
  const std::int64_t m = (*energy)->action_size();
  EnergyAtState at((*energy)->native(), m, std::max<std::int64_t>(value_samples, grid * grid));
  Random random(stage_request.seed, 4000);
  std::vector<float> actions(static_cast<std::size_t>(value_samples * m));
  const bool bounded = skill.over.empty();  // else: latents, of their prior
  if (bounded) {
    random.fill_uniform(actions, -1, 1);
  } else {
    random.fill_normal(actions);
  }
  const double log_volume = bounded ? action_log_volume(m) : 0;
  const auto [x_low, x_high] = range_of(panel.paths, &Path::x);
  const auto [y_low, y_high] = range_of(panel.paths, &Path::y);
  panel.levels = {x_low, x_high, y_low, y_high, grid, grid, {}};
  std::vector<float> state = start;
  for (std::size_t row = 0; row < grid; ++row) {
    for (std::size_t column = 0; column < grid; ++column) {
      state[*x] = static_cast<float>(x_low + (x_high - x_low) * static_cast<double>(column) / (grid - 1));
      state[*y] = static_cast<float>(y_low + (y_high - y_low) * static_cast<double>(row) / (grid - 1));
      panel.levels.values.push_back((*energy)->temperature() *
                                    soft_value(at(state, actions), 1, log_volume).value);
    }
  }
  std::vector<LevelPanel> panels{std::move(panel)};
  if (!request.at.empty() && m < 2) return refuse("`--at` draws Q over two actions, and the skill has one");
  for (const std::string& where : request.at) {
    const auto place = pair_of(where);
    if (!place) return refuse("`--at` takes two numbers, such as 2.5,2.5, not `" + where + "`");
    state = start;
    state[*x] = static_cast<float>(place->first);
    state[*y] = static_cast<float>(place->second);
    LevelPanel q;
    q.title = "Q at (" + short_number(place->first) + ", " + short_number(place->second) + ")";
    // A latent is seldom beyond three of its prior's deviations.
    const double reach = bounded ? 1 : 3;
    q.x_label = bounded ? skill.environment.robot.action[0].name : "latent 1 of " + skill.over;
    q.y_label = bounded ? skill.environment.robot.action[1].name : "latent 2 of " + skill.over;
    q.levels = {-reach, reach, -reach, reach, grid, grid, {}};
    std::vector<float> all(grid * grid * static_cast<std::size_t>(m));
    for (std::size_t i = 0; i < grid * grid; ++i) {
      all[i * static_cast<std::size_t>(m)] =
          static_cast<float>(reach * (2.0 * static_cast<double>(i % grid) / (grid - 1) - 1));
      all[i * static_cast<std::size_t>(m) + 1] =
          static_cast<float>(reach * (2.0 * static_cast<double>(i / grid) / (grid - 1) - 1));
    }
    for (const float e : at(state, all))
      q.levels.values.push_back((*energy)->temperature() * static_cast<double>(e));
    for (int i = 0; i < 100; ++i) {
      stage.actor->act(state, action);
      q.dots.x.push_back(static_cast<double>(action[0]));
      q.dots.y.push_back(static_cast<double>(action[1]));
    }
    panels[0].marks.x.push_back(place->first);
    panels[0].marks.y.push_back(place->second);
    panels.push_back(std::move(q));
  }
  return panels;
}

}  // namespace motet::cli

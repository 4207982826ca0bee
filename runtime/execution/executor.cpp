#include "runtime/execution/executor.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

#include "runtime/bundle/bundle.h"
#include "runtime/engine/denormals.h"
#include "runtime/engine/policy_stack.h"

namespace motet {
namespace {

bool finite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

// The layers below the top.
std::vector<StackLayer> below(const Contract& contract, std::vector<LayerWeights>& weights) {
  std::vector<StackLayer> layers;
  for (std::size_t i = 1; i < contract.layers.size(); ++i) {
    const LayerContract& layer = contract.layers[i];
    layers.push_back({layer.policy, std::move(weights[i].parameters), layer.columns, layer.hold});
  }
  return layers;
}

}  // namespace

struct Executor::State {
  State(Bundle bundle, const ExecutorOptions& given)
      : contract(std::move(bundle.contract)),
        options(given),
        top(contract.layers.front()),
        parameters(std::move(bundle.weights.front().parameters)),
        noise_set(std::move(bundle.weights.front().noise)),
        policy(make_inference(top.policy, std::as_const(parameters).values())),
        lower(below(contract, bundle.weights)),
        random(given.seed),
        seen(top.columns.size()),
        noise(static_cast<std::size_t>(contract.action_size())),
        chosen(noise.size()) {
    policy->use_noise(noise_set);
    options.latent.reserve(noise.size());
    for (const ActionCoordinate& coordinate : contract.robot.action) action_names.push_back(coordinate.name);
  }

  void act(std::span<const float> observation) {
    for (std::size_t i = 0; i < seen.size(); ++i)
      seen[i] = observation[static_cast<std::size_t>(top.columns[i])];
    if (!options.sample && options.latent.empty() && policy->mean(seen, chosen)) return;
    if (!options.latent.empty())
      std::copy(options.latent.begin(), options.latent.end(), noise.begin());
    else if (contract.latent == "step" || !drawn)
      policy->draw(random, noise);
    drawn = true;
    policy->act(seen, noise, chosen);
  }

  Contract contract;
  ExecutorOptions options;
  const LayerContract& top;
  AlignedFloats parameters;
  std::vector<float> noise_set;
  std::unique_ptr<PolicyInference> policy;
  PolicyStack lower;
  Random random;
  std::vector<std::string> action_names;
  std::vector<float> seen, noise, chosen;  // what the top policy sees, its latent, and what it makes of them
  bool drawn = false;                      // the episode's latent
  std::int64_t held = 0;                   // control steps since the top policy acted
};

Executor::Executor(std::unique_ptr<State> state) : state_(std::move(state)) {}
Executor::~Executor() = default;

std::unique_ptr<Executor> Executor::load(const std::string& file, std::string& error,
                                         const ExecutorOptions& options) {
  return make([&] { return read_bundle(file); }, error, options);
}

std::unique_ptr<Executor> Executor::from_bytes(std::string_view bundle, std::string& error,
                                               const ExecutorOptions& options) {
  return make([&] { return unpack(bundle); }, error, options);
}

template <typename Read>
std::unique_ptr<Executor> Executor::make(Read read, std::string& error, const ExecutorOptions& options) {
  try {
    Result<Bundle> bundle = read();
    if (!bundle) {
      error = bundle.error().message;
      return nullptr;
    }
    const std::size_t m = static_cast<std::size_t>(bundle->contract.action_size());
    if (!options.latent.empty() && options.latent.size() != m) {
      error = "the latent of `" + bundle->contract.skill + "` has " + std::to_string(m) +
              " coordinates, not " + std::to_string(options.latent.size());
      return nullptr;
    }
    return std::unique_ptr<Executor>(new Executor(std::make_unique<State>(std::move(*bundle), options)));
  } catch (const std::exception& failure) {  // memory
    error = std::string("the bundle cannot be loaded: ") + failure.what();
    return nullptr;
  }
}

std::size_t Executor::observation_size() const noexcept {
  return state_->contract.observation_names.size();
}

std::size_t Executor::action_size() const noexcept {
  return state_->noise.size();
}

double Executor::control_period() const noexcept {
  return state_->contract.robot.control_period;
}

const std::string& Executor::skill() const noexcept {
  return state_->contract.skill;
}

const std::vector<std::string>& Executor::observation_names() const noexcept {
  return state_->contract.observation_names;
}

const std::vector<std::string>& Executor::observation_units() const noexcept {
  return state_->contract.observation_units;
}

const std::vector<std::string>& Executor::action_names() const noexcept {
  return state_->action_names;
}

std::string Executor::contract() const {
  return to_toml(state_->contract);
}

std::size_t Executor::layers() const noexcept {
  return state_->contract.layers.size();
}

std::span<const float> Executor::latent(std::size_t i) const noexcept {
  if (i == 0) return state_->noise;
  return i == 1 ? std::span<const float>(state_->chosen) : state_->lower.action_of(i - 2);
}

bool Executor::set_latent(std::span<const float> latent) noexcept {
  if (!latent.empty() && latent.size() != action_size()) return false;
  state_->options.latent.assign(latent.begin(), latent.end());
  if (latent.empty()) {
    std::fill(state_->noise.begin(), state_->noise.end(), 0.0f);
    state_->drawn = false;
  }
  return true;
}

void Executor::begin() noexcept {
  state_->held = 0;
  state_->drawn = false;
}

StepStatus Executor::step(std::span<const float> observation, std::span<float> action) noexcept {
  const FlushDenormals fast;
  State& state = *state_;
  StepStatus status = StepStatus::ok;
  if (observation.size() != observation_size() || action.size() != action_size()) {
    status = StepStatus::wrong_size;
  } else if (!finite(observation)) {
    status = StepStatus::not_finite;
  } else {
    if (state.held == 0) state.act(observation);
    state.lower.act(observation, state.chosen, state.held, action);
    if (finite(action)) {
      state.held = (state.held + 1) % state.top.hold;
      return StepStatus::ok;
    }
    state.held = 0;
    status = StepStatus::not_finite;
  }
  std::fill(action.begin(), action.end(), 0.0f);
  return status;
}

}  // namespace motet

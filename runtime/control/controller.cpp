#include "runtime/control/controller.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace motet {
namespace {

// Signals of one program: what the robot measures, by place, and what the controller has itself.
class Signals final : public SignalSource {
 public:
  void add_measured(std::size_t place) { loads_.push_back({place, {}}); }
  void add_own(std::span<const double> values) { loads_.push_back({0, values}); }
  void set(std::span<const double> measured) { measured_ = measured; }

  void read(std::size_t index, std::span<double> out) const override {
    const Load& load = loads_[index];
    if (load.own.empty()) {
      std::copy_n(measured_.begin() + static_cast<std::ptrdiff_t>(load.place), out.size(), out.begin());
    } else {
      std::copy_n(load.own.begin(), out.size(), out.begin());
    }
  }

 private:
  struct Load {
    std::size_t place;
    std::span<const double> own;
  };
  std::vector<Load> loads_;
  std::span<const double> measured_;
};

}  // namespace

struct Controller::State {
  State(const Contract& promised, std::uint64_t seed)
      : contract(promised),
        map(contract.robot),
        observe(contract.observe),
        observation(contract.observation_names.size()),
        action(contract.robot.action.size()),
        random(seed) {
    if (contract.robot.drive) drive.emplace(*contract.robot.drive);
  }

  // Where a signal lies among those that are measured.
  std::size_t place_of(const SignalRef& signal) {
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (wanted[i] == signal) return places[i];
    wanted.push_back(signal);
    places.push_back(size);
    size += signal.length;
    return places.back();
  }

  Status bind(const InstructionProgram& program, Signals& signals, std::span<const double> own_action) {
    for (const SignalLoad& load : program.loads) {
      const SignalRef& signal = load.signal;
      if (signal.kind == SignalKind::sample)
        return Error{"`" + contract.skill + "` observes `" + signal.name +
                     "`, which the world that it was trained in draws: no robot measures that"};
      if (signal.kind == SignalKind::action) {
        if (signal.length != own_action.size()) return Error{"its program reads an action of another length"};
        signals.add_own(own_action);
      } else if (signal.kind == SignalKind::time) {
        signals.add_own({&time, 1});
      } else {
        signals.add_measured(place_of(signal));
      }
    }
    return {};
  }

  void bind_joints() {
    for (const ActuatorContract& actuator : contract.actuators) {
      const auto joint = std::find_if(contract.joints.begin(), contract.joints.end(),
                                      [&](const JointContract& each) { return each.name == actuator.joint; });
      JointPlace place;
      if (joint != contract.joints.end() && joint->type != JointContract::Type::free &&
          joint->type != JointContract::Type::ball) {
        place.position = static_cast<std::int64_t>(place_of({SignalKind::joint_pos, actuator.joint, {}, 1}));
        place.velocity = static_cast<std::int64_t>(place_of({SignalKind::joint_vel, actuator.joint, {}, 1}));
      }
      joints.push_back(place);
    }
  }

  // The observation as the policies take it.
  void look(std::span<const double> measured) {
    observe_signals.set(measured);
    observe.evaluate(observe_signals, &random);
    const std::span<const double> values = observe.output(observed);
    std::transform(values.begin(), values.end(), observation.begin(),
                   [](double value) { return static_cast<float>(value); });
  }

  Contract contract;
  std::unique_ptr<Executor> executor;
  ActionMap map;
  Evaluator observe;
  std::optional<Evaluator> drive;
  Signals observe_signals, drive_signals;
  Output observed;
  std::optional<Output> reward, end, success;
  std::vector<Output> commands;  // of the drive, one an actuator
  std::vector<SignalRef> wanted;
  std::vector<std::size_t> places;
  std::size_t size = 0;
  std::vector<JointPlace> joints;
  std::vector<float> observation, action;
  std::int64_t ticks = 1, at = 0;  // of a control step
  double time = 0;                 // s since the beginning
  bool stepped = false;
  bool fresh = false;  // nothing has been observed yet but what begin() filled
  bool act_at_random = false;
  Random random;
};

Result<std::unique_ptr<Controller>> Controller::make(const Bundle& bundle, const ExecutorOptions& options) {
  auto state = std::make_unique<State>(bundle.contract, options.seed);
  const Contract& contract = state->contract;
  const Result<std::string> bytes = pack(bundle);
  if (!bytes) return bytes.error();
  std::string error;
  state->executor = Executor::from_bytes(*bytes, error, options);
  if (!state->executor) return Error{error};
  if (Status status = state->bind(contract.observe, state->observe_signals, state->map.action()); !status)
    return status.error();
  state->observed = *contract.observe.find("observation");
  for (const auto& [name, output] : {std::pair("reward", &state->reward), std::pair("end", &state->end),
                                     std::pair("success", &state->success)})
    if (const Output* found = contract.observe.find(name)) *output = *found;
  state->ticks = 1;
  if (contract.robot.drive) {
    if (Status status = state->bind(*contract.robot.drive, state->drive_signals, state->map.mapped());
        !status)
      return status.error();
    for (const ActuatorPlan& actuator : contract.robot.actuators)
      state->commands.push_back(*contract.robot.drive->find(actuator.name));
    state->ticks =
        std::max<std::int64_t>(1, std::llround(contract.robot.control_period / contract.drive_period));
  }
  state->bind_joints();
  return std::unique_ptr<Controller>(new Controller(std::move(state)));
}

Controller::Controller(std::unique_ptr<State> state) : state_(std::move(state)) {}
Controller::~Controller() = default;

const Contract& Controller::contract() const {
  return state_->contract;
}

const std::vector<SignalRef>& Controller::signals() const {
  return state_->wanted;
}

std::size_t Controller::signal_size() const {
  return state_->size;
}

std::int64_t Controller::ticks_per_step() const {
  return state_->ticks;
}

double Controller::tick_period() const {
  return state_->contract.robot.control_period / static_cast<double>(state_->ticks);
}

const std::vector<Controller::JointPlace>& Controller::joints() const {
  return state_->joints;
}

std::span<const float> Controller::observation() const {
  return state_->observation;
}

std::span<const float> Controller::action() const {
  return state_->action;
}

const Executor& Controller::executor() const {
  return *state_->executor;
}

bool Controller::stepped() const {
  return state_->stepped;
}

Judgement Controller::judgement() const {
  const auto value = [&](const std::optional<Output>& output) {
    return output ? state_->observe.output(*output)[0] : 0.0;
  };
  return {value(state_->reward), value(state_->end) != 0, value(state_->success) != 0};
}

void Controller::act_at_random(bool random) {
  state_->act_at_random = random;
}

void Controller::set_latent(std::span<const float> latent) {
  state_->executor->set_latent(latent);
}

void Controller::begin(std::span<const double> signals) noexcept {
  State& state = *state_;
  state.at = 0;
  state.time = 0;
  state.map.rest();
  state.executor->begin();
  state.observe_signals.set(signals);
  if (state.drive) {
    state.drive_signals.set(signals);
    state.drive->reset(state.drive_signals, &state.random);
  }
  state.observe.reset(state.observe_signals, &state.random);
  const std::span<const double> values = state.observe.output(state.observed);
  std::transform(values.begin(), values.end(), state.observation.begin(),
                 [](double value) { return static_cast<float>(value); });
  state.fresh = true;
}

bool Controller::tick(std::span<const double> signals, std::span<double> controls) noexcept {
  State& state = *state_;
  state.stepped = state.at == 0;
  if (state.stepped) {
    // The first observation is that of the reset, as in a world.
    if (!state.fresh) state.look(signals);
    state.fresh = false;
    if (state.act_at_random) {
      state.random.fill_uniform(state.action, -1, 1);
    } else if (state.executor->step(state.observation, state.action) != StepStatus::ok) {
      return false;
    }
    if (!state.map.take(state.action)) return false;
  }
  state.at = (state.at + 1) % state.ticks;
  state.time += tick_period();
  if (!state.drive) {
    const std::span<const double> mapped = std::as_const(state.map).mapped();
    std::copy(mapped.begin(), mapped.end(), controls.begin());
    return true;
  }
  state.drive_signals.set(signals);
  state.drive->evaluate(state.drive_signals, &state.random);
  for (std::size_t i = 0; i < controls.size(); ++i) controls[i] = state.drive->output(state.commands[i])[0];
  return true;
}

}  // namespace motet

#include "runtime/simulation/world_parts.h"

#include <algorithm>

namespace motet {
namespace {

// Signals that are the world's: the action as `action`, samples from the reset program.
class Binder {
 public:
  Binder(const EnvironmentPlan& plan, Physics& physics, WorldParts& parts)
      : plan_(plan), physics_(physics), parts_(parts) {}

  Status bind(const InstructionProgram& program, BoundProgram& bound, std::span<const double> action) {
    for (const SignalLoad& load : program.loads) {
      Status status = bind_signal(load.signal, bound.signals, action);
      if (!status) return status;
    }
    return {};
  }

 private:
  Status bind_signal(const SignalRef& signal, BoundSignals& signals, std::span<const double> action) {
    if (signal.kind == SignalKind::action) return bind_values("action", signal, action, signals);
    if (signal.kind == SignalKind::sample) return bind_sample(signal, signals);
    const Result<int> handle = physics_.bind(signal);
    if (!handle) return handle.error();
    signals.add_physics(*handle);
    return {};
  }

  Status bind_sample(const SignalRef& signal, BoundSignals& signals) {
    for (const Output& sample : plan_.samples) {
      if (sample.name != signal.name) continue;
      return bind_values(signal.name, signal, parts_.reset.evaluator.output(sample), signals);
    }
    return Error{"it samples no `" + signal.name + "`"};
  }

  static Status bind_values(const std::string& name, const SignalRef& signal, std::span<const double> values,
                            BoundSignals& signals) {
    if (values.size() != signal.length) {
      return Error{"`" + name + "` has " + std::to_string(values.size()) + " values, not " +
                   std::to_string(signal.length)};
    }
    signals.add_values(values);
    return {};
  }

  const EnvironmentPlan& plan_;
  Physics& physics_;
  WorldParts& parts_;
};

Status find_output(const InstructionProgram& program, const std::string& name, std::size_t size,
                   Output& out) {
  const Output* found = program.find(name);
  if (found == nullptr) return Error{"its program has no output `" + name + "`"};
  if (found->n != size) {
    return Error{"its output `" + name + "` has " + std::to_string(found->n) + " values, not " +
                 std::to_string(size)};
  }
  out = *found;
  return {};
}

Status find_optional(const InstructionProgram& program, const std::string& name, Output& out) {
  out.n = 0;
  return program.find(name) == nullptr ? Status{} : find_output(program, name, 1, out);
}

Status bind_step_outputs(const EnvironmentPlan& plan, WorldParts& parts) {
  const auto size = static_cast<std::size_t>(plan.observation_size);
  if (Status found = find_output(plan.step, "observation", size, parts.observation); !found) return found;
  if (Status found = find_optional(plan.step, "reward", parts.reward); !found) return found;
  if (Status found = find_optional(plan.step, "end", parts.end); !found) return found;
  if (Status found = find_optional(plan.step, "success", parts.success); !found) return found;
  for (const std::string& part : plan.part_rewards) {
    Status found = find_output(plan.step, "part." + part, 1, parts.part_rewards.emplace_back());
    if (!found) return found;
  }
  for (const RewardTermPlan& term : plan.reward_terms) {
    Status found = find_output(plan.step, "reward." + term.name, 1, parts.terms.emplace_back());
    if (!found) return found;
  }
  for (const MeasurePlan& measure : plan.measures) {
    Status found = find_output(plan.step, "measure." + measure.name, 1, parts.measures.emplace_back());
    if (!found) return found;
  }
  return {};
}

Status bind_resets(const EnvironmentPlan& plan, Physics& physics, WorldParts& parts) {
  for (const ResetPlan& reset : plan.resets) {
    const Result<int> target = physics.bind_target(reset.target, reset.offset, reset.value.n);
    if (!target) return target.error();
    if (std::uint64_t{reset.value.reg} + reset.value.n > plan.reset.registers) {
      return Error{"a reset reads beyond its program's registers"};
    }
    parts.resets.push_back({*target, reset.add, reset.value});
  }
  return {};
}

Status bind_drive(const EnvironmentPlan& plan, WorldParts& parts) {
  const RobotPlan& robot = plan.robot;
  if (!robot.drive) {
    if (parts.action.mapped().size() == parts.controls.size()) return {};
    return Error{"robot `" + robot.name + "` has " + std::to_string(parts.action.mapped().size()) +
                 " action coordinates for " + std::to_string(parts.controls.size()) +
                 " actuators, and no `drive`"};
  }
  for (const ActuatorPlan& actuator : robot.actuators) {
    Status found = find_output(*robot.drive, actuator.name, 1, parts.commands.emplace_back());
    if (!found) return found;
  }
  return {};
}

}  // namespace

void BoundSignals::read(std::size_t index, std::span<double> out) const {
  const Load& load = loads_[index];
  if (load.handle >= 0) return physics_.read(load.handle, out);
  std::copy(load.values.begin(), load.values.end(), out.begin());
}

bool BoundSignals::need_refresh() const {
  return std::any_of(loads_.begin(), loads_.end(),
                     [&](const Load& load) { return load.handle >= 0 && !physics_.is_state(load.handle); });
}

WorldParts::WorldParts(const EnvironmentPlan& plan, const Physics& physics)
    : reset(plan.reset, physics),
      step(plan.step, physics),
      action(plan.robot),
      controls(static_cast<std::size_t>(physics.control_size())) {
  if (plan.robot.drive) drive.emplace(*plan.robot.drive, physics);
}

Status check_programs(const EnvironmentPlan& plan) {
  if (Status valid = validate(plan.reset); !valid) return valid;
  if (Status valid = validate(plan.step); !valid) return valid;
  for (const Output& sample : plan.samples) {
    if (std::uint64_t{sample.reg} + sample.n <= plan.reset.registers) continue;
    return Error{"sample `" + sample.name + "` lies beyond its program's registers"};
  }
  return plan.robot.drive ? validate(*plan.robot.drive) : Status{};
}

Status bind_world(const EnvironmentPlan& plan, Physics& physics, WorldParts& parts) {
  Binder binder(plan, physics, parts);
  if (Status bound = binder.bind(plan.reset, parts.reset, parts.action.action()); !bound) return bound;
  if (Status bound = binder.bind(plan.step, parts.step, parts.action.action()); !bound) return bound;
  if (plan.robot.drive) {
    if (Status bound = binder.bind(*plan.robot.drive, *parts.drive, parts.action.mapped()); !bound)
      return bound;
    parts.drive_needs_refresh = parts.drive->signals.need_refresh();
  }
  const Result<int> time = physics.bind({SignalKind::time, {}, {}, 1});
  if (!time) return time.error();
  parts.time = *time;
  if (Status bound = bind_step_outputs(plan, parts); !bound) return bound;
  if (Status bound = bind_resets(plan, physics, parts); !bound) return bound;
  return bind_drive(plan, parts);
}

}  // namespace motet

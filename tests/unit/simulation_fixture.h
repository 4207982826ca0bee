#pragma once

// Worlds without a compiler: programs put together by hand, and models as text.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "compiler/plan/plan.h"
#include "runtime/simulation/world.h"
#include "temporary_folder.h"

namespace motet::test {

// Registers of a program under construction.
struct Value {
  std::uint32_t reg = 0, n = 1;
  // n values from the offset on.
  Value part(std::uint32_t offset, std::uint32_t size = 1) const { return {reg + offset, size}; }
};

class ProgramBuilder {
 public:
  Value load(SignalKind kind, std::uint32_t length, const std::string& name = {},
             const std::string& other = {}) {
    const Value value = take(length);
    program_.loads.push_back({{kind, name, other, length}, value.reg});
    return value;
  }
  Value constant(const std::vector<double>& numbers) {
    const Value value = take(static_cast<std::uint32_t>(numbers.size()));
    std::uint32_t reg = value.reg;
    for (const double number : numbers) program_.constants.push_back({reg++, number});
    return value;
  }
  Value constant(double number) { return constant(std::vector<double>{number}); }
  // Element by element; a scalar operand is repeated.
  Value op(Op op, Value a, Value b = {}, Value c = {}) {
    const std::uint32_t n = std::max({a.n, b.n, c.n});
    return emit(op, n, n, a, b, c);
  }
  // sum, mean, norm, dot, ...: from a vector to a number.
  Value reduce(Op op, Value a, Value b = {}) { return emit(op, a.n, 1, a, b, {}); }
  // Copies values side by side.
  Value join(std::initializer_list<Value> values) {
    std::uint32_t length = 0;
    for (const Value& value : values) length += value.n;
    const Value all = take(length);
    std::uint32_t at = all.reg;
    for (const Value& value : values) {
      program_.code.push_back({Op::copy, value.n, at, {value.reg, value.n > 1 ? 1U : 0U}, {}, {}});
      at += value.n;
    }
    return all;
  }
  // The value before the step: previous(E).
  Value previous(Value value) {
    const Value before = take(value.n);
    program_.carries.push_back({value.reg, before.reg, value.n});
    program_.reset_passes = 2;
    return before;
  }
  ProgramBuilder& output(const std::string& name, Value value) {
    program_.outputs.push_back({name, value.reg, value.n});
    return *this;
  }
  const InstructionProgram& program() const { return program_; }

 private:
  Value take(std::uint32_t n) {
    const Value value{program_.registers, n};
    program_.registers += n;
    return value;
  }
  Value emit(Op op, std::uint32_t n, std::uint32_t result, Value a, Value b, Value c) {
    const auto operand = [](Value v) { return Operand{v.reg, v.n > 1 ? 1U : 0U}; };
    const Value value = take(result);
    program_.code.push_back({op, n, value.reg, operand(a), operand(b), operand(c)});
    return value;
  }

  InstructionProgram program_;
};

inline RobotPlan robot_plan(double control_period, std::initializer_list<ActuatorPlan> actuators = {}) {
  RobotPlan robot;
  robot.name = "robot";
  robot.control_period = control_period;
  for (const ActuatorPlan& actuator : actuators) {
    robot.actuators.push_back(actuator);
    robot.action.push_back({actuator.name, actuator.low, actuator.high});
  }
  return robot;
}

inline std::unique_ptr<Physics> physics_of(const std::string& file, const RobotPlan& robot) {
  Result<std::unique_ptr<Physics>> physics = make_mujoco_physics(file, robot);
  if (!physics) {
    ADD_FAILURE() << physics.error().message;
    return nullptr;
  }
  return std::move(*physics);
}

// Binds a signal and reads it, now and later.
class Probe {
 public:
  Probe(Physics& physics, SignalKind kind, std::uint32_t length, const std::string& name = {},
        const std::string& other = {})
      : physics_(physics), values_(length) {
    const Result<int> handle = physics.bind({kind, name, other, length});
    if (handle) {
      handle_ = *handle;
    } else {
      ADD_FAILURE() << handle.error().message;
    }
  }
  const std::vector<double>& read() {
    if (handle_ >= 0) physics_.read(handle_, values_);
    return values_;
  }
  double number() { return read()[0]; }
  int handle() const { return handle_; }

 private:
  Physics& physics_;
  std::vector<double> values_;
  int handle_ = -1;
};

inline void assign(Physics& physics, const SignalRef& target, std::uint32_t offset,
                   std::vector<double> values, bool add = false) {
  const Result<int> handle = physics.bind_target(target, offset, static_cast<std::uint32_t>(values.size()));
  ASSERT_TRUE(handle) << handle.error().message;
  physics.assign(*handle, values, add);
}

inline std::unique_ptr<World> world_of(const EnvironmentPlan& plan, const ModelRoots& roots = {},
                                       std::uint64_t seed = 1) {
  Result<std::unique_ptr<World>> world = World::make(plan, roots, Random(seed));
  if (!world) {
    ADD_FAILURE() << world.error().message;
    return nullptr;
  }
  return std::move(*world);
}

inline ModelRoots library_roots() {
  return {std::filesystem::path(MOTET_SOURCE_DIR) / "examples",
          {std::filesystem::path(MOTET_SOURCE_DIR) / "library"}};
}

}  // namespace motet::test

// What a program from outside may do: read and write its registers, in bounded time.

#include <cmath>
#include <string>
#include <unordered_set>
#include <vector>

#include "compiler/plan/arithmetic.h"
#include "compiler/plan/program.h"
#include "compiler/plan/text_line.h"

namespace motet {
namespace {

constexpr std::uint64_t max_work = 100'000'000;  // registers written in all passes of a reset
constexpr std::uint32_t max_passes = 10'000;

// The length that signals of this kind have; 0 where it depends on the model.
std::uint32_t fixed_length(SignalKind kind) {
  switch (kind) {
    case SignalKind::time:
    case SignalKind::body_roll:
    case SignalKind::body_pitch:
    case SignalKind::body_yaw:
    case SignalKind::contact:
      return 1;
    case SignalKind::body_pos:
    case SignalKind::body_up:
    case SignalKind::body_vel:
    case SignalKind::body_angvel:
    case SignalKind::site_pos:
    case SignalKind::com_pos:
    case SignalKind::com_vel:
      return 3;
    case SignalKind::body_quat:
      return 4;
    default:
      return 0;
  }
}

int name_count(SignalKind kind) {
  switch (kind) {
    case SignalKind::time:
    case SignalKind::qpos:
    case SignalKind::qvel:
    case SignalKind::action:
    case SignalKind::com_pos:
    case SignalKind::com_vel:
      return 0;
    case SignalKind::contact:
      return 2;
    default:
      return 1;
  }
}

class Validator {
 public:
  explicit Validator(const InstructionProgram& program) : program_(program) {}

  Status run() {
    if (Status status = check_size(); !status) return status;
    const auto each = [](const auto& items, auto check) -> Status {
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (Status status = check(items[i], i); !status) return status;
      }
      return {};
    };
    Status status = each(program_.constants, [&](const Constant& c, std::size_t i) { return check(c, i); });
    if (status)
      status = each(program_.loads, [&](const SignalLoad& l, std::size_t i) { return check(l, i); });
    if (status)
      status = each(program_.code, [&](const Instruction& c, std::size_t i) { return check(c, i); });
    if (status) status = each(program_.carries, [&](const Carry& c, std::size_t i) { return check(c, i); });
    if (status)
      status = each(program_.histories, [&](const History& h, std::size_t i) { return check(h, i); });
    if (status) status = each(program_.outputs, [&](const Output& o, std::size_t i) { return check(o, i); });
    if (status) status = check_choices();
    return status;
  }

 private:
  Status check_size() const {
    if (program_.registers > max_registers) return too_many("registers", max_registers);
    const std::size_t items[] = {program_.constants.size(), program_.loads.size(),
                                 program_.code.size(),      program_.carries.size(),
                                 program_.histories.size(), program_.outputs.size()};
    for (const std::size_t count : items) {
      if (count > max_instructions) return too_many("items of one kind", max_instructions);
    }
    if (program_.reset_passes < 1 || program_.reset_passes > max_passes) {
      return Error{"the number of passes must be between 1 and " + std::to_string(max_passes)};
    }
    return {};
  }

  static Error too_many(const std::string& what, std::size_t limit) {
    return Error{"the program has more " + what + " than " + std::to_string(limit)};
  }

  static Error refuse(std::string_view what, std::size_t index, std::string_view why) {
    return Error{std::string(what) + " " + std::to_string(index) + ": " + std::string(why)};
  }

  // Whether [reg, reg + n) are registers. No sum overflows: n is bounded by what is there.
  bool holds(std::uint64_t reg, std::uint64_t n) const {
    return n > 0 && n <= program_.registers && reg <= program_.registers - n;
  }

  // Counts what a reset takes.
  bool affords(std::uint64_t n) {
    work_ += n * program_.reset_passes;
    return work_ <= max_work;
  }

  Status check(const Constant& constant, std::size_t i) {
    if (!holds(constant.reg, 1)) return refuse("constant", i, outside);
    return {};
  }

  Status check(const SignalLoad& load, std::size_t i) {
    const SignalRef& signal = load.signal;
    if (!holds(load.reg, signal.length)) return refuse("load", i, outside);
    if (!affords(signal.length)) return refuse("load", i, work);
    const std::uint32_t length = fixed_length(signal.kind);
    if (length != 0 && signal.length != length) {
      return refuse("load", i, std::string(signal_name(signal.kind)) + " has another length");
    }
    const int names = signal.name.empty() ? 0 : signal.other.empty() ? 1 : 2;
    if (names != name_count(signal.kind) || (signal.name.empty() && !signal.other.empty())) {
      return refuse("load", i, std::string(signal_name(signal.kind)) + " takes another number of names");
    }
    return {};
  }

  Status check(const Instruction& code, std::size_t i) {
    const bool reduces = op_shape(code.op) == OpShape::reduction;
    if (code.op > Op::draw_choice) return refuse("instruction", i, "no such operation");
    if (!holds(code.dst, reduces ? 1 : code.n)) return refuse("instruction", i, outside);
    if (!affords(code.n)) return refuse("instruction", i, work);
    const std::pair<bool, const Operand*> operands[] = {
        {takes_a(code.op), &code.a}, {takes_b(code.op), &code.b}, {takes_c(code.op), &code.c}};
    for (const auto& [taken, operand] : operands) {
      if (!taken && *operand != Operand{})
        return refuse("instruction", i, "an operand that it does not take");
      if (!taken) continue;
      if (operand->stride > 1) return refuse("instruction", i, "a stride that is neither 0 nor 1");
      if (!holds(operand->reg, operand->stride == 0 ? 1 : code.n)) return refuse("instruction", i, outside);
      if (overlaps(code, *operand)) return refuse("instruction", i, "its result overlaps what it reads");
    }
    return {};
  }

  // An elementwise operation may write to the very registers that it reads, element by element. Any
  // other overlap would make the result depend on the order in which elements are computed.
  static bool overlaps(const Instruction& code, const Operand& operand) {
    if (op_shape(code.op) == OpShape::reduction || code.n == 1) return false;
    if (operand.stride == 1 && operand.reg == code.dst) return false;
    const std::uint64_t last = std::uint64_t{operand.reg} + (operand.stride == 0 ? 1 : code.n);
    return operand.reg < std::uint64_t{code.dst} + code.n && code.dst < last;
  }

  Status check(const Carry& carry, std::size_t i) {
    if (!holds(carry.from, carry.n) || !holds(carry.to, carry.n)) return refuse("carry", i, outside);
    if (!affords(carry.n)) return refuse("carry", i, work);
    return {};
  }

  Status check(const History& history, std::size_t i) {
    const std::uint64_t all = std::uint64_t{history.n} * history.count;
    if (!holds(history.from, history.n) || !holds(history.to, all)) return refuse("history", i, outside);
    if (!affords(all)) return refuse("history", i, work);
    return {};
  }

  Status check(const Output& output, std::size_t i) {
    if (!holds(output.reg, output.n)) return refuse("output", i, outside);
    if (output.name.empty()) return refuse("output", i, "it has no name");
    if (!names_.insert(output.name).second)
      return refuse("output", i, "its name is there twice: " + output.name);
    return {};
  }

  // The number of options must be known before the program runs, for they are read.
  Status check_choices() const {
    std::vector<bool> written;
    std::vector<double> values;
    for (std::size_t i = 0; i < program_.code.size(); ++i) {
      const Instruction& code = program_.code[i];
      if (code.op != Op::draw_choice) continue;
      if (written.empty()) find_constants(written, values);
      const double count = written[code.c.reg] ? 0 : values[code.c.reg];
      if (!(count >= 1) || count != std::floor(count) || count > program_.registers) {
        return refuse("instruction", i, "the number of options is not a whole constant");
      }
      const std::uint64_t all = static_cast<std::uint64_t>(count) * code.n;
      if (code.c.stride != 0 || code.a.stride != 1 || !holds(code.a.reg, all)) {
        return refuse("instruction", i, outside);
      }
      if (code.dst < code.a.reg + all && code.a.reg < std::uint64_t{code.dst} + code.n) {
        return refuse("instruction", i, "its result overlaps what it reads");
      }
    }
    return {};
  }

  // Which registers change when the program runs, and the values of those that do not.
  void find_constants(std::vector<bool>& written, std::vector<double>& values) const {
    written.assign(program_.registers, false);
    values.assign(program_.registers, 0);
    const auto write = [&](std::uint64_t reg, std::uint64_t n) {
      for (std::uint64_t i = reg; i < reg + n; ++i) written[i] = true;
    };
    for (const Constant& each : program_.constants) values[each.reg] = each.value;
    for (const SignalLoad& each : program_.loads) write(each.reg, each.signal.length);
    for (const Instruction& each : program_.code) {
      write(each.dst, op_shape(each.op) == OpShape::reduction ? 1 : each.n);
    }
    for (const Carry& each : program_.carries) write(each.to, each.n);
    for (const History& each : program_.histories) write(each.to, std::uint64_t{each.n} * each.count);
  }

  static constexpr std::string_view outside = "it reaches outside the registers";
  static constexpr std::string_view work = "the program takes too long";

  const InstructionProgram& program_;
  std::uint64_t work_ = 0;
  std::unordered_set<std::string_view> names_;
};

}  // namespace

Status validate(const InstructionProgram& program) {
  return Validator(program).run();
}

}  // namespace motet

// Programs as text, a line an item:
//
//   registers 16
//   passes 2
//   constant r0 = 0.1
//   load r1[9] = qpos
//   load r10[3] = body.pos "torso"
//   r13 = sub[3] r10[] r0
//   carry r1[9] -> r5[9]
//   history r1[3] -> r6[3] x 4
//   output r13[3] "reward"
//
// r5 stays, r5[] steps through as many registers as the operation says, r5[3] is a range of 3.

#include <algorithm>
#include <initializer_list>
#include <string>

#include "compiler/plan/arithmetic.h"
#include "compiler/plan/op_names.h"
#include "compiler/plan/program.h"
#include "compiler/plan/text_line.h"

namespace motet {
namespace {

constexpr std::size_t max_text_size = std::size_t{64} << 20;
constexpr std::size_t max_lines = 2'000'000;

// --- writing ----------------------------------------------------------------------------------

class Writer {
 public:
  std::string write(const InstructionProgram& program) {
    text_ = "registers " + std::to_string(program.registers) + "\n";
    text_ += "passes " + std::to_string(program.reset_passes) + "\n";
    for (const Constant& each : program.constants) {
      line({"constant ", reg(each.reg), " = ", number_text(each.value)});
    }
    for (const SignalLoad& each : program.loads) {
      line({"load ", range(each.reg, each.signal.length), " = ", signal(each.signal)});
    }
    for (const Instruction& each : program.code) line({instruction(each)});
    for (const Carry& each : program.carries) {
      line({"carry ", range(each.from, each.n), " -> ", range(each.to, each.n)});
    }
    for (const History& each : program.histories) {
      line({"history ", range(each.from, each.n), " -> ", range(each.to, each.n), " x ",
            std::to_string(each.count)});
    }
    for (const Output& each : program.outputs) {
      line({"output ", range(each.reg, each.n), " ", quoted_text(each.name)});
    }
    return std::move(text_);
  }

 private:
  void line(std::initializer_list<std::string> parts) {
    for (const std::string& part : parts) text_ += part;
    text_ += '\n';
  }

  static std::string reg(std::uint32_t index) { return "r" + std::to_string(index); }
  static std::string range(std::uint32_t index, std::uint32_t n) {
    return n == 1 ? reg(index) : reg(index) + "[" + std::to_string(n) + "]";
  }
  static std::string operand(const Operand& operand) {
    return " " + reg(operand.reg) + (operand.stride == 0 ? "" : "[]");
  }

  static std::string signal(const SignalRef& signal) {
    std::string text(signal_name(signal.kind));
    if (!signal.name.empty() || !signal.other.empty()) text += " " + quoted_text(signal.name);
    if (!signal.other.empty()) text += " " + quoted_text(signal.other);
    return text;
  }

  static std::string instruction(const Instruction& instruction) {
    std::string text = reg(instruction.dst) + " = " + std::string(op_name(instruction.op));
    if (instruction.n != 1) text += "[" + std::to_string(instruction.n) + "]";
    if (takes_a(instruction.op)) text += operand(instruction.a);
    if (takes_b(instruction.op)) text += operand(instruction.b);
    if (takes_c(instruction.op)) text += operand(instruction.c);
    return text;
  }

  std::string text_;
};

// --- reading ----------------------------------------------------------------------------------

class Reader {
 public:
  // One line; an error says what was expected.
  Status read(std::string_view text) {
    TextLine line(text);
    if (line.at_end()) return {};
    const std::string_view word = line.word();
    if (word == "registers")
      program_.registers = line.integer();
    else if (word == "passes")
      program_.reset_passes = line.integer();
    else if (word == "constant")
      read_constant(line);
    else if (word == "load")
      read_load(line);
    else if (word == "carry")
      read_carry(line);
    else if (word == "history")
      read_history(line);
    else if (word == "output")
      read_output(line);
    else
      read_instruction(line, word);
    if (line.ok() && !line.at_end()) line.fail("the end of the line");
    if (!line.ok()) return Error{"expected " + line.expected()};
    return {};
  }

  InstructionProgram take() { return std::move(program_); }

 private:
  struct Range {
    std::uint32_t reg = 0, n = 1;
  };

  static Range range(TextLine& line) {
    Range range;
    line.expect("r");
    range.reg = line.digits();
    if (line.accept("[")) {
      range.n = line.digits();
      line.expect("]");
    }
    return range;
  }

  static Operand operand(TextLine& line) {
    Operand operand;
    line.skip_space();
    line.expect("r");
    operand.reg = line.digits();
    if (line.accept("[")) {
      line.expect("]");
      operand.stride = 1;
    }
    return operand;
  }

  void read_constant(TextLine& line) {
    Constant constant;
    constant.reg = range(line).reg;
    line.symbol("=");
    constant.value = line.number();
    program_.constants.push_back(constant);
  }

  void read_load(TextLine& line) {
    SignalLoad load;
    const Range to = range(line);
    line.symbol("=");
    const std::optional<SignalKind> kind = find_signal(line.word());
    if (!kind) return line.fail("the name of a signal");
    load.signal.kind = *kind;
    load.signal.length = to.n;
    load.reg = to.reg;
    if (!line.at_end()) load.signal.name = line.quoted();
    if (!line.at_end()) load.signal.other = line.quoted();
    program_.loads.push_back(std::move(load));
  }

  void read_carry(TextLine& line) {
    const Range from = range(line);
    line.symbol("->");
    const Range to = range(line);
    if (from.n != to.n) return line.fail("ranges of one length");
    program_.carries.push_back({from.reg, to.reg, from.n});
  }

  void read_history(TextLine& line) {
    const Range from = range(line);
    line.symbol("->");
    const Range to = range(line);
    if (from.n != to.n) return line.fail("ranges of one length");
    line.symbol("x");
    program_.histories.push_back({from.reg, to.reg, from.n, line.integer()});
  }

  void read_output(TextLine& line) {
    const Range from = range(line);
    program_.outputs.push_back({line.quoted(), from.reg, from.n});
  }

  void read_instruction(TextLine& line, std::string_view target) {
    Instruction instruction;
    TextLine dst(target);
    instruction.dst = range(dst).reg;
    if (!dst.ok() || !dst.at_end()) return line.fail("an item of a program");
    line.symbol("=");
    const std::optional<Op> op = find_op(line.identifier());
    if (!op) return line.fail("the name of an operation");
    instruction.op = *op;
    if (line.accept("[")) {
      instruction.n = line.digits();
      line.expect("]");
    }
    if (takes_a(*op)) instruction.a = operand(line);
    if (takes_b(*op)) instruction.b = operand(line);
    if (takes_c(*op)) instruction.c = operand(line);
    program_.code.push_back(instruction);
  }

  InstructionProgram program_;
};

}  // namespace

std::string to_text(const InstructionProgram& program) {
  return Writer().write(program);
}

Result<InstructionProgram> parse_program(std::string_view text) {
  if (text.size() > max_text_size) return Error{"the program's text is larger than 64 MiB"};
  Reader reader;
  std::size_t number = 1;
  for (; !text.empty(); ++number) {
    if (number > max_lines) return Error{"the program's text has more than 2000000 lines"};
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (Status status = reader.read(text.substr(0, end)); !status) {
      return Error{"line " + std::to_string(number) + ": " + status.error().message};
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  InstructionProgram program = reader.take();
  if (Status status = validate(program); !status) return status.error();
  return program;
}

}  // namespace motet

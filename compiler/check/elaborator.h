#pragma once

// Expressions to terms: names, lengths, types and units are checked on the way. An error is reported
// where it is, and gives an unknown value, about which nothing more is said.

#include <map>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/check/report.h"
#include "compiler/check/scenery.h"
#include "compiler/check/scope.h"
#include "compiler/check/value.h"
#include "compiler/check/words.h"

namespace motet::checking {

// What elaboration may cost, all environments of a program together: numbers in terms.
struct Budget {
  static constexpr std::size_t whole_program = 3u << 20;
  static constexpr std::size_t environment = 1u << 20;
  static constexpr std::uint32_t vector = 65536;

  std::size_t left = whole_program;
  bool reported = false;  // that nothing is left

  bool spend(std::size_t numbers) {
    if (numbers > left)
      left = 0;
    else
      left -= numbers;
    return left > 0;
  }
};

class Elaborator;

// What all elaborations of a program share.
struct Shared {
  const Scope& scope;
  Report& report;
  Budget& budget;
  std::vector<bool>& elaborated;      // lets and rewards that a world, a robot or a skill has used
  const std::vector<bool>& constant;  // lets that are the same everywhere (constants.h)
  Elaborator* constants = nullptr;    // elaborates these, once for all
};

// What names mean in one text: that of an item, or the body of a let or a reward.
struct Frame {
  std::uint32_t module = 0;
  std::vector<std::pair<std::string_view, Value>> parameters = {};
  bool in_item = true;            // distributions stand in the items themselves
  std::optional<Label> use = {};  // of a body: where an item comes to it
};

// "5", "(5, 0)".
std::string constant_text(const std::vector<double>& numbers);

class Elaborator {
 public:
  // Elaborates to terms in `table`. What `base` has elaborated, in a table that this one is a copy
  // of, is taken from there.
  Elaborator(const Shared& shared, TermTable& table, const Scenery& scenery, const Elaborator* base = nullptr)
      : shared_(shared), table_(table), scenery_(scenery), base_(base) {}

  // A value of any type and length.
  Value any(const syntax::Expr& expression, const Frame& frame, Place place);
  // Numbers; a single one; a single truth. Anything else is an error.
  Value numbers(const syntax::Expr& expression, const Frame& frame, Place place);
  Value number(const syntax::Expr& expression, const Frame& frame, Place place);
  Value truth(const syntax::Expr& expression, const Frame& frame, Place place);
  // One number to be measured; a truth counts 1 or 0.
  Value measured(const syntax::Expr& expression, const Frame& frame);
  // Numbers of a reset: distributions of scalars draw `length` numbers, each for itself.
  Value spread(const syntax::Expr& expression, const Frame& frame, std::uint32_t length);
  // The value of a let or reward without parameters.
  Value declared(DeclaredId id, Place place);
  // A let or reward checked with arguments that are not known, or in spite of its circle.
  void by_itself(DeclaredId id);
  // One after the other. Nothing known, where one is not.
  Value concatenated(std::span<const Value> values, Span span);
  // Copied until it has that length.
  Value broadcast(const Value& value, std::uint32_t length, Span span);

  // Of rewards.
  Value weighted_mean(std::span<const Value> values, std::span<const double> weights, Span span);
  Value largest(std::span<const Value> values, Span span);

  const std::vector<double>* constant(const Value& value) const;
  TermTable& table() { return table_; }
  const Scenery& scenery() const { return scenery_; }

 private:
  using Expr = syntax::Expr;
  enum class Phase : std::uint8_t { step, reset, drive, constant };

  struct Arguments {
    std::vector<const Expr*> positional;
    std::map<std::string_view, const Expr*> named;
  };

  struct Pair {
    Value a, b;
    std::uint32_t length = 0;  // of both together; 0 where one is not known
  };

  Value expression(const Expr& e, const Frame& f);
  Value dispatch(const Expr& e, const Frame& f);

  // elaborate_operator.cpp
  Value literal(const Expr& e, const Frame& f);
  Value vector(const Expr& e, const Frame& f);
  Value unary(const Expr& e, const Frame& f);
  Value binary(const Expr& e, const Frame& f);
  Value combine(const Expr& e, const Value& a, const Value& b, const Frame& f);
  Value arithmetic(const Expr& e, Op op, const Value& a, const Value& b, const Frame& f);
  Value compare(const Expr& e, Op op, const Value& a, const Value& b, const Frame& f);
  Value conditional(const Expr& e, const Frame& f);

  // elaborate_part.cpp
  Value member(const Expr& e, const Frame& f);
  Value swizzle(const Expr& e, const Value& of, const Frame& f);
  Value slice(const Expr& e, const Frame& f);
  Value part(const Value& of, std::uint32_t offset, std::uint32_t length);

  // elaborate_name.cpp
  Value name(const Expr& e, std::string_view text, const Frame& f);
  Value sample(const SampleInfo& info, std::string_view text);
  Value unknown_name(const Expr& e, std::string_view text, const Frame& f);
  Value call_declared(const Expr& e, DeclaredId id, const Frame& f);
  Value plain_declared(DeclaredId id, const Frame& f, Span use);
  Value instantiate(DeclaredId id, std::vector<Value> arguments, const Frame& caller, Span use);
  std::string instance_name(DeclaredId id, std::span<const Value> arguments) const;

  // elaborate_signal.cpp
  Value signal_word(const Expr& e, std::string_view text, const Frame& f);
  Value element_signal(const Expr& e, const Frame& f);
  Value success(const Expr& e, const Frame& f);
  Value com(const Expr& e, const Frame& f);
  Value sensor(const Expr& e, const Frame& f);
  Value contact(const Expr& e, const Frame& f);
  Value bare_element(const Expr& e, const Frame& f);
  Value body_signal(const Expr& e, std::string_view name, const Frame& f);
  Value joint_signal(const Expr& e, std::string_view name, const Frame& f);
  Value no_such_member(const Expr& e, std::vector<std::string> members, const Frame& f);
  Value signal(SignalKind kind, std::string name, std::uint32_t length, Quantity quantity);
  bool can_read(const Expr& e, const Frame& f);
  std::optional<std::string> element_argument(const Expr& call, std::size_t index, const Frame& f);
  // The element's index; nothing, where there is none (reported) or where no model is known.
  std::optional<int> find_element(Element element, const Expr& call, std::size_t index, const Frame& f);

  // elaborate_function.cpp, elaborate_geometry.cpp, elaborate_step.cpp, elaborate_drive.cpp,
  // elaborate_draw.cpp
  Value call(const Expr& e, const Frame& f);
  Value function(const Expr& e, const FunctionWord& word, const Frame& f);
  std::optional<Arguments> arguments(const Expr& e, const FunctionWord& word,
                                     std::span<const std::string_view> names, const Frame& f);
  Value pointwise(const Expr& e, Op op, const Frame& f);
  Value reduction(const Expr& e, Op all, Op pair, const Frame& f);
  Value norm(const Expr& e, const Frame& f);
  Value dot(const Expr& e, const Frame& f);
  // Two numbers or vectors that can be subtracted; nothing (reported), where they cannot.
  std::optional<Pair> pair(const Expr& e, const Frame& f);
  Value distance(const Expr& e, const Frame& f);
  Value angle(const Expr& e, const Frame& f);
  Value atan2(const Expr& e, const Frame& f);
  Value clip(const Expr& e, const Frame& f);
  Value gauss(const Expr& e, const Arguments& arguments, const Frame& f);
  std::optional<Value> now(const Expr& e, const Frame& f);
  Value history(const Expr& e, const Frame& f);
  Value previous(const Expr& e, const Frame& f);
  Value rate(const Expr& e, const Frame& f);
  const JointInfo* driven_joint(const Expr& e, const Frame& f);
  std::vector<Value> pd_values(const Expr& e, const Arguments& arguments, const Frame& f);
  Value pd(const Expr& e, const Arguments& arguments, const Frame& f);
  Value draw(const Expr& e, Op op, const Frame& f);
  Value choice(const Expr& e, const Frame& f);
  bool check_distribution(const Expr& e, Op op, const Value& a, const Value& b, const Frame& f);

  // Helpers that report.
  Value complain(Diagnostic diagnostic, const Frame& f);
  bool is_number(const Value& value, const Expr& e, const Frame& f);
  bool is_truth(const Value& value, const Expr& e, const Frame& f);
  // The length of both together; 0 where one is not known; nothing (reported) where they differ.
  std::optional<std::uint32_t> common_length(const Expr& e, const Value& a, const Expr& a_text,
                                             const Value& b, const Expr& b_text, const Frame& f);
  bool units_agree(const Expr& e, const Value& a, const Expr& a_text, const Value& b, const Expr& b_text,
                   const Frame& f);
  Value number_operand(const Expr& e, const Frame& f);
  Value single(const Value& value, const Expr& e, const Frame& f);

  // Helpers that build.
  Value apply(Op op, std::vector<TermId> args, std::uint32_t length, Quantity quantity = {});
  Value checked(Value value, const Expr& e, const Frame& f);
  Value constant_value(double value, Quantity quantity = Quantity::number());
  bool spend(std::size_t numbers);
  void too_much(Span span);
  Phase phase() const;
  bool in_step() const { return phase() == Phase::step; }
  void mix_nonlinear(Value& result, std::initializer_list<const Value*> of) const;

  struct Memo {
    std::unordered_map<DeclaredId, Value> plain;
    std::map<std::vector<std::uint32_t>, Value> calls;
    std::unordered_set<DeclaredId> settled;  // with parameters: what they use is there
  };
  const Value* remembered(DeclaredId id) const;
  bool is_elsewhere(DeclaredId id) const { return shared_.constants != nullptr && shared_.constant[id]; }
  Value constant_declared(DeclaredId id, const Frame& f, Span use);

  Shared shared_;
  TermTable& table_;
  const Scenery& scenery_;
  const Elaborator* base_;
  Place place_ = Place::constant;
  Memo memo_[4];
  int depth_ = 0;
  std::uint32_t draw_length_ = 0;  // of a distribution of scalars; 0: its own
  std::size_t spent_ = 0;
  bool exhausted_ = false;   // a limit is reached: everything is unknown from now on
  bool complained_ = false;  // and it has been said
};

}  // namespace motet::checking

#pragma once

// The syntax tree: what was written, with spans and comments. Plain structs, no behaviour.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "language/source.h"

namespace motet::syntax {

struct Name {
  std::string text;
  Span span;
};

// A comment, without its `//`, where it stood.
struct Comment {
  std::string text;
  Span span;
};

// A name may be qualified by the alias of an import: then its text has dots, `mine.walk`. This holds
// for the names of robots, worlds and skills that are referred to, and for what is called.

// An expression over signals. One struct for every kind: `children` are its operands in order.
struct Expr {
  enum class Kind {
    number,       // value (the suffix k or M applied), unit; text is the spelling of the number
    string,       // text: the content, without the quotes
    boolean,      // text: "true" or "false"
    name,         // text
    vector,       // (a, b, ...), at least two children
    list,         // [a, b, ...], in settings and after `in`
    call,         // text: the callee; children: the arguments
    member,       // children[0] . text (`mine.goal` of an import as well)
    slice,        // children[0] [ first .. last ] or [ first ]
    unary,        // text: "-" or "not"
    binary,       // text: + - * / ^ < <= > >= == != and or
    conditional,  // children[0] if children[1] else children[2]
    history,      // last N { children[0], ... }
    argument,     // a named argument, `kp 1.2`: text, children[0]; only inside a call
  };

  Kind kind;
  Span span = {};
  Span text_span = {};  // of the callee, the member or the operator
  std::string text = {};
  double value = 0;       // number; history: N
  std::string unit = {};  // number: the unit as written and known (units.h), or empty; `per s` is one
  Span unit_span = {};
  std::optional<std::int64_t> first = {},
                              last = {};  // slice; `last` is exclusive. [i] is first = i, last = i + 1
  bool single = false;                    // slice: written [i]
  bool parenthesised = false;
  std::vector<Expr> children = {};
};

// An expression over skills.
struct SkillExpr {
  enum class Kind {
    reference,  // NAME or NAME(ARGS); text, arguments
    scaled,     // WEIGHT * children[0]
    both,       // children[0] & children[1] & ...
    either,     // children[0] | children[1] | ...
    over,       // children[0] over children[1]
  };

  Kind kind;
  Span span = {};
  Name name = {};                    // reference
  bool has_arguments = false;        // reference: written with parentheses
  std::vector<Expr> arguments = {};  // reference
  std::vector<Expr> weight = {};     // scaled: exactly one
  bool parenthesised = false;
  std::vector<SkillExpr> children = {};
};

// `name value` in the braces of `policy` and `learn`: hidden [256, 256], temperature auto.
struct Setting {
  Name name;
  Expr value;
  Span span;
};

// --- items of a robot -------------------------------------------------------------------------

struct ModelItem {  // model "ant.xml"   model point(2)
  Expr source;      // a string or a call
  Span span;
};
struct ObserveItem {  // observe EXPR, ...          (robot and world)
  std::vector<Expr> terms;
  Span span;
};
struct ActChannel {  // motors   hip_1   swing[4] in [-0.5, 0.5]
  Name name;
  std::optional<std::int64_t> length;  // swing[4]
  std::optional<Expr> range;           // a list of two
  Span span;
};
struct ActItem {  // act CHANNEL, ...
  std::vector<ActChannel> channels;
  Span span;
};
struct DriveItem {  // drive motor(fl_left) = pd(...)
  Expr target;
  Expr value;
  Span span;
};
struct ControlItem {  // control 20 Hz
  Expr rate;
  Span span;
};
struct LimitItem {  // limit joint(knee).pos in [-1, 1]   limit action rate 5 per s   limit torque 3 Nm
  enum class Kind { range, action_rate, torque };
  Kind kind;
  std::vector<Expr> target;  // range: exactly one
  Expr bound;                // range: a list of two; action_rate and torque: a number
  Span span;
};

// --- items of a world -------------------------------------------------------------------------

struct RobotItem {  // robot NAME
  Name robot;
  Span span;
};
struct SceneItem {  // scene "maze.xml"
  Expr path;
  Span span;
};
struct HorizonItem {  // horizon 300 steps   horizon 10 s
  Expr length;
  Span span;
};
struct SampleItem {  // sample NAME = DISTRIBUTION
  Name name;
  Expr distribution;
  Span span;
};
struct ResetItem {  // reset LVALUE = EXPR   reset LVALUE += EXPR
  Expr target;
  bool add = false;
  Expr value;
  Span span;
};
struct EndItem {  // end when BOOL
  Expr condition;
  Span span;
};
struct SuccessItem {  // success when BOOL
  Expr condition;
  Span span;
};
struct MeasureItem {  // measure NAME = EXPR at end | mean | max | min
  enum class Over { end, mean, max, min };
  Name name;
  Expr value;
  Over over = Over::end;
  Span span;
};

// --- items of a skill -------------------------------------------------------------------------

struct InItem {  // in WORLD
  Name world;
  Span span;
};
struct MaximizeItem {  // maximize EXPR
  Expr reward;
  Span span;
};
struct PolicyItem {  // policy gaussian { hidden [256, 256] }
  Name kind;
  std::vector<Setting> settings;
  Span span;
};
struct LearnItem {  // learn sac { steps 200k }
  Name algorithm;
  std::vector<Setting> settings;
  Span span;
};
struct HoldItem {  // hold 3 steps
  Expr length;
  Span span;
};
struct LatentItem {  // latent per step | episode
  Name per;
  Span span;
};
struct PriorItem {  // prior gaussian | uniform
  Name kind;
  Span span;
};
struct StartItem {  // start from SKILL
  SkillExpr skill;
  Span span;
};

using Item =
    std::variant<ModelItem, ObserveItem, ActItem, DriveItem, ControlItem, LimitItem, RobotItem, SceneItem,
                 HorizonItem, SampleItem, ResetItem, EndItem, SuccessItem, MeasureItem, InItem, MaximizeItem,
                 PolicyItem, LearnItem, HoldItem, LatentItem, PriorItem, StartItem>;

Span span_of(const Item& item);

// --- declarations -----------------------------------------------------------------------------

struct Import {      // import robots.ant   import "local.motet" as mine
  std::string path;  // "robots.ant", or the string's content
  bool quoted = false;
  Span path_span;
  std::optional<Name> alias;
  Span span;
};
struct Let {
  Name name;
  std::vector<Name> parameters;
  bool has_parameters = false;
  Expr value;
  Span span;
};
struct Reward {
  Name name;
  std::vector<Name> parameters;
  bool has_parameters = false;
  Expr value;
  Span span;
};
struct Robot {
  Name name;
  std::vector<Item> items;
  Span span;
};
struct World {
  Name name;
  std::vector<Item> items;
  Span span;
};
// skill NAME { }   skill NAME over LOWER { }   skill NAME = EXPR { }   skill NAME from "FILE"
struct Skill {
  Name name;
  std::vector<Name> parameters;
  bool has_parameters = false;
  std::optional<SkillExpr> over;
  std::optional<SkillExpr> value;
  std::optional<Expr> from;  // a string; what it stands on may be there, too
  bool has_body = false;
  std::vector<Item> items;
  Span span;
};

using Declaration = std::variant<Import, Let, Robot, World, Reward, Skill>;

Span span_of(const Declaration& declaration);
const Name* name_of(const Declaration& declaration);  // null for an import

struct Module {
  std::uint32_t file = 0;
  std::vector<Declaration> declarations;
  std::vector<Comment> comments;  // in the order of the text
  // The names of declarations that were left out because of an error in them: they exist, but nothing
  // is known about them, so that nothing should be said about their uses.
  std::vector<Name> broken;
};

}  // namespace motet::syntax

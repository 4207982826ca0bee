#pragma once

// What surrounds an expression: the model and the world whose signals it can read, and the place it
// stands in.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/check/models.h"
#include "compiler/check/value.h"
#include "language/syntax.h"

namespace motet::checking {

// Where an expression stands. It decides what can be read.
enum class Place {
  constant,  // settings, ranges, arguments of skills: numbers only
  observation,
  reward,
  end,
  success,
  measure,
  sample,  // a distribution, drawn at a reset
  reset,
  drive,  // before every physics step
};

// Sampled at every reset.
struct SampleInfo {
  std::uint32_t length = 0;  // 0: not known, after an error
  Quantity quantity = {};
  std::optional<TermId> draw = {};  // in the environment's terms
  Span span = {};
};

// `swing[4]`: a slice of the action.
struct ChannelInfo {
  std::uint32_t offset = 0, length = 1;
};

struct Scenery {
  enum class Body { unknown, point, model };

  Body body = Body::unknown;  // unknown: after an error, or where there is no world
  std::shared_ptr<const LoadedModel> model;
  std::uint32_t point_dimensions = 0;
  std::uint32_t action_size = 0;  // 0: not known
  double control_period = 0;      // s; 0: not known
  std::map<std::string, SampleInfo, std::less<>> samples;
  std::map<std::string, ChannelInfo, std::less<>> channels;  // in `drive`
  std::string actuator;                                      // the one that is driven, in `drive`
  const syntax::SuccessItem* success_item = nullptr;
  std::optional<Value> success;  // once it is elaborated
};

}  // namespace motet::checking

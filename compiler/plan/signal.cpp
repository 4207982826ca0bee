#include "compiler/plan/signal.h"

#include <array>
#include <iterator>

namespace motet {
namespace {

// By SignalKind.
constexpr std::string_view names[] = {
    "time",        "qpos",      "qvel",    "action",    "joint.pos",  "joint.vel", "joint.torque",
    "body.pos",    "body.quat", "body.up", "body.roll", "body.pitch", "body.yaw",  "body.vel",
    "body.angvel", "site.pos",  "sensor",  "contact",   "com.pos",    "com.vel",   "sample",
};
static_assert(std::size(names) == static_cast<std::size_t>(SignalKind::sample) + 1);

}  // namespace

std::string_view signal_name(SignalKind kind) {
  return names[static_cast<std::size_t>(kind)];
}

std::optional<SignalKind> find_signal(std::string_view name) {
  for (std::size_t i = 0; i < std::size(names); ++i) {
    if (names[i] == name) return static_cast<SignalKind>(i);
  }
  return std::nullopt;
}

}  // namespace motet

#pragma once

// What a link's file from outside goes through, for the fuzzer and for the replay of its corpus: alone, or
// before a line "--- robot ---" and the contract of a robot, which it is then to fit.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "runtime/links/robot_signals.h"

namespace motet {

// What a robot says goes to signals, and controls to what it is sent.
inline void speak(const Contract& contract, const LinkFile& link) {
  std::vector<SignalRef> signals;
  for (const JointContract& joint : contract.joints)
    signals.push_back({SignalKind::joint_pos, joint.name, {}, 1});
  const auto made = RobotSignals::make(contract, link, signals);
  if (!made) return;
  std::vector<JointReading> readings;
  for (std::size_t i = 0; i < made->joints().size(); ++i)
    readings.push_back(made->joint(i, {1e300, -1e300, 0.0}));
  std::vector<double> values(signals.size());
  made->compute(readings, made->body({}), values);
  const RobotCommands commands(contract, link);
  for (const RobotCommands::Group& group : commands.groups())
    for (const std::size_t i : group.actuators) (void)commands.command(i, 1e300);
}

inline void try_link(std::string_view bytes) {
  constexpr std::string_view line = "\n--- robot ---\n";
  const std::size_t at = bytes.find(line);
  const auto link = link_from_toml(bytes.substr(0, at));
  if (!link) return;
  const std::string text = to_toml(*link);
  const auto again = link_from_toml(text);
  if (!again || to_toml(*again) != text) {
    std::fprintf(stderr, "a link that is taken, and is another when it was written again: %s\n",
                 again ? "" : again.error().message.c_str());
    std::abort();
  }
  if (at == bytes.npos) return;
  const auto contract = contract_from_toml(bytes.substr(at + line.size()));
  if (contract && wrong_with(*link, *contract).empty()) speak(*contract, *link);
}

}  // namespace motet

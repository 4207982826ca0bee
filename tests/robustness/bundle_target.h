#pragma once

// What a bundle from outside goes through, for the fuzzer and for the replay of its corpus. Behind the sums
// nothing would be found: contracts and weights are read by themselves, too, and a contract that is taken is
// executed with weights of its own.

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "runtime/execution/executor.h"
#include "with_zeros.h"

namespace motet {

inline void execute(const Contract& contract) {
  const auto bundle = with_zeros(contract);
  if (!bundle) return;
  const Result<std::string> bytes = pack(*bundle);
  std::string error;
  const auto executor = bytes ? Executor::from_bytes(*bytes, error) : nullptr;
  if (executor == nullptr) {
    std::fprintf(stderr, "a contract that is taken, and is not when it was written again: %s\n",
                 error.c_str());
    std::abort();
  }
  const std::vector<float> observation(executor->observation_size(), 0.5f);
  std::vector<float> action(executor->action_size());
  for (int step = 0; step < 3; ++step) executor->step(observation, action);
}

inline void try_bundle(std::string_view bytes) {
  if (const auto contract = contract_from_toml(bytes)) execute(*contract);
  (void)from_safetensors(bytes);
  (void)unpack(bytes);
  const auto members = from_tar(bytes);
  if (!members) return;
  for (const TarMember& member : *members) {
    (void)from_safetensors(member.content);
    if (member.name == "bundle.toml")
      if (const auto contract = contract_from_toml(member.content)) execute(*contract);
  }
}

}  // namespace motet

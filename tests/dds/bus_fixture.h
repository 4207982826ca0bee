#pragma once

// A network of this process's own, on the loopback.

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>

#include "runtime/dds/bus.h"

namespace motet::dds::test {

inline int domain() {
  setenv("CYCLONEDDS_URI",
         "<CycloneDDS><Domain><General><Interfaces><NetworkInterface name=\"lo\" "
         "multicast=\"true\"/></Interfaces>"
         "</General></Domain></CycloneDDS>",
         1);
  return 100 + static_cast<int>(getpid() % 100);
}

inline std::shared_ptr<Bus> bus() {
  auto joined = Bus::join(domain());
  EXPECT_TRUE(joined) << joined.error().message;
  return *joined;
}

template <typename Condition>
bool within(std::chrono::milliseconds limit, Condition condition) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return condition();
}

}  // namespace motet::dds::test

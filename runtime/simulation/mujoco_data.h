#pragma once

// The state of a simulation that MuJoCo runs, owned.

#include <mujoco/mujoco.h>

#include <memory>

namespace motet {

struct DataDeleter {
  void operator()(mjData* data) const { mj_deleteData(data); }
};
using DataHandle = std::unique_ptr<mjData, DataDeleter>;

}  // namespace motet

#include "compiler/model/mujoco_errors.h"

#include <mujoco/mujoco.h>

#include <cstdlib>
#include <mutex>
#include <utility>

namespace motet {
namespace {

constexpr std::size_t max_allocation = std::size_t{4} << 30;
constexpr std::size_t max_warnings_size = 4096;  // a simulation may warn in every step

// A warning says which thread it comes from only by being raised there.
thread_local std::string warnings;

using Clock = std::chrono::steady_clock;
thread_local Clock::time_point deadline = Clock::time_point::max();

// The engine asks for the time many times a step, to measure itself.
mjtNum on_time() {
  if (deadline != Clock::time_point::max() && Clock::now() > deadline) mju_error("it takes too long");
  return 0;
}

void on_error(const char* message) {
  throw MujocoError(message);
}

void on_warning(const char* message) {
  if (warnings.size() >= max_warnings_size) return;
  if (!warnings.empty()) warnings += '\n';
  warnings += message;
}

// As MuJoCo's own, which aligns to 64 bytes, with a limit: a null pointer becomes an error.
void* allocate(std::size_t size) {
  if (size == 0 || size > max_allocation) return nullptr;
  return std::aligned_alloc(64, (size + 63) / 64 * 64);
}

}  // namespace

void install_mujoco_handlers() {
  static std::once_flag once;
  std::call_once(once, [] {
    mju_user_error = on_error;
    mju_user_warning = on_warning;
    mjcb_time = on_time;
    mju_user_malloc = allocate;
    mju_user_free = [](void* memory) { std::free(memory); };
  });
}

std::string take_mujoco_warnings() {
  return std::exchange(warnings, {});
}

MujocoDeadline::MujocoDeadline(std::chrono::milliseconds time) {
  deadline = Clock::now() + time;
}
MujocoDeadline::~MujocoDeadline() {
  deadline = Clock::time_point::max();
}

}  // namespace motet

// The C interface of the executor.

#include "runtime/execution/motet.h"

#include <algorithm>
#include <cstring>

#include "runtime/execution/executor.h"

struct motet_executor {
  std::unique_ptr<motet::Executor> executor;
};

namespace {

motet_executor* load(const char* file, const motet::ExecutorOptions& options, char* error, std::size_t size) {
  std::string why;
  std::unique_ptr<motet::Executor> executor;
  if (file == nullptr) {
    why = "no file was named";
  } else {
    executor = motet::Executor::load(file, why, options);
  }
  if (executor) return new motet_executor{std::move(executor)};
  if (error != nullptr && size > 0) {
    const std::size_t length = std::min(why.size(), size - 1);
    std::memcpy(error, why.data(), length);
    error[length] = '\0';
  }
  return nullptr;
}

const char* text_of(const std::vector<std::string>& texts, std::size_t i) {
  return i < texts.size() ? texts[i].c_str() : nullptr;
}

}  // namespace

extern "C" {

motet_executor* motet_load(const char* file, char* error, size_t size) {
  return load(file, {}, error, size);
}

motet_executor* motet_load_sampled(const char* file, uint64_t seed, char* error, size_t size) {
  return load(file, {.sample = true, .seed = seed, .latent = {}}, error, size);
}

void motet_free(motet_executor* executor) {
  delete executor;
}

size_t motet_observation_size(const motet_executor* executor) {
  return executor->executor->observation_size();
}

size_t motet_action_size(const motet_executor* executor) {
  return executor->executor->action_size();
}

double motet_control_period(const motet_executor* executor) {
  return executor->executor->control_period();
}

const char* motet_skill(const motet_executor* executor) {
  return executor->executor->skill().c_str();
}

const char* motet_observation_name(const motet_executor* executor, size_t i) {
  return text_of(executor->executor->observation_names(), i);
}

const char* motet_observation_unit(const motet_executor* executor, size_t i) {
  return text_of(executor->executor->observation_units(), i);
}

const char* motet_action_name(const motet_executor* executor, size_t i) {
  return text_of(executor->executor->action_names(), i);
}

void motet_begin(motet_executor* executor) {
  executor->executor->begin();
}

enum motet_status motet_step(motet_executor* executor, const float* observation, float* action) {
  motet::Executor& one = *executor->executor;
  const motet::StepStatus status =
      one.step({observation, one.observation_size()}, {action, one.action_size()});
  return status == motet::StepStatus::ok ? MOTET_OK : MOTET_NOT_FINITE;
}

}  // extern "C"

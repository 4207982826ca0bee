#pragma once

// Executes a trained skill from its bundle: observation in, action out. This header needs nothing but the
// standard library, and so does what is behind it.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace motet {

struct ExecutorOptions {
  bool sample = false;        // draw actions from the policy, where it has a mean action, too
  std::uint64_t seed = 1;     // of what is drawn
  std::vector<float> latent;  // [m] the top policy's noise, always the same; empty: drawn
};

enum class StepStatus : std::uint8_t {
  ok,
  wrong_size,  // the observation or the action is not as long as the skill's
  not_finite,  // the observation holds a NaN or an infinity, or the action would
};

// A skill with all that it stands on. One thread at a time.
class __attribute__((visibility("default"))) Executor {
 public:
  // Reads a bundle. Null where it cannot be executed: `error` then says what, where and why.
  static std::unique_ptr<Executor> load(const std::string& file, std::string& error,
                                        const ExecutorOptions& options = {});
  // The same of a bundle's bytes.
  static std::unique_ptr<Executor> from_bytes(std::string_view bundle, std::string& error,
                                              const ExecutorOptions& options = {});
  ~Executor();

  std::size_t observation_size() const noexcept;  // n
  std::size_t action_size() const noexcept;       // m
  double control_period() const noexcept;         // s between two steps
  const std::string& skill() const noexcept;
  const std::vector<std::string>& observation_names() const noexcept;  // [n]
  const std::vector<std::string>& observation_units() const noexcept;  // [n], SI; "" where there is none
  const std::vector<std::string>& action_names() const noexcept;       // [m]
  std::string contract() const;                                        // all of it, as TOML

  // From the next step on, the top policy's noise is this [m], always the same; empty: drawn, or the mean, as
  // its options say. False, and nothing changes, where it has another length. Allocates nothing.
  bool set_latent(std::span<const float> latent) noexcept;
  // An episode begins: layers that hold an action act anew.
  void begin() noexcept;
  // One control step: from the observation [n] to the robot's action [m] in [-1, 1]. Allocates nothing and
  // takes no lock. Unless it is ok, the action is zero and the step does not count.
  StepStatus step(std::span<const float> observation, std::span<float> action) noexcept;

  std::size_t layers() const noexcept;
  // What layer i, from the top, was last given as its latent [m]: the top policy's noise, which is zero where
  // its mean was taken; of each other layer what the one above it said.
  std::span<const float> latent(std::size_t i) const noexcept;

 private:
  struct State;
  explicit Executor(std::unique_ptr<State> state);
  template <typename Read>
  static std::unique_ptr<Executor> make(Read read, std::string& error, const ExecutorOptions& options);

  std::unique_ptr<State> state_;
};

}  // namespace motet

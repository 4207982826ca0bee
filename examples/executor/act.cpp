// act BUNDLE: what a skill does where all that it observes is zero.

#include <motet/executor.h>

#include <cstdio>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  std::string error;
  const auto executor = motet::Executor::load(argc > 1 ? argv[1] : "", error);
  if (!executor) {
    std::fprintf(stderr, "act: %s\n", error.c_str());
    return 1;
  }
  std::printf("%s, a step every %g s\n", executor->skill().c_str(), executor->control_period());

  // Yours: what the robot observes, in the order of observation_names().
  std::vector<float> observation(executor->observation_size());
  std::vector<float> action(executor->action_size());

  executor->begin();
  if (executor->step(observation, action) != motet::StepStatus::ok) return 1;
  for (std::size_t i = 0; i < action.size(); ++i)
    std::printf("%s %g\n", executor->action_names()[i].c_str(), action[i]);
}

/* act_c BUNDLE: what a skill does where all that it observes is zero. */

#include <motet/motet.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char** argv) {
  char error[500];
  motet_executor* executor = motet_load(argc > 1 ? argv[1] : "", error, sizeof error);
  if (executor == NULL) {
    fprintf(stderr, "act: %s\n", error);
    return 1;
  }
  printf("%s, a step every %g s\n", motet_skill(executor), motet_control_period(executor));

  /* Yours: what the robot observes, in the order of motet_observation_name(). */
  float* observation = calloc(motet_observation_size(executor), sizeof *observation);
  float* action = calloc(motet_action_size(executor), sizeof *action);
  int failed = observation == NULL || action == NULL;

  motet_begin(executor);
  failed = failed || motet_step(executor, observation, action) != MOTET_OK;
  for (size_t i = 0; !failed && i < motet_action_size(executor); ++i)
    printf("%s %g\n", motet_action_name(executor, i), action[i]);

  free(observation);
  free(action);
  motet_free(executor);
  return failed;
}

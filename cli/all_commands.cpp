#include "cli/command.h"
#include "cli/plot_command.h"
#include "cli/run_command.h"

namespace motet::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      check_command(),         fmt_command(),     explain_command(), compile_command(),
      graph_command(),         train_command(),   eval_command(),    run_command(run_episodes),
      plot_command(plot_runs), doctor_command(),  bound_command(),   export_command(),
      simulate_command(),      inspect_command(), link_command(),    replay_command(),
      collect_command(),       bench_command(),   help_command(),    completion_command(),
  };
  return all;
}

}  // namespace motet::cli

// What people type. The commands that only read programs are here, since they should answer at once:
// loading LibTorch alone takes longer than checking ten thousand declarations; and those that run on a
// robot's computer, which may have none. The rest is in motet-runtime, which this program becomes when it is
// asked for something else.

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/command.h"
#include "cli/plot_command.h"
#include "cli/run_command.h"

namespace motet::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> quick = {check_command(),      fmt_command(),        explain_command(),
                                             compile_command(),    graph_command(),      inspect_command(),
                                             link_command(),       replay_command(),     collect_command(),
                                             run_command(nullptr), plot_command(nullptr)};
  return quick;
}

namespace {

int become_runtime(char** argv) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) {
    complain("where this program lies cannot be found out: " + error.message());
    return outside_failed;
  }
  const std::string runtime = (self.parent_path() / "motet-runtime").string();
  execv(runtime.c_str(), argv);
  complain("`" + runtime + "` cannot be started: " + std::strerror(errno) + "; install it beside `motet`");
  return outside_failed;
}

// `run` of anything but a bundle, `plot` of anything but a recording.
bool is_of_runtime(const std::vector<std::string>& words) {
  if (words[0] == "plot") return std::none_of(words.begin(), words.end(), is_recording);
  return words[0] == "run" && std::none_of(words.begin(), words.end(), is_bundle);
}

}  // namespace

}  // namespace motet::cli

int main(int argc, char** argv) {
  using namespace motet::cli;
  if (argc < 2 || find_command(argv[1]) == nullptr || is_of_runtime({argv + 1, argv + argc}))
    return become_runtime(argv);
  return run_command_line({argv + 1, argv + argc});
}

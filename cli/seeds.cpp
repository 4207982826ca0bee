#include "cli/seeds.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <optional>
#include <utility>

#include "cli/command.h"
#include "cli/interrupt.h"

namespace motet::cli {

namespace {

struct Job {
  long long seed = 0;
  pid_t process = -1;
  int output = -1;  // the read end of its standard output and error
  std::string pending;
};

std::optional<Job> start(const SeedJobs& request, long long seed) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  std::vector<std::string> words = {"motet", "train"};
  words.insert(words.end(), request.command.begin(), request.command.end());
  words.insert(words.end(), {"--seed", std::to_string(seed), "--run",
                             (request.run / ("seed-" + std::to_string(seed))).string()});
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  Job job{seed, -1, ends[0], {}};
  const int failed = posix_spawn(&job.process, "/proc/self/exe", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failed == 0) return job;
  close(ends[0]);
  return std::nullopt;
}

// Prints whole lines; returns false at the end of the output.
bool pump(Job& job) {
  char buffer[4096];
  const ssize_t count = read(job.output, buffer, sizeof buffer);
  if (count < 0 && errno == EINTR) return true;
  if (count > 0) job.pending.append(buffer, static_cast<std::size_t>(count));
  if (count <= 0 && !job.pending.empty() && job.pending.back() != '\n') job.pending += '\n';
  for (std::size_t end; (end = job.pending.find('\n')) != std::string::npos; job.pending.erase(0, end + 1))
    std::cout << "seed " << job.seed << ": " << job.pending.substr(0, end) << std::endl;
  return count > 0;
}

int finish(Job& job) {
  close(job.output);
  int status = 0;
  while (waitpid(job.process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  std::cout << "seed " << job.seed << ": ended by signal " << WTERMSIG(status) << std::endl;
  return outside_failed;
}

}  // namespace

int train_seeds(const SeedJobs& request) {
  const std::atomic<bool>& interrupt_requested = catch_interrupts();
  bool passed_on = false;
  std::vector<Job> running;
  long long next = 1;
  int worst = done;
  while (next <= request.seeds || !running.empty()) {
    while (next <= request.seeds && static_cast<long long>(running.size()) < request.jobs) {
      auto job = start(request, next++);
      if (!job) {
        complain("another process could not be started");
        worst = outside_failed;
        next = request.seeds + 1;
      } else {
        running.push_back(std::move(*job));
      }
    }
    if (running.empty()) break;
    std::vector<pollfd> waits;
    for (const Job& job : running) waits.push_back({job.output, POLLIN, 0});
    constexpr int look_again = 200;  // milliseconds: a signal may come just before the wait
    const int ready = poll(waits.data(), waits.size(), look_again);
    if (interrupt_requested && !std::exchange(passed_on, true)) {
      for (const Job& job : running) kill(job.process, SIGINT);
      worst = interrupted;
      next = request.seeds + 1;
    }
    if (ready <= 0) continue;
    for (std::size_t i = waits.size(); i-- > 0;) {
      if (waits[i].revents == 0 || pump(running[i])) continue;
      worst = std::max(worst, finish(running[i]));
      running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (worst == interrupted) next = request.seeds + 1;
  }
  return worst;
}

}  // namespace motet::cli

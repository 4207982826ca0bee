#pragma once

// Runs the built program as a user does, and keeps what it said.

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace motet::test {

namespace fs = std::filesystem;

inline std::string read_file(const fs::path& file) {
  std::ifstream input(file, std::ios::binary);
  std::stringstream text;
  text << input.rdbuf();
  return text.str();
}

inline void write_text(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

// A folder of its own for one test, removed at its end.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "motet-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path operator/(const std::string& name) const { return path_ / name; }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct Outcome {
  int status = -1;  // the exit status, or 128 and the signal
  std::string out, err;
};

// Killed where it still runs when nobody asks for it any more.
class Process {
 public:
  // What it says is in NAME.out and NAME.err: a name for each that runs at a time.
  Process(const std::vector<std::string>& words, const fs::path& folder, const std::string& name = "")
      : said_(folder / name) {
    process_ = fork();
    if (process_ != 0) return;
    if (chdir(folder.c_str()) != 0) _exit(99);
    const int in = open("/dev/null", O_RDONLY);
    const int out = open((said_.string() + ".out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int err = open((said_.string() + ".err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    std::vector<char*> argv = {const_cast<char*>(MOTET_PROGRAM)};
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    execv(MOTET_PROGRAM, argv.data());
    _exit(98);
  }

  ~Process() {
    if (!running()) return;
    send(SIGKILL);
    wait();
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void send(int signal) const { kill(process_, signal); }
  bool running() {
    if (status_ < 0 && waitpid(process_, &raw_, WNOHANG) == process_) settle();
    return status_ < 0;
  }
  // Waits until the file is there, or the process has ended.
  bool wait_for(const fs::path& file, std::chrono::seconds limit = std::chrono::seconds(60)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!fs::exists(file) && running() && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return fs::exists(file);
  }
  Outcome wait() {
    if (status_ < 0) {
      waitpid(process_, &raw_, 0);
      settle();
    }
    return said();
  }

  // So far.
  Outcome said() const {
    return {status_, read_file(said_.string() + ".out"), read_file(said_.string() + ".err")};
  }

 private:
  void settle() { status_ = WIFEXITED(raw_) ? WEXITSTATUS(raw_) : 128 + WTERMSIG(raw_); }

  fs::path said_;
  pid_t process_ = -1;
  int raw_ = 0, status_ = -1;
};

inline Outcome motet(const std::vector<std::string>& words, const fs::path& folder) {
  return Process(words, folder).wait();
}

// What a command draws on a terminal of so many columns.
inline std::string on_terminal(const std::vector<std::string>& words, const fs::path& folder, int columns) {
  winsize size{};
  size.ws_row = 24;
  size.ws_col = static_cast<unsigned short>(columns);
  int terminal = -1;
  const pid_t process = forkpty(&terminal, nullptr, nullptr, &size);
  if (process == 0) {
    if (chdir(folder.c_str()) != 0) _exit(99);
    std::vector<char*> argv = {const_cast<char*>(MOTET_PROGRAM)};
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    execv(MOTET_PROGRAM, argv.data());
    _exit(98);
  }
  std::string drawn;
  char buffer[4096];
  for (ssize_t count; (count = read(terminal, buffer, sizeof buffer)) > 0;)
    drawn.append(buffer, static_cast<std::size_t>(count));
  waitpid(process, nullptr, 0);
  close(terminal);
  return drawn;
}

// Characters of UTF-8 text.
inline std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// A point that is to reach a goal: a program that trains in seconds.
inline const char* const small_program = R"(robot dot {
  model   point(2)
  observe qpos
  act     motors
  control 10 Hz
}

world plane {
  robot   dot
  horizon 20 steps
  sample  goal = uniform((-3, -3), (3, 3))
  observe goal
  reset   qpos = (0, 0)
  success when distance(qpos, goal) < 0.5
  measure miss = distance(qpos, goal) at end
}

reward near = -distance(qpos, goal)
reward calm = -0.01 * dot(action, action)

skill reach {
  in       plane
  maximize near + calm
  policy   gaussian { hidden [16, 16] }
  learn    sac { steps 600, batch 16, warmup 100, hidden [16, 16] }
}
)";

}  // namespace motet::test

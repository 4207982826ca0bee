#include "runtime/simulation/ffmpeg.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <system_error>

extern char** environ;

namespace motet {
namespace {

constexpr const char* program = "ffmpeg";

Error not_installed() {
  return Error{"the program ffmpeg, which writes videos, is not installed (on Debian: apt install ffmpeg)"};
}

std::string text_of(int error) {
  return std::error_code(error, std::generic_category()).message();
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::vector<std::string> command_line(int width, int height, double frames_per_second,
                                      const std::vector<std::string>& arguments, const std::string& output) {
  std::vector<std::string> line = {program,
                                   "-hide_banner",
                                   "-loglevel",
                                   "error",
                                   "-nostdin",
                                   "-xerror",  // a full disk is no success
                                   "-y",
                                   "-f",
                                   "rawvideo",
                                   "-pixel_format",
                                   "rgb24",
                                   "-video_size",
                                   std::to_string(width) + "x" + std::to_string(height),
                                   "-framerate",
                                   number(frames_per_second),
                                   "-i",
                                   "pipe:0"};
  line.insert(line.end(), arguments.begin(), arguments.end());
  line.push_back("file:" + output);  // a name is never taken for a protocol or an option
  return line;
}

// Standard input and error of the program; the other descriptors are closed in it.
class SpawnActions {
 public:
  SpawnActions(int input, int messages) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, messages, STDERR_FILENO);
  }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

}  // namespace

Status Ffmpeg::find() {
  const char* variable = std::getenv("PATH");
  std::string_view path = variable == nullptr ? "/usr/local/bin:/usr/bin:/bin" : variable;
  while (!path.empty()) {
    const std::size_t end = path.find(':');
    const std::string folder(path.substr(0, end));
    const std::string file = (folder.empty() ? "." : folder) + "/" + program;
    struct stat about {};
    if (stat(file.c_str(), &about) == 0 && S_ISREG(about.st_mode) && access(file.c_str(), X_OK) == 0)
      return {};
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end + 1);
  }
  return not_installed();
}

Result<std::unique_ptr<Ffmpeg>> Ffmpeg::start(int width, int height, double frames_per_second,
                                              const std::vector<std::string>& arguments,
                                              const std::string& output) {
  std::unique_ptr<Ffmpeg> ffmpeg(new Ffmpeg);
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{"no socket for ffmpeg: " + text_of(errno)};
  ffmpeg->input_ = ends[0];
  ffmpeg->messages_ = memfd_create("ffmpeg messages", MFD_CLOEXEC);
  std::vector<std::string> line = command_line(width, height, frames_per_second, arguments, output);
  std::vector<char*> pointers;
  pointers.reserve(line.size() + 1);
  for (std::string& word : line) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const SpawnActions actions(ends[1], ffmpeg->messages_);
  pid_t process = -1;
  const int error = posix_spawnp(&process, program, actions.get(), nullptr, pointers.data(), environ);
  close(ends[1]);
  if (error == ENOENT) return not_installed();
  if (error != 0) return Error{"ffmpeg cannot be started: " + text_of(error)};
  ffmpeg->process_ = process;
  return ffmpeg;
}

Ffmpeg::~Ffmpeg() {
  if (process_ > 0) {
    kill(process_, SIGKILL);
    wait();
  }
  if (input_ >= 0) close(input_);
  if (messages_ >= 0) close(messages_);
}

Status Ffmpeg::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(input_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) {
      const Status finished = finish();
      return finished ? failure("stopped reading") : finished;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  return {};
}

Status Ffmpeg::finish() {
  if (process_ < 0) return failure("ended early");
  const bool complete = shutdown(input_, SHUT_WR) == 0;
  const int status = wait();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return complete ? Status{} : failure("stopped reading");
  if (WIFEXITED(status)) return failure("failed with status " + std::to_string(WEXITSTATUS(status)));
  return failure("was ended by signal " + std::to_string(WTERMSIG(status)));
}

int Ffmpeg::wait() {
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return status;
}

// With the last line that ffmpeg wrote.
Error Ffmpeg::failure(const std::string& what) {
  char text[4096];
  const off_t size = lseek(messages_, 0, SEEK_END);
  const off_t from = size > static_cast<off_t>(sizeof text) ? size - static_cast<off_t>(sizeof text) : 0;
  const ssize_t count = size > 0 ? pread(messages_, text, sizeof text, from) : 0;
  std::string_view said(text, count > 0 ? static_cast<std::size_t>(count) : 0);
  while (said.ends_with('\n') || said.ends_with('\r')) said.remove_suffix(1);
  const std::size_t line = said.rfind('\n');
  if (line != std::string_view::npos) said.remove_prefix(line + 1);
  return Error{"ffmpeg " + what + (said.empty() ? "" : ": " + std::string(said))};
}

}  // namespace motet

// DOT text to the bytes of a picture.
//
// Graphviz 2.42 has memory errors that a graph can reach (labels of edges within the first rank, a
// second context in one process), so that it works in a child process. The child answers through a
// pipe: a letter, then the picture or the error.

#include "compiler/diagram_render.h"

#include <fcntl.h>
#include <gvc.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstring>
#include <optional>

namespace motet::diagram {

namespace {

constexpr std::size_t largest_answer = 256u << 20;
constexpr std::chrono::seconds patience{300};
constexpr char picture_follows = 'p', error_follows = 'e';

// --- the child --------------------------------------------------------------------------------

// Graphviz reports through a function without context. Only the child touches this.
std::string said;

int take_message(char* text) {
  if (said.size() < 500) said += text;
  return 0;
}

void silence_stderr() {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
}

// Sharp enough for a projector, small enough for memory: at most 12 000 pixels a side and 48 million
// in all.
void choose_resolution(Agraph_t* graph) {
  const double width = GD_bb(graph).UR.x / 72 + 1, height = GD_bb(graph).UR.y / 72 + 1;  // inches
  const double most = std::min(12'000 / std::max(width, height), std::sqrt(48e6 / (width * height)));
  GD_drawing(graph)->dpi = std::min(144.0, most);
}

std::string error_answer(const char* what) {
  const std::string why = said.substr(0, said.find('\n'));
  return std::string(1, error_follows) + "Graphviz could not " + what + (why.empty() ? "" : ": " + why);
}

// Frees nothing: the process ends with it.
std::string answer(const std::string& dot, const std::string& format) {
  agseterrf(take_message);
  agseterr(AGERR);
  GVC_t* context = gvContext();
  if (context == nullptr) return error_answer("be started");
  Agraph_t* graph = agmemread(dot.c_str());
  if (graph == nullptr) return error_answer("read the diagram");
  if (gvLayout(context, graph, "dot") != 0) return error_answer("lay the diagram out");
  if (format == "png") choose_resolution(graph);
  char* data = nullptr;
  unsigned length = 0;
  if (gvRenderData(context, graph, format.c_str(), &data, &length) != 0 || data == nullptr)
    return error_answer("render the diagram");
  return std::string(1, picture_follows) + std::string(data, length);
}

void write_all(int descriptor, const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t written = write(descriptor, bytes.data() + at, bytes.size() - at);
    if (written < 0 && errno != EINTR) return;
    if (written > 0) at += static_cast<std::size_t>(written);
  }
}

// --- the parent -------------------------------------------------------------------------------

// Everything until the end of the pipe, or nothing where that takes too long or is too much.
std::optional<std::string> read_all(int descriptor) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::string bytes;
  std::array<char, 65536> buffer{};
  while (bytes.size() < largest_answer) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd ready{descriptor, POLLIN, 0};
    const int events = left.count() > 0 ? poll(&ready, 1, static_cast<int>(left.count())) : 0;
    if (events == 0) return std::nullopt;
    const ssize_t count = events < 0 ? -1 : read(descriptor, buffer.data(), buffer.size());
    if (count == 0) return bytes;
    if (count < 0 && errno != EINTR) return std::nullopt;
    if (count > 0) bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return std::nullopt;
}

void wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

Result<std::string> render(const std::string& dot, const std::string& format) {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0)
    return Error{std::string("no pipe could be made: ") + std::strerror(errno)};
  const pid_t child = fork();
  if (child == 0) {
    close(pipe_ends[0]);
    std::signal(SIGPIPE, SIG_DFL);
    silence_stderr();
    write_all(pipe_ends[1], answer(dot, format));
    _exit(0);
  }
  close(pipe_ends[1]);
  if (child < 0) {
    close(pipe_ends[0]);
    return Error{std::string("no process could be made: ") + std::strerror(errno)};
  }
  auto bytes = read_all(pipe_ends[0]);
  close(pipe_ends[0]);
  if (!bytes) kill(child, SIGKILL);
  wait_for(child);
  if (!bytes) return Error{"Graphviz took more than five minutes, or drew more than 256 MiB"};
  if (bytes->empty()) return Error{"Graphviz failed on this diagram"};
  const bool is_picture = bytes->front() == picture_follows;
  bytes->erase(0, 1);
  if (!is_picture) return Error{*bytes};
  return std::move(*bytes);
}

}  // namespace motet::diagram

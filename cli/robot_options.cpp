#include "cli/robot_options.h"

#include <csignal>

namespace motet::cli {

namespace {

LoopRequests requests;
static_assert(std::atomic<bool>::is_always_lock_free, "they are set in a signal handler");

void on_end(int) {
  if (requests.finish.exchange(true)) requests.emergency = true;
}

void on_emergency(int) {
  requests.emergency = true;
}

}  // namespace

LoopRequests& catch_robot_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, on_end);
  std::signal(SIGUSR1, on_emergency);
  return requests;
}

std::optional<LinkFile> link_of(const Arguments& arguments, const Contract& robot) {
  const std::string name = arguments.value("--link").value_or("dds");
  const auto domain = whole_number(arguments, "--domain", -1, 0, 232);
  if (!domain) return std::nullopt;
  Result<LinkFile> link = name == "dds" ? Result<LinkFile>(plain_link(robot)) : read_link(name);
  if (!link) {
    complain(link.error().message);
    return std::nullopt;
  }
  if (*domain >= 0) link->domain = static_cast<int>(*domain);
  return std::move(*link);
}

}  // namespace motet::cli

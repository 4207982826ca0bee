// Time as the system has it, and what it gives to those who need it on time.

#include <sched.h>
#include <sys/mman.h>
#include <time.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "runtime/control/loop.h"

namespace motet {

double MonotonicClock::now() noexcept {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return speed_ * (static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec));
}

void MonotonicClock::sleep_until(double time) noexcept {
  const double real = time / speed_, whole = std::floor(real);
  const timespec until{static_cast<time_t>(whole), static_cast<long>((real - whole) * 1e9)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

namespace {

constexpr int priority = 50;  // of 1 to 99: above what the system does by the way, below its watchdogs
constexpr int messages_priority = 45;  // of the threads that the loop does not wait for

}  // namespace

RealTimeThreads::RealTimeThreads() {
  sched_param before{};
  policy_ = sched_getscheduler(0);
  sched_getparam(0, &before);
  priority_ = before.sched_priority;
  const sched_param parameters{messages_priority};
  sched_setscheduler(0, SCHED_FIFO, &parameters);  // what is not permitted, the loop's own attempt tells
}

RealTimeThreads::~RealTimeThreads() {
  const sched_param parameters{priority_};
  sched_setscheduler(0, policy_, &parameters);
}

std::vector<std::string> enter_real_time() {
  std::vector<std::string> missing;
  if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
    missing.push_back(std::string("memory cannot be locked (") + std::strerror(errno) +
                      "): a page may have to be fetched; see `ulimit -l`");
  const sched_param parameters{priority};
  if (sched_setscheduler(0, SCHED_FIFO, &parameters) != 0)
    missing.push_back(std::string("SCHED_FIFO is not permitted (") + std::strerror(errno) +
                      "): other programs may delay the loop; see `ulimit -r`");
  return missing;
}

}  // namespace motet

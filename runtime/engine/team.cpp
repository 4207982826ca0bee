#include "runtime/engine/team.h"

#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace motet {
namespace {

constexpr int spins = 4000;  // about 50 microseconds

void pause() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

std::uint64_t job_of(std::uint64_t ticket) {
  return ticket >> 32;
}
std::uint64_t count_of(std::uint64_t ticket) {
  return ticket >> 16 & 0xffff;
}
std::uint64_t next_of(std::uint64_t ticket) {
  return ticket & 0xffff;
}

}  // namespace

Team::Team(int members) {
  for (int member = 1; member < members; ++member) threads_.emplace_back([this, member] { work(member); });
}

Team::~Team() {
  finish();
  stop_.store(true);
  news_.fetch_add(1);
  news_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Team::run(long count, Call call, const void* what) {
  call_ = call;
  what_ = what;
  done_.store(0, std::memory_order_relaxed);
  const std::uint64_t job = job_of(ticket_.load(std::memory_order_relaxed)) + 1;
  ticket_.store(job << 32 | static_cast<std::uint64_t>(count) << 16, std::memory_order_release);
  news_.fetch_add(1, std::memory_order_release);
  news_.notify_all();
  while (help(0)) {
  }
  // What is left is in the hands of others.
  for (int i = 0; done_.load(std::memory_order_acquire) != count; ++i) {
    if (i < spins) {
      pause();
    } else {
      std::this_thread::yield();
    }
  }
}

// Does one task of the present job, if one is left.
bool Team::help(int member) {
  std::uint64_t ticket = ticket_.load(std::memory_order_acquire);
  do {
    if (next_of(ticket) >= count_of(ticket)) return false;
  } while (!ticket_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel));
  call_(what_, static_cast<long>(next_of(ticket)), member);
  done_.fetch_add(1, std::memory_order_release);
  return true;
}

void Team::start(std::function<void()> task) {
  if (threads_.empty()) return task();
  aside_ = std::move(task);
  aside_state_.store(1, std::memory_order_release);
  news_.fetch_add(1, std::memory_order_release);
  news_.notify_all();
}

bool Team::help_aside() {
  int waiting = 1;
  if (!aside_state_.compare_exchange_strong(waiting, 2, std::memory_order_acquire)) return false;
  aside_();
  aside_state_.store(0, std::memory_order_release);
  return true;
}

void Team::finish() {
  help_aside();  // nobody had time for it
  for (int i = 0; aside_state_.load(std::memory_order_acquire) != 0; ++i) {
    if (i < spins) {
      pause();
    } else {
      std::this_thread::yield();
    }
  }
}

void Team::work(int member) {
  int idle = 0;
  while (!stop_.load(std::memory_order_relaxed)) {
    const std::uint32_t news = news_.load(std::memory_order_acquire);
    if (help_aside() || help(member)) {
      idle = 0;
    } else if (++idle < spins) {
      pause();
    } else {
      news_.wait(news, std::memory_order_acquire);
      idle = 0;
    }
  }
}

}  // namespace motet

#pragma once

// Threads that share the steps of one computation. They wait for work for some microseconds before they
// sleep, so that a step costs less than waking them would.

#include <atomic>
#include <cassert>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace motet {

class Team {
 public:
  // The caller is one of the `members`: a team of one starts no thread.
  explicit Team(int members);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int members() const { return 1 + static_cast<int>(threads_.size()); }

  // Calls task(i, member) for every i in [0, count), 0 <= member < members(), each i once and by any
  // member; returns when all are done. count < 65536. One call at a time, from the thread that made the
  // team. Tasks throw nothing and allocate nothing that must not be.
  template <typename Task>
  void each(long count, Task&& task) {
    assert(count < 65536);
    if (threads_.empty() || count == 1) {
      for (long i = 0; i < count; ++i) task(i, 0);
      return;
    }
    run(
        count,
        [](const void* what, long i, int member) {
          (*static_cast<const std::remove_reference_t<Task>*>(what))(i, member);
        },
        &task);
  }

  // Hands `task` to another member, which does it while the caller goes on with each(); with none, it is
  // done at once. finish() waits until it is done. One at a time.
  void start(std::function<void()> task);
  void finish();

 private:
  using Call = void (*)(const void* what, long i, int member);

  void run(long count, Call call, const void* what);
  bool help(int member);
  bool help_aside();
  void work(int member);

  // The present job: its number, its count of tasks and the next one, in one word, so that a task is
  // never taken from a job that is over.
  std::atomic<std::uint64_t> ticket_{0};
  std::atomic<long> done_{0};
  Call call_ = nullptr;
  const void* what_ = nullptr;

  std::function<void()> aside_;
  std::atomic<int> aside_state_{0};     // 0: none; 1: to be taken; 2: taken
  std::atomic<std::uint32_t> news_{0};  // changes when there is something to do; threads sleep on it
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

}  // namespace motet

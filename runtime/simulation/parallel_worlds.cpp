// Sleeping workers that step worlds. Which thread steps a world is left to chance; what comes of it
// is not, since no world shares anything with another.

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "runtime/simulation/world.h"

namespace motet {

struct ParallelWorlds::Pool {
  explicit Pool(std::size_t workers) {
    for (std::size_t i = 0; i < workers; ++i) threads.emplace_back([this] { work(); });
  }
  ~Pool() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    begin.notify_all();
    for (std::thread& thread : threads) thread.join();
  }

  // Does work_on(0), ... work_on(items - 1) in all threads, the caller's among them.
  template <typename Task>
  void run(std::size_t items, const Task& work_on) {
    std::unique_lock lock(mutex);
    call = [](const void* what, std::size_t i) { (*static_cast<const Task*>(what))(i); };
    task = &work_on;
    count = items;
    next = 0;
    unfinished = items;
    lock.unlock();
    begin.notify_all();
    lock.lock();
    take_items(lock);
    end.wait(lock, [this] { return unfinished == 0; });
  }

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      begin.wait(lock, [this] { return stopping || next < count; });
      if (stopping) return;
      take_items(lock);
    }
  }

  // Takes one item after the other under the lock, and works on it outside.
  void take_items(std::unique_lock<std::mutex>& lock) {
    while (next < count) {
      const std::size_t item = next++;
      lock.unlock();
      call(task, item);
      lock.lock();
      if (--unfinished == 0) end.notify_one();
    }
  }

  std::mutex mutex;
  std::condition_variable begin, end;
  void (*call)(const void*, std::size_t) = nullptr;
  const void* task = nullptr;
  std::size_t count = 0, next = 0, unfinished = 0;
  bool stopping = false;
  std::vector<std::thread> threads;
};

ParallelWorlds::ParallelWorlds(std::vector<World*> worlds, int threads) : worlds_(std::move(worlds)) {
  const auto useful = std::min(worlds_.size(), static_cast<std::size_t>(std::max(threads, 1)));
  if (useful > 1) pool_ = std::make_unique<Pool>(useful - 1);
}

ParallelWorlds::~ParallelWorlds() = default;

void ParallelWorlds::step(std::span<const float> actions, std::span<StepResult> results) {
  const auto step_one = [&](std::size_t i) {
    const auto m = static_cast<std::size_t>(worlds_[i]->action_size());
    results[i] = worlds_[i]->step(actions.subspan(i * m, m));
  };
  if (pool_) return pool_->run(worlds_.size(), step_one);
  for (std::size_t i = 0; i < worlds_.size(); ++i) step_one(i);
}

}  // namespace motet

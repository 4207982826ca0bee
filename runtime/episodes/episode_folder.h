#pragma once

// Episodes on disk: those that wait for their receipt, and those that have come.

#include <deque>
#include <set>

#include "runtime/episodes/exchange.h"

namespace motet {

// Beside the robot. What is added is on the disk until it is acknowledged. Each folder is one collector, of
// one training.
class Outbox {
 public:
  // Opens a folder, or makes it: with what a run before left. A damaged episode is set aside, as
  // NAME.damaged. Errors: a folder of another training.
  static Result<Outbox> open(const std::filesystem::path& folder, const std::string& run);

  const std::string& collector() const { return collector_; }
  std::size_t damaged() const { return damaged_; }  // that open() has set aside
  // Numbers it, and writes it.
  Status add(Episode episode);
  // Numbers of those that wait, the oldest first.
  const std::set<std::uint64_t>& waiting() const { return waiting_; }
  Result<std::string> bytes_of(std::uint64_t number) const;
  void acknowledge(std::uint64_t number);  // removes it
  std::uint64_t added() const { return next_; }

 private:
  std::filesystem::path file_of(std::uint64_t number) const;

  std::filesystem::path folder_;
  std::string collector_;
  std::set<std::uint64_t> waiting_;
  std::uint64_t next_ = 0;
  std::size_t damaged_ = 0;
};

// At the workstation: episodes in the order in which they came, each once.
class Inbox {
 public:
  // With what a training before left. What cannot be read is an error.
  static Result<Inbox> open(const std::filesystem::path& folder);

  // Keeps what is an episode of these sizes, and new. False: it was there already. An error: it is no such
  // episode, or the disk is full.
  Result<bool> keep(const EpisodeArrival& arrival, std::int64_t n, std::int64_t m);
  std::int64_t size() const { return static_cast<std::int64_t>(known_.size()); }
  // 0 <= index < size(), in the order of their arrival.
  Result<Episode> episode(std::int64_t index) const;
  std::int64_t steps() const { return steps_; }  // of all of them

 private:
  std::filesystem::path file_of(std::int64_t index) const;

  std::filesystem::path folder_;
  std::set<std::pair<std::string, std::uint64_t>> known_;  // collector, number
  std::int64_t steps_ = 0;
};

// 32 letters that no other has.
std::string new_identity();

}  // namespace motet

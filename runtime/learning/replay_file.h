#pragma once

// replay.bin: a replay buffer on the disk, of which a checkpoint writes only what is new.

#include <cstdint>
#include <filesystem>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/learning/data_file.h"
#include "runtime/learning/replay.h"

namespace motet {

// A page of header, then slots of one transition each: its row and a checksum of its number and row.
// Transition number i lies in slot i mod (capacity + slack). With slack at least as large as the
// number of transitions between two writes, a write never touches what the checkpoint before it
// needs: whatever happens on the way, that one can be read.
class ReplayFile {
 public:
  // `owner` tells the file of one training from another's.
  struct Layout {
    std::int64_t capacity = 0, slack = 0, row_size = 0;
    std::uint64_t owner = 0;
  };

  // Makes an empty file.
  static Result<ReplayFile> create(const std::filesystem::path& path, const Layout& layout);
  // Opens one and reads the transitions before number `added` into `buffer`, which is new.
  static Result<ReplayFile> open(const std::filesystem::path& path, const Layout& layout, std::int64_t added,
                                 ReplayBuffer& buffer);

  // Writes what was added since the last write, at most slack transitions, and syncs.
  Status write(const ReplayBuffer& buffer);

 private:
  ReplayFile(DataFile file, const Layout& layout) : file_(std::move(file)), layout_(layout) {}

  Status check_header() const;
  Status read(std::int64_t added, ReplayBuffer& buffer);
  // Calls with (first number, count) for runs of transitions whose slots lie behind each other.
  template <typename Action>
  Status for_runs(std::int64_t first, std::int64_t last, Action action);
  std::size_t slot_size() const;
  std::uint64_t offset(std::int64_t i) const;
  std::uint32_t checksum(std::int64_t i, std::span<const std::byte> row) const;

  DataFile file_;
  Layout layout_;
  std::int64_t written_ = 0;  // transitions before this number are in the file
  std::vector<std::byte> scratch_;
};

}  // namespace motet

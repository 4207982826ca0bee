#include "runtime/learning/replay_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "runtime/archive/crc32c.h"

namespace motet {
namespace {

constexpr std::uint64_t header_size = 4096;
constexpr std::size_t scratch_size = std::size_t{1} << 20;

struct Header {
  std::array<char, 16> magic{'m', 'o', 't', 'e', 't', ' ', 'r', 'e', 'p', 'l', 'a', 'y', ' ', '1', '\n', 0};
  std::uint64_t owner = 0;
  std::int64_t row_size = 0, slots = 0;
};

Header header_of(const ReplayFile::Layout& layout) {
  Header header;
  header.owner = layout.owner;
  header.row_size = layout.row_size;
  header.slots = layout.capacity + layout.slack;
  return header;
}

}  // namespace

std::size_t ReplayFile::slot_size() const {
  return static_cast<std::size_t>(layout_.row_size) * sizeof(float) + sizeof(std::uint32_t);
}

std::uint64_t ReplayFile::offset(std::int64_t i) const {
  return header_size + static_cast<std::uint64_t>(i % (layout_.capacity + layout_.slack)) * slot_size();
}

std::uint32_t ReplayFile::checksum(std::int64_t i, std::span<const std::byte> row) const {
  const std::array<std::uint64_t, 2> number{layout_.owner, static_cast<std::uint64_t>(i)};
  return crc32c(row, crc32c(std::as_bytes(std::span(number))));
}

template <typename Action>
Status ReplayFile::for_runs(std::int64_t first, std::int64_t last, Action action) {
  const std::int64_t slots = layout_.capacity + layout_.slack;
  const std::int64_t longest =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(scratch_size / slot_size()));
  while (first < last) {
    const std::int64_t count = std::min({last - first, slots - first % slots, longest});
    scratch_.resize(static_cast<std::size_t>(count) * slot_size());
    if (Status status = action(first, count); !status) return status;
    first += count;
  }
  return {};
}

Result<ReplayFile> ReplayFile::create(const std::filesystem::path& path, const Layout& layout) {
  Result<DataFile> file = DataFile::open(path);
  if (!file) return file.error();
  const Header header = header_of(layout);
  if (Status status = file->resize(0); !status) return status.error();
  if (Status status = file->resize(header_size); !status) return status.error();
  if (Status status = file->write(0, std::as_bytes(std::span(&header, 1))); !status) return status.error();
  return ReplayFile(std::move(*file), layout);
}

Result<ReplayFile> ReplayFile::open(const std::filesystem::path& path, const Layout& layout,
                                    std::int64_t added, ReplayBuffer& buffer) {
  if (!std::filesystem::exists(path)) return Error{"`" + path.string() + "` is missing"};
  Result<DataFile> file = DataFile::open(path);
  if (!file) return file.error();
  ReplayFile replay(std::move(*file), layout);
  if (Status status = replay.check_header(); !status) return status.error();
  if (Status status = replay.read(added, buffer); !status) return status.error();
  return replay;
}

Status ReplayFile::check_header() const {
  Header header;
  const Header wanted = header_of(layout_);
  if (Status status = file_.read(0, std::as_writable_bytes(std::span(&header, 1))); !status) return status;
  if (header.magic != wanted.magic)
    return Error{"`" + file_.path().string() + "` is not a replay of this version"};
  if (header.owner != wanted.owner || header.row_size != wanted.row_size || header.slots != wanted.slots) {
    return Error{"`" + file_.path().string() + "` belongs to another training"};
  }
  return {};
}

Status ReplayFile::write(const ReplayBuffer& buffer) {
  const std::int64_t first = std::max(written_, buffer.added() - buffer.size());
  const Status written = for_runs(first, buffer.added(), [&](std::int64_t from, std::int64_t count) {
    std::byte* slot = scratch_.data();
    for (std::int64_t i = from; i < from + count; ++i, slot += slot_size()) {
      const std::span<const std::byte> row = std::as_bytes(buffer.row(i));
      const std::uint32_t sum = checksum(i, row);
      std::memcpy(slot, row.data(), row.size());
      std::memcpy(slot + row.size(), &sum, sizeof sum);
    }
    return file_.write(offset(from), scratch_);
  });
  if (!written) return written;
  if (Status status = file_.sync(); !status) return status;
  written_ = buffer.added();
  return {};
}

Status ReplayFile::read(std::int64_t added, ReplayBuffer& buffer) {
  const std::int64_t first = std::max<std::int64_t>(0, added - buffer.capacity());
  const Status all = for_runs(first, added, [&](std::int64_t from, std::int64_t count) {
    if (Status status = file_.read(offset(from), scratch_); !status) return status;
    const std::byte* slot = scratch_.data();
    for (std::int64_t i = from; i < from + count; ++i, slot += slot_size()) {
      const std::span<std::byte> row = std::as_writable_bytes(buffer.row(i));
      std::uint32_t sum = 0;
      std::memcpy(row.data(), slot, row.size());
      std::memcpy(&sum, slot + row.size(), sizeof sum);
      if (sum != checksum(i, row)) {
        return Status(Error{"`" + file_.path().string() + "` is damaged: transition " + std::to_string(i) +
                            " is not what was written"});
      }
    }
    return Status();
  });
  if (!all) return all;
  buffer.set_added(added);
  written_ = added;
  return {};
}

}  // namespace motet

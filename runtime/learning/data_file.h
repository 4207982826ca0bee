#pragma once

// A file that is written in place, with errors that name it.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "compiler/plan/result.h"

namespace motet {

class DataFile {
 public:
  // Opens it for reading and writing, or makes it.
  static Result<DataFile> open(const std::filesystem::path& path);
  DataFile(DataFile&& other) noexcept;
  DataFile& operator=(DataFile&& other) noexcept;
  ~DataFile();

  Result<std::uint64_t> size() const;
  // Cuts it, or makes it longer with zeros.
  Status resize(std::uint64_t size);
  Status write(std::uint64_t offset, std::span<const std::byte> bytes);
  // Fails where the file ends before.
  Status read(std::uint64_t offset, std::span<std::byte> bytes) const;
  // Returns when all that was written is on the disk.
  Status sync();

  const std::filesystem::path& path() const { return path_; }

 private:
  DataFile(std::filesystem::path path, int descriptor);

  std::filesystem::path path_;
  int descriptor_ = -1;
};

// A DataFile that grows at its end.
class AppendFile {
 public:
  // Opens it and keeps its first `keep` bytes, or all where there are fewer.
  static Result<AppendFile> open(const std::filesystem::path& path, std::uint64_t keep);

  Status append(std::string_view text);
  Status sync() { return file_.sync(); }
  std::uint64_t size() const { return size_; }

 private:
  AppendFile(DataFile file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

  DataFile file_;
  std::uint64_t size_;
};

}  // namespace motet

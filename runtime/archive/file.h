#pragma once

// Files that are written whole or not at all.

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "compiler/plan/result.h"

namespace motet {

// Writes the pieces one after the other to FILE.tmp, brings them to the disk, and renames it to
// FILE: whenever this ends, by a full disk or a kill too, FILE is the old one or the new one. A .tmp
// that a kill left behind is written over by the next.
Status replace_file(const std::filesystem::path& file, std::span<const std::span<const std::byte>> pieces);

// A file that is read in pieces.
class InputFile {
 public:
  static Result<InputFile> open(const std::filesystem::path& file);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  std::uint64_t size() const { return size_; }
  // The next bytes; an error where there are fewer.
  Status read(std::span<std::byte> out);

 private:
  InputFile(std::filesystem::path path, int descriptor, std::uint64_t size);

  std::filesystem::path path_;
  int descriptor_;
  std::uint64_t size_;
};

}  // namespace motet

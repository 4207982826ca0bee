#pragma once

// A checkpoint's bytes: named sections of plain numbers, with sizes and a checksum that are checked
// before memory is taken.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "compiler/plan/result.h"

namespace motet {

// Writes: put(name, values). Reads: get(name, out), which fails if the section is missing or of
// another size.
class Archive {
 public:
  template <typename T>
  void put(std::string name, std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    put_bytes(std::move(name), std::as_bytes(values));
  }
  template <typename T>
  void put_value(std::string name, const T& value) {
    put<T>(std::move(name), std::span<const T>(&value, 1));
  }
  void put_text(std::string name, std::string_view text);

  template <typename T>
  Status get(std::string_view name, std::span<T> out) const {
    static_assert(std::is_trivially_copyable_v<T>);
    return get_bytes(name, std::as_writable_bytes(out));
  }
  template <typename T>
  Status get_value(std::string_view name, T& out) const {
    return get<T>(name, std::span<T>(&out, 1));
  }
  Result<std::string> get_text(std::string_view name) const;
  bool has(std::string_view name) const;
  std::size_t size_of(std::string_view name) const;  // bytes; 0 where there is none

  // Writes beside the file, syncs and renames: the file is the old one or the new one, whole.
  Status write(const std::filesystem::path& file) const;
  // Truncated, corrupted, foreign and newer files are refused, each with its own message.
  static Result<Archive> read(const std::filesystem::path& file);

 private:
  void put_bytes(std::string name, std::span<const std::byte> bytes);
  Status get_bytes(std::string_view name, std::span<std::byte> out) const;

  std::map<std::string, std::vector<std::byte>, std::less<>> sections_;
};

// Writes a text file beside and renames it.
Status write_file(const std::filesystem::path& file, std::string_view text);

}  // namespace motet

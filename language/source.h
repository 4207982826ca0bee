#pragma once

// Source files and positions in them.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace motet {

// A half-open range of bytes [begin, end) in one file of a SourceMap.
struct Span {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

// The span from the start of `first` to the end of `last`, which lie in the same file.
Span join(Span first, Span last);

// One-based line, and one-based column in Unicode code points.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

// The text of one file. Immutable.
class SourceFile {
 public:
  SourceFile(std::string path, std::string text);

  // As the user named it: what messages show.
  const std::string& path() const { return path_; }
  const std::string& text() const { return text_; }

  Position position(std::uint32_t offset) const;
  // The line's text without its end. Lines count from one.
  std::string_view line(std::uint32_t number) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }
  std::uint32_t line_start(std::uint32_t number) const { return line_starts_[number - 1]; }

 private:
  std::string path_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

// All files of one compilation. A Span's `file` is an index into it. References to files stay
// valid while the map lives.
class SourceMap {
 public:
  std::uint32_t add(std::string path, std::string text);
  const SourceFile& file(std::uint32_t index) const { return *files_[index]; }
  std::size_t size() const { return files_.size(); }
  std::string_view text(Span span) const;

 private:
  std::vector<std::unique_ptr<SourceFile>> files_;
};

}  // namespace motet

#include "runtime/bundle/tensor_header.h"

#include <charconv>
#include <set>

namespace motet {
namespace {

constexpr std::size_t most_tensors = 65536, most_sides = 16;

// Reads from left to right; after the first failure every reader gives an empty value.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool failed() const { return failed_; }
  void fail() { failed_ = true; }
  bool at_end() {
    skip_space();
    return at_ == text_.size();
  }
  bool accept(char c) {
    skip_space();
    if (failed_ || at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) failed_ = true;
  }
  std::string string() {
    std::string value;
    expect('"');
    while (!failed_) {
      if (at_ == text_.size()) break;
      const char c = text_[at_++];
      if (c == '"') return value;
      if (static_cast<unsigned char>(c) < 0x20) break;
      if (c == '\\')
        escape(value);
      else
        value += c;
    }
    failed_ = true;
    return {};
  }
  // Digits alone: what the format has are sizes.
  std::uint64_t size() {
    skip_space();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc() || value > std::uint64_t{1} << 62) failed_ = true;
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }
  template <typename Each>
  void list(char open, char close, Each each) {
    expect(open);
    if (accept(close)) return;
    do each();
    while (!failed_ && accept(','));
    expect(close);
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  void escape(std::string& value) {
    constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
    const char c = at_ < text_.size() ? text_[at_++] : '\0';
    if (const std::size_t known = from.find(c); c != '\0' && known != from.npos) {
      value += to[known];
    } else if (unsigned code = 0; c == 'u' && at_ + 4 <= text_.size() &&
                                  std::from_chars(text_.data() + at_, text_.data() + at_ + 4, code, 16).ptr ==
                                      text_.data() + at_ + 4 &&
                                  code < 0x80) {
      value += static_cast<char>(code);
      at_ += 4;
    } else {
      failed_ = true;  // our names are written as they are
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

TensorEntry read_entry(Reader& reader, std::string name) {
  TensorEntry entry;
  entry.name = std::move(name);
  std::set<std::string> fields;
  std::vector<std::uint64_t> offsets;
  reader.list('{', '}', [&] {
    const std::string field = reader.string();
    reader.expect(':');
    if (field == "dtype") {
      entry.type = reader.string();
    } else if (field == "shape") {
      reader.list('[', ']', [&] {
        if (entry.shape.size() < most_sides)
          entry.shape.push_back(static_cast<std::int64_t>(reader.size()));
        else
          reader.fail();
      });
    } else if (field == "data_offsets") {
      reader.list('[', ']', [&] {
        if (offsets.size() < 2)
          offsets.push_back(reader.size());
        else
          reader.fail();
      });
    } else {
      reader.fail();
    }
    if (!fields.insert(field).second) reader.fail();
  });
  if (fields.size() != 3 || offsets.size() != 2) reader.fail();
  if (offsets.size() == 2) entry.begin = offsets[0], entry.end = offsets[1];
  return entry;
}

}  // namespace

Result<std::vector<TensorEntry>> read_tensor_header(std::string_view json) {
  Reader reader(json);
  std::vector<TensorEntry> entries;
  std::set<std::string> names;
  bool twice = false;
  reader.list('{', '}', [&] {
    std::string name = reader.string();
    reader.expect(':');
    twice = twice || !names.insert(name).second;
    if (name == "__metadata__") {
      reader.list('{', '}', [&] {
        reader.string();
        reader.expect(':');
        reader.string();
      });
    } else if (entries.size() < most_tensors) {
      entries.push_back(read_entry(reader, std::move(name)));
    } else {
      reader.fail();
    }
  });
  if (reader.failed() || !reader.at_end()) return Error{"has a header that cannot be read"};
  if (twice) return Error{"has a tensor twice"};
  return entries;
}

std::string json_quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (quoted += '\\') += c;
    } else if (code < 0x20) {
      ((quoted += "\\u00") += digits[code >> 4]) += digits[code & 15];
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace motet

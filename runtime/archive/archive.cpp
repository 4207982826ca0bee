// The file: "MOTETARC", version, count; then for each section the length of its name, its name, its
// length and its checksum; a checksum of all that; then the sections' bytes. Little-endian.

#include "runtime/archive/archive.h"

#include <array>
#include <cstring>
#include <fstream>

#include "runtime/archive/checksum.h"
#include "runtime/archive/file.h"

namespace motet {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view magic = "MOTETARC";
constexpr std::uint32_t version = 1;
constexpr std::uint32_t most_sections = 1u << 20;
constexpr std::uint32_t longest_name = 4096;

template <typename T>
void append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

struct Section {
  std::string name;
  std::uint64_t length = 0;
  std::uint32_t checksum = 0;
};

// Reads the head of a file, never past the file's size.
class Reader {
 public:
  explicit Reader(const fs::path& file) : file_(file), input_(file, std::ios::binary) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    left_ = error ? 0 : size;
  }

  bool opened() const { return input_.is_open(); }
  std::uint64_t left() const { return left_; }
  bool bytes(void* out, std::uint64_t count) {
    if (count > left_) return false;
    input_.read(static_cast<char*>(out), static_cast<std::streamsize>(count));
    if (!input_) return false;
    left_ -= count;
    return true;
  }
  // A part of the head, which its checksum covers.
  bool head(void* out, std::uint64_t count) {
    if (!bytes(out, count)) return false;
    checksum_ = crc32c({static_cast<const std::byte*>(out), count}, checksum_);
    return true;
  }
  std::uint32_t head_checksum() const { return checksum_; }
  Error error(const char* what) const { return Error{"`" + file_.string() + "` " + what}; }

 private:
  fs::path file_;
  std::ifstream input_;
  std::uint64_t left_ = 0;
  std::uint32_t checksum_ = 0;
};

constexpr const char* truncated = "is truncated: it ends before its contents do";
constexpr const char* corrupted = "is corrupted: a checksum does not fit its contents";

Result<std::vector<Section>> read_head(Reader& reader) {
  if (!reader.opened()) return reader.error("cannot be read");
  std::array<char, magic.size()> found{};
  std::uint32_t its_version = 0, count = 0, checksum = 0;
  if (!reader.head(found.data(), found.size()) || std::string_view(found.data(), found.size()) != magic)
    return reader.error("is not a file of this program");
  if (!reader.head(&its_version, sizeof its_version)) return reader.error(truncated);
  if (its_version != version) return reader.error("was written by another, newer version of this program");
  if (!reader.head(&count, sizeof count)) return reader.error(truncated);
  if (count > most_sections) return reader.error(corrupted);
  std::vector<Section> sections;
  for (std::uint32_t i = 0; i < count; ++i) {
    Section section;
    std::uint32_t name_length = 0;
    if (!reader.head(&name_length, sizeof name_length)) return reader.error(truncated);
    if (name_length > longest_name) return reader.error(corrupted);
    section.name.resize(name_length);
    if (!reader.head(section.name.data(), name_length) || !reader.head(&section.length, sizeof section.length) ||
        !reader.head(&section.checksum, sizeof section.checksum))
      return reader.error(truncated);
    sections.push_back(std::move(section));
  }
  const std::uint32_t expected = reader.head_checksum();
  if (!reader.bytes(&checksum, sizeof checksum)) return reader.error(truncated);
  if (checksum != expected) return reader.error(corrupted);
  return sections;
}

}  // namespace

void Archive::put_bytes(std::string name, std::span<const std::byte> bytes) {
  sections_[std::move(name)].assign(bytes.begin(), bytes.end());
}

void Archive::put_text(std::string name, std::string_view text) {
  put<char>(std::move(name), std::span<const char>(text.data(), text.size()));
}

Status Archive::get_bytes(std::string_view name, std::span<std::byte> out) const {
  const auto found = sections_.find(name);
  if (found == sections_.end()) return Error{"there is no section `" + std::string(name) + "`"};
  if (found->second.size() != out.size())
    return Error{"the section `" + std::string(name) + "` has " + std::to_string(found->second.size()) +
                 " bytes where " + std::to_string(out.size()) + " are wanted"};
  if (!out.empty()) std::memcpy(out.data(), found->second.data(), out.size());
  return {};
}

Result<std::string> Archive::get_text(std::string_view name) const {
  std::string text(size_of(name), '\0');
  const Status got = get<char>(name, std::span<char>(text));
  if (!got) return got.error();
  return text;
}

bool Archive::has(std::string_view name) const { return sections_.find(name) != sections_.end(); }

std::size_t Archive::size_of(std::string_view name) const {
  const auto found = sections_.find(name);
  return found == sections_.end() ? 0 : found->second.size();
}

Status Archive::write(const fs::path& file) const {
  std::string head(magic);
  append(head, version);
  append(head, static_cast<std::uint32_t>(sections_.size()));
  for (const auto& [name, bytes] : sections_) {
    append(head, static_cast<std::uint32_t>(name.size()));
    head += name;
    append(head, static_cast<std::uint64_t>(bytes.size()));
    append(head, crc32c(bytes));
  }
  append(head, crc32c(std::as_bytes(std::span(head))));
  std::vector<std::span<const std::byte>> parts = {std::as_bytes(std::span(head))};
  for (const auto& [name, bytes] : sections_) parts.emplace_back(bytes);
  return replace_file(file, parts);
}

Result<Archive> Archive::read(const fs::path& file) {
  Reader reader(file);
  const auto sections = read_head(reader);
  if (!sections) return sections.error();
  // Every length is held against what the file has before memory is taken for it.
  std::uint64_t left = reader.left();
  for (const Section& section : *sections) {
    if (section.length > left) return reader.error(truncated);
    left -= section.length;
  }
  if (left != 0) return reader.error("is corrupted: something follows its contents");
  Archive archive;
  for (const Section& section : *sections) {
    std::vector<std::byte>& bytes = archive.sections_[section.name];
    bytes.resize(section.length);
    if (!reader.bytes(bytes.data(), section.length)) return reader.error(truncated);
    if (crc32c(bytes) != section.checksum) return reader.error(corrupted);
  }
  return archive;
}

}  // namespace motet

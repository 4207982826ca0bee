// The file, numbers in little endian:
//
//   header   "MOTETARC", u32 version, u32 sections, u64 size of the table, u64 size of the file
//   table    for each section: u64 size, u32 CRC-32C, u32 size of the name, the name
//   u32      CRC-32C of header and table
//   content  the sections' bytes, one after the other, in the order of the table

#include "runtime/archive/archive.h"

#include <array>
#include <bit>
#include <cstring>
#include <new>
#include <utility>

#include "runtime/archive/crc32c.h"
#include "runtime/archive/file.h"
#include "runtime/archive/memory.h"

namespace motet {
namespace {

static_assert(std::endian::native == std::endian::little, "archives are written as memory holds them");

constexpr std::array<char, 8> magic = {'M', 'O', 'T', 'E', 'T', 'A', 'R', 'C'};
constexpr std::uint32_t version = 1;
constexpr std::uint64_t max_table_size = 64u << 20;

struct Header {
  std::array<char, 8> magic;
  std::uint32_t version;
  std::uint32_t sections;
  std::uint64_t table_size;
  std::uint64_t file_size;
};
static_assert(sizeof(Header) == 32 && std::has_unique_object_representations_v<Header>);

struct Entry {
  std::uint64_t size;
  std::uint32_t crc;
  std::uint32_t name_size;
};
static_assert(sizeof(Entry) == 16 && std::has_unique_object_representations_v<Entry>);

struct Section {
  std::string name;
  std::uint64_t size = 0;
  std::uint32_t crc = 0;
};

template <typename T>
std::span<const std::byte> bytes_of(const T& value) {
  return std::as_bytes(std::span<const T>(&value, 1));
}

template <typename T>
std::span<std::byte> bytes_of(T& value) {
  return std::as_writable_bytes(std::span<T>(&value, 1));
}

void append(std::vector<std::byte>& to, std::span<const std::byte> bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

// Reads the parts of a file and says of each what is wrong with it. No part is given memory before
// its size is known to fit into the file.
class Reader {
 public:
  Reader(const std::filesystem::path& file, InputFile input) : file_(file), input_(std::move(input)) {}

  Status read_header() {
    if (input_.size() < sizeof(Header)) {
      return input_.size() == 0 ? error("it is empty") : error("it is no archive of Motet's");
    }
    if (Status status = input_.read(bytes_of(header_)); !status) return status;
    if (header_.magic != magic) return error("it is no archive of Motet's");
    if (header_.version > version) return error("it was written by a newer version of Motet");
    if (header_.version < version) return error("it is corrupted (version)");
    if (header_.file_size > input_.size()) {
      return error("it is cut short: " + std::to_string(input_.size()) + " of " +
                   std::to_string(header_.file_size) + " bytes are there");
    }
    if (header_.file_size < input_.size()) return error("it is corrupted (its size is not what it says)");
    if (header_.table_size > max_table_size)
      return error("its table of sections is over the limit of 64 MiB");
    if (header_.table_size + sizeof(Header) + sizeof(std::uint32_t) > input_.size()) {
      return error("it is corrupted (table)");
    }
    return check_memory();
  }

  Result<std::vector<Section>> read_table() {
    std::vector<std::byte> table(header_.table_size);
    if (Status status = input_.read(table); !status) return status.error();
    std::uint32_t crc = 0;
    if (Status status = input_.read(bytes_of(crc)); !status) return status.error();
    if (crc != crc32c(table, crc32c(bytes_of(std::as_const(header_)))))
      return error("it is corrupted (table)");
    return parse_table(table);
  }

  Result<std::vector<std::byte>> read_section(const Section& section) {
    std::vector<std::byte> bytes(section.size);
    if (Status status = input_.read(bytes); !status) return status.error();
    if (crc32c(bytes) != section.crc) return error("it is corrupted (section " + section.name + ")");
    return bytes;
  }

  Error error(const std::string& what) const { return Error{file_.string() + ": cannot be read: " + what}; }

 private:
  Status check_memory() const {
    const auto available = static_cast<std::uint64_t>(available_memory());
    if (input_.size() <= available) return {};
    const auto in_words = [](std::uint64_t bytes) { return format_bytes(static_cast<std::int64_t>(bytes)); };
    return error("its " + in_words(input_.size()) + " are more than this machine's memory has left, " +
                 in_words(available));
  }

  Result<std::vector<Section>> parse_table(std::span<const std::byte> table) const {
    std::vector<Section> sections;
    std::uint64_t left = input_.size() - sizeof(Header) - table.size() - sizeof(std::uint32_t);
    for (std::uint32_t i = 0; i < header_.sections; ++i) {
      Entry entry{};
      if (table.size() < sizeof entry) return error("it is corrupted (table)");
      std::memcpy(&entry, table.data(), sizeof entry);
      table = table.subspan(sizeof entry);
      if (table.size() < entry.name_size || left < entry.size) return error("it is corrupted (table)");
      const char* name = reinterpret_cast<const char*>(table.data());
      sections.push_back({std::string(name, entry.name_size), entry.size, entry.crc});
      table = table.subspan(entry.name_size);
      left -= entry.size;
    }
    if (!table.empty() || left != 0) return error("it is corrupted (table)");
    return sections;
  }

  std::filesystem::path file_;
  InputFile input_;
  Header header_{};
};

}  // namespace

void Archive::put_text(std::string name, std::string_view text) {
  put(std::move(name), std::span<const char>(text));
}

void Archive::put_bytes(std::string name, std::span<const std::byte> bytes) {
  sections_.insert_or_assign(std::move(name), std::vector<std::byte>(bytes.begin(), bytes.end()));
}

Status Archive::get_bytes(std::string_view name, std::span<std::byte> out) const {
  const auto found = sections_.find(name);
  if (found == sections_.end()) return Error{"the archive has no section " + std::string(name)};
  if (found->second.size() != out.size()) {
    return Error{"section " + std::string(name) + " of the archive has " +
                 std::to_string(found->second.size()) + " bytes, not " + std::to_string(out.size())};
  }
  if (!out.empty()) std::memcpy(out.data(), found->second.data(), out.size());
  return {};
}

Result<std::string> Archive::get_text(std::string_view name) const {
  std::string text(size_of(name), '\0');
  if (Status status = get(name, std::span<char>(text)); !status) return status.error();
  return text;
}

bool Archive::has(std::string_view name) const {
  return sections_.find(name) != sections_.end();
}

std::size_t Archive::size_of(std::string_view name) const {
  const auto found = sections_.find(name);
  return found == sections_.end() ? 0 : found->second.size();
}

Status Archive::write(const std::filesystem::path& file) const {
  std::vector<std::byte> table;
  std::uint64_t size = sizeof(Header) + sizeof(std::uint32_t);
  for (const auto& [name, content] : sections_) {
    append(table, bytes_of(Entry{content.size(), crc32c(content), static_cast<std::uint32_t>(name.size())}));
    append(table, std::as_bytes(std::span<const char>(name)));
    size += content.size();
  }
  const Header header{magic, version, static_cast<std::uint32_t>(sections_.size()), table.size(),
                      size + table.size()};
  const std::uint32_t crc = crc32c(table, crc32c(bytes_of(header)));
  std::vector<std::span<const std::byte>> pieces = {bytes_of(header), table, bytes_of(crc)};
  for (const auto& [name, content] : sections_) pieces.push_back(content);
  return replace_file(file, pieces);
}

Result<Archive> Archive::read(const std::filesystem::path& file) try {
  Result<InputFile> input = InputFile::open(file);
  if (!input) return input.error();
  Reader reader(file, std::move(*input));
  if (Status status = reader.read_header(); !status) return status.error();
  Result<std::vector<Section>> sections = reader.read_table();
  if (!sections) return sections.error();
  Archive archive;
  for (Section& section : *sections) {
    Result<std::vector<std::byte>> bytes = reader.read_section(section);
    if (!bytes) return bytes.error();
    if (!archive.sections_.emplace(std::move(section.name), std::move(*bytes)).second) {
      return reader.error("it is corrupted (a section is there twice)");
    }
  }
  return archive;
} catch (const std::bad_alloc&) {
  return Error{file.string() + ": cannot be read: there is not enough memory"};
}

Status write_file(const std::filesystem::path& file, std::string_view text) {
  const std::span<const std::byte> piece = std::as_bytes(std::span<const char>(text));
  return replace_file(file, {&piece, 1});
}

}  // namespace motet

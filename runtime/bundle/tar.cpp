#include "runtime/bundle/tar.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>

namespace motet {
namespace {

constexpr std::size_t block = 512;
constexpr std::size_t most_members = 4096;

// A field of the header: where it begins and how long it is.
struct Field {
  std::size_t offset, size;
};
constexpr Field name_field{0, 100}, mode_field{100, 8}, user_field{108, 8}, group_field{116, 8},
    size_field{124, 12}, time_field{136, 12}, sum_field{148, 8}, type_field{156, 1}, magic_field{257, 8},
    prefix_field{345, 155};
constexpr std::string_view magic{
    "ustar\0"
    "00",
    8};

std::string_view text_of(std::string_view header, Field field) {
  const std::string_view text = header.substr(field.offset, field.size);
  return text.substr(0, std::min(text.find('\0'), text.size()));
}

// Octal digits, with spaces around them or a zero behind.
std::optional<std::uint64_t> number_of(std::string_view header, Field field) {
  std::string_view text = text_of(header, field);
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  std::uint64_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '7') return std::nullopt;
    value = value * 8 + static_cast<std::uint64_t>(digit - '0');
  }
  return text.empty() ? std::nullopt : std::optional(value);
}

// Of all bytes, the sum's own taken for spaces.
std::uint64_t sum_of(std::string_view header) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < block; ++i) {
    const bool own = i >= sum_field.offset && i < sum_field.offset + sum_field.size;
    sum += own ? ' ' : static_cast<unsigned char>(header[i]);
  }
  return sum;
}

std::uint64_t padded(std::uint64_t size) {
  return (size + block - 1) / block * block;
}

bool all_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == bytes.npos;
}

// Why a name must not be used.
std::optional<std::string> wrong_with_name(const std::string& name) {
  if (name.empty() || name.front() == '/' || name.back() == '/')
    return "has a member without a relative name";
  for (const unsigned char c : name)
    if (c < 0x20 || c == 0x7f || c == '\\')
      return "has a member whose name holds a character that names do not";
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = std::string_view(name).substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..")
      return "has a member that leaves its folder: `" + name + "`";
    begin = end + 1;
  }
  return std::nullopt;
}

class Header {
 public:
  Header() { bytes_.fill('\0'); }

  void put(Field field, std::string_view text) {
    std::copy_n(text.begin(), std::min(text.size(), field.size),
                bytes_.begin() + static_cast<long>(field.offset));
  }
  // As many octal digits as there are, and a zero.
  void put(Field field, std::uint64_t value) {
    std::string digits(field.size - 1, '0');
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, value /= 8)
      *digit = static_cast<char>('0' + value % 8);
    put(field, digits);
  }
  std::string signed_bytes() {
    put(sum_field, sum_of({bytes_.data(), block}));
    return {bytes_.begin(), bytes_.end()};
  }

 private:
  std::array<char, block> bytes_;
};

// Where a name is cut in two, if it must be.
std::optional<std::size_t> prefix_length(const std::string& name) {
  if (name.size() <= name_field.size) return 0;
  for (std::size_t at = name.find('/'); at != name.npos; at = name.find('/', at + 1))
    if (at <= prefix_field.size && name.size() - at - 1 <= name_field.size) return at;
  return std::nullopt;
}

}  // namespace

Result<std::string> to_tar(const std::vector<TarMember>& members) {
  std::string bytes;
  for (const TarMember& member : members) {
    if (const auto wrong = wrong_with_name(member.name)) return Error{*wrong};
    const auto cut = prefix_length(member.name);
    if (!cut) return Error{"the name `" + member.name + "` is too long for a tar"};
    if (member.content.size() >= std::uint64_t{1} << 33)
      return Error{"`" + member.name + "` is larger than 8 GiB"};
    Header header;
    header.put(name_field, *cut == 0 ? member.name : member.name.substr(*cut + 1));
    header.put(prefix_field, member.name.substr(0, *cut));
    header.put(mode_field, 0644);
    header.put(user_field, std::uint64_t{0});
    header.put(group_field, std::uint64_t{0});
    header.put(size_field, member.content.size());
    header.put(time_field, std::uint64_t{0});
    header.put(type_field, "0");
    header.put(magic_field, magic);
    bytes += header.signed_bytes() + member.content;
    bytes.resize(padded(bytes.size()), '\0');
  }
  bytes.resize(bytes.size() + 2 * block, '\0');
  return bytes;
}

Result<std::vector<TarMember>> from_tar(std::string_view bytes) {
  std::vector<TarMember> members;
  std::set<std::string> names;
  std::size_t at = 0;
  while (true) {
    if (bytes.size() - at < block) return Error{members.empty() ? "is not a bundle" : "is truncated"};
    const std::string_view header = bytes.substr(at, block);
    if (all_zero(header)) break;
    if (text_of(header, magic_field).substr(0, 5) != "ustar" ||
        number_of(header, sum_field) != sum_of(header))
      return Error{members.empty()
                       ? "is not a bundle"
                       : "is damaged: after `" + members.back().name + "` there is no member of a tar"};
    const std::string prefix(text_of(header, prefix_field)), own(text_of(header, name_field));
    const std::string name = prefix.empty() ? own : prefix + "/" + own;
    if (const auto wrong = wrong_with_name(name)) return Error{*wrong};
    const char type = header[type_field.offset];
    if (type != '0' && type != '\0')
      return Error{"has `" + name + "`, which is no plain file: it is not a bundle"};
    const auto size = number_of(header, size_field);
    if (!size) return Error{"is damaged: the size of `" + name + "` is not a number"};
    at += block;
    const std::uint64_t left = bytes.size() - at;
    if (padded(*size) > left)
      return Error{"is truncated: `" + name + "` needs " + std::to_string(padded(*size) - left) +
                   " more bytes"};
    if (!names.insert(name).second) return Error{"has `" + name + "` twice"};
    if (members.size() == most_members)
      return Error{"has more than " + std::to_string(most_members) + " members"};
    members.push_back({name, std::string(bytes.substr(at, static_cast<std::size_t>(*size)))});
    at += static_cast<std::size_t>(padded(*size));
  }
  if (bytes.size() - at < 2 * block) return Error{"is truncated: its end is missing"};
  if (!all_zero(bytes.substr(at))) return Error{"is damaged: something stands behind its end"};
  return members;
}

}  // namespace motet

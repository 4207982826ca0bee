#include <algorithm>
#include <cmath>
#include <cstdio>
#include <new>
#include <utility>
#include <variant>

#include "compiler/toml/fields.h"
#include "compiler/toml/text.h"
#include "runtime/archive/crc32c.h"
#include "runtime/archive/file.h"
#include "runtime/archive/memory.h"
#include "runtime/recording/recording.h"
#include "runtime/recording/recording_format.h"

namespace motet {
namespace {

using namespace recording_format;

Result<RecordingHeader> header_of(std::string_view text) {
  const std::size_t at = text.find(contract_line);
  if (at == text.npos) return Error{"it has no contract"};
  const auto parsed = parse_toml(text.substr(0, at + 1));
  if (const TomlError* wrong = std::get_if<TomlError>(&parsed))
    return Error{"line " + std::to_string(wrong->line) + ": " + wrong->message};
  FirstError error;
  TomlFields fields(std::get<toml::table>(parsed), "", error);
  RecordingHeader header;
  header.contract = text.substr(at + contract_line.size());
  header.started = fields.text("started");
  header.bundle_hash = fields.text("bundle_hash");
  header.period = fields.number("period");
  header.columns = fields.texts("columns");
  fields.done();
  if (error) return Error{error.message()};
  if (const auto wrong = wrong_with(header)) return Error{*wrong};
  return header;
}

// Nothing is given memory before its size is known to fit into the file.
class Reader {
 public:
  Reader(const std::filesystem::path& file, InputFile input)
      : file_(file), input_(std::move(input)), left_(input_.size()) {}

  Status read_header(RecordingHeader& header) {
    Head head{};
    if (left_ == 0) return error("it is empty");
    if (left_ < sizeof head) return error("it is no recording of Motet's");
    if (Status status = read(bytes_of(head)); !status) return status;
    if (head.magic != magic) return error("it is no recording of Motet's");
    if (head.version > version)
      return error("it is of form " + std::to_string(head.version) + ", and this Motet reads up to " +
                   std::to_string(version) + "; use a newer one");
    if (head.version == 0 || head.text_size > most_text) return error("its header is damaged");
    if (left_ < head.text_size + sizeof(std::uint32_t)) return error("it is cut off within its header");
    std::string text(head.text_size, '\0');
    std::uint32_t crc = 0;
    const auto text_bytes = std::as_writable_bytes(std::span<char>(text));
    if (Status status = read(text_bytes); !status) return status;
    if (Status status = read(bytes_of(crc)); !status) return status;
    if (crc != crc32c(text_bytes, crc32c(bytes_of(std::as_const(head)))))
      return error("its header is damaged");
    Result<RecordingHeader> read_header = header_of(text);
    if (!read_header) return error("its header: " + read_header.error().message);
    header = std::move(*read_header);
    return {};
  }

  Status read_blocks(Recording& recording) {
    const auto available = static_cast<std::uint64_t>(available_memory());
    if (left_ > available)
      return error("its " + in_words(left_) + " are more than this machine's memory has left, " +
                   in_words(available));
    recording.values.reserve(static_cast<std::size_t>(left_ / sizeof(double)));
    while (left_ > 0) {
      const std::uint64_t rest = left_;
      const char* wrong = nullptr;
      if (Status status = read_block(recording, wrong); !status) return status;
      if (wrong == nullptr) continue;
      char seconds[32];
      std::snprintf(seconds, sizeof seconds, "%.1f",
                    static_cast<double>(recording.frames) * recording.header.period);
      recording.damage = "cut off after " + std::to_string(recording.frames) + " frames, " + seconds +
                         " s: the last " + std::to_string(rest) + " bytes " + wrong;
      break;
    }
    return {};
  }

  Error error(const std::string& what) const { return Error{file_.string() + ": cannot be read: " + what}; }

 private:
  static std::string in_words(std::uint64_t bytes) { return format_bytes(static_cast<std::int64_t>(bytes)); }

  Status read(std::span<std::byte> out) {
    left_ -= out.size();
    return input_.read(out);
  }

  // Adds the block's frames, or says in `wrong` why there are none.
  Status read_block(Recording& recording, const char*& wrong) {
    wrong = "are no whole block";
    BlockHead head{};
    std::uint32_t crc = 0;
    if (left_ < sizeof head + sizeof crc) return {};
    if (Status status = read(bytes_of(head)); !status) return status;
    const std::uint64_t width = recording.header.columns.size() * sizeof(double);  // at most 800 kB
    if (head.magic == block_magic && (left_ - sizeof crc) / width < head.frames) return {};
    wrong = "begin with a block that is damaged";
    if (head.magic != block_magic || head.frames == 0) return {};
    std::vector<double>& values = recording.values;
    const std::size_t before = values.size();
    values.resize(before + head.frames * recording.header.columns.size());
    const std::span<std::byte> bytes = std::as_writable_bytes(std::span(values).subspan(before));
    if (Status status = read(bytes); !status) return status;
    if (Status status = read(bytes_of(crc)); !status) return status;
    if (crc != crc32c(bytes, crc32c(bytes_of(std::as_const(head.frames))))) {
      values.resize(before);
      return {};
    }
    recording.frames += head.frames;
    wrong = nullptr;
    return {};
  }

  std::filesystem::path file_;
  InputFile input_;
  std::uint64_t left_;  // bytes that are not read yet
};

}  // namespace

std::optional<std::string> wrong_with(const RecordingHeader& header) {
  if (header.columns.empty() || header.columns.size() > most_columns)
    return "there are not from 1 to " + std::to_string(most_columns) + " columns";
  if (!std::isfinite(header.period) || !(header.period > 0)) return "its period is no time";
  return std::nullopt;
}

std::span<const double> Recording::frame(std::int64_t i) const {
  const std::size_t columns = header.columns.size();
  return std::span(values).subspan(static_cast<std::size_t>(i) * columns, columns);
}

std::int64_t Recording::column(std::string_view name) const {
  const auto found = std::find(header.columns.begin(), header.columns.end(), name);
  return found == header.columns.end() ? -1 : found - header.columns.begin();
}

Result<Recording> read_recording(const std::filesystem::path& file) try {
  Result<InputFile> input = InputFile::open(file);
  if (!input) return input.error();
  Reader reader(file, std::move(*input));
  Recording recording;
  if (Status status = reader.read_header(recording.header); !status) return status.error();
  if (Status status = reader.read_blocks(recording); !status) return status.error();
  return recording;
} catch (const std::bad_alloc&) {
  return Error{file.string() + ": cannot be read: there is not enough memory"};
}

}  // namespace motet

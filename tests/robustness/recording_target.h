#pragma once

// What a recording from outside goes through, for the fuzzer and for the replay of its corpus: as it is, and
// as the text of a header, a line "--- frames ---" and doubles, which get the sums without which nothing
// would be found behind them.

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "runtime/archive/crc32c.h"
#include "runtime/control/replay.h"
#include "runtime/recording/recording_format.h"
#include "temporary_folder.h"
#include "with_zeros.h"

namespace motet {

inline std::string with_sums(std::string_view text, std::string_view frames, std::size_t width) {
  using namespace recording_format;
  std::string file;
  const auto add = [&](std::span<const std::byte> bytes) {
    file.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  const auto add_sum = [&](std::size_t from) {
    const std::uint32_t sum = crc32c(std::as_bytes(std::span(file).subspan(from)));
    add(bytes_of(sum));
  };
  const Head head{magic, version, static_cast<std::uint32_t>(text.size())};
  add(bytes_of(head));
  file += text;
  add_sum(0);
  const std::size_t count = frames.size() / sizeof(double) / std::max<std::size_t>(width, 1);
  if (count == 0) return file;
  const BlockHead block{block_magic, static_cast<std::uint32_t>(count)};
  const std::size_t begin = file.size() + sizeof block.magic;
  add(bytes_of(block));
  file += frames.substr(0, count * width * sizeof(double));
  add_sum(begin);
  return file;
}

inline void play(const std::filesystem::path& file) {
  const auto run = RecordedRun::read(file);
  if (!run) return;
  (void)report_of(*run);
  const auto bundle = with_zeros(run->contract());
  if (!bundle) return;
  if (const auto played = replay(*run, *bundle))
    for (std::size_t i = 0; i < played->names.size(); ++i) (void)difference(*played, i);
}

inline void try_recording(std::string_view bytes) {
  static const TemporaryFolder folder;
  play(folder.write("as_it_is.motetrec", bytes));
  constexpr std::string_view line = "\n--- frames ---\n";
  const std::size_t at = bytes.rfind(line);
  if (at == bytes.npos) return;
  const std::string_view text = bytes.substr(0, at), frames = bytes.substr(at + line.size());
  const auto file = folder.write("with_sums.motetrec", with_sums(text, "", 1));
  if (const auto header = read_recording(file)) {
    folder.write("with_sums.motetrec", with_sums(text, frames, header->header.columns.size()));
    play(file);
  }
}

}  // namespace motet

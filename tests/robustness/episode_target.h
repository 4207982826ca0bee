#pragma once

// What an episode from outside goes through, for the fuzzer and for the replay of its corpus: as a file, and
// as sections, each one byte (which), two (how long) and its content, which get the sums without which
// nothing would be found behind them.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "runtime/archive/archive.h"
#include "runtime/episodes/episode.h"
#include "temporary_folder.h"

namespace motet {

inline void learn_from(const TemporaryFolder& folder, const std::filesystem::path& file) {
  const auto episode = read_episode(file);
  if (!episode) return;
  const auto copy = folder.path() / "copy";
  const auto again =
      write_episode(copy, *episode) ? read_episode(copy) : Result<Episode>(Error{"not written"});
  if (!again || again->id != episode->id || again->observations != episode->observations ||
      again->actions != episode->actions || again->rewards != episode->rewards) {
    std::fprintf(stderr, "an episode that is taken, and is another when it was written again\n");
    std::abort();
  }
}

inline void try_episode(std::string_view bytes) {
  static const TemporaryFolder folder;
  learn_from(folder, folder.write("as_it_is", bytes));
  constexpr std::array names{
      "episode/version", "episode/run",        "episode/collector", "episode/number", "episode/policy",
      "episode/sizes",   "episode/terminated", "episode/success",   "observations",   "actions",
      "rewards"};
  Archive archive;
  while (bytes.size() >= 3) {
    const auto which = static_cast<unsigned char>(bytes[0]);
    const std::size_t size =
        static_cast<unsigned char>(bytes[1]) + 256u * static_cast<unsigned char>(bytes[2]);
    archive.put_text(names[which % names.size()], bytes.substr(3, size));
    bytes.remove_prefix(std::min(bytes.size(), 3 + size));
  }
  const auto file = folder.path() / "with_sums";
  if (archive.write(file)) learn_from(folder, file);
}

}  // namespace motet

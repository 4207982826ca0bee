#include <algorithm>
#include <cctype>

#include "language/diagnostic.h"

namespace motet {
namespace {

// The Damerau-Levenshtein distance (optimal string alignment), where a difference in case is none.
// Stops early with more than `limit`.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  const auto same = [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  };
  const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > limit) return limit + 1;
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same(a[i - 1], b[j - 1]) ? 0u : 1u)});
      const bool swapped = i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    if (*std::min_element(row.begin(), row.end()) > limit) return limit + 1;
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest = 200;  // nobody misspells a name of that length
  if (name.empty() || name.size() > longest) return std::nullopt;
  // A name of one letter is no misspelling of another.
  std::size_t limit = name.size() == 1 ? 0 : std::max<std::size_t>(1, name.size() / 3);
  const std::string* best = nullptr;
  for (const std::string& candidate : candidates) {
    if (candidate == name) continue;
    const std::size_t found = distance(name, candidate, limit);
    if (found > limit || (best && found == limit)) continue;
    best = &candidate;
    limit = found;
  }
  return best ? std::optional(*best) : std::nullopt;
}

}  // namespace motet

#include "compiler/check/report.h"

#include <array>
#include <cstdio>

namespace motet::checking {

namespace {

// Enough to tell how far a trial went.
constexpr std::size_t most_aside = 64;

}  // namespace

std::string ticked(std::string_view text) {
  return "`" + std::string(text) + "`";
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string rounded(double value) {
  std::array<char, 32> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.6g", value);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

std::string ticked_list(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  const bool cut = names.size() > most;
  const std::size_t shown = cut ? most - 1 : names.size();
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += !cut && i + 1 == shown ? " and " : ", ";
    text += ticked(names[i]);
  }
  if (cut) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

std::size_t Report::PlaceHash::operator()(const Place& place) const {
  const std::uint64_t code = static_cast<std::uint64_t>(place.code);
  std::uint64_t hash = (static_cast<std::uint64_t>(place.span.begin) << 32) | place.span.end;
  hash ^= (code << 48) ^ (static_cast<std::uint64_t>(place.span.file) << 17);
  return static_cast<std::size_t>(hash * 0x9e3779b97f4a7c15ull >> 7);
}

void Report::add(Diagnostic diagnostic) {
  if (diagnostic.severity() == Severity::error) ++errors_;
  if (aside_ != nullptr) {
    if (aside_->size() < most_aside) aside_->push_back(std::move(diagnostic));
    return;
  }
  if (reported_.insert({diagnostic.code, diagnostic.primary.span}).second) out_->add(std::move(diagnostic));
}

void Report::suggest(Diagnostic& diagnostic, std::string_view name, Span span,
                     const std::vector<std::string>& candidates) {
  if (!may_suggest()) return;
  --suggestions_left_;
  const auto near = nearest(name, candidates);
  if (!near) return;
  diagnostic.help.push_back("did you mean " + ticked(*near) + "?");
  diagnostic.fix = Fix{span, *near};
}

}  // namespace motet::checking

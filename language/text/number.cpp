#include "language/text/number.h"

#include <array>
#include <charconv>
#include <cmath>

namespace motet {

std::string format_number(double value) {
  if (std::isnan(value)) return "nan";
  std::array<char, 32> buffer{};
  const auto shortest = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  std::string text(buffer.data(), shortest.ptr);
  // Where the exponent's form is not much shorter, digits read better: 0.0003, 100000.
  const double magnitude = std::abs(value);
  if (text.find('e') != std::string::npos && magnitude >= 1e-5 && magnitude < 1e9) {
    std::array<char, 64> digits{};
    const auto plain =
        std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
    if (plain.ec == std::errc{}) text.assign(digits.data(), plain.ptr);
  }
  const std::size_t e = text.find('e');
  if (e == std::string::npos) return text;
  // 1e12 and 1e-9 for 1e+12 and 1e-09.
  const std::string sign = text[e + 1] == '-' ? "-" : "";
  return text.substr(0, e + 1) + sign + text.substr(text.find_first_of("123456789", e));
}

std::optional<double> parse_number(std::string_view text) {
  double factor = 1;
  if (text.ends_with('k')) factor = 1e3;
  if (text.ends_with('M')) factor = 1e6;
  if (factor != 1) text.remove_suffix(1);
  std::string digits(text);
  std::erase(digits, '_');
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value))
    return std::nullopt;
  return value * factor;
}

}  // namespace motet

#pragma once

// A line of text that is read from left to right, and the tokens it is made of.

#include <cstdint>
#include <string>
#include <string_view>

namespace motet {

// After the first failure every reader gives an empty value, and expected() says what was missing.
class TextLine {
 public:
  explicit TextLine(std::string_view text) : rest_(text) {}

  bool ok() const { return expected_.empty(); }
  const std::string& expected() const { return expected_; }
  void fail(std::string_view expected);

  bool at_end();  // nothing but space is left
  void skip_space();
  bool accept(std::string_view symbol);  // at this very place
  void expect(std::string_view symbol);  // at this very place
  void symbol(std::string_view symbol);  // after spaces, and the spaces behind it

  std::string_view word();        // up to the next space, and the spaces behind it
  std::string_view identifier();  // letters, digits and underscores
  std::uint32_t digits();         // at this very place
  std::uint32_t integer();        // after spaces
  double number();                // after spaces
  std::string quoted();           // after spaces; undoes quoted_text()

 private:
  std::string_view rest_;
  std::string expected_;
};

// The shortest text that reads back as the same number.
std::string number_text(double value);
// In double quotes on one line; a quote, a backslash and control characters become \xHH.
std::string quoted_text(std::string_view text);

}  // namespace motet

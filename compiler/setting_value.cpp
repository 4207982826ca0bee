#include "compiler/setting_value.h"

#include "language/text/number.h"

namespace motet {

namespace {

struct Writer {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return format_number(value); }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(const std::vector<std::int64_t>& values) const {
    std::string text = "[";
    for (const std::int64_t value : values) text += (text.size() > 1 ? ", " : "") + std::to_string(value);
    return text + "]";
  }
};

}  // namespace

std::string to_text(const SettingValue& value) {
  return std::visit(Writer{}, value);
}

}  // namespace motet

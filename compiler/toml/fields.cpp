#include "compiler/toml/fields.h"

namespace motet {

namespace {

const toml::table& empty_table() {
  static const toml::table empty;
  return empty;
}

}  // namespace

std::string TomlFields::name_of(std::string_view key) const {
  return where_.empty() ? std::string(key) : where_ + "." + std::string(key);
}

void TomlFields::fail(std::string_view key, std::string_view what) {
  const toml::node* node = table_.get(key);
  const std::uint32_t line = (node == nullptr ? table_.source() : node->source()).begin.line;
  error_.set((line > 0 ? "line " + std::to_string(line) + ": " : "") + "`" + name_of(key) +
             "`: " + std::string(what));
}

const toml::node* TomlFields::node(std::string_view key) {
  asked_.emplace(key);
  const toml::node* node = table_.get(key);
  if (node == nullptr) fail(key, "it is missing");
  return node;
}

std::string TomlFields::text(std::string_view key) {
  const toml::node* value = node(key);
  if (value == nullptr) return {};
  if (const auto* text = value->as_string()) return text->get();
  fail(key, "it is not text");
  return {};
}

std::int64_t TomlFields::integer(std::string_view key, std::int64_t low, std::int64_t high) {
  const toml::node* value = node(key);
  if (value == nullptr) return low;
  const auto* integer = value->as_integer();
  if (integer == nullptr)
    fail(key, "it is not a whole number");
  else if (integer->get() < low || integer->get() > high)
    fail(key, "it is not from " + std::to_string(low) + " to " + std::to_string(high));
  else
    return integer->get();
  return low;
}

double TomlFields::number(std::string_view key) {
  const toml::node* value = node(key);
  if (value == nullptr) return 0;
  if (const auto* number = value->as_floating_point()) return number->get();
  fail(key, "it is not a number with a point");
  return 0;
}

bool TomlFields::boolean(std::string_view key) {
  const toml::node* value = node(key);
  if (value == nullptr) return false;
  if (const auto* truth = value->as_boolean()) return truth->get();
  fail(key, "it is neither true nor false");
  return false;
}

std::vector<std::string> TomlFields::texts(std::string_view key) {
  const toml::node* value = node(key);
  if (value == nullptr) return {};
  std::vector<std::string> texts;
  const toml::array* array = value->as_array();
  if (array == nullptr)
    fail(key, "it is not a list");
  else
    for (const toml::node& element : *array) {
      if (const auto* text = element.as_string())
        texts.push_back(text->get());
      else
        fail(key, "it holds something other than text");
    }
  return texts;
}

std::vector<std::int64_t> TomlFields::integers(std::string_view key, std::int64_t low, std::int64_t high) {
  const toml::node* value = node(key);
  if (value == nullptr) return {};
  std::vector<std::int64_t> integers;
  const toml::array* array = value->as_array();
  if (array == nullptr) {
    fail(key, "it is not a list");
    return {};
  }
  for (const toml::node& element : *array) {
    const auto* integer = element.as_integer();
    if (integer == nullptr || integer->get() < low || integer->get() > high) {
      fail(key, "it holds something other than whole numbers from " + std::to_string(low) + " to " +
                    std::to_string(high));
      return {};
    }
    integers.push_back(integer->get());
  }
  return integers;
}

const toml::table& TomlFields::raw_table(std::string_view key) {
  const toml::node* value = node(key);
  if (value == nullptr) return empty_table();
  if (const toml::table* table = value->as_table()) return *table;
  fail(key, "it is not a table");
  return empty_table();
}

TomlFields TomlFields::table(std::string_view key) {
  return {raw_table(key), name_of(key), error_};
}

void TomlFields::each_table(std::string_view key, const std::function<void(TomlFields&)>& read) {
  const toml::node* value = node(key);
  if (value == nullptr) return;
  const toml::array* array = value->as_array();
  if (array == nullptr) return fail(key, "it is not a list");
  for (std::size_t i = 0; i < array->size() && !error_; ++i) {
    const toml::table* element = (*array)[i].as_table();
    if (element == nullptr) return fail(key, "it holds something other than tables");
    TomlFields fields(*element, name_of(key) + "[" + std::to_string(i) + "]", error_);
    read(fields);
  }
}

void TomlFields::done() {
  for (auto&& [key, value] : table_)
    if (!asked_.contains(key.str())) fail(key.str(), "nothing of this name belongs here");
}

}  // namespace motet

#pragma once

// Strict reading of TOML tables: every field is asked for by name and type, and what nobody asked
// for is an error. The first error is kept; reading goes on with neutral values.

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/toml/text.h"

namespace motet {

// The first thing that was wrong with a document, and where.
class FirstError {
 public:
  void set(std::string message) {
    if (!message_) message_ = std::move(message);
  }
  explicit operator bool() const { return message_.has_value(); }
  const std::string& message() const { return *message_; }

 private:
  std::optional<std::string> message_;
};

class TomlFields {
 public:
  // `where` is the table's own name in errors: "skill[2].environment".
  TomlFields(const toml::table& table, std::string where, FirstError& error)
      : table_(table), where_(std::move(where)), error_(error) {}

  std::string text(std::string_view key);
  std::string text_or_empty(std::string_view key) { return has(key) ? text(key) : std::string(); }
  std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high);
  // Infinite and not-a-number are numbers here; the reader decides.
  double number(std::string_view key);
  bool boolean(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  std::vector<std::int64_t> integers(std::string_view key, std::int64_t low, std::int64_t high);
  // The index of a word among those that are known.
  template <typename Known>
  std::size_t word(std::string_view key, const Known& words) {
    const std::string value = text(key);
    const auto index = words.find(value);
    if (!index) fail(key, "there is no `" + value.substr(0, 40) + "`");
    return index.value_or(0);
  }
  // An empty table where there is none.
  TomlFields table(std::string_view key);
  const toml::table& raw_table(std::string_view key);
  void each_table(std::string_view key, const std::function<void(TomlFields&)>& read);

  bool has(std::string_view key) const { return table_.contains(key); }
  const toml::node* node(std::string_view key);  // null (an error) where it is missing
  // Says what is wrong with a field.
  void fail(std::string_view key, std::string_view what);
  // To be called last: fields that nobody asked for are errors.
  void done();
  const std::string& where() const { return where_; }
  FirstError& error() { return error_; }

 private:
  std::string name_of(std::string_view key) const;

  const toml::table& table_;
  std::string where_;
  FirstError& error_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace motet

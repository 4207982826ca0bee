#include "compiler/plan/composition.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace motet {
namespace {

bool plain(unsigned char c) {
  return std::isalnum(c) || c == '_' || c == '.';
}

std::string word(const std::string& name) {
  if (!name.empty() && std::all_of(name.begin(), name.end(), plain)) return name;
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string number(double value) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Composition> parse() {
    Composition whole = node(0);
    space();
    if (failed_ || at_ != text_.size())
      return Error{"`" + std::string(text_.substr(0, 80)) + "` is no composition"};
    return whole;
  }

 private:
  static constexpr int most_levels = 100;

  Composition node(int level) {
    Composition result;
    space();
    if (level > most_levels) return fail(result);
    if (!take('(')) {
      result.skill = name();
      return result;
    }
    const std::string kind = name();
    if (kind == "weight") {
      space();
      double weight = 0;
      const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), weight);
      if (error != std::errc() || !(weight > 0) || !std::isfinite(weight)) return fail(result);
      at_ = static_cast<std::size_t>(end - text_.data());
      result = node(level + 1);
      result.weight = weight;
      space();
      return take(')') ? result : fail(result);
    }
    if (kind != "mean" && kind != "softmax") return fail(result);
    result.kind = kind == "mean" ? Composition::Kind::mean : Composition::Kind::softmax;
    for (space(); !failed_ && !take(')'); space()) result.children.push_back(node(level + 1));
    return result.children.empty() ? fail(result) : result;
  }

  std::string name() {
    space();
    std::string result;
    if (!take('"')) {
      while (at_ < text_.size() && plain(static_cast<unsigned char>(text_[at_]))) result += text_[at_++];
    } else {
      while (at_ < text_.size() && text_[at_] != '"') {
        if (text_[at_] == '\\') ++at_;
        if (at_ < text_.size()) result += text_[at_++];
      }
      failed_ = failed_ || !take('"');
    }
    failed_ = failed_ || result.empty();
    return result;
  }

  void space() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  Composition fail(const Composition& result) {
    failed_ = true;
    return result;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

void collect(const Composition& composition, std::vector<std::string>& names) {
  if (composition.kind == Composition::Kind::skill) {
    if (std::find(names.begin(), names.end(), composition.skill) == names.end())
      names.push_back(composition.skill);
  }
  for (const Composition& child : composition.children) collect(child, names);
}

}  // namespace

std::string to_text(const Composition& composition) {
  std::string text;
  if (composition.kind == Composition::Kind::skill) {
    text = word(composition.skill);
  } else {
    text = composition.kind == Composition::Kind::mean ? "(mean" : "(softmax";
    for (const Composition& child : composition.children) text += " " + to_text(child);
    text += ")";
  }
  return composition.weight == 1 ? text : "(weight " + number(composition.weight) + " " + text + ")";
}

Result<Composition> parse_composition(std::string_view text) {
  return Parser(text).parse();
}

std::vector<std::string> skills_of(const Composition& composition) {
  std::vector<std::string> names;
  collect(composition, names);
  return names;
}

}  // namespace motet

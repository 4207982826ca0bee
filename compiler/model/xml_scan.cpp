#include "compiler/model/xml_scan.h"

#include <algorithm>
#include <charconv>

namespace motet {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 128;
}

bool continues_name(char c) {
  return starts_name(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// The text that `&name;` stands for; appends nothing and returns false where it is no entity.
bool append_entity(std::string& out, std::string_view name) {
  constexpr std::pair<std::string_view, char> known[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [spelling, c] : known) {
    if (name == spelling) {
      out += c;
      return true;
    }
  }
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  const int base = name.starts_with('x') ? 16 : 10;
  if (base == 16) name.remove_prefix(1);
  unsigned code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code, base);
  if (error != std::errc{} || end != name.data() + name.size() || code == 0 || code > 0x10FFFF) return false;
  append_utf8(out, code);
  return true;
}

std::string decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '&') {
      const std::size_t end = text.find(';', i);
      if (end != text.npos && end - i < 12 && append_entity(out, text.substr(i + 1, end - i - 1))) {
        i = end + 1;
        continue;
      }
    }
    out += text[i++];
  }
  return out;
}

class Scanner {
 public:
  Scanner(std::string_view text, const std::function<Status(const XmlTag&)>& visit)
      : text_(text), visit_(visit) {}

  Status run() {
    if (text_.find('\0') != text_.npos) return Error{"not a text: it has zero bytes"};
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (true) {
      const std::size_t next = text_.find('<', at_);
      if (next == text_.npos) break;
      move_to(next);
      if (Status status = markup(); !status) return status;
    }
    if (!open_.empty()) return error("<" + std::string(open_.back()) + "> is not closed");
    if (!seen_root_) return error("no XML element");
    return {};
  }

 private:
  Status error(const std::string& what) const { return Error{"line " + std::to_string(line_) + ": " + what}; }

  void move_to(std::size_t position) {
    line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                         text_.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
    at_ = position;
  }

  Status skip_past(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    if (found == text_.npos) return error("'" + std::string(end) + "' is missing");
    move_to(found + end.size());
    return {};
  }

  Status markup() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("<!--")) return skip_past("-->");
    if (rest.starts_with("<![CDATA[")) return skip_past("]]>");
    if (rest.starts_with("<?")) return skip_past("?>");
    if (rest.starts_with("<!")) return skip_past(">");
    return tag();
  }

  std::string_view name() {
    const std::size_t begin = at_;
    if (at_ < text_.size() && starts_name(text_[at_])) {
      while (at_ < text_.size() && continues_name(text_[at_])) ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) {
      line_ += text_[at_] == '\n';
      ++at_;
    }
  }

  bool accept(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Status tag() {
    XmlTag tag;
    tag.begin = at_;
    tag.line = line_;
    ++at_;
    const bool end_tag = accept('/');
    tag.name = name();
    if (tag.name.empty()) return error("a tag without a name");
    tag.opens = !end_tag;
    tag.closes = end_tag;
    while (true) {
      skip_space();
      if (at_ >= text_.size()) return error("a tag that does not end");
      if (accept('>')) break;
      if (!end_tag && accept('/')) {
        if (!accept('>')) return error("'/' without '>'");
        tag.closes = true;
        break;
      }
      if (end_tag) return error("an end tag with attributes");
      if (Status status = attribute(tag); !status) return status;
    }
    tag.end = at_;
    return nest(tag);
  }

  Status attribute(XmlTag& tag) {
    const std::string_view key = name();
    if (key.empty()) return error("an attribute without a name in <" + std::string(tag.name) + ">");
    skip_space();
    if (!accept('=')) return error("attribute '" + std::string(key) + "' has no value");
    skip_space();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '"' && quote != '\'') return error("the value of '" + std::string(key) + "' is not quoted");
    const std::size_t begin = at_ + 1;
    const std::size_t end = text_.find(quote, begin);
    if (end == text_.npos) return error("the value of '" + std::string(key) + "' does not end");
    if (tag.find(key)) return error("attribute '" + std::string(key) + "' is there twice");
    if (tag.attributes.size() == max_xml_attributes) {
      return error("a tag with more than " + std::to_string(max_xml_attributes) + " attributes");
    }
    tag.attributes.emplace_back(key, decode(text_.substr(begin, end - begin)));
    move_to(end + 1);
    return {};
  }

  Status nest(XmlTag& tag) {
    if (tag.opens) {
      tag.depth = open_.size();
      seen_root_ = true;
      if (tag.depth >= max_xml_depth) {
        return error("elements are nested deeper than " + std::to_string(max_xml_depth));
      }
      open_.push_back(tag.name);
    }
    if (tag.closes) {
      if (open_.empty() || open_.back() != tag.name) {
        return error("</" + std::string(tag.name) + "> closes nothing");
      }
      open_.pop_back();
      tag.depth = open_.size();
    }
    return visit_(tag);
  }

  std::string_view text_;
  const std::function<Status(const XmlTag&)>& visit_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::vector<std::string_view> open_;
  bool seen_root_ = false;
};

}  // namespace

const std::string* XmlTag::find(std::string_view attribute) const {
  for (const auto& [key, value] : attributes) {
    if (key == attribute) return &value;
  }
  return nullptr;
}

Status scan_xml(std::string_view text, const std::function<Status(const XmlTag&)>& visit) {
  return Scanner(text, visit).run();
}

}  // namespace motet

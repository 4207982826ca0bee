#pragma once

// The tags of an XML text, one after the other. Enough of XML to know what a model file refers to
// and asks for before MuJoCo reads it; at least as strict as MuJoCo's own parser.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/plan/result.h"

namespace motet {

struct XmlTag {
  std::string_view name;
  std::vector<std::pair<std::string_view, std::string>> attributes;  // entities decoded
  bool opens = true;                                                 // <a> or <a/>
  bool closes = false;                                               // </a> or <a/>
  std::size_t depth = 0;                                             // of the element; the root's is 0
  std::size_t begin = 0, end = 0;  // bytes of the text, the angle brackets included
  int line = 1;

  // The attribute's value, or null.
  const std::string* find(std::string_view attribute) const;
};

inline constexpr std::size_t max_xml_depth = 256;
inline constexpr std::size_t max_xml_attributes = 256;  // a tag

// Calls `visit` for every tag in order. Stops at the first error: of the text ("line 3: ...") or
// returned by `visit`.
Status scan_xml(std::string_view text, const std::function<Status(const XmlTag&)>& visit);

}  // namespace motet

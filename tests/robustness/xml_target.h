#pragma once

// What a model's XML goes through before MuJoCo reads it, for the fuzzer and for the replay of its
// corpus.

#include <cstdlib>
#include <string_view>

#include "compiler/model/model_limits.h"
#include "compiler/model/xml_scan.h"

namespace motet {

inline void try_xml(std::string_view text) {
  ModelLimits limits;
  const Status status = scan_xml(text, [&](const XmlTag& tag) {
    if (tag.begin >= tag.end || tag.end > text.size() || tag.depth >= max_xml_depth) std::abort();
    return limits.check(tag);
  });
  if (!status && status.error().message.empty()) std::abort();
}

}  // namespace motet

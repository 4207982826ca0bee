#pragma once

// Small texts can ask MuJoCo for gigabytes of memory or hours of time. These are the attributes that
// do, and how far they may go.

#include <cstdint>

#include "compiler/model/xml_scan.h"

namespace motet {

// Counts a model's elements, those that <composite> and <replicate> stand for included.
class ModelLimits {
 public:
  // An error where the tag, or all of them together, ask for too much.
  Status check(const XmlTag& tag);

 private:
  std::vector<double> copies_ = {1};  // of an element at each depth
  double elements_ = 0, bodies_ = 0, joints_ = 0;
};

}  // namespace motet

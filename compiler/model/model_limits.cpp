#include "compiler/model/model_limits.h"

#include <cmath>
#include <cstdlib>

namespace motet {
namespace {

struct AttributeLimit {
  std::string_view element, attribute;
  double limit;
};

constexpr double million = 1e6;

// Far above any robot, far below what hurts. An attribute may be a list: each number counts.
constexpr AttributeLimit attribute_limits[] = {
    {"size", "memory", 2048 * million},                                     // bytes
    {"size", "njmax", 10'000},                                              // MuJoCo 2 takes 12 njmax^2 bytes
    {"size", "nconmax", 100'000},       {"size", "nstack", 100 * million},  // numbers of 8 bytes
    {"size", "nuserdata", million},     {"size", "nkey", 10'000},          {"size", "nuser_body", 1000},
    {"size", "nuser_jnt", 1000},        {"size", "nuser_geom", 1000},      {"size", "nuser_site", 1000},
    {"size", "nuser_cam", 1000},        {"size", "nuser_tendon", 1000},    {"size", "nuser_actuator", 1000},
    {"size", "nuser_sensor", 1000},     {"texture", "width", 8192},        {"texture", "height", 8192},
    {"hfield", "nrow", 8192},           {"hfield", "ncol", 8192},          {"numeric", "size", million},
    {"user", "dim", 100'000},
};
constexpr double max_elements = 20'000;
constexpr double max_bodies = 4000;  // MuJoCo's compiler takes time quadratic in these
constexpr double max_joints = 4000;

// 10 followed by M means 10 * 2^20, as MuJoCo reads a size of memory.
double magnitude(const char*& text) {
  char* end = nullptr;
  double value = std::strtod(text, &end);
  if (end == text) return 0;
  text = end;
  constexpr std::string_view suffixes = "KMGTPE";
  const std::size_t found = *text == '\0' ? suffixes.npos : suffixes.find(static_cast<char>(*text & ~0x20));
  if (found != suffixes.npos) {
    value *= std::pow(1024.0, static_cast<double>(found + 1));
    ++text;
  }
  return std::isnan(value) ? HUGE_VAL : std::abs(value);
}

// The largest number in the list, and the product of all that are above 1.
struct Numbers {
  double largest = 0, product = 1;
};
Numbers numbers(const std::string& text) {
  Numbers result;
  const char* at = text.c_str();
  while (*at) {
    const char* before = at;
    const double value = magnitude(at);
    if (at == before) {
      ++at;
      continue;
    }
    result.largest = std::max(result.largest, value);
    result.product *= std::max(1.0, value);
  }
  return result;
}

Status too_many(const XmlTag& tag, const std::string& what, double limit) {
  return Error{"line " + std::to_string(tag.line) + ": " + what + " than " +
               std::to_string(static_cast<long long>(limit))};
}

}  // namespace

Status ModelLimits::check(const XmlTag& tag) {
  if (!tag.opens) return {};
  for (const AttributeLimit& limit : attribute_limits) {
    if (tag.name != limit.element) continue;
    const std::string* value = tag.find(limit.attribute);
    if (value && numbers(*value).largest > limit.limit) {
      return too_many(tag, "<" + std::string(tag.name) + " " + std::string(limit.attribute) + "> is larger",
                      limit.limit);
    }
  }
  double copies = copies_[std::min(tag.depth, copies_.size() - 1)];
  const std::string* count = tag.find("count");
  if (count && (tag.name == "composite" || tag.name == "replicate" || tag.name == "flexcomp")) {
    copies *= numbers(*count).product;
  }
  copies_.resize(tag.depth + 1);
  copies_.push_back(copies);

  elements_ += copies;
  if (tag.name == "body" || tag.name == "link" || tag.name == "composite" || tag.name == "flexcomp") {
    bodies_ += copies;
  }
  if (tag.name == "joint" || tag.name == "freejoint" || tag.name == "composite") joints_ += copies;
  if (elements_ > max_elements) return too_many(tag, "the model has more elements", max_elements);
  if (bodies_ > max_bodies) return too_many(tag, "the model has more bodies", max_bodies);
  if (joints_ > max_joints) return too_many(tag, "the model has more joints", max_joints);
  return {};
}

}  // namespace motet

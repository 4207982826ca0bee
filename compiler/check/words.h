#pragma once

// The language's own names in expressions.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace motet::checking {

struct FunctionWord {
  std::string_view name;
  int least = 1, most = 1;  // arguments; -1: any number
};

// abs, min, distance, uniform, pd, ... : only ever followed by arguments.
std::span<const FunctionWord> functions();
const FunctionWord* find_function(std::string_view name);

// time, qpos, action, success, com: they stand alone.
bool is_signal_word(std::string_view name);
// body, joint, site, sensor, contact: followed by names in the model.
bool is_element_word(std::string_view name);
// Both, for did-you-mean.
std::vector<std::string> signal_words();

}  // namespace motet::checking

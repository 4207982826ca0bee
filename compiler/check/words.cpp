#include "compiler/check/words.h"

#include <algorithm>
#include <array>

namespace motet::checking {

namespace {

constexpr std::array function_words = {
    FunctionWord{"abs"},           FunctionWord{"sign"},
    FunctionWord{"sqrt"},          FunctionWord{"exp"},
    FunctionWord{"log"},           FunctionWord{"sin"},
    FunctionWord{"cos"},           FunctionWord{"tan"},
    FunctionWord{"tanh"},          FunctionWord{"floor"},
    FunctionWord{"atan2", 2, 2},   FunctionWord{"min", 1, -1},
    FunctionWord{"max", 1, -1},    FunctionWord{"sum", 1, -1},
    FunctionWord{"mean", 1, -1},   FunctionWord{"clip", 3, 3},
    FunctionWord{"norm"},          FunctionWord{"dot", 2, 2},
    FunctionWord{"angle", 1, 2},   FunctionWord{"distance", 2, 2},
    FunctionWord{"gauss", 1, 2},   FunctionWord{"rate"},
    FunctionWord{"previous"},      FunctionWord{"pd", 2, 3},
    FunctionWord{"uniform", 2, 2}, FunctionWord{"normal", 2, 2},
    FunctionWord{"choice", 2, -1},
};

constexpr std::array<std::string_view, 6> signals = {"time", "qpos", "qvel", "action", "success", "com"};
constexpr std::array<std::string_view, 5> elements = {"body", "joint", "site", "sensor", "contact"};

}  // namespace

std::span<const FunctionWord> functions() {
  return function_words;
}

const FunctionWord* find_function(std::string_view name) {
  for (const FunctionWord& word : function_words)
    if (word.name == name) return &word;
  return nullptr;
}

bool is_signal_word(std::string_view name) {
  return std::ranges::find(signals, name) != signals.end();
}
bool is_element_word(std::string_view name) {
  return std::ranges::find(elements, name) != elements.end();
}

std::vector<std::string> signal_words() {
  std::vector<std::string> words(signals.begin(), signals.end());
  words.insert(words.end(), elements.begin(), elements.end());
  return words;
}

}  // namespace motet::checking

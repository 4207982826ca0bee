#include "cli/command.h"

#include <charconv>
#include <cstdio>
#include <iostream>

#include "language/diagnostic.h"

namespace motet::cli {

const Command* find_command(std::string_view name) {
  for (const Command& command : commands())
    if (command.name == name) return &command;
  return nullptr;
}

std::optional<std::string> Arguments::value(std::string_view name) const {
  const auto found = values_.find(std::string(name));
  if (found == values_.end()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::values(std::string_view name) const {
  const auto found = values_.find(std::string(name));
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

void complain(std::string_view message) {
  std::cerr << "motet: " << message << '\n';
}

int fail(const Error& error, int status) {
  complain(error.message);
  return status;
}

namespace {

std::string usage_of(const Command& command) {
  std::string text = "motet " + std::string(command.name);
  if (!command.operands.empty()) text += " " + std::string(command.operands);
  if (!command.options.empty()) text += " [OPTIONS]";
  return text;
}

const Option* find_option(const Command& command, std::string_view word) {
  for (const Option& option : command.options) {
    const bool by_letter =
        option.letter != 0 && word.size() == 2 && word[0] == '-' && word[1] == option.letter;
    if (word == option.name || by_letter) return &option;
  }
  return nullptr;
}

void complain_of_unknown_option(const Command& command, const std::string& word) {
  std::vector<std::string> names = {"--help"};
  for (const Option& option : command.options) names.emplace_back(option.name);
  std::string message = "`" + std::string(command.name) + "` has no option `" + word + "`";
  if (const auto near = nearest(word, names)) message += "; did you mean `" + *near + "`?";
  complain(message);
}

}  // namespace

std::optional<Arguments> parse_arguments(const Command& command, const std::vector<std::string>& words) {
  Arguments arguments;
  bool options_ended = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i];
    if (options_ended || word.size() < 2 || word[0] != '-') {
      arguments.positional.push_back(word);
      continue;
    }
    if (word == "--") {
      options_ended = true;
      continue;
    }
    std::optional<std::string> attached;
    if (const std::size_t equals = word.find('='); word.starts_with("--") && equals != std::string::npos) {
      attached = word.substr(equals + 1);
      word.resize(equals);
    }
    const Option* option = find_option(command, word);
    if (option == nullptr) {
      complain_of_unknown_option(command, word);
      return std::nullopt;
    }
    if (option->value.empty()) {
      if (attached) {
        complain("`" + word + "` takes no value");
        return std::nullopt;
      }
      arguments.add(option->name, "");
    } else if (attached) {
      arguments.add(option->name, *attached);
    } else if (i + 1 < words.size()) {
      arguments.add(option->name, words[++i]);
    } else {
      complain("`" + word + "` needs a value: " + std::string(option->value));
      return std::nullopt;
    }
  }
  const std::size_t given = arguments.positional.size();
  if (given < command.least || given > command.most) {
    complain(given < command.least
                 ? "`" + std::string(command.name) + "` needs " + std::string(command.operands)
                 : "`" + arguments.positional[command.most] + "` is too much");
    std::cerr << "usage: " << usage_of(command) << "\nTry `motet help " << command.name << "`.\n";
    return std::nullopt;
  }
  return arguments;
}

std::optional<long long> whole_number(const Arguments& arguments, std::string_view option, long long fallback,
                                      long long low, long long high) {
  const auto text = arguments.value(option);
  if (!text) return fallback;
  long long number = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  if (error == std::errc() && stop == end && number >= low && number <= high) return number;
  complain("`" + std::string(option) + "` takes a whole number from " + std::to_string(low) + " to " +
           std::to_string(high) + ", not `" + *text + "`");
  return std::nullopt;
}

std::optional<double> real_number(const Arguments& arguments, std::string_view option, double fallback,
                                  double low, double high) {
  const auto text = arguments.value(option);
  if (!text) return fallback;
  double number = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  if (error == std::errc() && stop == end && number >= low && number <= high) return number;
  char range[80];
  std::snprintf(range, sizeof range, "%g to %g", low, high);
  complain("`" + std::string(option) + "` takes a number from " + range + ", not `" + *text + "`");
  return std::nullopt;
}

std::string help_text(const Command& command) {
  std::string text = "motet " + std::string(command.name) + " - " + std::string(command.summary) + "\n\n";
  text += "usage: " + usage_of(command) + "\n\n" + std::string(command.description) + "\n";
  if (!command.options.empty()) text += "\noptions:\n";
  for (const Option& option : command.options) {
    std::string left = "  ";
    if (option.letter != 0) left += std::string("-") + option.letter + ", ";
    left += option.name;
    if (!option.value.empty()) left += " " + std::string(option.value);
    left.resize(std::max<std::size_t>(left.size() + 2, 30), ' ');
    text += left + std::string(option.help) + "\n";
  }
  if (!command.examples.empty()) text += "\nexamples:\n";
  for (const Example& example : command.examples)
    text += "  " + std::string(example.command) + "\n      " + std::string(example.says) + "\n";
  return text;
}

std::string overview() {
  std::string text =
      "motet composes robot skills: it checks, draws, trains, measures and shows the skills\n"
      "that a .motet program declares.\n\n"
      "usage: motet COMMAND [OPERANDS] [OPTIONS]\n\ncommands:\n";
  for (const Command& command : commands()) {
    std::string name = "  " + std::string(command.name);
    name.resize(14, ' ');
    text += name + std::string(command.summary) + "\n";
  }
  text +=
      "\nexamples:\n"
      "  motet check reaching.motet\n"
      "  motet graph reaching.motet -o reaching.svg\n"
      "  motet train reaching.motet --run runs/reaching\n"
      "  motet eval runs/reaching\n"
      "  motet run runs/reaching --video reaching.mp4\n\n"
      "`motet help COMMAND` says more. Exit status: 0 done, 1 the program or an input is wrong,\n"
      "2 wrong usage, 3 the outside world failed, 130 interrupted.\n";
  return text;
}

}  // namespace motet::cli

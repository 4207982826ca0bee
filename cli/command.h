#pragma once

// What a command of `motet` is: its options, its help and its function. The table of all commands
// serves the dispatcher, `motet help` and shell completion.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/plan/result.h"

namespace motet::cli {

enum Exit : int {
  done = 0,
  wrong_input = 1,     // the program or an input is wrong
  wrong_usage = 2,     // the command line is wrong
  outside_failed = 3,  // files, memory, rendering, a device
  interrupted = 130,
};

struct Option {
  std::string_view name;   // "--format"
  std::string_view value;  // "text|json"; empty: a flag
  std::string_view help;
  char letter = 0;  // 'o' for -o
};

struct Example {
  std::string_view command;
  std::string_view says;
};

class Arguments {
 public:
  std::vector<std::string> positional;

  bool flag(std::string_view name) const { return values_.count(std::string(name)) > 0; }
  std::optional<std::string> value(std::string_view name) const;  // the last one given
  std::vector<std::string> values(std::string_view name) const;
  void add(std::string_view name, std::string value) {
    values_[std::string(name)].push_back(std::move(value));
  }

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

struct Command {
  std::string_view name;
  std::string_view operands;  // "FILE..."
  std::string_view summary;
  std::string_view description;
  std::vector<Option> options;
  std::vector<Example> examples;
  std::size_t least = 0, most = 0;  // operands
  int (*run)(const Arguments&);
};

// Those that this program has: see main.cpp.
const std::vector<Command>& commands();
const Command* find_command(std::string_view name);

// One function a command, each in its own file.
Command bench_command();
Command bound_command();
Command check_command();
Command collect_command();
Command compile_command();
Command completion_command();
Command doctor_command();
Command eval_command();
Command explain_command();
Command export_command();
Command fmt_command();
Command graph_command();
Command help_command();
Command inspect_command();
Command link_command();
Command replay_command();
Command simulate_command();
Command train_command();

std::string help_text(const Command& command);
std::string overview();

// Splits a command line by the command's options. On wrong usage prints why and returns nothing.
std::optional<Arguments> parse_arguments(const Command& command, const std::vector<std::string>& words);

// Runs a command line, without the program's name, and returns the exit status.
int run_command_line(const std::vector<std::string>& words);

// "motet: ..." on standard error.
void complain(std::string_view message);
// The same of an error; returns the exit status.
int fail(const Error& error, int status);

// A whole number of an option, within [low, high]. On wrong usage complains and returns nothing.
std::optional<long long> whole_number(const Arguments& arguments, std::string_view option, long long fallback,
                                      long long low, long long high);
// The same of any number.
std::optional<double> real_number(const Arguments& arguments, std::string_view option, double fallback,
                                  double low, double high);

}  // namespace motet::cli

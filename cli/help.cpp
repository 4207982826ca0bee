#include <iostream>

#include "cli/command.h"
#include "language/diagnostic.h"

namespace motet::cli {

namespace {

int run(const Arguments& arguments) {
  if (arguments.positional.empty()) {
    std::cout << overview();
    return done;
  }
  const std::string& name = arguments.positional[0];
  if (const Command* command = find_command(name)) {
    std::cout << help_text(*command);
    return done;
  }
  std::vector<std::string> names;
  for (const Command& known : commands()) names.emplace_back(known.name);
  const auto near = nearest(name, names);
  complain("there is no command `" + name + "`" + (near ? "; did you mean `" + *near + "`?" : ""));
  return wrong_usage;
}

}  // namespace

Command help_command() {
  return {.name = "help",
          .operands = "[COMMAND]",
          .summary = "what a command does, its options, and examples",
          .description = "Prints the list of commands, or the help of one.",
          .options = {},
          .examples = {{"motet help train", "how to train, with every option"}},
          .least = 0,
          .most = 1,
          .run = run};
}

}  // namespace motet::cli

// Dispatches to the commands, and turns what escapes them into a message and a status.

#include <csignal>
#include <exception>
#include <iostream>
#include <new>

#include "cli/command.h"
#include "language/diagnostic.h"

namespace {

using namespace motet::cli;

int dispatch(std::vector<std::string> words) {
  if (words.empty()) {
    std::cerr << overview();
    return wrong_usage;
  }
  const std::string name = words.front();
  words.erase(words.begin());
  if (name == "--help" || name == "-h") {
    std::cout << overview();
    return done;
  }
  if (name == "--version") {
    std::cout << "motet " MOTET_VERSION "\n";
    return done;
  }
  const Command* command = find_command(name);
  if (command == nullptr) {
    std::vector<std::string> names;
    for (const Command& known : commands()) names.emplace_back(known.name);
    const auto near = motet::nearest(name, names);
    complain("there is no command `" + name + "`" + (near ? "; did you mean `" + *near + "`?" : "") +
             " `motet help` lists them.");
    return wrong_usage;
  }
  for (const std::string& word : words) {
    if (word == "--") break;
    if (word != "--help" && word != "-h") continue;
    std::cout << help_text(*command);
    return done;
  }
  const auto arguments = parse_arguments(*command, words);
  return arguments ? command->run(*arguments) : static_cast<int>(wrong_usage);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const int status = dispatch({argv + 1, argv + argc});
    std::cout.flush();
    if (std::cout.fail()) {
      complain("the output could not be written");
      return outside_failed;
    }
    return status;
  } catch (const std::bad_alloc&) {
    complain("out of memory");
  } catch (const std::exception& error) {
    complain(std::string("unexpected failure: ") + error.what());
  }
  return outside_failed;
}

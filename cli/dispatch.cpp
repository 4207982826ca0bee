// From the words of a command line to a command, and from what escapes it to a message and a status.

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <new>

#include "cli/command.h"
#include "language/diagnostic.h"

namespace motet::cli {

namespace {

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
    const auto near = nearest(name, names);
    complain("there is no command `" + name + "`" + (near ? "; did you mean `" + *near + "`?" : ".") +
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

// Whether standard output is a pipe that nobody reads any more: `motet inspect walk.motetpack | head`.
bool reader_has_left() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

}  // namespace

int run_command_line(const std::vector<std::string>& words) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const int status = dispatch(words);
    std::cout.flush();
    if (std::cout.fail() && !reader_has_left()) {
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

}  // namespace motet::cli

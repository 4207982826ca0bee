#include <iostream>

#include "cli/command.h"
#include "cli/pages.h"
#include "language/diagnostic.h"

namespace motet::cli {

namespace {

int list_codes() {
  for (const CodeInfo& code : all_codes())
    std::cout << code.name << "  " << (code.severity == Severity::error ? "error    " : "warning  ")
              << code.title << '\n';
  return done;
}

int run(const Arguments& arguments) {
  if (arguments.positional.empty()) return list_codes();
  const std::string& name = arguments.positional[0];
  const auto code = find_code(name);
  if (!code) {
    std::vector<std::string> names;
    for (const CodeInfo& known : all_codes()) names.emplace_back(known.name);
    const auto near = nearest(name, names);
    complain("there is no code `" + name + "`" + (near ? "; did you mean `" + *near + "`?" : ".") +
             " `motet explain` lists them.");
    return wrong_usage;
  }
  std::cout << error_page(info(*code).name);
  return done;
}

}  // namespace

Command explain_command() {
  return {
      .name = "explain",
      .operands = "[CODE]",
      .summary = "the long form of an error, with an example and its correction",
      .description = "Prints the page of a diagnostic's code, or the list of all codes.",
      .options = {},
      .examples = {{"motet explain M0214", "what it means to stand over a policy that cannot be inverted"}},
      .least = 0,
      .most = 1,
      .run = run};
}

}  // namespace motet::cli

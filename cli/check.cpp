#include <chrono>
#include <iostream>

#include "cli/compilation.h"

namespace motet::cli {

namespace {

int run(const Arguments& arguments) {
  const std::string form = arguments.value("--format").value_or("text");
  if (form != "text" && form != "json") {
    complain("`--format` is text or json, not `" + form + "`");
    return wrong_usage;
  }
  const auto library = library_folders();
  bool wrong = false;
  for (const std::string& file : arguments.positional) {
    Compilation result = compile(file, library);
    wrong = wrong || result.diagnostics.has_errors();
    if (form == "json") {
      result.diagnostics.sort();
      std::cout << render_json(result.diagnostics, result.sources);
      continue;
    }
    report(result);
    if (!result.graph) continue;
    const PolicyGraph& graph = *result.graph;
    std::cout << file << ": no errors (" << graph.robots.size()
              << (graph.robots.size() == 1 ? " robot, " : " robots, ") << graph.worlds.size()
              << (graph.worlds.size() == 1 ? " world, " : " worlds, ") << graph.skills.size()
              << (graph.skills.size() == 1 ? " skill)\n" : " skills)\n");
  }
  return wrong ? wrong_input : done;
}

}  // namespace

Command check_command() {
  return {.name = "check",
          .operands = "FILE...",
          .summary = "check programs, and report every error in one go",
          .description =
              "Checks names, types, units, dimensions and limits against the robot's model, and the rules\n"
              "that the theory gives for composing and layering skills. Nothing is run.",
          .options = {{"--format", "text|json", "text for people (the default), or one JSON object a file"}},
          .examples = {{"motet check reaching.motet", "everything that is wrong with it"},
                       {"motet check --format json *.motet", "the same, for an editor"}},
          .least = 1,
          .most = 10000,
          .run = run};
}

}  // namespace motet::cli

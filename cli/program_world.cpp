#include "cli/program_world.h"

#include "cli/compilation.h"

namespace motet::cli {

std::variant<ProgramWorld, int> world_of_program(const std::string& file, const std::string& name) {
  auto compilation = compile_or_report(file);
  if (!compilation) return wrong_input;
  std::string world = name;
  if (world.empty() && compilation->graph->worlds.size() == 1) world = compilation->graph->worlds[0].name;
  if (world.empty()) {
    std::string message = "it has several worlds, name one:";
    for (const WorldNode& known : compilation->graph->worlds) message += " " + known.name;
    complain(message);
    return wrong_usage;
  }
  const auto environment = environment_in(compilation->program, compilation->sources, *compilation->graph,
                                          world, nullptr, compilation->diagnostics);
  report(*compilation);
  if (!environment) return wrong_input;
  const std::filesystem::path project = compilation->program.modules[compilation->program.main].directory;
  return ProgramWorld{lower_environment(*compilation->graph, *environment, compilation->library),
                      {project, compilation->library}};
}

}  // namespace motet::cli

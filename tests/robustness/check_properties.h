#pragma once

// What holds of the checker for every input, however broken.

#include <string>
#include <string_view>

#include "compiler/check.h"
#include "compiler/lower.h"
#include "language/parse.h"

namespace motet::testing {

inline std::string broken_environment(const PolicyGraph& graph, const SkillNode& skill) {
  const bool imported = skill.kind == SkillPlan::Kind::imported;
  if (skill.environment.has_value() == imported) return skill.name + ": a world is missing, or too much";
  if (imported) return "";
  if (!skill.environment->reward) return skill.name + ": no reward";
  const EnvironmentPlan plan = lower_environment(graph, *skill.environment, {});
  if (const auto step = validate(plan.step); !step) return skill.name + ": " + step.error().message;
  if (const auto reset = validate(plan.reset); !reset) return skill.name + ": " + reset.error().message;
  if (plan.observation_size <= 0) return skill.name + ": nothing is observed";
  if (skill.policy_kind.empty() || skill.algorithm.empty()) return skill.name + ": no learner, or no policy";
  return "";
}

// Empty, or what does not hold. Models are looked for in the folder of the golden programs.
inline std::string broken_check_property(std::string_view text) {
  SourceMap sources;
  Diagnostics diagnostics;
  Program program;
  LoadedModule& module = program.modules.emplace_back();
  const auto file = sources.add("input", std::string(text));
  module.syntax = parse(sources, file, diagnostics);
  module.directory = MOTET_SOURCE_DIR "/tests/golden/programs";
  module.path = module.directory / "input.motet";
  for (const syntax::Declaration& declaration : module.syntax.declarations) {
    const auto* import = std::get_if<syntax::Import>(&declaration);
    if (import == nullptr) continue;
    module.imports.push_back(LoadedModule::unresolved);
    diagnostics.add(
        {.code = Code::M0010, .message = "nothing is imported here", .primary = {import->path_span, ""}});
  }

  const auto graph = check(program, sources, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (diagnostic.message.empty()) return "a diagnostic without a message";
    const Span span = diagnostic.primary.span;
    if (span.end < span.begin || span.end > text.size()) return "a span out of the file";
  }
  if (render_text(diagnostics, sources, true).empty() != diagnostics.all().empty())
    return "a diagnostic is not shown";
  if (graph.has_value() == diagnostics.has_errors()) return "a graph with errors, or none without";
  if (!graph) return "";

  if (to_text(*graph).empty()) return "the graph has no text";
  for (const SkillNode& skill : graph->skills) {
    if (skill.over && *skill.over >= graph->skills.size()) return skill.name + ": stands over nothing";
    if (const std::string broken = broken_environment(*graph, skill); !broken.empty()) return broken;
  }
  for (const WorldNode& world : graph->worlds) {
    Diagnostics moved;
    environment_in(program, sources, *graph, world.name, nullptr, moved);
    if (moved.has_errors()) return "the world " + world.name + " cannot be shown by itself";
    if (!graph->skills.empty())
      environment_in(program, sources, *graph, world.name, &graph->skills.back(), moved);
  }
  return "";
}

}  // namespace motet::testing

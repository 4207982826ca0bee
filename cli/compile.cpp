#include <iostream>

#include "cli/compilation.h"
#include "compiler/plan_toml.h"
#include "language/format.h"

namespace motet::cli {

namespace {

// The instructions of every environment, one after the other.
std::string reward_text(const Plan& plan) {
  std::string text;
  for (const SkillPlan& skill : plan.skills) {
    if (skill.kind == SkillPlan::Kind::imported) continue;
    text += "# skill " + skill.name + " in " + skill.environment.world + "\n\n## reset\n";
    text += to_text(skill.environment.reset) + "\n## step\n" + to_text(skill.environment.step) + "\n";
    if (skill.environment.robot.drive) text += "## drive\n" + to_text(*skill.environment.robot.drive) + "\n";
  }
  return text;
}

int emit_after_check(const std::string& form, const Arguments& arguments) {
  Compilation compilation = compile(arguments.positional[0], library_folders());
  if (form == "graph") {
    report(compilation);
    if (!compilation.graph) return wrong_input;
    std::cout << to_text(*compilation.graph);
    return done;
  }
  const auto plan = make_plan(compilation, arguments);
  report(compilation);
  if (!plan) return wrong_input;
  std::cout << (form == "plan" ? to_toml(*plan) : reward_text(*plan));
  return done;
}

int run(const Arguments& arguments) {
  const std::string form = arguments.value("--emit").value_or("plan");
  if (form == "graph" || form == "plan" || form == "reward") return emit_after_check(form, arguments);
  if (form != "ast") {
    complain("`--emit` is ast, graph, plan or reward, not `" + form + "`");
    return wrong_usage;
  }
  Compilation parsed;
  parsed.program = load_program(arguments.positional[0], ModuleSearch{library_folders()}, parsed.sources,
                                parsed.diagnostics);
  report(parsed);
  if (parsed.diagnostics.has_errors()) return wrong_input;
  std::cout << dump(parsed.program.modules[parsed.program.main].syntax, parsed.sources);
  return done;
}

}  // namespace

Command compile_command() {
  auto options = settings_options();
  options.insert(options.begin(), {"--emit", "ast|graph|plan|reward", "what to print (default: plan)"});
  return {
      .name = "compile",
      .operands = "FILE",
      .summary = "print a stage of the compilation as text",
      .description =
          "ast: the syntax tree. graph: the policy graph, its nodes and typed edges. plan: the training\n"
          "stages and every hyperparameter with where it came from. reward: the instructions that\n"
          "observations and rewards are compiled to.",
      .options = options,
      .examples = {{"motet compile reaching.motet", "which value does every hyperparameter have, and why?"},
                   {"motet compile reaching.motet --emit reward", "what is computed in each step?"}},
      .least = 1,
      .most = 1,
      .run = run};
}

}  // namespace motet::cli

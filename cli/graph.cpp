#include <algorithm>
#include <cctype>
#include <iostream>

#include "cli/compilation.h"
#include "compiler/diagram.h"

namespace motet::cli {

namespace {

bool is_drawable(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return ending == ".svg" || ending == ".png" || ending == ".pdf" || ending == ".dot";
}

int run(const Arguments& arguments) {
  const auto output = arguments.value("--output");
  if (!output) {
    complain("`graph` needs a file to draw to: -o FILE.svg, .png, .pdf or .dot");
    return wrong_usage;
  }
  if (!is_drawable(*output)) {
    complain("a diagram is drawn as .svg, .png, .pdf or .dot, not as `" + *output + "`");
    return wrong_usage;
  }
  Compilation compilation = compile(arguments.positional[0], library_folders());
  std::string dot;
  if (arguments.flag("--plan")) {
    const auto plan = make_plan(compilation, arguments);
    report(compilation);
    if (!plan) return wrong_input;
    dot = plan_dot(*plan);
  } else {
    report(compilation);
    if (!compilation.graph) return wrong_input;
    dot = hierarchy_dot(*compilation.graph);
  }
  if (const Status drawn = draw(dot, *output); !drawn) {
    complain(drawn.error().message);
    return outside_failed;
  }
  std::cout << *output << '\n';
  return done;
}

}  // namespace

Command graph_command() {
  auto options = settings_options();
  options.insert(options.begin(), {{"--output", "FILE", "a .svg, .png, .pdf or .dot file", 'o'},
                                   {"--plan", "", "draw the training stages instead of the hierarchy"}});
  return {
      .name = "graph",
      .operands = "FILE",
      .summary = "draw the policy hierarchy",
      .description =
          "Draws robots, worlds, rewards with their weights, skills with their learner and policy,\n"
          "compositions and layers.",
      .options = options,
      .examples = {{"motet graph reaching.motet -o reaching.svg", "the hierarchy, for a page"},
                   {"motet graph reaching.motet --plan -o plan.pdf", "what is trained, and in which order"}},
      .least = 1,
      .most = 1,
      .run = run};
}

}  // namespace motet::cli

#include <filesystem>
#include <iostream>

#include "cli/command.h"
#include "cli/program_world.h"
#include "runtime/archive/archive.h"
#include "runtime/bundle/bundle.h"
#include "runtime/links/link_file.h"
#include "runtime/robot/robot_contract.h"

namespace motet::cli {

namespace {

// The robot of a bundle, or of a world of a program.
std::variant<Contract, int> robot_of(const std::string& source, const Arguments& arguments) {
  if (source.ends_with(".motetpack")) {
    Result<Bundle> bundle = read_bundle(source);
    if (bundle) return std::move(bundle->contract);
    complain(bundle.error().message);
    return wrong_input;
  }
  auto found = world_of_program(source, arguments.value("--world").value_or(""));
  if (const int* status = std::get_if<int>(&found)) return *status;
  const ProgramWorld& world = std::get<ProgramWorld>(found);
  Result<Contract> contract = robot_contract(world.environment, world.roots);
  if (contract) return std::move(*contract);
  complain(contract.error().message);
  return wrong_input;
}

int make_new(const Contract& robot, const Arguments& arguments) {
  const std::string text = to_toml(plain_link(robot));
  const auto file = arguments.value("--output");
  if (!file) {
    std::cout << text;
    return done;
  }
  std::error_code error;
  if (std::filesystem::exists(*file, error)) {
    complain("`" + *file + "` is there already, and may have been edited by hand: name another file");
    return wrong_usage;
  }
  if (const Status status = write_file(*file, text); !status) return fail(status.error(), outside_failed);
  std::cout << *file << '\n';
  return done;
}

int check(const std::string& file, const Contract& robot) {
  const Result<LinkFile> link = read_link(file);
  if (!link) return fail(link.error(), wrong_input);
  const std::vector<std::string> wrong = wrong_with(*link, robot);
  for (const std::string& each : wrong) complain("`" + file + "`: " + each);
  if (!wrong.empty()) return wrong_input;
  std::cout << "`" << file << "` fits `" << robot.robot.name << "`: " << link->joints.size() << " joints, "
            << robot.actuators.size() << " actuators\n";
  return done;
}

int run(const Arguments& arguments) {
  const std::string& what = arguments.positional[0];
  const std::size_t operands = what == "check" ? 3 : 2;
  if ((what != "new" && what != "check") || arguments.positional.size() != operands) {
    complain("it is `motet link new ROBOT` or `motet link check FILE ROBOT`");
    return wrong_usage;
  }
  const auto robot = robot_of(arguments.positional.back(), arguments);
  if (const int* status = std::get_if<int>(&robot)) return *status;
  const Contract& contract = std::get<Contract>(robot);
  return what == "new" ? make_new(contract, arguments) : check(arguments.positional[1], contract);
}

}  // namespace

Command link_command() {
  return {.name = "link",
          .operands = "new|check [FILE] BUNDLE|PROGRAM",
          .summary = "the file that says how a robot differs from its model",
          .description =
              "`new` writes a file with the names, the order, the directions, offsets, units, gains and\n"
              "limits of a robot that differs in nothing from its model: to be edited, and checked on the\n"
              "robot, line by line. `check` says whether such a file fits the robot of a bundle or of a\n"
              "world of a program. `motet run BUNDLE --link FILE` uses it.",
          .options = {{"--output", "FILE", "where to write it (default: to the terminal)", 'o'},
                      {"--world", "NAME", "of a program (default: the only one)"}},
          .examples = {{"motet link new walk.motetpack -o minitaur.toml", "a file to begin with"},
                       {"motet link check minitaur.toml walk.motetpack", "does it still fit?"}},
          .least = 2,
          .most = 3,
          .run = run};
}

}  // namespace motet::cli

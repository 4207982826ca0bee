#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "cli/episodes.h"
#include "cli/interrupt.h"
#include "runtime/twin/twin.h"

namespace motet::cli {

namespace {

std::string line_of(const TwinReport& report) {
  char text[200];
  std::snprintf(
      text, sizeof text,
      "%8.1f s  at %.2f %.2f %.2f m  %lld commands, %lld of another master refused, %lld late steps, "
      "%lld resets",
      report.time, report.position[0], report.position[1], report.position[2],
      static_cast<long long>(report.commands), static_cast<long long>(report.refused),
      static_cast<long long>(report.late_steps), static_cast<long long>(report.resets));
  return text;
}

std::optional<TwinOptions> twin_options(const Arguments& arguments) {
  const auto domain = whole_number(arguments, "--domain", 0, 0, 232);
  const auto seed = whole_number(arguments, "--seed", 1, 0, 1'000'000'000);
  const auto rate = real_number(arguments, "--rate", 0, 0, 10'000);
  const auto latency = real_number(arguments, "--latency", 0, 0, 60'000);
  const auto jitter = real_number(arguments, "--jitter", 0, 0, 60'000);
  const auto loss = real_number(arguments, "--loss", 0, 0, 100);
  const auto noise = real_number(arguments, "--noise", 0, 0, 1000);
  const auto speed = real_number(arguments, "--speed", 1, 0.01, 100);
  const auto mass_error = real_number(arguments, "--mass-error", 0, -90, 1000);
  if (!domain || !seed || !rate || !latency || !jitter || !loss || !noise || !speed || !mass_error)
    return std::nullopt;
  return TwinOptions{.domain = static_cast<int>(*domain),
                     .rate = *rate,
                     .faults = {*latency / 1000, *jitter / 1000, *loss / 100},
                     .noise = *noise,
                     .speed = *speed,
                     .mass_error = *mass_error / 100,
                     .seed = static_cast<std::uint64_t>(*seed)};
}

int run(const Arguments& arguments) {
  const std::string link = arguments.value("--link").value_or("dds");
  if (link != "dds") {
    complain("`--link` is dds, not `" + link + "`");
    return wrong_usage;
  }
  const auto options = twin_options(arguments);
  if (!options) return wrong_usage;
  auto found = world_of_program(arguments.positional[0], arguments.value("--world").value_or(""));
  if (const int* status = std::get_if<int>(&found)) return *status;
  const ProgramWorld& world = std::get<ProgramWorld>(found);
  const auto twin = Twin::make(world.environment, world.roots, *options);
  if (!twin) return fail(twin.error(), outside_failed);
  std::cout << "`" << world.environment.robot.name << "` in `" << world.environment.world
            << "`, on DDS domain " << options->domain << "; Ctrl-C ends it\n"
            << std::flush;
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  std::string trouble;
  (*twin)->run(catch_interrupts(), [&](const TwinReport& report) {
    if (report.trouble != trouble) complain("it began again, for " + (trouble = report.trouble));
    if (terminal) std::cout << "\r" << line_of(report) << std::flush;
  });
  std::cout << (terminal ? "\r" : "") << line_of((*twin)->report()) << "\n";
  return done;
}

}  // namespace

Command simulate_command() {
  return {
      .name = "simulate",
      .operands = "PROGRAM",
      .summary = "a simulated robot that speaks as one of hardware does",
      .description =
          "Runs the robot of a world in real time and says over DDS what its joints and its inertial unit\n"
          "measure, in ROS 2's messages (/joint_states, /imu, /pose). It follows the commands of the topics "
          "of\n"
          "ros2_controllers (/effort_controller/commands, /position_controller/commands,\n"
          "/velocity_controller/commands), of one master at a time. /emergency_stop stops it, /reset puts "
          "it\n"
          "back to where it begins.",
      .options = {{"--world", "NAME", "which world (default: the only one)"},
                  {"--link", "dds", "how it speaks (default: dds)"},
                  {"--domain", "N", "of DDS; ROS_DOMAIN_ID in ROS 2 (default: 0)"},
                  {"--rate", "HZ", "of its messages (default: of its control steps, at least 100)"},
                  {"--latency", "MS", "messages come so much later, both ways (default: 0)"},
                  {"--jitter", "MS", "and up to so much more (default: 0)"},
                  {"--loss", "PERCENT", "of all messages are lost (default: 0)"},
                  {"--noise", "S", "standard deviation of positions, m or rad; of velocities ten times that"},
                  {"--speed", "X", "times real time: what commands it has to be as fast (default: 1)"},
                  {"--mass-error", "PERCENT", "every body is heavier by so much than its model has it"},
                  {"--seed", "N", "of the world, the noise and the network (default: 1)"}},
      .examples = {{"motet simulate minitaur.motet --world flat", "a Minitaur on the network"},
                   {"motet simulate minitaur.motet --world flat --latency 5 --jitter 3 --loss 1",
                    "behind a bad one"}},
      .least = 1,
      .most = 1,
      .run = run};
}

}  // namespace motet::cli

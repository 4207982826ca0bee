#include "cli/run_command.h"

namespace motet::cli {

namespace {

int (*run_others)(const Arguments&) = nullptr;

int run(const Arguments& arguments) {
  const bool bundle = is_bundle(arguments.positional[0]);
  const bool link = arguments.flag("--link");
  if (bundle && link) return run_on_robot(arguments);
  if (!bundle && !link && run_others != nullptr) return run_others(arguments);
  complain(
      bundle ? "a bundle runs on a robot: `--link dds`, or `--link FILE`, says which; `motet inspect` shows "
               "what is in it"
             : "`--link` takes a bundle: `motet export` makes one from a run");
  return wrong_usage;
}

}  // namespace

bool is_bundle(const std::string& operand) {
  return operand.ends_with(".motetpack");
}

Command run_command(int (*episodes)(const Arguments&)) {
  run_others = episodes;
  return {
      .name = "run",
      .operands = "RUN|FILE|BUNDLE",
      .summary = "watch a trained skill, or a world before anything is trained",
      .description =
          "Runs episodes of a run's skill. With --policy, the operand is a program, and its world is\n"
          "run with zero or random actions: what it looks like, and what each reward term gives.\n"
          "With --link, the operand is a bundle, and its skill runs on a robot, at the rate that it was\n"
          "trained at, behind every limit of its program and of the link's file. Ctrl-C brings the robot\n"
          "to rest, a second Ctrl-C (or SIGUSR1, or /emergency_stop) at once. Each such run is recorded.",
      .options = {{"--video", "FILE", "render to .mp4 or .gif, or to a film strip in .png"},
                  {"--skill", "NAME", "which skill (default: the last one that the run trained)"},
                  {"--in", "WORLD", "in another world of the program"},
                  {"--policy", "zero|random", "act so, in a world of a program"},
                  {"--sample", "", "draw actions from the policy instead of taking its mean"},
                  {"--latent", "NAME=X,...",
                   "with the latent of this skill, or of one below it, always the same"},
                  {"--sweep", "NAME",
                   "what each coordinate of that latent does: a table, and with --video a .png"},
                  {"--seconds", "S",
                   "with --sweep: how long each runs (default: 2); with --link: after which it ends"},
                  {"--episodes", "N", "how many (default: 3 in a video, else 1)"},
                  {"--seed", "N", "of the world (default: 1)"},
                  {"--camera", "NAME", "a camera of the model"},
                  {"--size", "WxH", "of the picture (default: 640x480)"},
                  {"--link", "dds|FILE",
                   "on the robot behind this link: with the names of its model, or a file of `motet link`"},
                  {"--rate", "HZ", "with --link: refuses a skill that was trained at another rate"},
                  {"--domain", "N", "with --link: of DDS (default: the file's, else 0)"},
                  {"--record", "FILE", "with --link: the recording (default: SKILL-TIME.motetrec)"}},
      .examples = {{"motet run runs/reaching --video reaching.mp4", "watch it"},
                   {"motet run runs/maze --latent walk=1,0,0,0,0,0,0,0 --video one.png",
                    "walk, as one latent makes it"},
                   {"motet run runs/maze --sweep walk --video sweep.png", "as each coordinate does"},
                   {"motet run reaching.motet --policy random --video world.png", "see the world first"},
                   {"motet run walk.motetpack --link minitaur.toml", "on the robot"}},
      .least = 1,
      .most = 1,
      .run = run};
}

}  // namespace motet::cli

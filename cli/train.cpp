#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "cli/compilation.h"
#include "cli/interrupt.h"
#include "cli/machine.h"
#include "cli/progress.h"
#include "cli/run_folder.h"
#include "cli/seeds.h"
#include "compiler/lower_imported.h"
#include "runtime/collection/workstation.h"
#include "runtime/learning/checkpoint.h"
#include "runtime/learning/lower_layers.h"
#include "runtime/learning/training.h"

namespace motet::cli {

namespace fs = std::filesystem;

namespace {

// The skills that were asked for and all that they stand on, in the plan's order.
std::optional<std::vector<const SkillPlan*>> choose(const Plan& plan, const std::vector<std::string>& names) {
  std::set<std::string> wanted;
  const auto want = [&](auto& self, const SkillPlan& skill) -> void {
    if (!wanted.insert(skill.name).second) return;
    std::vector<std::string> below = skill.parts;
    below.push_back(skill.over);
    below.push_back(skill.start_from);
    for (const std::string& name : below)
      if (const SkillPlan* lower = plan.find(name)) self(self, *lower);
  };
  for (const std::string& name : names) {
    const SkillPlan* skill = plan.find(name);
    if (skill == nullptr) {
      std::vector<std::string> known;
      for (const SkillPlan& other : plan.skills) known.push_back(other.name);
      const auto near = nearest(name, known);
      complain("the program has no skill `" + name + "`" + (near ? "; did you mean `" + *near + "`?" : ""));
      return std::nullopt;
    }
    want(want, *skill);
  }
  std::vector<const SkillPlan*> chosen;
  for (const SkillPlan& skill : plan.skills)
    if (names.empty() || wanted.count(skill.name) > 0) chosen.push_back(&skill);
  return chosen;
}

struct Session {
  const Plan& plan;
  const PolicyGraph& graph;
  RunFolder run;
  Manifest manifest;
  const std::atomic<bool>& interrupt_requested;
  bool resume = false, force = false;
  RobotExchange* robot = nullptr;  // that collects; null: simulated worlds
  ProgressDisplay display{is_terminal(STDOUT_FILENO)};
};

// The old training of a skill steps aside; the one before it goes.
Status set_aside(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  const fs::path previous = folder.string() + ".previous";
  fs::remove_all(previous, error);
  if (!error) fs::rename(folder, previous, error);
  if (error) return Error{"`" + folder.string() + "` cannot be set aside: " + error.message()};
  return {};
}

// Whether the layers below are those that the skill's checkpoint was trained over. What cannot be read is
// said when it is used.
Status stands_as_it_did(const Session& session, const SkillPlan& skill, const Result<Archive>& checkpoint) {
  const auto below = lower_layers_digest(session.plan, skill, session.run.skills());
  return below && checkpoint ? check_lower_layers(*checkpoint, skill, *below) : Status();
}

// What there is to do for a skill: nothing, go on, or begin.
enum class Work { none, resume, begin, refuse, changed };

Work work_for(Session& session, const SkillPlan& skill) {
  const auto found = session.manifest.skills.find(skill.name);
  std::error_code error;
  const bool there =
      found != session.manifest.skills.end() && fs::exists(session.run.skill(skill.name), error);
  if (!there || session.force) return Work::begin;
  const SkillRecord& record = found->second;
  if (record.hash != skill.hash && session.resume && record.state != "finished") return Work::changed;
  if (record.hash != skill.hash) {
    session.display.say(
        skill.name + ": changed since it was trained, so it is trained again (the old training is kept in " +
        session.run.skill(skill.name).string() + ".previous)");
    return Work::begin;
  }
  if (record.state == "finished") {
    const fs::path folder = session.run.skill(skill.name);
    if (fs::exists(folder / "checkpoint.bin", error)) {
      if (stands_as_it_did(session, skill, read_checkpoint(folder, skill))) return Work::none;
      session.display.say(skill.name + ": `" + skill.over +
                          "` below it was trained again since, so it is trained again");
      return Work::begin;
    }
    session.display.say(skill.name + ": its checkpoint is gone, so it is trained again");
    return Work::begin;
  }
  return session.resume ? Work::resume : Work::refuse;
}

// A skill that was trained in another run becomes part of this one: its files are copied, whole or not at
// all.
int take_over(Session& session, const SkillPlan& skill) {
  const fs::path folder = session.run.skill(skill.name);
  const auto trained = find_trained(session.graph.find_skill(skill.name)->from, skill.name);
  if (!trained) return fail(trained.error(), wrong_input);
  std::error_code error;
  const std::string hash = skill.hash + skill.checkpoint;
  const auto known = session.manifest.skills.find(skill.name);
  if (known != session.manifest.skills.end() && known->second.hash == hash &&
      fs::exists(folder / "checkpoint.bin", error) && !session.force) {
    session.display.say(skill.name + ": taken over before");
    return done;
  }
  for (const char* file : {"checkpoint.bin", "states.bin"}) {
    if (!fs::exists(trained->folder / file)) {
      complain("`" + (trained->folder / file).string() + "` is missing: `" + trained->plan.name +
               "` has not been trained to its end there");
      return wrong_input;
    }
    const Result<Archive> whole = read_signed(trained->folder / file, trained->plan);
    if (!whole) return fail(whole.error(), wrong_input);
    if (file != std::string_view("checkpoint.bin")) continue;
    if (const Status stands = stands_as_it_did(session, skill, whole); !stands)
      return fail(stands.error(), wrong_input);
  }
  const fs::path copy = folder.string() + ".unfinished";
  fs::remove_all(copy, error);
  fs::create_directories(copy, error);
  for (const char* file : {"checkpoint.bin", "states.bin", "metrics.csv"}) {
    if (error) break;
    if (fs::exists(trained->folder / file)) fs::copy_file(trained->folder / file, copy / file, error);
  }
  const Status aside = error ? Status() : set_aside(folder);
  if (!error && aside) fs::rename(copy, folder, error);
  if (error || !aside) {
    complain(aside ? "`" + trained->folder.string() + "` cannot be copied to `" + folder.string() +
                         "`: " + error.message()
                   : aside.error().message);
    return outside_failed;
  }
  session.manifest.skills[skill.name] = {hash, "finished", 0};
  if (const Status written = write_manifest(session.run, session.manifest); !written)
    return fail(written.error(), outside_failed);
  session.display.say(skill.name + ": taken over from " + trained->folder.string());
  return done;
}

int train_skill(Session& session, const SkillPlan& skill) {
  if (skill.kind == SkillPlan::Kind::imported) return take_over(session, skill);
  const Work work = work_for(session, skill);
  const fs::path folder = session.run.skill(skill.name);
  if (work == Work::none) {
    session.display.say(skill.name + ": up to date, taken from the run as it stands");
    return done;
  }
  if (work == Work::refuse) {
    complain("`" + skill.name + "` in `" + session.run.path.string() +
             "` was interrupted; `--resume` goes on with it, `--force` begins again");
    return wrong_input;
  }
  if (work == Work::changed) {
    complain(
        "`" + skill.name +
        "` has changed since its training was interrupted, so it cannot go on. Resume with the program, " +
        "settings and seed that it began with, or leave `--resume` out to train it again");
    return wrong_input;
  }
  if (work == Work::begin)
    if (const Status aside = set_aside(folder); !aside) return fail(aside.error(), outside_failed);
  SkillRecord& record = session.manifest.skills[skill.name];
  record = {skill.hash, "unfinished", 0};
  if (const Status written = write_manifest(session.run, session.manifest); !written)
    return fail(written.error(), outside_failed);

  TrainingRequest request;
  request.plan = &session.plan;
  request.skill = skill.name;
  request.roots = session.run.roots();
  request.folder = folder;
  request.folder_of = session.run.skills();
  request.seed = static_cast<std::uint64_t>(session.manifest.seed);
  request.resume = work == Work::resume;
  request.robot = session.robot;
  request.interrupt = &session.interrupt_requested;
  std::int64_t last_step = 0;
  request.on_progress = [&](const Progress& progress) {
    last_step = progress.step;
    session.display.show(progress);
  };
  request.on_message = [&](const std::string& line) { session.display.say(line); };
  const auto end = train(request);
  session.display.end();
  if (!end) return fail(end.error(), outside_failed);
  if (*end == TrainingEnd::interrupted) {
    record.step = last_step;
    if (const Status written = write_manifest(session.run, session.manifest); !written)
      complain(written.error().message);
    std::cerr << "interrupted; `motet train ... --run " << session.run.path.string()
              << " --resume` goes on\n";
    return interrupted;
  }
  record = {skill.hash, "finished",
            skill.algorithm == "extraction" ? skill.extraction.steps : skill.learning().steps};
  if (const Status written = write_manifest(session.run, session.manifest); !written)
    return fail(written.error(), outside_failed);
  session.display.say(skill.name + ": trained, in " + folder.string());
  return done;
}

// Opens the run's folder: a new one, or one of the same seed.
Result<Manifest> open_run(const RunFolder& run, std::int64_t seed, bool seed_given) {
  std::error_code error;
  if (!fs::exists(run.path / "manifest.toml", error)) {
    if (const auto seeds = seed_folders(run.path); !seeds.empty())
      return Error{"`" + run.path.string() + "` holds a run for each of " + std::to_string(seeds.size()) +
                   " seeds; train them with --seeds, or name one, such as `" + seeds.front().string() + "`"};
    if (fs::exists(run.path, error) && !fs::is_empty(run.path, error))
      return Error{"`" + run.path.string() + "` exists and is not a run; name another folder with --run"};
    fs::create_directories(run.path, error);
    if (error) return Error{"`" + run.path.string() + "` cannot be made: " + error.message()};
    return Manifest{seed, {}};
  }
  auto manifest = read_manifest(run);
  if (manifest && seed_given && manifest->seed != seed) {
    // Another seed is another training: nothing that is there can be taken.
    for (auto& [name, record] : manifest->skills) record.hash += " of another seed";
    manifest->seed = seed;
  }
  return manifest;
}

Hyperparameter& seed_of(Plan& plan) {
  auto& all = plan.run_settings.all;
  return *std::find_if(all.begin(), all.end(), [](const Hyperparameter& one) { return one.key == "seed"; });
}

void put_seed(Plan& plan, std::int64_t seed, Origin origin, const std::string& source) {
  plan.run.seed = seed;
  seed_of(plan) = {"seed", seed, origin, source};
}

// The seed is the one asked for on the command line or by a profile; otherwise the run's own, if it has
// one, and then motet.toml's.
int train_one_seed(const Compilation& compilation, Plan& plan, const std::vector<const SkillPlan*>& skills,
                   const Arguments& arguments, const fs::path& folder) {
  const auto domain = whole_number(arguments, "--domain", 0, 0, 232);
  if (!domain) return wrong_usage;
  RunFolder run{folder};
  const Origin origin = seed_of(plan).origin;
  auto manifest = open_run(run, plan.run.seed, origin == Origin::command_line || origin == Origin::profile);
  if (!manifest) return fail(manifest.error(), outside_failed);
  if (manifest->seed != plan.run.seed) {
    std::cout << "`" << folder.string() << "` keeps its seed, " << manifest->seed
              << "; --seed gives it another" << std::endl;
    put_seed(plan, manifest->seed, Origin::command_line, "the run");
  }
  if (const Status written = write_program(run, compilation, plan); !written)
    return fail(written.error(), outside_failed);
  Session session{plan,
                  *compilation.graph,
                  run,
                  std::move(*manifest),
                  catch_interrupts(),
                  arguments.flag("--resume"),
                  arguments.flag("--force")};
  std::unique_ptr<Workstation> workstation;
  if (arguments.flag("--from-robot")) {
    auto joined = Workstation::join(static_cast<int>(*domain));
    if (!joined) return fail(joined.error(), outside_failed);
    workstation = std::move(*joined);
    session.robot = workstation.get();
    session.display.say("learns from what `motet collect` collects, on DDS domain " +
                        std::to_string(*domain));
  }
  for (const SkillPlan* skill : skills)
    if (const int status = train_skill(session, *skill); status != done) return status;
  std::cout << "run: " << folder.string() << std::endl;
  return done;
}

// The words of this command line again, for one seed's process.
std::vector<std::string> words_for_seeds(const Arguments& arguments) {
  std::vector<std::string> words = arguments.positional;
  for (const std::string_view option : {"--profile", "--set"})
    for (const std::string& value : arguments.values(option))
      words.insert(words.end(), {std::string(option), value});
  for (const std::string_view option : {"--resume", "--force"})
    if (arguments.flag(option)) words.emplace_back(option);
  return words;
}

int run(const Arguments& arguments) {
  const auto seed = whole_number(arguments, "--seed", 0, 0, 1'000'000'000);
  const auto seeds = whole_number(arguments, "--seeds", 0, 1, 1000);
  const long long all = cores();
  const auto jobs = whole_number(arguments, "--jobs", all, 1, 1000);
  if (!seed || !seeds || !jobs) return wrong_usage;
  if (arguments.flag("--seed") && arguments.flag("--seeds")) {
    complain("`--seed` and `--seeds` exclude each other");
    return wrong_usage;
  }

  if (arguments.flag("--from-robot") && arguments.flag("--seeds")) {
    complain("a robot learns one seed at a time: `--from-robot` and `--seeds` exclude each other");
    return wrong_usage;
  }

  const std::string& file = arguments.positional[0];
  Compilation compilation = compile(file, library_folders());
  auto plan = make_plan(compilation, arguments);
  report(compilation);
  if (!plan) return wrong_input;
  const auto skills = choose(*plan, {arguments.positional.begin() + 1, arguments.positional.end()});
  if (!skills) return wrong_input;

  const fs::path folder =
      arguments.value("--run").value_or((fs::path(plan->run.output) / fs::path(file).stem()).string());
  std::error_code error;
  if (*seeds > 0 && fs::exists(folder / "manifest.toml", error)) {
    complain("`" + folder.string() + "` is a run of one seed; name another folder with --run");
    return wrong_input;
  }
  if (*seeds > 0) {
    const long long at_once = std::min(*jobs, *seeds);
    std::vector<std::string> words = words_for_seeds(arguments);
    // Seeds side by side share the cores that one would take for itself.
    if (plan->run.threads == 0 && at_once > 1)
      words.insert(words.end(), {"--set", "threads=" + std::to_string(std::max(1LL, all / at_once))});
    return train_seeds({words, folder, *seeds, at_once});
  }
  if (arguments.flag("--seed")) put_seed(*plan, *seed, Origin::command_line, "--seed");
  return train_one_seed(compilation, *plan, *skills, arguments, folder);
}

}  // namespace

Command train_command() {
  auto options = settings_options();
  options.insert(options.begin(),
                 {{"--run", "DIR", "the run's folder (default: runs/ and the program's name)"},
                  {"--seed", "N", "the seed of every random number (default: the run's, motet.toml's, or 1)"},
                  {"--seeds", "N", "train seeds 1 to N, in DIR/seed-1 and so on"},
                  {"--jobs", "N", "with --seeds: how many at a time (default: one a core)"},
                  {"--resume", "", "go on with a training that was interrupted"},
                  {"--force", "", "train again, even what is up to date"},
                  {"--from-robot", "", "learn from the episodes that `motet collect` collects"},
                  {"--domain", "N", "with --from-robot: of DDS (default: 0)"}});
  return {
      .name = "train",
      .operands = "FILE [SKILL...]",
      .summary = "train the skills of a program, in the order of its plan",
      .description =
          "Trains every skill, or those named and what they stand on. As a build tool does, it trains\n"
          "only what has changed since the run was made. Ctrl-C saves; --resume goes on, and ends bit\n"
          "for bit as if nothing had happened.",
      .options = options,
      .examples = {{"motet train reaching.motet", "train it, in runs/reaching"},
                   {"motet train reaching.motet reach --seeds 3", "one skill, three seeds, side by side"},
                   {"motet train reaching.motet --set learn.sac.steps=5k --run runs/short", "a short one"},
                   {"motet train reaching.motet --resume", "after Ctrl-C, or worse"},
                   {"motet train minitaur.motet --from-robot", "on the robot, not in simulation"}},
      .least = 1,
      .most = 1000,
      .run = run};
}

}  // namespace motet::cli

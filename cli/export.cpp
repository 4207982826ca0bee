#include <algorithm>
#include <iostream>
#include <optional>

#include "cli/run_folder.h"
#include "runtime/archive/file.h"
#include "runtime/bundle/onnx.h"
#include "runtime/learning/make_bundle.h"

namespace motet::cli {

namespace fs = std::filesystem;

namespace {

// A file of the run, under `name` in the bundle.
Status add_file(Bundle& bundle, const fs::path& file, const std::string& name) {
  Result<InputFile> input = InputFile::open(file);
  if (!input) return input.error();
  if (input->size() > bundle_size_limit)
    return Error{"`" + file.string() + "` is larger than a bundle can be"};
  std::string bytes(static_cast<std::size_t>(input->size()), '\0');
  if (Status status = input->read(std::as_writable_bytes(std::span(bytes))); !status) return status;
  bundle.files.push_back({name, std::move(bytes)});
  return {};
}

// The program and what it imports: its text, not its models.
Status add_program(Bundle& bundle, const RunFolder& run) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(run.path / "program", error), end; !error && at != end;
       at.increment(error))
    if (at->path().extension() == ".motet" && at->is_regular_file()) files.push_back(at->path());
  if (error) return Error{"`" + (run.path / "program").string() + "` cannot be read: " + error.message()};
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files)
    if (Status added = add_file(bundle, file, fs::relative(file, run.path).generic_string()); !added)
      return added;
  return {};
}

// The skill, what it stands on, and what these are made of.
void add_below(const Plan& plan, const SkillPlan& skill, std::vector<const SkillPlan*>& found) {
  if (std::find(found.begin(), found.end(), &skill) != found.end()) return;
  std::vector<std::string> below = skill.parts;
  below.push_back(skill.over);
  for (const std::string& name : below)
    if (const SkillPlan* one = plan.find(name)) add_below(plan, *one, found);
  found.push_back(&skill);
}

// A run folder inside the bundle: what another program needs to compose the skill, or to go on training it.
Status add_run(Bundle& bundle, const RunFolder& run, const Plan& plan, const SkillPlan& skill,
               bool with_replay) {
  for (const char* name : {"manifest.toml", "plan.toml"})
    if (Status added = add_file(bundle, run.path / name, std::string("run/") + name); !added) return added;
  std::vector<const SkillPlan*> skills;
  add_below(plan, skill, skills);
  for (const SkillPlan* one : skills) {
    const std::string folder = "run/skills/" + skill_folder(one->name) + "/";
    if (Status added = add_file(bundle, run.skill(one->name) / "checkpoint.bin", folder + "checkpoint.bin");
        !added)
      return added;
    std::error_code error;
    const fs::path states = run.skill(one->name) / "states.bin";
    if (!with_replay || !fs::exists(states, error)) continue;
    if (Status added = add_file(bundle, states, folder + "states.bin"); !added) return added;
  }
  return {};
}

// The bundle's file, or the model's.
std::optional<fs::path> output_file(const Arguments& arguments, const SkillPlan& skill) {
  const bool model = arguments.flag("--onnx");
  const std::string ending = model ? ".onnx" : ".motetpack";
  const fs::path file = arguments.value("--output").value_or(skill_folder(skill.name) + ending);
  if (file.extension() == ending) return file;
  complain(std::string(model ? "an ONNX model is an " : "a bundle is a ") + ending + ", not `" +
           file.string() + "`");
  return std::nullopt;
}

Status write_model(const fs::path& file, const Bundle& bundle) {
  const Result<std::string> model = to_onnx(bundle);
  return model ? write_file(file, *model) : Status(model.error());
}

int run(const Arguments& arguments) {
  const RunFolder run{arguments.positional[0]};
  const auto plan = read_plan(run);
  if (!plan) return fail(plan.error(), wrong_input);
  const auto manifest = read_manifest(run);
  if (!manifest) return fail(manifest.error(), wrong_input);
  const auto skill = choose_skill(run, *plan, *manifest, arguments.value("--skill").value_or(""));
  if (!skill) return fail(skill.error(), wrong_input);
  if ((*skill)->kind == SkillPlan::Kind::imported)
    return fail(Error{"`" + (*skill)->name + "` was trained in another run; export it there"}, wrong_input);
  const auto file = output_file(arguments, **skill);
  if (!file) return wrong_usage;
  const bool with_replay = arguments.flag("--with-replay"), with_critic = arguments.flag("--with-critic");
  if (arguments.flag("--onnx") && (with_replay || with_critic)) {
    complain("an ONNX model carries the policy, and neither critics nor states");
    return wrong_usage;
  }

  Result<Bundle> bundle = make_bundle(*plan, **skill, run.skills(), run.roots());
  if (!bundle) return fail(bundle.error(), wrong_input);
  bundle->contract.motet = MOTET_VERSION;
  bundle->contract.seed = manifest->seed;
  const auto record = manifest->skills.find((*skill)->name);
  if (record != manifest->skills.end()) bundle->contract.steps = record->second.step;
  if (arguments.flag("--onnx")) {
    if (Status written = write_model(*file, *bundle); !written) return fail(written.error(), wrong_input);
  } else {
    if (Status added = add_program(*bundle, run); !added) return fail(added.error(), outside_failed);
    if (with_critic || with_replay)
      if (Status added = add_run(*bundle, run, *plan, **skill, with_replay); !added)
        return fail(added.error(), outside_failed);
    if (Status written = write_bundle(*file, *bundle); !written) return fail(written.error(), outside_failed);
  }
  std::error_code error;
  std::cout << "`" << (*skill)->name << "` is in `" << file->string() << "`, "
            << fs::file_size(*file, error) / 1000 << " kB\n";
  if (record != manifest->skills.end() && record->second.state != "finished")
    std::cout << "its training has not ended: it is the policy of its last checkpoint\n";
  return done;
}

}  // namespace

Command export_command() {
  return {
      .name = "export",
      .operands = "RUN",
      .summary = "put a trained skill into one file, for a robot",
      .description =
          "Writes a bundle: the skill's policy with all that it stands on, what it observes and in which\n"
          "order, the robot's joints, actuators, rates and limits, and the program's text. It is a tar of\n"
          "text and safetensors, each with its SHA-256 sum. An executor needs nothing else.",
      .options = {{"--skill", "NAME", "which skill (default: the last one that the run trained)"},
                  {"--output", "FILE", "where to (default: NAME.motetpack)", 'o'},
                  {"--with-critic", "", "with what composing it elsewhere, or training it further, needs"},
                  {"--with-replay", "", "and with the states that it has seen"},
                  {"--onnx", "", "an ONNX model instead: the robot's signals in, its action out"}},
      .examples = {{"motet export runs/reaching -o reach.motetpack", "one file"},
                   {"motet inspect reach.motetpack", "what is in it"},
                   {"motet export runs/reaching --onnx -o reach.onnx", "for another runtime"}},
      .least = 1,
      .most = 1,
      .run = run};
}

}  // namespace motet::cli

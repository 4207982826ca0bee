#include "compiler/lower_imported.h"

#include <fstream>
#include <sstream>

#include "compiler/lower_paths.h"
#include "compiler/plan/sha256.h"
#include "compiler/plan_toml.h"

namespace motet {

namespace fs = std::filesystem;

namespace {

Result<Plan> read_plan(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) return Error{"`" + file.string() + "` cannot be read: " + error.message()};
  if (size > plan_text_limit) return Error{"`" + file.string() + "` is larger than 64 MiB"};
  std::ifstream input(file, std::ios::binary);
  std::ostringstream text;
  text << input.rdbuf();
  return plan_from_toml(text.str(), file.string());
}

std::string listed(const Plan& plan) {
  std::string names;
  for (const SkillPlan& skill : plan.skills) names += (names.empty() ? "`" : ", `") + skill.name + "`";
  return names;
}

// Of a file that may not be there; then nothing.
std::string digest_of(const fs::path& file) {
  std::ifstream input(file, std::ios::binary);
  if (!input) return {};
  Sha256 hash;
  std::string piece(1 << 20, '\0');
  while (input.read(piece.data(), static_cast<std::streamsize>(piece.size())) || input.gcount() > 0)
    hash.update(std::string_view(piece).substr(0, static_cast<std::size_t>(input.gcount())));
  return hash.hex();
}

// What it stands on here is what it was trained over: the same file, taken over as well. Adds M0221.
void check_base(const PolicyGraph& graph, const SkillNode& skill, const TrainedSkill& trained,
                Diagnostics& diagnostics) {
  const std::string over = trained.plan.over.empty() ? "" : "`" + trained.plan.over + "`";
  Diagnostic diagnostic{.code = Code::M0221, .message = "", .primary = {skill.span, ""}};
  if (!skill.over) {
    if (over.empty()) return;
    diagnostic.message =
        "the trained skill `" + skill.name + "` cannot be taken over without what it stands on";
    diagnostic.notes = {"in that run it acts on the latent of " + over};
    diagnostic.help = {"take " + over + " over as well, and say so: `skill " + skill.name + " over " +
                       trained.plan.over + " from ...`"};
    return diagnostics.add(std::move(diagnostic));
  }
  const SkillNode& base = graph.skills[*skill.over];
  diagnostic.message = "the trained skill `" + skill.name + "` does not stand on `" + base.name + "`";
  if (over.empty()) {
    diagnostic.notes = {"in that run it stands on no other skill"};
    return diagnostics.add(std::move(diagnostic));
  }
  if (base.kind == SkillPlan::Kind::imported) {
    const auto taken = find_trained(base.from, base.name);
    if (!taken) return;  // reported where it is declared
    const std::string there =
        digest_of(trained.folder.parent_path() / skill_folder(trained.plan.over) / "checkpoint.bin");
    if (there.empty() || there == digest_of(taken->folder / "checkpoint.bin")) return;
  }
  diagnostic.notes = {"it was trained over " + over + " of its own run, which is another policy"};
  diagnostic.help = {"take that over: `skill " + base.name + " from ...`, where `" + skill.name +
                     "` comes from"};
  diagnostics.add(std::move(diagnostic));
}

// A small policy that stands for one that could not be read.
SkillPlan nothing() {
  SkillPlan plan;
  plan.algorithm = "sac";
  resolve_settings(plan);
  return plan;
}

}  // namespace

Result<TrainedSkill> find_trained(const fs::path& folder, const std::string& name) {
  const fs::path clean = (folder / "").lexically_normal().parent_path();
  std::error_code error;
  const bool own_folder =
      !fs::exists(clean / "plan.toml", error) && clean.parent_path().filename() == "skills";
  const fs::path run = own_folder ? clean.parent_path().parent_path() : clean;
  if (!fs::exists(run / "plan.toml", error)) {
    if (run.extension() == ".motetpack")
      return Error{"`" + run.string() +
                   "` is a bundle; unpack it with `tar xf` and name its folder `run`, which `motet " +
                   "export --with-replay` writes"};
    if (fs::exists(run / "seed-1" / "plan.toml", error))
      return Error{"`" + run.string() + "` holds a run for each of several seeds; name one, such as `" +
                   (run / "seed-1").string() + "`"};
    return Error{"`" + folder.string() + "` is no run: it has no plan.toml"};
  }
  const auto plan = read_plan(run / "plan.toml");
  if (!plan) return plan.error();
  if (plan->skills.empty()) return Error{"`" + run.string() + "` has no skills"};
  const SkillPlan* found = nullptr;
  for (const SkillPlan& skill : plan->skills)
    if (own_folder && skill_folder(skill.name) == clean.filename()) found = &skill;
  if (!own_folder) found = plan->find(name);
  if (!own_folder && found == nullptr && plan->skills.size() == 1) found = &plan->skills[0];
  if (found == nullptr)
    return Error{"`" + run.string() + "` has no skill `" + (own_folder ? clean.filename().string() : name) +
                 "`; it has " + listed(*plan) + ": name one by its folder, such as `" +
                 (run / "skills" / skill_folder(plan->skills.back().name)).string() + "`"};
  return TrainedSkill{*found, run / "skills" / skill_folder(found->name)};
}

SkillPlan lower_imported(const PolicyGraph& graph, const SkillNode& skill, const SkillLowering& context) {
  const auto trained = find_trained(skill.from, skill.name);
  if (!trained)
    context.diagnostics.add({.code = Code::M0221,
                             .message = "the trained skill `" + skill.name + "` cannot be read",
                             .primary = {skill.span, ""},
                             .notes = {trained.error().message}});
  if (trained) check_base(graph, skill, *trained, context.diagnostics);
  SkillPlan plan = trained ? trained->plan : nothing();
  plan.imported_name = plan.kind == SkillPlan::Kind::imported ? plan.imported_name : plan.name;
  if (plan.imported_name.empty()) plan.imported_name = skill.name;
  plan.kind = SkillPlan::Kind::imported;
  if (trained) plan.checkpoint = digest_of(trained->folder / "checkpoint.bin");
  plan.name = skill.name;
  plan.aliases = skill.aliases;
  // What it was made of is in its checkpoint.
  plan.parts.clear();
  plan.composition.clear();
  plan.start_from.clear();
  plan.over = skill.over ? graph.skills[*skill.over].name : "";
  plan.from = plan_path(skill.from, graph.program.parent_path(), context.library);
  if (plan.from.empty()) plan.from = skill.from.generic_string();
  return plan;
}

}  // namespace motet

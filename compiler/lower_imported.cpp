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
  if (trained && !trained->plan.over.empty())
    context.diagnostics.add(
        {.code = Code::M0221,
         .message = "the trained skill `" + skill.name + "` cannot be taken over without what it stands on",
         .primary = {skill.span, ""},
         .notes = {"in that run it acts on the latent of `" + trained->plan.over + "`"},
         .help = {"take `" + trained->plan.over + "` over, and stand a new skill upon it"}});
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
  plan.from = plan_path(skill.from, graph.program.parent_path(), context.library);
  if (plan.from.empty()) plan.from = skill.from.generic_string();
  return plan;
}

}  // namespace motet

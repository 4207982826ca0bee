#include "cli/run_folder.h"

#include <algorithm>
#include <sstream>

#include "cli/text_file.h"
#include "compiler/lower_paths.h"
#include "compiler/model/model.h"
#include "compiler/plan/sha256.h"
#include "compiler/plan_toml.h"
#include "compiler/toml/text.h"
#include "compiler/toml/toml.h"
#include "runtime/archive/archive.h"

namespace motet::cli {

namespace fs = std::filesystem;

namespace {

Result<std::vector<fs::path>> files_of(const Compilation& compilation) {
  std::vector<fs::path> files;
  for (const LoadedModule& module : compilation.program.modules) files.push_back(module.path);
  const auto add_model = [&](const fs::path& model) -> Status {
    if (model.empty()) return {};
    auto parts = model_files(model);
    if (!parts) return parts.error();
    files.insert(files.end(), parts->begin(), parts->end());
    return {};
  };
  for (const RobotNode& robot : compilation.graph->robots)
    if (Status added = add_model(robot.model_file); !added) return added.error();
  for (const WorldNode& world : compilation.graph->worlds)
    if (Status added = add_model(world.scene_file); !added) return added.error();
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

}  // namespace

fs::path RunFolder::skill(const std::string& name) const {
  return path / "skills" / skill_folder(name);
}

Result<Manifest> read_manifest(const RunFolder& run) {
  const fs::path file = run.path / "manifest.toml";
  auto text = read_text(file);
  if (!text) return text.error();
  const auto parsed = parse_toml(*text);
  if (const auto* error = std::get_if<TomlError>(&parsed))
    return Error{"`" + file.string() + "` is damaged: line " + std::to_string(error->line) + ": " +
                 error->message};
  const toml::table& table = std::get<toml::table>(parsed);
  Manifest manifest;
  if (table["version"].value_or<std::int64_t>(0) != 1)
    return Error{"`" + file.string() + "` is not a manifest of a version that this program reads (1)"};
  manifest.seed = table["seed"].value_or<std::int64_t>(1);
  if (const toml::table* skills = table["skills"].as_table())
    for (const auto& [name, value] : *skills)
      if (const toml::table* entry = value.as_table())
        manifest.skills[std::string(name.str())] = {(*entry)["hash"].value_or(std::string()),
                                                    (*entry)["state"].value_or(std::string()),
                                                    (*entry)["step"].value_or<std::int64_t>(0)};
  return manifest;
}

Status write_manifest(const RunFolder& run, const Manifest& manifest) {
  toml::table skills;
  for (const auto& [name, record] : manifest.skills)
    skills.insert(name, toml::table{{"hash", record.hash},
                                    {"state", record.state},
                                    {"step", record.step},
                                    {"folder", "skills/" + skill_folder(name)}});
  const toml::table table{
      {"version", 1}, {"motet", MOTET_VERSION}, {"seed", manifest.seed}, {"skills", skills}};
  std::stringstream text;
  text << table << '\n';
  return write_file(run.path / "manifest.toml", text.str());
}

Status write_program(const RunFolder& run, const Compilation& compilation, const Plan& plan) {
  auto files = files_of(compilation);
  if (!files) return files.error();
  const fs::path project = compilation.program.modules[compilation.program.main].directory;
  std::map<fs::path, fs::path> sources;
  for (const fs::path& file : *files) {
    const fs::path relative = plan_path(file, project, compilation.library);
    if (relative.empty())
      return Error{"`" + file.string() +
                   "` lies neither in the program's folder nor in the library, so the run " +
                   "cannot keep a copy of it; move it below `" + project.string() + "`"};
    const auto [other, first] = sources.emplace(relative, file);
    if (!first)
      return Error{"`" + file.string() + "` and `" + other->second.string() +
                   "` have the same path in two folders of the " +
                   "library, so the run cannot keep both; rename one"};
    auto text = read_text(file);
    if (!text) return text.error();
    const fs::path copy = run.path / "program" / relative;
    std::error_code error;
    fs::create_directories(copy.parent_path(), error);
    if (error) return Error{"`" + copy.parent_path().string() + "` cannot be made: " + error.message()};
    if (Status written = write_file(copy, *text); !written) return written;
  }
  return write_file(run.path / "plan.toml", to_toml(plan));
}

Result<Compilation> compile(const RunFolder& run, const Plan& plan) {
  const ModelRoots roots = run.roots();
  const auto program = roots.resolve("project/" + plan.program);
  if (!program) return program.error();
  return compile(*program, roots.library, run.path / "skills");
}

std::vector<fs::path> seed_folders(const fs::path& run) {
  std::vector<std::pair<long, fs::path>> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(run, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("seed-") && fs::exists(entry.path() / "plan.toml", error))
      found.emplace_back(std::strtol(name.c_str() + 5, nullptr, 10), entry.path());
  }
  std::sort(found.begin(), found.end());
  std::vector<fs::path> folders;
  for (auto& [seed, folder] : found) folders.push_back(std::move(folder));
  return folders;
}

Result<Plan> read_plan(const RunFolder& run) {
  const fs::path file = run.path / "plan.toml";
  std::error_code error;
  if (!fs::exists(file, error)) {
    const auto seeds = seed_folders(run.path);
    if (seeds.empty()) return Error{"`" + run.path.string() + "` is not a run: it has no plan.toml"};
    return Error{"`" + run.path.string() + "` holds a run for each of " + std::to_string(seeds.size()) +
                 " seeds; name one, such as `" + seeds.front().string() + "`"};
  }
  auto text = read_text(file);
  if (!text) return text.error();
  return plan_from_toml(*text, file.string());
}

Result<const SkillPlan*> find_skill(const RunFolder& run, const Plan& plan, const std::string& name) {
  if (const SkillPlan* skill = plan.find(name)) return skill;
  std::string message = "the run `" + run.path.string() + "` has no skill `" + name + "`; it has";
  for (const SkillPlan& known : plan.skills) message += " `" + known.name + "`";
  return Error{message};
}

Result<const SkillPlan*> choose_skill(const RunFolder& run, const Plan& plan, const Manifest& manifest,
                                      const std::string& name) {
  const auto started = [&](const SkillPlan& skill) { return manifest.skills.count(skill.name) > 0; };
  if (!name.empty()) {
    auto skill = find_skill(run, plan, name);
    if (skill && !started(**skill))
      return Error{"`" + name + "` has not been trained in `" + run.path.string() + "` yet"};
    return skill;
  }
  for (auto skill = plan.skills.rbegin(); skill != plan.skills.rend(); ++skill)
    if (started(*skill) && skill->kind != SkillPlan::Kind::imported) return &*skill;
  return Error{"no skill has been trained in `" + run.path.string() + "` yet"};
}

}  // namespace motet::cli

#pragma once

// The folder of a run, plain to read:
//
//   manifest.toml            versions, seed, and what of each skill is trained
//   plan.toml                the resolved plan
//   program/project/...      the program and its models, as they were
//   program/library/...      what it took from the library
//   skills/NAME/             checkpoint.bin, metrics.csv, events.out.tfevents...; states.bin, and before
//                            the end of its training replay.bin
//
// A run of several seeds holds one such folder for each: seed-1, seed-2, ...

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/compilation.h"
#include "compiler/plan/model_roots.h"

namespace motet::cli {

struct SkillRecord {
  std::string hash;   // of the plan's slice
  std::string state;  // "finished" | "unfinished"
  std::int64_t step = 0;
};

struct Manifest {
  std::int64_t seed = 1;
  std::map<std::string, SkillRecord> skills;
};

struct RunFolder {
  std::filesystem::path path;

  std::filesystem::path skill(const std::string& name) const;
  std::function<std::filesystem::path(const std::string&)> skills() const {
    return [run = *this](const std::string& name) { return run.skill(name); };
  }
  ModelRoots roots() const { return {path / "program" / "project", {path / "program" / "library"}}; }
};

Result<Manifest> read_manifest(const RunFolder& run);
Status write_manifest(const RunFolder& run, const Manifest& manifest);

// Copies the program, what it imports and the models of its plan, and writes plan.toml.
Status write_program(const RunFolder& run, const Compilation& compilation, const Plan& plan);

// Compiles the program that a run keeps. Its plan is the run's.
Result<Compilation> compile(const RunFolder& run, const Plan& plan);

// The plan of a run folder. A folder of several seeds is refused, with the names of its seeds.
Result<Plan> read_plan(const RunFolder& run);
// The seeds' folders, in order; empty where the folder is itself a run.
std::vector<std::filesystem::path> seed_folders(const std::filesystem::path& run);

// The skill of this name or alias.
Result<const SkillPlan*> find_skill(const RunFolder& run, const Plan& plan, const std::string& name);
// The skill that was named, or the last one that the run has trained.
Result<const SkillPlan*> choose_skill(const RunFolder& run, const Plan& plan, const Manifest& manifest,
                                      const std::string& name);

}  // namespace motet::cli

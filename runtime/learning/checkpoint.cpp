#include "runtime/learning/checkpoint.h"

#include <array>
#include <span>

namespace motet {
namespace {

Error refused(const std::filesystem::path& file, const std::string& why, const std::string& advice) {
  return Error{"`" + file.string() + "` " + why + "; " + advice + " (the file stays as it is)"};
}

// A skill that was trained elsewhere keeps the name that it had there.
const std::string& name_there(const SkillPlan& skill) {
  return skill.imported_name.empty() ? skill.name : skill.imported_name;
}

const std::string train_anew = "`--force` trains the skill anew";

}  // namespace

std::filesystem::path checkpoint_file(const std::filesystem::path& folder) {
  return folder / "checkpoint.bin";
}

std::filesystem::path replay_file(const std::filesystem::path& folder) {
  return folder / "replay.bin";
}

void sign_checkpoint(Archive& archive, const SkillPlan& skill, std::uint64_t seed) {
  archive.put_value("checkpoint/version", checkpoint_version);
  archive.put_text("checkpoint/skill", name_there(skill));
  archive.put_text("checkpoint/hash", skill.hash);
  archive.put_value("checkpoint/seed", seed);
}

Result<Archive> read_signed(const std::filesystem::path& file, const SkillPlan& skill) {
  Result<Archive> archive = Archive::read(file);
  if (!archive) return archive;
  std::int64_t version = 0;
  const Result<std::string> name = archive->get_text("checkpoint/skill"),
                            hash = archive->get_text("checkpoint/hash");
  if (!archive->get_value("checkpoint/version", version) || !name || !hash) {
    return refused(file, "is not a checkpoint of a skill", train_anew);
  }
  if (version != checkpoint_version) {
    return refused(file,
                   "has format " + std::to_string(version) + ", and this program reads " +
                       std::to_string(checkpoint_version),
                   "use the version that wrote it, or " + train_anew);
  }
  if (*name != name_there(skill)) {
    return refused(file, "belongs to the skill `" + *name + "`, not to `" + name_there(skill) + "`",
                   train_anew);
  }
  if (*hash != skill.hash) {
    return refused(file, "was written before `" + skill.name + "` or something below it was changed",
                   "take the change back to go on with it, or " + train_anew);
  }
  return archive;
}

Result<Archive> read_checkpoint(const std::filesystem::path& folder, const SkillPlan& skill) {
  return read_signed(checkpoint_file(folder), skill);
}

Result<Archive> read_checkpoint(const std::filesystem::path& folder, const SkillPlan& skill,
                                std::uint64_t seed) {
  Result<Archive> archive = read_checkpoint(folder, skill);
  if (!archive) return archive;
  std::uint64_t found = 0;
  if (Status status = archive->get_value("checkpoint/seed", found); !status) return status.error();
  if (found != seed) {
    return refused(checkpoint_file(folder),
                   "was trained with seed " + std::to_string(found) + ", not " + std::to_string(seed),
                   "train with that seed to go on with it, or " + train_anew);
  }
  return archive;
}

std::uint64_t training_identity(const SkillPlan& skill, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325u ^ seed;  // FNV-1a
  for (const char c : skill.hash) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

}  // namespace motet

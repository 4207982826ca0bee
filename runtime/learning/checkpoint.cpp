#include "runtime/learning/checkpoint.h"

#include <array>
#include <span>

namespace motet {
namespace {

Error refused(const std::filesystem::path& folder, const std::string& why, const std::string& advice) {
  return Error{"`" + checkpoint_file(folder).string() + "` " + why + "; " + advice +
               " (the file stays as it is)"};
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
  archive.put_text("checkpoint/skill", skill.name);
  archive.put_text("checkpoint/hash", skill.hash);
  archive.put_value("checkpoint/seed", seed);
}

Result<Archive> read_checkpoint(const std::filesystem::path& folder, const SkillPlan& skill) {
  Result<Archive> archive = Archive::read(checkpoint_file(folder));
  if (!archive) return archive;
  std::int64_t version = 0;
  const Result<std::string> name = archive->get_text("checkpoint/skill"),
                            hash = archive->get_text("checkpoint/hash");
  if (!archive->get_value("checkpoint/version", version) || !name || !hash) {
    return refused(folder, "is not a checkpoint of a skill", train_anew);
  }
  if (version != checkpoint_version) {
    return refused(folder,
                   "has format " + std::to_string(version) + ", and this program reads " +
                       std::to_string(checkpoint_version),
                   "use the version that wrote it, or " + train_anew);
  }
  if (*name != skill.name) {
    return refused(folder, "belongs to the skill `" + *name + "`, not to `" + skill.name + "`", train_anew);
  }
  if (*hash != skill.hash) {
    return refused(folder, "was written before `" + skill.name + "` or something below it was changed",
                   "take the change back to go on with it, or " + train_anew);
  }
  return archive;
}

Result<Archive> read_checkpoint(const std::filesystem::path& folder, const SkillPlan& skill,
                                std::uint64_t seed) {
  Result<Archive> archive = read_checkpoint(folder, skill);
  if (!archive) return archive;
  std::uint64_t found = 0;
  if (Status status = archive->get_value("checkpoint/seed", found); !status) return status.error();
  if (found != seed) {
    return refused(folder, "was trained with seed " + std::to_string(found) + ", not " + std::to_string(seed),
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

// A world into an archive and back: what continues from it is what would have come, bit for bit.

#include "runtime/simulation/world.h"
#include "runtime/simulation/world_parts.h"

namespace motet {
namespace {

// Visits every number that an episode remembers, in the same order for saving and restoring.
template <typename Visit>
void visit_numbers(WorldParts& parts, EpisodeSummary& episode, std::vector<double>& terms, Visit visit) {
  visit("reset", parts.reset.evaluator.registers());
  visit("step", parts.step.evaluator.registers());
  if (parts.drive) visit("drive", parts.drive->evaluator.registers());
  visit("action", parts.action.action());
  visit("limited", parts.action.limited());
  visit("mapped", parts.action.mapped());
  visit("terms", std::span<double>(terms));
  visit("return", std::span<double>(&episode.episode_return, 1));
  visit("term_sums", std::span<double>(episode.term_sums));
  visit("measures", std::span<double>(episode.measures));
}

}  // namespace

void World::save(Archive& archive, const std::string& prefix) const {
  physics_->save(archive, prefix + ".physics");
  EpisodeSummary episode = episode_;
  std::vector<double> terms = terms_;
  visit_numbers(*parts_, episode, terms, [&](const char* name, std::span<const double> values) {
    archive.put<double>(prefix + "." + name, values);
  });
  archive.put<float>(prefix + ".observation", observation_);
  archive.put_value(prefix + ".random", random_.state());
  archive.put_value(prefix + ".condition", parts_->condition);
  archive.put_value(prefix + ".length", episode_.length);
  archive.put_value<std::uint8_t>(prefix + ".success", episode_.success ? 1 : 0);
  archive.put_value(prefix + ".unstable_episodes", unstable_episodes_);
  archive.put_text(prefix + ".unstable_reason", unstable_reason_);
}

Status World::restore(const Archive& archive, const std::string& prefix) {
  if (Status got = physics_->restore(archive, prefix + ".physics"); !got) return got;
  Status status;
  const auto keep_first = [&](Status got) {
    if (status) status = std::move(got);
  };
  visit_numbers(*parts_, episode_, terms_, [&](const char* name, std::span<double> values) {
    keep_first(archive.get<double>(prefix + "." + name, values));
  });
  keep_first(archive.get<float>(prefix + ".observation", observation_));
  Random::State random{};
  keep_first(archive.get_value(prefix + ".random", random));
  keep_first(archive.get_value(prefix + ".condition", parts_->condition));
  keep_first(archive.get_value(prefix + ".length", episode_.length));
  std::uint8_t success = 0;
  keep_first(archive.get_value(prefix + ".success", success));
  keep_first(archive.get_value(prefix + ".unstable_episodes", unstable_episodes_));
  Result<std::string> reason = archive.get_text(prefix + ".unstable_reason");
  if (!reason) keep_first(reason.error());
  if (!status) return status;
  random_.restore(random);
  episode_.success = success != 0;
  unstable_reason_ = std::move(*reason);
  return {};
}

}  // namespace motet

#include "runtime/learning/state_union.h"

#include <algorithm>
#include <map>

namespace motet {

Result<StateUnion> StateUnion::load(const SkillPlan& skill, const SkillEnergy& energy,
                                    const FolderOf& folder_of) {
  StateUnion all;
  for (std::size_t i = 0; i < energy.parts().size(); ++i) {
    const SkillPlan& part = *energy.parts()[i].skill;
    Result<States> states = read_states(folder_of(part.name), part);
    if (!states) return states.error();
    all.sources_.push_back({std::move(*states), energy.energy().terms[i].columns, {}});
  }
  for (Source& source : all.sources_) {
    std::map<std::size_t, Source::Gap> gaps;
    for (std::int64_t column = 0; column < skill.environment.observation_size; ++column) {
      const auto has = [&](const Source& one) {
        return std::find(one.columns.begin(), one.columns.end(), column);
      };
      if (has(source) != source.columns.end()) continue;
      std::size_t donor = 0;
      while (donor < all.sources_.size() && has(all.sources_[donor]) == all.sources_[donor].columns.end())
        ++donor;
      if (donor == all.sources_.size())
        return Error{"`" + skill.name + "` sees `" +
                     skill.environment.observation_names[static_cast<std::size_t>(column)] +
                     "`, which none of its parts has seen; let the world of one of them `observe` it"};
      Source::Gap& gap = gaps[donor];
      gap.donor = donor;
      gap.columns.emplace_back(column, has(all.sources_[donor]) - all.sources_[donor].columns.begin());
    }
    for (auto& [donor, gap] : gaps) source.gaps.push_back(std::move(gap));
  }
  return all;
}

std::int64_t StateUnion::count() const {
  std::int64_t total = 0;
  for (const Source& source : sources_) total += source.states.count;
  return total;
}

void StateUnion::draw(Random& random, std::span<float> state) const {
  const auto any_of = [&](const States& states) {
    return states.row(static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(states.count))));
  };
  auto number = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(count())));
  std::size_t of = 0;
  for (; number >= sources_[of].states.count; ++of) number -= sources_[of].states.count;
  const Source& source = sources_[of];
  const std::span<const float> own = source.states.row(number);
  for (std::size_t i = 0; i < own.size(); ++i) state[static_cast<std::size_t>(source.columns[i])] = own[i];
  for (const Source::Gap& gap : source.gaps) {
    const std::span<const float> other = any_of(sources_[gap.donor].states);
    for (const auto& [column, from] : gap.columns)
      state[static_cast<std::size_t>(column)] = other[static_cast<std::size_t>(from)];
  }
}

}  // namespace motet

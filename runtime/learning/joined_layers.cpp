#include "runtime/learning/joined_layers.h"

#include <algorithm>
#include <utility>

#include "runtime/learning/evaluation.h"
#include "runtime/learning/learner.h"
#include "runtime/learning/trained_policy.h"

namespace motet {
namespace {

// An embedding of some numbers as one of all: `columns` are those that it has seen.
void widen(const FlowNetwork& narrow, std::span<const float> values, std::span<const std::int64_t> columns,
           std::span<float> wide) {
  const auto units = static_cast<std::size_t>(narrow.sizes[1]);
  const std::size_t first_layer = columns.size() * units;
  std::fill(wide.begin(), wide.end(), 0.0f);
  for (std::size_t i = 0; i < columns.size(); ++i)
    std::ranges::copy(values.subspan(i * units, units),
                      wide.begin() + columns[i] * static_cast<std::int64_t>(units));
  const std::span<const float> rest = values.subspan(first_layer);
  std::ranges::copy(rest, wide.end() - static_cast<std::ptrdiff_t>(rest.size()));
}

}  // namespace

Result<AlignedFloats> join_layers(const Plan& plan, const SkillPlan& skill, const FolderOf& folder_of) {
  const FlowShape joined = learner_shape(skill).policy_shape().flow();
  const std::vector<FlowNetwork> networks = joined.networks();
  AlignedFloats parameters(static_cast<std::size_t>(joined.parameters()));
  std::size_t next = 0;
  for (const SkillPlan* layer : layers_started_from(plan, skill)) {
    const FlowShape shape = learner_shape(*layer).policy_shape().flow();
    const auto own = read_policy(*layer, folder_of(layer->name));
    if (!own) return own.error();
    const auto columns = observed_columns(*layer, skill.environment, skill.name);
    if (!columns) return columns.error();
    const std::vector<FlowNetwork> layers = shape.networks();
    for (std::size_t k = 0; k < layers.size(); ++k, ++next) {
      if (next == networks.size()) return Error{"`" + skill.name + "` does not have the layers of its start"};
      const auto values_of = [](const FlowNetwork& network, auto all) {
        return all.subspan(network.offset, static_cast<std::size_t>(mlp_parameters(network.sizes)));
      };
      const std::span<const float> values = values_of(layers[k], own->parameters.values());
      const std::span<float> place = values_of(networks[next], parameters.values());
      const bool embeds = layers[k].embedding == k;
      const std::size_t added =
          embeds ? static_cast<std::size_t>((joined.observation_size - shape.observation_size) *
                                            layers[k].sizes[1])
                 : 0;
      if (place.size() != values.size() + added)
        return Error{"`" + skill.name + "` does not have the layers of its start"};
      if (embeds)
        widen(layers[k], values, *columns, place);
      else
        std::ranges::copy(values, place.begin());
    }
  }
  return parameters;
}

}  // namespace motet

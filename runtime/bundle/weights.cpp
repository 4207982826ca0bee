#include "runtime/bundle/weights.h"

#include <algorithm>

#include "runtime/engine/parameters.h"

namespace motet {
namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

void add_network(std::vector<WeightPlace>& places, const MlpSizes& sizes, const std::string& prefix) {
  std::size_t offset = places.empty() ? 0 : places.back().offset + places.back().size;
  const auto add = [&](const std::string& name, std::vector<std::int64_t> shape) {
    std::size_t size = 1;
    for (const std::int64_t side : shape) size *= static_cast<std::size_t>(side);
    places.push_back({name, std::move(shape), offset, size});
    offset += size;
  };
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    const std::string layer = prefix + "." + std::to_string(i);
    add(layer + ".weight", {sizes[i], sizes[i + 1]});
    add(layer + ".bias", {sizes[i + 1]});
  }
}

}  // namespace

std::vector<WeightPlace> weight_places(const PolicyShape& shape, const std::string& prefix) {
  std::vector<WeightPlace> places;
  if (shape.kind != PolicyKind::flow) {
    add_network(places, shape.sizes(), prefix);
    return places;
  }
  const std::vector<FlowNetwork> networks = shape.flow().networks();
  std::size_t embeddings = 0, couplings = 0;
  for (std::size_t k = 0; k < networks.size(); ++k) {
    const bool embeds = networks[k].embedding == k;
    const std::string name =
        embeds ? "embedding_" + std::to_string(embeddings++) : "coupling_" + std::to_string(couplings++);
    add_network(places, networks[k].sizes, prefix + "." + name);
  }
  return places;
}

std::vector<Tensor> to_tensors(const PolicyShape& shape, std::span<const float> parameters,
                               const std::string& prefix) {
  std::vector<Tensor> tensors;
  for (const WeightPlace& place : weight_places(shape, prefix)) {
    const std::span<const float> part = parameters.subspan(place.offset, place.size);
    tensors.push_back({place.name, place.shape, {part.begin(), part.end()}});
  }
  return tensors;
}

Result<AlignedFloats> to_parameters(const PolicyShape& shape, std::span<const Tensor> tensors,
                                    const std::string& prefix) {
  const std::vector<WeightPlace> places = weight_places(shape, prefix);
  std::vector<const Tensor*> found;
  for (const WeightPlace& place : places) {
    const auto tensor = std::find_if(tensors.begin(), tensors.end(),
                                     [&](const Tensor& each) { return each.name == place.name; });
    if (tensor == tensors.end()) return Error{"it has no tensor `" + place.name + "`"};
    if (tensor->shape != place.shape)
      return Error{"the tensor `" + place.name + "` is " + shape_text(tensor->shape) +
                   ", and the policy has " + shape_text(place.shape)};
    if (!all_finite(tensor->values)) return Error{"the tensor `" + place.name + "` is not finite"};
    found.push_back(&*tensor);
  }
  AlignedFloats parameters(places.back().offset + places.back().size);
  for (std::size_t i = 0; i < places.size(); ++i)
    std::copy(found[i]->values.begin(), found[i]->values.end(),
              parameters.values().data() + places[i].offset);
  return parameters;
}

}  // namespace motet

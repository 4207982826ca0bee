#include "runtime/bundle/bundle.h"

#include <algorithm>
#include <map>

#include "compiler/plan/sha256.h"
#include "runtime/archive/file.h"
#include "runtime/bundle/weights.h"
#include "runtime/engine/parameters.h"

namespace motet {
namespace {

const std::string contract_name = "bundle.toml", weights_name = "weights.safetensors",
                  sums_name = "SHA256SUMS";
constexpr std::size_t contract_limit = 64u << 20;  // bytes

std::string prefix_of(std::size_t layer) {
  return "layer_" + std::to_string(layer);
}

std::string noise_name(std::size_t layer) {
  return prefix_of(layer) + ".noise";
}

const TarMember* find(const std::vector<TarMember>& members, const std::string& name) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const TarMember& member) { return member.name == name; });
  return found == members.end() ? nullptr : &*found;
}

// As `sha256sum` writes them.
std::string sums_of(const std::vector<TarMember>& members) {
  std::string text;
  for (const TarMember& member : members)
    if (member.name != sums_name) text += sha256_hex(member.content) + "  " + member.name + "\n";
  return text;
}

Status check_sums(const std::vector<TarMember>& members) {
  const TarMember* sums = find(members, sums_name);
  if (sums == nullptr) return Error{"has no `" + sums_name + "`: it is not a bundle"};
  if (sums->content == sums_of(members)) return {};
  for (const TarMember& member : members) {
    const std::string line = sha256_hex(member.content) + "  " + member.name + "\n";
    if (member.name != sums_name && sums->content.find(line) == std::string::npos)
      return Error{"is damaged: `" + member.name + "` is not what was written; copy it again"};
  }
  return Error{"is damaged: `" + sums_name + "` does not name what is in it; copy it again"};
}

Result<LayerWeights> weights_of(const LayerContract& layer, std::size_t index,
                                const std::vector<Tensor>& tensors) {
  auto parameters = to_parameters(layer.policy, tensors, prefix_of(index));
  if (!parameters) return parameters.error();
  LayerWeights weights{std::move(*parameters), {}};
  if (layer.noise_set == 0) return weights;
  const auto noise = std::find_if(tensors.begin(), tensors.end(),
                                  [&](const Tensor& tensor) { return tensor.name == noise_name(index); });
  if (noise == tensors.end()) return Error{"it has no tensor `" + noise_name(index) + "`"};
  if (noise->shape != std::vector<std::int64_t>{layer.noise_set, layer.policy.action_size} ||
      !all_finite(noise->values))
    return Error{"the tensor `" + noise_name(index) + "` is not the noise of its policy"};
  weights.noise = noise->values;
  return weights;
}

}  // namespace

Result<std::string> pack(const Bundle& bundle) {
  std::vector<Tensor> tensors;
  for (std::size_t i = 0; i < bundle.contract.layers.size(); ++i) {
    const LayerContract& layer = bundle.contract.layers[i];
    for (Tensor& tensor : to_tensors(layer.policy, bundle.weights[i].parameters.values(), prefix_of(i)))
      tensors.push_back(std::move(tensor));
    if (layer.noise_set > 0)
      tensors.push_back(
          {noise_name(i), {layer.noise_set, layer.policy.action_size}, bundle.weights[i].noise});
  }
  std::vector<TarMember> members = {{contract_name, to_toml(bundle.contract)},
                                    {weights_name, to_safetensors(tensors)}};
  members.insert(members.end(), bundle.files.begin(), bundle.files.end());
  members.push_back({sums_name, sums_of(members)});
  return to_tar(members);
}

Result<Bundle> unpack(std::string_view bytes) {
  Result<std::vector<TarMember>> members = from_tar(bytes);
  if (!members) return members.error();
  const TarMember *text = find(*members, contract_name), *values = find(*members, weights_name);
  if (text == nullptr || values == nullptr)
    return Error{"has no `" + (text == nullptr ? contract_name : weights_name) + "`: it is not a bundle"};
  if (text->content.size() > contract_limit) return Error{"has a contract of more than 64 MiB"};
  // A newer form may have other files: what it is is said before what is wrong with it.
  Result<Contract> contract = contract_from_toml(text->content);
  if (Status intact = check_sums(*members); !intact) return intact.error();
  if (!contract) return Error{"cannot be used: `" + contract_name + "`: " + contract.error().message};
  Bundle bundle{std::move(*contract), {}, {}};
  const Result<std::vector<Tensor>> tensors = from_safetensors(values->content);
  if (!tensors) return Error{"cannot be used: `" + weights_name + "` " + tensors.error().message};
  for (std::size_t i = 0; i < bundle.contract.layers.size(); ++i) {
    Result<LayerWeights> weights = weights_of(bundle.contract.layers[i], i, *tensors);
    if (!weights) return Error{"cannot be used: `" + weights_name + "`: " + weights.error().message};
    bundle.weights.push_back(std::move(*weights));
  }
  for (TarMember& member : *members)
    if (member.name.starts_with("program/") || member.name.starts_with("run/"))
      bundle.files.push_back(std::move(member));
  return bundle;
}

std::string digest_of(const Bundle& bundle) {
  const Result<std::string> bytes = pack(bundle);
  return bytes ? sha256_hex(*bytes) : "";
}

Status write_bundle(const std::filesystem::path& file, const Bundle& bundle) {
  const Result<std::string> bytes = pack(bundle);
  if (!bytes) return Error{"`" + file.string() + "` cannot be written: " + bytes.error().message};
  const std::span<const std::byte> piece = std::as_bytes(std::span(*bytes));
  return replace_file(file, {&piece, 1});
}

Result<Bundle> read_bundle(const std::filesystem::path& file) {
  Result<InputFile> input = InputFile::open(file);
  if (!input) return input.error();
  const auto refuse = [&](const std::string& why) { return Error{"`" + file.string() + "` " + why}; };
  if (input->size() > bundle_size_limit) return refuse("is larger than 4 GiB: it is not a bundle");
  std::string bytes(static_cast<std::size_t>(input->size()), '\0');
  if (Status status = input->read(std::as_writable_bytes(std::span(bytes))); !status) return status.error();
  Result<Bundle> bundle = unpack(bytes);
  if (!bundle) return refuse(bundle.error().message);
  return bundle;
}

}  // namespace motet

#pragma once

// A trained skill in one file: NAME.motetpack, a tar of
//
//   bundle.toml           the contract, as text
//   weights.safetensors   the policies' weights
//   program/...           the program's text
//   run/...               a run folder, where it carries what composition or further training needs
//   SHA256SUMS            of all of these
//
// so that `tar`, `sha256sum -c` and a text editor read it, too.

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/bundle/contract.h"
#include "runtime/bundle/tar.h"
#include "runtime/bundle/tensors.h"
#include "runtime/engine/matrix.h"

namespace motet {

struct LayerWeights {
  AlignedFloats parameters;
  std::vector<float> noise;  // [noise_set, m], of a sampler
};

struct Bundle {
  Contract contract;
  std::vector<LayerWeights> weights;  // by Contract::layers
  std::vector<TarMember> files;       // program/..., run/...
};

inline constexpr std::uint64_t bundle_size_limit = std::uint64_t{4} << 30;  // bytes

// The file's bytes.
Result<std::string> pack(const Bundle& bundle);
// Refuses what is truncated, corrupted, foreign, newer, or does not fit together; what is said can stand
// behind the file's name. The bytes may come from strangers.
Result<Bundle> unpack(std::string_view bytes);

// SHA-256 of the file's bytes, in hex; empty where it cannot be packed.
std::string digest_of(const Bundle& bundle);

// Writes beside the file and renames it.
Status write_bundle(const std::filesystem::path& file, const Bundle& bundle);
Result<Bundle> read_bundle(const std::filesystem::path& file);

}  // namespace motet

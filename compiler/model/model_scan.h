#pragma once

// What a model's XML refers to and asks for, read before MuJoCo sees it.

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/plan/result.h"

namespace motet {

// The XML and the binary files of a model may be this large.
inline constexpr std::uintmax_t max_model_xml_size = 16u << 20;     // bytes, includes counted
inline constexpr std::uintmax_t max_model_asset_size = 256u << 20;  // bytes each

// A joint of a URDF that says how strong it is.
struct UrdfEffort {
  std::string joint;
  double effort = 0;  // N or Nm
};

struct ModelScan {
  bool urdf = false;
  std::vector<std::filesystem::path> xml;     // the model and its includes, each once
  std::vector<std::filesystem::path> assets;  // meshes, textures, height fields, skins; each once
  std::filesystem::path mesh_folder;          // where a URDF's meshes are
  std::vector<UrdfEffort> efforts;
};

// Refuses what MuJoCo would take gigabytes or minutes for: sizes, counts, nesting.
Result<ModelScan> scan_model(const std::filesystem::path& file);

// The whole file; an error where it is no regular file or larger than `limit` bytes.
Result<std::string> read_model_file(const std::filesystem::path& file, std::uintmax_t limit);

}  // namespace motet

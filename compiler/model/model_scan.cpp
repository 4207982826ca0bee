#include "compiler/model/model_scan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>
#include <unordered_set>

#include "compiler/model/model_limits.h"
#include "compiler/model/xml_scan.h"

namespace motet {
namespace {

namespace fs = std::filesystem;

constexpr int max_xml_files = 1000;

// Files in the order in which they are named first.
class FileList {
 public:
  explicit FileList(std::vector<fs::path>& files) : files_(files) {
    for (const fs::path& file : files) known_.insert(file.lexically_normal().native());
  }

  void add(const fs::path& file) {
    fs::path normal = file.lexically_normal();
    if (known_.insert(normal.native()).second) files_.push_back(std::move(normal));
  }

 private:
  std::vector<fs::path>& files_;
  std::unordered_set<std::string> known_;
};

ModelScan begin_with(const fs::path& file) {
  ModelScan scan;
  scan.xml.push_back(file);
  return scan;
}

// The name without its folders, where `strippath` asks for that.
fs::path stripped(const std::string& name, bool strip) {
  const std::size_t slash = name.find_last_of("/\\");
  return strip && slash != name.npos ? name.substr(slash + 1) : name;
}

// Reads the model and its includes, tag by tag.
class ModelScanner {
 public:
  explicit ModelScanner(const fs::path& file) : folder_(file.parent_path()), scan_(begin_with(file)) {}
  ModelScanner(const ModelScanner&) = delete;
  ModelScanner& operator=(const ModelScanner&) = delete;

  Result<ModelScan> run() {
    for (std::size_t i = 0; i < scan_.xml.size(); ++i) {
      if (i == max_xml_files) return Error{name(0) + ": the model includes too many files"};
      if (Status status = read(i); !status) return status.error();
    }
    resolve_assets();
    return std::move(scan_);
  }

 private:
  enum class Kind { mesh, texture, urdf_mesh };
  struct Asset {
    Kind kind;
    std::string name;
  };

  std::string name(std::size_t i) const { return scan_.xml[i].string(); }

  Status read(std::size_t i) {
    Result<std::string> text = read_model_file(scan_.xml[i], max_model_xml_size);
    if (!text) return text.error();
    xml_size_ += text->size();
    if (xml_size_ > max_model_xml_size) {
      return Error{name(0) + ": the model and its includes are larger than 16 MiB"};
    }
    const auto visit = [&](const XmlTag& tag) { return visit_tag(tag, i == 0); };
    if (Status status = scan_xml(*text, visit); !status) {
      return Error{name(i) + ": " + status.error().message};
    }
    return {};
  }

  Status visit_tag(const XmlTag& tag, bool main) {
    if (!tag.opens) return {};
    if (main && tag.depth == 0) scan_.urdf = tag.name == "robot";
    if (tag.name == "include" || tag.name == "model") {
      if (const std::string* file = tag.find("file")) xml_.add(folder_ / *file);
    } else if (tag.name == "compiler") {
      visit_compiler(tag);
    } else if (scan_.urdf) {
      if (Status status = visit_urdf(tag); !status) return status;
    } else {
      visit_asset(tag);
    }
    return limits_.check(tag);
  }

  void visit_compiler(const XmlTag& tag) {
    if (const std::string* folder = tag.find("assetdir")) mesh_folder_ = texture_folder_ = *folder;
    if (const std::string* folder = tag.find("meshdir")) mesh_folder_ = *folder;
    if (const std::string* folder = tag.find("texturedir")) texture_folder_ = *folder;
    if (const std::string* strip = tag.find("strippath")) strip_ = *strip == "true" ? 1 : 0;
  }

  void visit_asset(const XmlTag& tag) {
    if (tag.name == "mesh" || tag.name == "hfield" || tag.name == "skin" || tag.name == "flexcomp") {
      if (const std::string* file = tag.find("file")) assets_.push_back({Kind::mesh, *file});
    }
    if (tag.name == "texture") {
      constexpr std::string_view sides[] = {"file",     "fileright", "fileleft", "fileup",
                                            "filedown", "filefront", "fileback"};
      for (const std::string_view side : sides) {
        if (const std::string* file = tag.find(side)) assets_.push_back({Kind::texture, *file});
      }
    }
  }

  Status visit_urdf(const XmlTag& tag) {
    if (tag.name == "mesh") {
      if (const std::string* file = tag.find("filename")) assets_.push_back({Kind::urdf_mesh, *file});
    }
    if (tag.depth == 1) {
      joint_.clear();
      if (tag.name == "joint") return visit_joint(tag);
    }
    if (tag.depth == 2 && tag.name == "limit" && !joint_.empty()) {
      const std::string* text = tag.find("effort");
      const double effort = text ? std::strtod(text->c_str(), nullptr) : 0;
      if (std::isfinite(effort) && effort > 0) scan_.efforts.push_back({joint_, effort});
    }
    return {};
  }

  // Remembers the joint, if it is one that a motor can drive. MuJoCo 2.2 does not survive other types.
  Status visit_joint(const XmlTag& tag) {
    constexpr std::string_view types[] = {"revolute", "continuous", "prismatic",
                                          "fixed",    "floating",   "planar"};
    const std::string* name = tag.find("name");
    const std::string* type = tag.find("type");
    const auto known = type ? std::find(std::begin(types), std::end(types), *type) : std::end(types);
    if (known == std::end(types)) {
      return Error{
          "line " + std::to_string(tag.line) + ": the joint " + (name ? *name : "") +
          " needs a type that URDF knows: revolute, continuous, prismatic, fixed, floating or planar"};
    }
    if (name && known - std::begin(types) < 3) joint_ = *name;
    return {};
  }

  // The folders may be named after the files that lie in them.
  void resolve_assets() {
    const bool strip = strip_ == -1 ? scan_.urdf : strip_ == 1;  // a URDF's names start elsewhere
    scan_.mesh_folder = folder_ / mesh_folder_;
    FileList assets(scan_.assets);
    for (const Asset& asset : assets_) {
      const fs::path folder = asset.kind == Kind::texture ? folder_ / texture_folder_ : scan_.mesh_folder;
      const fs::path file = folder / stripped(asset.name, strip);
      std::error_code ignored;  // MuJoCo leaves out a URDF's visual meshes: they may be missing
      if (asset.kind != Kind::urdf_mesh || fs::exists(file, ignored)) assets.add(file);
    }
  }

  fs::path folder_;
  ModelScan scan_;
  FileList xml_{scan_.xml};
  ModelLimits limits_;
  std::uintmax_t xml_size_ = 0;
  std::string mesh_folder_, texture_folder_;
  int strip_ = -1;  // as said by <compiler strippath>; -1: not said
  std::vector<Asset> assets_;
  std::string joint_;
};

}  // namespace

Result<ModelScan> scan_model(const fs::path& file) {
  return ModelScanner(file).run();
}

Result<std::string> read_model_file(const fs::path& file, std::uintmax_t limit) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (error) return Error{file.string() + ": " + error.message()};
  if (!fs::is_regular_file(status)) return Error{file.string() + ": not a regular file"};
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) return Error{file.string() + ": " + error.message()};
  if (size > limit) {
    return Error{file.string() + ": larger than " + std::to_string(limit >> 20) +
                 " MiB, the limit for a model's file"};
  }
  std::string text(size, '\0');
  std::ifstream stream(file, std::ios::binary);
  if (!stream.read(text.data(), static_cast<std::streamsize>(size)))
    return Error{file.string() + ": cannot be read"};
  return text;
}

}  // namespace motet

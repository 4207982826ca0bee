#include "compiler/model/urdf.h"

#include <mujoco/mujoco.h>
#include <stdlib.h>

#include <array>
#include <fstream>
#include <span>
#include <system_error>

#include "compiler/model/xml_scan.h"
#include "compiler/plan/text_line.h"

namespace motet {
namespace {

namespace fs = std::filesystem;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code error;
    std::string name = (fs::temp_directory_path(error) / "motet-urdf-XXXXXX").string();
    if (!error && mkdtemp(name.data())) path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const fs::path& path() const { return path_; }  // empty where none could be made

 private:
  fs::path path_;
};

std::string numbers(std::span<const mjtNum> values) {
  std::string text;
  for (const mjtNum value : values) text += (text.empty() ? "" : " ") + number_text(value);
  return text;
}

std::string attribute_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out + '"';
}

// MuJoCo writes six digits. That is not enough for an inertia (the triangle inequality of a flat
// plate breaks) nor for a range, so both are written again from the model.
class MotorWriter {
 public:
  MotorWriter(const mjModel& model, const ModelScan& scan) : model_(model), scan_(scan) {}

  Result<std::string> rewrite(std::string_view text) {
    std::size_t copied = 0;
    const auto visit = [&](const XmlTag& tag) -> Status {
      if (tag.name == "worldbody") in_world_ = tag.opens;
      if (in_world_ && tag.opens && tag.name == "body") ++body_;
      if (in_world_ && tag.opens && (tag.name == "joint" || tag.name == "freejoint")) ++joint_;
      const std::string replacement = replace(tag);
      if (replacement.empty()) return {};
      out_ += text.substr(copied, tag.begin - copied);
      out_ += replacement;
      copied = tag.end;
      return {};
    };
    if (Status status = scan_xml(text, visit); !status) return status.error();
    out_ += text.substr(copied);
    return std::move(out_);
  }

 private:
  // Bodies and joints are written in the model's order.
  std::string replace(const XmlTag& tag) const {
    if (tag.closes && !tag.opens) return tag.depth == 0 ? motors() + "</mujoco>" : "";
    if (tag.name == "compiler") return compiler(tag);
    if (!in_world_) return "";
    if (tag.name == "inertial" && body_ < model_.nbody) {
      return "<inertial pos=\"" + numbers({model_.body_ipos + 3 * body_, 3}) + "\" quat=\"" +
             numbers({model_.body_iquat + 4 * body_, 4}) + "\" mass=\"" +
             number_text(model_.body_mass[body_]) + "\" diaginertia=\"" +
             numbers({model_.body_inertia + 3 * body_, 3}) + "\"/>";
    }
    if (tag.name == "joint" && tag.find("range") && joint_ >= 0 && joint_ < model_.njnt) {
      return element(tag, "range", numbers({model_.jnt_range + 2 * joint_, 2}));
    }
    return "";
  }

  // The text moves to another folder: the meshes do not.
  std::string compiler(const XmlTag& tag) const {
    std::error_code ignored;
    return element(tag, "meshdir", fs::absolute(scan_.mesh_folder, ignored).string());
  }

  static std::string element(const XmlTag& tag, std::string_view key, const std::string& value) {
    std::string text = "<" + std::string(tag.name);
    for (const auto& [name, old] : tag.attributes) {
      if (name != key) text += " " + std::string(name) + "=" + attribute_text(old);
    }
    text += " " + std::string(key) + "=" + attribute_text(value);
    return text + (tag.closes ? "/>" : ">");
  }

  std::string motors() const {
    std::string text = "<actuator>\n";
    for (const UrdfEffort& each : scan_.efforts) {
      if (mj_name2id(&model_, mjOBJ_JOINT, each.joint.c_str()) < 0) continue;
      const std::string effort = number_text(each.effort);
      text += "  <motor name=" + attribute_text(each.joint) + " joint=" + attribute_text(each.joint) +
              " ctrllimited=\"true\" ctrlrange=\"-" + effort + " " + effort + "\"/>\n";
    }
    return text + "</actuator>\n";
  }

  const mjModel& model_;
  const ModelScan& scan_;
  std::string out_;
  bool in_world_ = false;  // <default> has joints as well
  int body_ = 0;           // the world is body 0 and no <body>
  int joint_ = -1;
};

}  // namespace

Result<ModelHandle> add_urdf_motors(const fs::path& file, const ModelScan& scan, ModelHandle plain) {
  const auto failed = [&](const std::string& why) {
    return Error{file.string() + ": the motors of its joints cannot be added: " + why};
  };
  const TemporaryFolder folder;
  if (folder.path().empty()) return failed("there is no temporary folder");
  const std::string saved = (folder.path() / "model.xml").string();
  std::array<char, 1000> message{};
  if (!mj_saveLastXML(saved.c_str(), plain.get(), message.data(), message.size()))
    return failed(message.data());
  Result<std::string> text = read_model_file(saved, 8 * max_model_xml_size);
  if (!text) return text.error();
  Result<std::string> with_motors = MotorWriter(*plain, scan).rewrite(*text);
  if (!with_motors) return failed(with_motors.error().message);
  std::ofstream(saved, std::ios::binary) << *with_motors;
  ModelHandle model(mj_loadXML(saved.c_str(), nullptr, message.data(), message.size()));
  if (!model) return failed(message.data());
  return model;
}

}  // namespace motet

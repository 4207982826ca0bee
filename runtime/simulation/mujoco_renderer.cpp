// Pictures of a MuJoCo model.

#include <mujoco/mujoco.h>

#include <algorithm>

#include "compiler/model/model.h"
#include "compiler/model/mujoco_errors.h"
#include "runtime/simulation/gl_context.h"
#include "runtime/simulation/mujoco_camera.h"
#include "runtime/simulation/mujoco_data.h"
#include "runtime/simulation/renderers.h"

namespace motet {
namespace {

constexpr int most_geoms = 10'000;

// A model without a light or a sky would be grey on black.
void brighten(mjModel& model) {
  if (model.nlight > 0) return;
  std::fill_n(model.vis.headlight.ambient, 3, 0.45F);
  std::fill_n(model.vis.headlight.diffuse, 3, 0.55F);
}

bool has_sky(const mjModel& model) {
  return std::any_of(model.tex_type, model.tex_type + model.ntex,
                     [](int type) { return type == mjTEXTURE_SKYBOX; });
}

// A pale blue that fades to white at the bottom, where nothing is nearer than the end of sight.
void paint_sky(Image& image, const std::vector<float>& depth) {
  const std::size_t width = static_cast<std::size_t>(image.width),
                    height = static_cast<std::size_t>(image.height);
  for (std::size_t y = 0; y < height; ++y) {
    const double low = static_cast<double>(y) / static_cast<double>(height);
    const std::uint8_t sky[3] = {static_cast<std::uint8_t>(190 + 60 * low),
                                 static_cast<std::uint8_t>(210 + 42 * low),
                                 static_cast<std::uint8_t>(232 + 22 * low)};
    for (std::size_t x = 0; x < width; ++x) {
      if (depth[(height - 1 - y) * width + x] >= 1.0F) std::copy_n(sky, 3, &image.rgb[3 * (y * width + x)]);
    }
  }
}

// Draws copies of the world's model and data: rendering leaves the world untouched.
class MujocoRenderer final : public Renderer {
 public:
  MujocoRenderer(std::unique_ptr<GlContext> context, const RenderOptions& options)
      : context_(std::move(context)), viewport_{0, 0, options.width, options.height} {
    mjv_defaultOption(&option_);
    mjv_defaultScene(&scene_);
    mjr_defaultContext(&resources_);
  }
  ~MujocoRenderer() override {
    if (!context_->make_current()) return;
    mjv_freeScene(&scene_);
    mjr_freeContext(&resources_);
  }
  MujocoRenderer(const MujocoRenderer&) = delete;
  MujocoRenderer& operator=(const MujocoRenderer&) = delete;

  Status open(const World& world, const RenderOptions& options);
  Image render(const World& world) override;
  std::string backend() const override { return backend_; }

 private:
  void copy_state(const World& world);

  std::unique_ptr<GlContext> context_;
  ModelHandle model_;
  DataHandle data_;
  mjrRect viewport_;
  mjvOption option_;
  mjvScene scene_;
  mjvCamera camera_;
  mjrContext resources_;
  std::vector<std::uint8_t> upside_down_;
  std::vector<float> depth_;  // where a sky is to be painted
  std::string backend_;
};

Status MujocoRenderer::open(const World& world, const RenderOptions& options) {
  model_.reset(mj_copyModel(nullptr, world.physics().model()));
  model_->vis.global.offwidth = options.width;
  model_->vis.global.offheight = options.height;
  brighten(*model_);
  data_.reset(mj_makeData(model_.get()));
  copy_state(world);
  const Result<mjvCamera> camera =
      choose_camera(*model_, *data_, world.physics().robot_trees(), options.camera);
  if (!camera) return camera.error();
  camera_ = *camera;

  if (!context_->make_current()) return Error{"the context of OpenGL cannot be made current"};
  backend_ = context_->name();
  mjv_makeScene(model_.get(), &scene_, most_geoms);
  mjr_makeContext(model_.get(), &resources_, mjFONTSCALE_100);
  mjr_setBuffer(mjFB_OFFSCREEN, &resources_);
  if (resources_.currentBuffer != mjFB_OFFSCREEN) return Error{backend_ + " cannot render off screen"};
  const mjrRect most = mjr_maxViewport(&resources_);
  if (most.width < viewport_.width || most.height < viewport_.height) {
    return Error{backend_ + " renders at most " + std::to_string(most.width) + " x " +
                 std::to_string(most.height) + " pixels"};
  }
  const std::size_t pixels =
      static_cast<std::size_t>(viewport_.width) * static_cast<std::size_t>(viewport_.height);
  upside_down_.resize(3 * pixels);
  if (!has_sky(*model_)) depth_.resize(pixels);
  return {};
}

void MujocoRenderer::copy_state(const World& world) {
  const mjModel& model = *world.physics().model();
  const mjData& data = *world.physics().data();
  if (world.physics().unstable()) return;  // there is nothing to see: the last picture stays
  std::copy_n(model.body_pos, 3 * model.nbody, model_->body_pos);
  std::copy_n(model.body_quat, 4 * model.nbody, model_->body_quat);
  std::copy_n(data.qpos, model.nq, data_->qpos);
  std::copy_n(data.qvel, model.nv, data_->qvel);
  std::copy_n(data.act, model.na, data_->act);
  std::copy_n(data.mocap_pos, 3 * model.nmocap, data_->mocap_pos);
  std::copy_n(data.mocap_quat, 4 * model.nmocap, data_->mocap_quat);
  data_->time = data.time;
  mj_fwdPosition(model_.get(), data_.get());
}

Image MujocoRenderer::render(const World& world) {
  Image image{viewport_.width, viewport_.height, std::vector<std::uint8_t>(upside_down_.size())};
  if (!context_->make_current()) return image;
  copy_state(world);
  mjv_updateScene(model_.get(), data_.get(), &option_, nullptr, &camera_, mjCAT_ALL, &scene_);
  mjr_setBuffer(mjFB_OFFSCREEN, &resources_);
  mjr_render(viewport_, &scene_, &resources_);
  mjr_readPixels(upside_down_.data(), depth_.empty() ? nullptr : depth_.data(), viewport_, &resources_);
  const std::size_t row = 3 * static_cast<std::size_t>(image.width);
  for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y) {
    std::copy_n(upside_down_.end() - static_cast<std::ptrdiff_t>((y + 1) * row), row,
                image.rgb.begin() + static_cast<std::ptrdiff_t>(y * row));
  }
  if (!depth_.empty()) paint_sky(image, depth_);
  return image;
}

}  // namespace

Result<std::unique_ptr<Renderer>> make_mujoco_renderer(const World& world, const RenderOptions& options) {
  Result<std::unique_ptr<GlContext>> context = GlContext::make();
  if (!context) return context.error();
  try {
    auto renderer = std::make_unique<MujocoRenderer>(std::move(*context), options);
    if (Status opened = renderer->open(world, options); !opened) return opened.error();
    return std::unique_ptr<Renderer>(std::move(renderer));
  } catch (const MujocoError& error) {
    return Error{std::string("pictures cannot be rendered on this machine: MuJoCo: ") + error.what()};
  }
}

}  // namespace motet

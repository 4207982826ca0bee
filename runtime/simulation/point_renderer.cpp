// A plain drawing of the kinematic point: its field, where it has been, and what was sampled.

#include <algorithm>
#include <cmath>

#include "runtime/simulation/canvas.h"
#include "runtime/simulation/renderers.h"

namespace motet {
namespace {

constexpr double field = point_field;
constexpr double view = field + 0.6;  // what is shown

constexpr Color paper{0.93, 0.945, 0.96}, ground{0.985, 0.988, 0.992}, thin{0.875, 0.895, 0.92},
    axis{0.72, 0.76, 0.81};
constexpr Color trace{0.20, 0.42, 0.72}, point{0.15, 0.33, 0.60}, white{1, 1, 1};
constexpr Color start{0.45, 0.50, 0.56}, goal{0.88, 0.38, 0.16};

struct Place {
  double x = 0, y = 0;
};

class PointRenderer final : public Renderer {
 public:
  PointRenderer(const World& world, const RenderOptions& options) : options_(options), time_(world.time()) {}
  Image render(const World& world) override;
  std::string backend() const override { return "built in"; }

 private:
  double scale() const { return std::min(options_.width, options_.height) / (2 * view); }
  Place on_paper(Place at) const {
    return {options_.width / 2.0 + at.x * scale(), options_.height / 2.0 - at.y * scale()};
  }
  void draw_line(Canvas& canvas, Place from, Place to, double width, Color color, double opacity = 1) const {
    const Place a = on_paper(from), b = on_paper(to);
    canvas.line(a.x, a.y, b.x, b.y, width * unit(), color, opacity);
  }
  // A width that looks alike at any size of picture.
  double unit() const { return std::min(options_.width, options_.height) / 480.0; }
  void remember(const World& world);
  void draw_field(Canvas& canvas) const;
  void draw_samples(Canvas& canvas, const World& world) const;
  void draw_trace(Canvas& canvas) const;

  RenderOptions options_;
  std::vector<Place> been_;
  double time_;
};

// One dimension lies along x; of more than two the first two are shown.
Place place_of(std::span<const double> values) {
  return {values.empty() ? 0 : values[0], values.size() > 1 ? values[1] : 0};
}

void PointRenderer::remember(const World& world) {
  if (world.time() < time_) been_.clear();  // a new episode
  time_ = world.time();
  been_.push_back(place_of(world.physics().position()));
}

void PointRenderer::draw_field(Canvas& canvas) const {
  const Place low = on_paper({-field, field}), high = on_paper({field, -field});
  canvas.rectangle(low.x, low.y, high.x, high.y, ground);
  for (int i = -static_cast<int>(field); i <= static_cast<int>(field); ++i) {
    const Color color = i == 0 ? axis : thin;
    draw_line(canvas, {static_cast<double>(i), -field}, {static_cast<double>(i), field}, 1, color);
    draw_line(canvas, {-field, static_cast<double>(i)}, {field, static_cast<double>(i)}, 1, color);
  }
  const Place corners[] = {{-field, -field}, {field, -field}, {field, field}, {-field, field}};
  for (std::size_t i = 0; i < 4; ++i) draw_line(canvas, corners[i], corners[(i + 1) % 4], 2, axis);
}

// Whether a sample is where a reset puts the point, rather than a place to go to.
bool is_start(const EnvironmentPlan& plan, const Output& sample) {
  for (const ResetPlan& reset : plan.resets) {
    std::uint32_t reg = reset.value.reg;
    for (auto code = plan.reset.code.rbegin(); code != plan.reset.code.rend(); ++code) {
      if (code->op == Op::copy && code->dst == reg) reg = code->a.reg;
    }
    if (reg >= sample.reg && reg < sample.reg + sample.n) return true;
  }
  return false;
}

// What was sampled and is as long as a position is taken for a place.
void PointRenderer::draw_samples(Canvas& canvas, const World& world) const {
  const std::vector<Output>& samples = world.plan().samples;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::span<const double> sample = world.sample(i);
    if (sample.size() != world.physics().position().size() || is_start(world.plan(), samples[i])) continue;
    const Place at = on_paper(place_of(sample));
    canvas.disc(at.x, at.y, 14 * unit(), goal, 0.18);
    canvas.ring(at.x, at.y, 14 * unit(), 2 * unit(), goal);
    canvas.disc(at.x, at.y, 4 * unit(), goal);
  }
}

void PointRenderer::draw_trace(Canvas& canvas) const {
  for (std::size_t i = 1; i < been_.size(); ++i) {
    draw_line(canvas, been_[i - 1], been_[i], 2.5, trace, 0.75);
  }
  for (const Place& place : been_) {
    const Place at = on_paper(place);
    canvas.disc(at.x, at.y, 3 * unit(), trace);
  }
  const Place first = on_paper(been_.front()), now = on_paper(been_.back());
  canvas.ring(first.x, first.y, 6 * unit(), 2 * unit(), start);
  canvas.disc(now.x, now.y, 10.5 * unit(), white);
  canvas.disc(now.x, now.y, 8.5 * unit(), point);
}

Image PointRenderer::render(const World& world) {
  remember(world);
  Canvas canvas(options_.width, options_.height, paper);
  draw_field(canvas);
  draw_samples(canvas, world);
  draw_trace(canvas);
  return canvas.image();
}

}  // namespace

std::unique_ptr<Renderer> make_point_renderer(const World& world, const RenderOptions& options) {
  return std::make_unique<PointRenderer>(world, options);
}

}  // namespace motet

// Pictures: what they show, and that making them changes nothing.

#include <gmock/gmock.h>

#include <array>
#include <cstdlib>

#include "runtime/simulation/film_strip.h"
#include "runtime/simulation/render.h"
#include "world_fixture.h"

namespace motet {
namespace {

using testing::HasSubstr;

std::array<int, 3> pixel(const Image& image, int x, int y) {
  const std::size_t at = 3 * static_cast<std::size_t>(y * image.width + x);
  return {image.rgb[at], image.rgb[at + 1], image.rgb[at + 2]};
}

bool is_blue(std::array<int, 3> rgb) {
  return rgb[2] > rgb[0] + 40;
}
bool is_orange(std::array<int, 3> rgb) {
  return rgb[0] > rgb[2] + 40;
}

// Drivers round a little differently in their first frame.
int largest_difference(const Image& a, const Image& b) {
  int largest = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) largest = std::max(largest, std::abs(a.rgb[i] - b.rgb[i]));
  return largest;
}

std::unique_ptr<Renderer> renderer_of(const World& world, const RenderOptions& options) {
  auto renderer = Renderer::make(world, options);
  return renderer ? std::move(*renderer) : nullptr;
}

TEST(RenderPoint, ShowsThePointItsTraceAndTheGoal) {
  const EnvironmentPlan plan = test::point_plan();
  auto world = test::world_of(plan);
  world->reset();
  auto renderer = renderer_of(*world, {400, 300, {}});
  ASSERT_TRUE(renderer);
  EXPECT_EQ(renderer->backend(), "built in");
  const auto place = [&](double x, double y) {
    const double scale = 300 / (2 * 7.6);
    return std::array<int, 2>{static_cast<int>(200 + x * scale), static_cast<int>(150 - y * scale)};
  };
  const auto at = [&](const Image& image, double x, double y) {
    const auto [column, row] = place(x, y);
    return pixel(image, column, row);
  };
  const float x = world->observation()[0], y = world->observation()[1];
  Image image = renderer->render(*world);
  EXPECT_EQ(image.rgb.size(), 400U * 300U * 3U);
  EXPECT_TRUE(is_blue(at(image, x, y)));
  EXPECT_TRUE(is_orange(at(image, world->sample(0)[0], world->sample(0)[1])));
  for (int i = 0; i < 3; ++i) {
    world->step(std::vector<float>{-1, -1});
    image = renderer->render(*world);
  }
  EXPECT_TRUE(is_blue(at(image, x - 3, y - 3)));
  EXPECT_TRUE(is_blue(at(image, x - 1.5, y - 1.5))) << "the way there";
  world->reset();
  image = renderer->render(*world);
  EXPECT_FALSE(is_blue(at(image, x - 1.5, y - 1.5))) << "a new episode";
}

TEST(RenderPoint, DoesNotTakeTheStartForAGoal) {
  EnvironmentPlan plan = test::point_plan();
  plan.resets[0].value.reg = plan.samples[0].reg;  // it starts where the goal was
  auto world = test::world_of(plan);
  world->reset();
  auto renderer = renderer_of(*world, {400, 300, {}});
  ASSERT_TRUE(renderer);
  const Image image = renderer->render(*world);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) ASSERT_LE(image.rgb[i], image.rgb[i + 2] + 10);
}

class RenderMujoco : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the driver's threads are not built for the thread sanitizer";
#endif
    world = test::world_of(plan, test::library_roots());
    world->reset();
    renderer = renderer_of(*world, {160, 120, {}});
    if (!renderer) GTEST_SKIP() << "this machine cannot render";
  }
  const EnvironmentPlan plan = test::half_cheetah_plan();
  std::unique_ptr<World> world;
  std::unique_ptr<Renderer> renderer;
};

TEST_F(RenderMujoco, ShowsTheRobotUpright) {
  const Image image = renderer->render(*world);
  ASSERT_EQ(image.width, 160);
  ASSERT_EQ(image.height, 120);
  int orange = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) orange += is_orange(pixel(image, x, y));
  }
  EXPECT_GT(orange, 50) << "the coat of the robot";
  EXPECT_TRUE(is_blue(pixel(image, 80, 2))) << "the sky is above";
  EXPECT_FALSE(is_blue(pixel(image, 80, 117)));
}

TEST_F(RenderMujoco, ChangesNothingInTheWorld) {
  auto unseen = test::world_of(plan, test::library_roots());
  unseen->reset();
  for (int i = 0; i < 6; ++i) {
    std::vector<float> action(6);
    for (std::size_t j = 0; j < 6; ++j) action[j] = test::swaying(i, j);
    EXPECT_EQ(world->step(action).reward, unseen->step(action).reward);
    renderer->render(*world);
    ASSERT_TRUE(
        std::equal(world->observation().begin(), world->observation().end(), unseen->observation().begin()));
  }
}

TEST_F(RenderMujoco, TwoRenderersDrawTheSameWorldAlike) {
  auto other = renderer_of(*world, {160, 120, "main"});
  ASSERT_TRUE(other);
  const Image first = renderer->render(*world), second = other->render(*world),
              third = renderer->render(*world);
  ASSERT_EQ(first.rgb.size(), second.rgb.size());
  EXPECT_LE(largest_difference(first, second), 2);
  EXPECT_LE(largest_difference(first, third), 2);
}

TEST_F(RenderMujoco, AnUnknownCameraIsRefusedByName) {
  const auto made = Renderer::make(*world, {160, 120, "nowhere"});
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("no camera `nowhere`; its cameras are main"));
}

TEST_F(RenderMujoco, ASizeBeyondMeasureIsRefused) {
  EXPECT_FALSE(Renderer::make(*world, {0, 120, {}}));
  EXPECT_FALSE(Renderer::make(*world, {160, 1'000'000, {}}));
}

Image plain(int grey) {
  return {2, 2, std::vector<std::uint8_t>(12, static_cast<std::uint8_t>(grey))};
}

TEST(FilmStripTest, TakesTheFirstTheLastAndEvenlyBetween) {
  for (const int count : {1, 2, 7, 8, 9, 64, 65, 200, 251}) {
    FilmStrip strip;
    for (int i = 0; i < count; ++i) strip.add(plain(i));
    const Image picture = strip.picture();
    const int shown = std::min(count, 8);
    ASSERT_EQ(picture.width, shown * 2 + (shown - 1) * 4);
    ASSERT_EQ(picture.height, 2);
    for (int k = 0; k < shown; ++k) {
      const double wanted = shown == 1 ? 0 : (count - 1) * k / (shown - 1.0);
      EXPECT_NEAR(pixel(picture, 6 * k, 1)[0], wanted, 0.51 + count / 64.0)
          << "frame " << k << " of " << count;
    }
    EXPECT_EQ(pixel(picture, 0, 0)[0], 0);
    EXPECT_EQ(pixel(picture, picture.width - 1, 0)[0], count - 1);
    if (shown > 1) {
      EXPECT_EQ(pixel(picture, 3, 0)[0], 255) << "white between the frames";
    }
  }
}

}  // namespace
}  // namespace motet

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mujoco/mujoco.h>

#include <thread>

#include "compiler/model/model.h"
#include "compiler/model/mujoco_errors.h"
#include "temporary_folder.h"

namespace motet {
namespace {

TEST(MujocoErrors, AnErrorIsThrownThroughMujocosFrames) {
  const TemporaryFolder folder;
  Result<ModelHandle> model = load_model(folder.write(
      "a.xml",
      "<mujoco><worldbody><body><freejoint/><geom size='.1'/></body><body pos='0 0 .1'><freejoint/><geom "
      "size='.1'/></body></worldbody></mujoco>"));
  ASSERT_TRUE(model) << model.error().message;
  mjData* data = mj_makeData(model->get());
  mj_step(model->get(), data);
#if mjVERSION_HEADER < 230
  const int stack = data->nstack;
  data->nstack = 1;
  EXPECT_THROW(mj_step(model->get(), data), MujocoError);
  data->nstack = stack;
  mj_resetData(model->get(), data);
  EXPECT_NO_THROW(mj_step(model->get(), data));
#endif
  mj_deleteData(data);
  EXPECT_THROW(mju_error("an error"), MujocoError);
}

TEST(MujocoErrors, WarningsAreKeptForTheirThread) {
  install_mujoco_handlers();
  take_mujoco_warnings();
  mju_warning("first");
  mju_warning("second");
  std::thread([] {
    EXPECT_EQ(take_mujoco_warnings(), "");
    mju_warning("elsewhere");
  }).join();
  EXPECT_EQ(take_mujoco_warnings(), "first\nsecond");
  EXPECT_EQ(take_mujoco_warnings(), "");
  EXPECT_FALSE(std::filesystem::exists("MUJOCO_LOG.TXT"));
}

TEST(MujocoErrors, WarningsDoNotPileUp) {
  install_mujoco_handlers();
  for (int i = 0; i < 100'000; ++i) mju_warning("again and again");
  EXPECT_LT(take_mujoco_warnings().size(), 5000u);
}

TEST(MujocoErrors, ADeadlineEndsTheEngine) {
  const TemporaryFolder folder;
  Result<ModelHandle> model = load_model(folder.write("a.xml", "<mujoco/>"));
  ASSERT_TRUE(model) << model.error().message;
  mjData* data = mj_makeData(model->get());
  {
    const MujocoDeadline deadline(std::chrono::milliseconds(20));
    EXPECT_THROW(while (true) mj_step(model->get(), data), MujocoError);
  }
  EXPECT_NO_THROW(mj_step(model->get(), data));
  mj_deleteData(data);
}

TEST(MujocoErrors, AnAllocationIsLimited) {
  install_mujoco_handlers();
  EXPECT_THROW(mju_malloc(std::size_t{5} << 30), MujocoError);
  void* memory = mju_malloc(100);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 64, 0u);
  mju_free(memory);
}

}  // namespace
}  // namespace motet

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "runtime/learning/metrics.h"
#include "temporary_folder.h"

namespace motet {
namespace {

std::string content(const std::filesystem::path& file) {
  std::ifstream input(file, std::ios::binary);
  std::ostringstream text;
  text << input.rdbuf();
  return text.str();
}

const std::vector<std::string> columns = {"eval/return", "reward/at(1, 2)"};

std::vector<Metric> row(double first, double second) {
  return {{columns[0], first}, {columns[1], second}};
}

TEST(MetricsLog, Cells) {
  EXPECT_EQ(csv_cell(0.1), "0.1");
  EXPECT_EQ(csv_cell(-163.25), "-163.25");
  EXPECT_EQ(csv_cell(5000.0), "5000");
  EXPECT_EQ(csv_cell(NAN), "");
  EXPECT_EQ(csv_cell("plain"), "plain");
  EXPECT_EQ(csv_cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
}

TEST(MetricsLog, RowsUnderTheirColumns) {
  TemporaryFolder folder;
  auto log = MetricsLog::open(folder.path(), {});
  ASSERT_TRUE(log);
  ASSERT_TRUE(log->add(100, row(1.5, NAN)));
  ASSERT_TRUE(log->add(200, row(2, 3)));
  EXPECT_EQ(content(folder.path() / "metrics.csv"),
            "step,eval/return,\"reward/at(1, 2)\"\n100,1.5,\n200,2,3\n");
}

TEST(MetricsLog, GoesOnFromItsPosition) {
  TemporaryFolder folder;
  MetricsPosition position;
  {
    auto log = MetricsLog::open(folder.path(), {});
    ASSERT_TRUE(log->add(100, row(1, 1)));
    position = log->position();
    ASSERT_TRUE(log->add(200, row(2, 2)));  // after the checkpoint: the resumed run writes it again
  }
  auto log = MetricsLog::open(folder.path(), position);
  ASSERT_TRUE(log->add(200, row(7, 7)));
  EXPECT_EQ(content(folder.path() / "metrics.csv"),
            "step,eval/return,\"reward/at(1, 2)\"\n100,1,1\n200,7,7\n");
  EXPECT_EQ(std::filesystem::file_size(folder.path() / "events.out.tfevents.motet"), log->position().events);
}

TEST(MetricsLog, BeginsAnewAtZero) {
  TemporaryFolder folder;
  folder.write("metrics.csv", "of another training");
  auto log = MetricsLog::open(folder.path(), {});
  EXPECT_EQ(content(folder.path() / "metrics.csv"), "");
  ASSERT_TRUE(log->add(1, row(2, 3)));
  EXPECT_EQ(content(folder.path() / "metrics.csv"), "step,eval/return,\"reward/at(1, 2)\"\n1,2,3\n");
}

TEST(MetricsLog, AFullDiskIsAnError) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP();
  auto file = DataFile::open("/dev/full");
  ASSERT_TRUE(file);
  const std::string text = "row";
  const Status written = file->write(0, std::as_bytes(std::span(text)));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "`/dev/full` cannot be written: No space left on device");
}

}  // namespace
}  // namespace motet

// Videos by the program ffmpeg: what is written, and what happens where it fails.

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "runtime/simulation/ffmpeg.h"
#include "runtime/simulation/render.h"
#include "temporary_folder.h"

namespace motet {
namespace {

using testing::HasSubstr;

Image frame(int i, int width = 65, int height = 49) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (const int value : {4 * x, 5 * y, 20 * i}) image.rgb.push_back(static_cast<std::uint8_t>(value));
    }
  }
  return image;
}

// Puts a folder before or in the place of PATH.
class Path {
 public:
  explicit Path(const std::string& path) : before_(std::getenv("PATH")) { setenv("PATH", path.c_str(), 1); }
  ~Path() { setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

class RenderVideo : public testing::Test {
 protected:
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path()), {}));
  }
  std::string content(const std::string& name) const {
    std::ifstream file(folder.path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // Writes a film; the first error, or empty.
  std::string write(const std::string& name, int frames) {
    auto writer = VideoWriter::make(folder.path() / name, 20);
    if (!writer) return writer.error().message;
    for (int i = 0; i < frames; ++i) {
      const Status added = (*writer)->add(frame(i));
      if (!added) return added.error().message;
    }
    const Status finished = (*writer)->finish();
    return finished ? "" : finished.error().message;
  }
  // A program of the name ffmpeg that does something else.
  std::string impostor(const std::string& script) {
    folder.write("bin/ffmpeg", "#!/bin/sh\n" + script + "\n");
    std::filesystem::permissions(folder.path() / "bin/ffmpeg", std::filesystem::perms::owner_all);
    return (folder.path() / "bin").string() + ":/usr/bin:/bin";
  }
  TemporaryFolder folder;
};

TEST_F(RenderVideo, WritesEachKindWholeAndNothingElse) {
  if (!Ffmpeg::find()) GTEST_SKIP() << "ffmpeg is not installed";
  EXPECT_EQ(write("a.mp4", 12), "");
  EXPECT_EQ(write("a.gif", 12), "");
  EXPECT_EQ(write("deeper/a.png", 12), "");
  EXPECT_EQ(content("a.mp4").substr(4, 4), "ftyp");
  EXPECT_EQ(content("a.gif").substr(0, 6), "GIF89a");
  const std::string png = content("deeper/a.png");
  ASSERT_GT(png.size(), 24U);
  EXPECT_EQ(png.substr(1, 3), "PNG");
  const auto side = [&](std::size_t at) {
    return (static_cast<unsigned char>(png[at]) << 8) + static_cast<unsigned char>(png[at + 1]);
  };
  EXPECT_EQ(side(18), 8 * 65 + 7 * 4);
  EXPECT_EQ(side(22), 49);
  EXPECT_EQ(files(), 3U) << "two films and a folder";
}

TEST_F(RenderVideo, ANameIsNeverAnOptionOrAProtocol) {
  if (!Ffmpeg::find()) GTEST_SKIP() << "ffmpeg is not installed";
  EXPECT_EQ(write("-y http:a %d.mp4", 2), "");
  EXPECT_EQ(write("%03d.png", 2), "");
  EXPECT_EQ(content("%03d.png").substr(1, 3), "PNG");
}

TEST_F(RenderVideo, WithoutFfmpegTheErrorSaysWhatToInstall) {
  const Path path(folder.path().string());
  EXPECT_THAT(write("a.mp4", 1), HasSubstr("apt install ffmpeg"));
  EXPECT_EQ(files(), 0U);
}

TEST_F(RenderVideo, AFailureIsToldInFfmpegsWordsAndLeavesTheOldFile) {
  folder.write("a.mp4", "the old one");
  const Path path(
      impostor("cat > /dev/null; echo 'first line' >&2; echo 'No space left on device' >&2; exit 3"));
  const std::string error = write("a.mp4", 3);
  EXPECT_THAT(error, HasSubstr("a.mp4: ffmpeg failed with status 3: No space left on device"));
  EXPECT_EQ(content("a.mp4"), "the old one");
  EXPECT_EQ(files(), 2U);
}

TEST_F(RenderVideo, AProgramThatEndsAtOnceIsAnErrorAndNoSignal) {
  const Path path(impostor("exec < /dev/null; echo 'bad driver' >&2; exit 1"));
  EXPECT_THAT(write("a.gif", 400), HasSubstr("bad driver"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(RenderVideo, AProgramThatStopsReadingAndIsContentIsAnError) {
  const Path path(impostor("exec < /dev/null; exit 0"));
  EXPECT_THAT(write("a.mp4", 400), HasSubstr("ffmpeg stopped reading"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(RenderVideo, AProgramThatIsKilledIsAnError) {
  const Path path(impostor("kill -9 $$"));
  EXPECT_THAT(write("a.mp4", 400), HasSubstr("ended by signal 9"));
}

TEST_F(RenderVideo, AWriterThatIsDroppedLeavesNothing) {
  if (!Ffmpeg::find()) GTEST_SKIP() << "ffmpeg is not installed";
  for (const char* name : {"a.mp4", "a.png"}) {
    auto writer = VideoWriter::make(folder.path() / name, 20);
    ASSERT_TRUE(writer);
    EXPECT_TRUE((*writer)->add(frame(0)));
  }
  EXPECT_EQ(files(), 0U);
}

TEST_F(RenderVideo, WhatCannotBeAFilmIsRefused) {
  if (!Ffmpeg::find()) GTEST_SKIP() << "ffmpeg is not installed";
  EXPECT_THAT(write("a.avi", 1), HasSubstr(".mp4 or .gif"));
  EXPECT_THAT(write("a.mp4", 0), HasSubstr("no frame"));
  EXPECT_FALSE(VideoWriter::make(folder.path() / "b.mp4", 0));
  std::filesystem::create_directory(folder.path() / "folder.mp4");
  EXPECT_THAT(write("folder.mp4", 1), HasSubstr("is a folder"));
  auto writer = VideoWriter::make(folder.path() / "c.mp4", 20);
  ASSERT_TRUE(writer);
  EXPECT_TRUE((*writer)->add(frame(0)));
  const Status other = (*writer)->add(frame(0, 33, 20));
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("33 x 20"));
}

}  // namespace
}  // namespace motet

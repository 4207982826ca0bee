#include <cmath>
#include <optional>

#include "runtime/simulation/ffmpeg.h"
#include "runtime/simulation/film_strip.h"
#include "runtime/simulation/render.h"
#include "runtime/simulation/unfinished_file.h"

namespace motet {
namespace {

// H.264 in the colours that every player shows, which wants even sides.
const std::vector<std::string> mp4_arguments = {"-vf",       "pad=ceil(iw/2)*2:ceil(ih/2)*2",
                                                "-c:v",      "libx264",
                                                "-preset",   "medium",
                                                "-crf",      "18",
                                                "-pix_fmt",  "yuv420p",
                                                "-movflags", "+faststart",
                                                "-f",        "mp4"};
const std::vector<std::string> png_arguments = {"-frames:v", "1",      "-c:v",    "png",
                                                "-f",        "image2", "-update", "1"};

// A palette of the whole film, from the colours that change; times are kept in hundredths of a second.
std::vector<std::string> gif_arguments(double frames_per_second) {
  const std::string slower = frames_per_second > 50 ? "fps=50," : "";
  return {"-vf",
          slower +
              "split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=bayer:bayer_scale=4:diff_"
              "mode=rectangle",
          "-loop",
          "0",
          "-f",
          "gif"};
}

Error of_another_size(const Image& image, int width, int height) {
  return Error{"a frame of " + std::to_string(image.width) + " x " + std::to_string(image.height) +
               " pixels does not fit into a film of " + std::to_string(width) + " x " +
               std::to_string(height)};
}

// Frames go to ffmpeg as they come.
class FilmWriter final : public VideoWriter {
 public:
  FilmWriter(UnfinishedFile file, double frames_per_second, std::vector<std::string> arguments)
      : file_(std::move(file)), frames_per_second_(frames_per_second), arguments_(std::move(arguments)) {}

  Status add(const Image& image) override {
    if (!ffmpeg_) {
      Result<std::unique_ptr<Ffmpeg>> started =
          Ffmpeg::start(image.width, image.height, frames_per_second_, arguments_, file_.path().string());
      if (!started) return file_.error(started.error());
      ffmpeg_ = std::move(*started);
      width_ = image.width;
      height_ = image.height;
    }
    if (image.width != width_ || image.height != height_)
      return file_.error(of_another_size(image, width_, height_));
    const Status written = ffmpeg_->write(image.rgb);
    return written ? Status{} : file_.error(written.error());
  }

  Status finish() override {
    if (!ffmpeg_) return file_.error({"there is no frame to write"});
    const Status finished = ffmpeg_->finish();
    return finished ? file_.finish() : file_.error(finished.error());
  }

 private:
  UnfinishedFile file_;
  double frames_per_second_;
  std::vector<std::string> arguments_;
  std::unique_ptr<Ffmpeg> ffmpeg_;
  int width_ = 0, height_ = 0;
};

// Frames side by side in one picture.
class StripWriter final : public VideoWriter {
 public:
  explicit StripWriter(UnfinishedFile file) : file_(std::move(file)) {}

  Status add(const Image& image) override {
    if (width_ == 0) {
      width_ = image.width;
      height_ = image.height;
    }
    if (image.width != width_ || image.height != height_)
      return file_.error(of_another_size(image, width_, height_));
    strip_.add(image);
    return {};
  }

  Status finish() override {
    if (width_ == 0) return file_.error({"there is no frame to write"});
    const Image strip = strip_.picture();
    Result<std::unique_ptr<Ffmpeg>> ffmpeg =
        Ffmpeg::start(strip.width, strip.height, 1, png_arguments, file_.path().string());
    if (!ffmpeg) return file_.error(ffmpeg.error());
    if (Status written = (*ffmpeg)->write(strip.rgb); !written) return file_.error(written.error());
    if (Status finished = (*ffmpeg)->finish(); !finished) return file_.error(finished.error());
    return file_.finish();
  }

 private:
  UnfinishedFile file_;
  FilmStrip strip_;
  int width_ = 0, height_ = 0;
};

}  // namespace

Result<std::unique_ptr<VideoWriter>> VideoWriter::make(const std::filesystem::path& file,
                                                       double frames_per_second) {
  const std::string ending = file.extension().string();
  if (ending != ".mp4" && ending != ".gif" && ending != ".png") {
    return Error{file.string() + ": a video ends in .mp4 or .gif, a film strip in .png"};
  }
  if (!(frames_per_second > 0 && frames_per_second <= 1000))
    return Error{file.string() + ": there must be between 0 and 1000 frames a second"};
  if (Status found = Ffmpeg::find(); !found) return Error{file.string() + ": " + found.error().message};
  Result<UnfinishedFile> unfinished = UnfinishedFile::make(file);
  if (!unfinished) return unfinished.error();
  if (ending == ".png")
    return std::unique_ptr<VideoWriter>(std::make_unique<StripWriter>(std::move(*unfinished)));
  return std::unique_ptr<VideoWriter>(
      std::make_unique<FilmWriter>(std::move(*unfinished), frames_per_second,
                                   ending == ".mp4" ? mp4_arguments : gif_arguments(frames_per_second)));
}

}  // namespace motet

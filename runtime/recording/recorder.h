#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/recording/frame_ring.h"
#include "runtime/recording/recording.h"

namespace motet {

// Writes what a control loop does to a file while it runs. A thread of its own, of normal priority, brings it
// to the disk four times a second: a crash takes the last second at most.
class Recorder {
 public:
  // Makes the file and writes its header. Errors: a file that is there already, a header that is wrong, four
  // seconds of frames that are over 1 GiB, and what the system says, path included.
  static Result<std::unique_ptr<Recorder>> make(const std::filesystem::path& file,
                                                const RecordingHeader& header);
  // Finishes, and keeps errors to itself.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Takes a frame [columns]. For one thread; real-time safe. False: the frame is dropped, since the disk is
  // four seconds behind or recording has stopped.
  bool record(std::span<const double> frame) noexcept;

  // Frames that are not in the file. For any thread.
  std::int64_t dropped() const noexcept;

  // After the last record(): writes what is left and closes the file. Where writing failed, which stopped the
  // recording but not record(): the first error, with the path. The second call says the same.
  Status finish();

 private:
  Recorder(std::filesystem::path file, std::size_t columns, std::size_t frames);

  Status open(const RecordingHeader& header);
  void run();
  void write_frames();
  bool write(std::span<const std::byte> bytes);
  bool write_block(std::size_t frames);
  void fail(const char* what);

  std::filesystem::path file_;
  int descriptor_ = -1;
  FrameRing ring_;
  std::vector<double> block_;  // its head, frames, their checksum
  std::atomic<bool> stopped_{false};
  std::atomic<std::int64_t> lost_{0};  // frames, beside those that the ring dropped
  Status status_;                      // the thread's while there is one
  std::mutex mutex_;
  std::condition_variable wake_;
  bool finishing_ = false;
  std::thread thread_;
};

}  // namespace motet

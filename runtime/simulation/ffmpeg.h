#pragma once

// The program ffmpeg, fed with raw pictures.

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/result.h"

namespace motet {

// One run of ffmpeg: started with its arguments directly (no shell), bytes on its standard input, its
// last message kept. Ends the run if it is dropped.
class Ffmpeg {
 public:
  // Whether the program is there.
  static Status find();
  // Reads pictures of rows of RGB from its standard input and writes `output` as `arguments` say.
  static Result<std::unique_ptr<Ffmpeg>> start(int width, int height, double frames_per_second,
                                               const std::vector<std::string>& arguments,
                                               const std::string& output);
  ~Ffmpeg();
  Ffmpeg(const Ffmpeg&) = delete;
  Ffmpeg& operator=(const Ffmpeg&) = delete;

  Status write(std::span<const std::uint8_t> bytes);
  // Closes the input and waits.
  Status finish();

 private:
  Ffmpeg() = default;
  Error failure(const std::string& what);
  int wait();

  pid_t process_ = -1;
  int input_ = -1;     // a socket: writing to a program that has ended is an error, not a signal
  int messages_ = -1;  // a file in memory
};

}  // namespace motet

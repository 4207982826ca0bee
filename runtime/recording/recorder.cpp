#include "runtime/recording/recorder.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "compiler/toml/lines.h"
#include "runtime/archive/crc32c.h"
#include "runtime/recording/recording_format.h"

namespace motet {
namespace {

using namespace recording_format;

constexpr double held = 4;                      // s, that the disk may be behind
constexpr double most_held = double(1u << 30);  // bytes
constexpr std::size_t blocks_held = 4, fewest_held = 64;
constexpr std::chrono::milliseconds between{250};

Error failed(const std::filesystem::path& file, const std::string& what) {
  return Error{file.string() + ": " + what + ": " + std::generic_category().message(errno)};
}

std::string text_of(const RecordingHeader& header) {
  TomlLines lines;
  lines.add("started", header.started);
  lines.add("bundle_hash", header.bundle_hash);
  lines.add("period", header.period);
  lines.add("columns", header.columns);
  return lines.text() + std::string(contract_line.substr(1)) + header.contract;
}

// The loop that makes a recorder may be of a priority that this must not have, and signals are not for a
// thread that nobody waits for: SIGXFSZ, where a file may not grow, would end the loop.
void become_ordinary() {
  const sched_param parameters{};
  pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameters);
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

// The file's name is on the disk once its folder is. Some file systems cannot be asked.
void sync_folder_of(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

Result<std::unique_ptr<Recorder>> Recorder::make(const std::filesystem::path& file,
                                                 const RecordingHeader& header) try {
  const auto refused = [&](const std::string& why) {
    return Error{file.string() + ": cannot be recorded: " + why};
  };
  if (const auto wrong = wrong_with(header)) return refused(*wrong);
  const double frames = std::max(std::ceil(held / header.period) + 1, double(fewest_held));
  const double bytes = frames * static_cast<double>(header.columns.size() * sizeof(double));
  if (bytes > most_held) return refused("four seconds of its frames are over the limit of 1 GiB");
  std::unique_ptr<Recorder> recorder(
      new Recorder(file, header.columns.size(), static_cast<std::size_t>(frames)));
  if (Status status = recorder->open(header); !status) return status.error();
  return recorder;
} catch (const std::bad_alloc&) {
  return Error{file.string() + ": cannot be recorded: there is not enough memory"};
}

Recorder::Recorder(std::filesystem::path file, std::size_t columns, std::size_t frames)
    : file_(std::move(file)), ring_(columns, frames), block_((frames / blocks_held + 1) * columns + 2) {}

Recorder::~Recorder() {
  static_cast<void>(finish());
}

Status Recorder::open(const RecordingHeader& header) {
  const std::string text = text_of(header);
  if (text.size() > most_text)
    return Error{file_.string() + ": cannot be recorded: its header is over the limit of 64 MiB"};
  descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0 && errno == EEXIST)
    return Error{file_.string() +
                 ": is there already, and no recording is written over; choose another name"};
  if (descriptor_ < 0) return failed(file_, "cannot be written");
  const Head head{magic, version, static_cast<std::uint32_t>(text.size())};
  const auto text_bytes = std::as_bytes(std::span<const char>(text));
  const std::uint32_t crc = crc32c(text_bytes, crc32c(bytes_of(head)));
  if (!write(bytes_of(head)) || !write(text_bytes) || !write(bytes_of(crc)) || ::fsync(descriptor_) != 0) {
    fail("cannot be written");
  } else {
    sync_folder_of(file_);
    try {
      thread_ = std::thread(&Recorder::run, this);
    } catch (const std::system_error& error) {
      errno = error.code().value();
      fail("cannot be recorded, since no thread can be started");
    }
  }
  if (!status_) ::unlink(file_.c_str());
  return status_;
}

bool Recorder::record(std::span<const double> frame) noexcept {
  if (!stopped_.load(std::memory_order_relaxed)) return ring_.push(frame);
  lost_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

std::int64_t Recorder::dropped() const noexcept {
  return ring_.dropped() + lost_.load(std::memory_order_relaxed);
}

Status Recorder::finish() {
  if (descriptor_ < 0) return status_;
  stopped_.store(true, std::memory_order_relaxed);
  if (thread_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      finishing_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  if (::close(std::exchange(descriptor_, -1)) != 0) fail("cannot be written");
  return status_;
}

void Recorder::run() {
  become_ordinary();
  for (bool last = false; !last;) {
    {
      std::unique_lock lock(mutex_);
      last = wake_.wait_for(lock, between, [&] { return finishing_; });
    }
    write_frames();
  }
}

// Those that are in the ring now, and not for ever those that come meanwhile.
void Recorder::write_frames() {
  const std::span<double> room = std::span(block_).subspan(1, block_.size() - 2);
  bool wrote = false;
  for (std::size_t i = 0; i < blocks_held; ++i) {
    const std::size_t frames = ring_.pop(room);
    if (frames == 0) break;
    if (status_ && !write_block(frames)) fail("cannot be written, and recording has stopped");
    if (!status_) lost_.fetch_add(static_cast<std::int64_t>(frames), std::memory_order_relaxed);
    wrote = true;
  }
  if (wrote && status_ && ::fdatasync(descriptor_) != 0)
    fail("cannot be brought to the disk, and recording has stopped");
}

bool Recorder::write_block(std::size_t frames) {
  const BlockHead head{block_magic, static_cast<std::uint32_t>(frames)};
  const std::size_t end = 1 + frames * ring_.width();
  std::memcpy(block_.data(), &head, sizeof head);
  const auto bytes = std::as_bytes(std::span(block_));
  const std::uint32_t crc = crc32c(bytes.first(end * sizeof(double)).subspan(offsetof(BlockHead, frames)));
  std::memcpy(block_.data() + end, &crc, sizeof crc);
  return write(bytes.first(end * sizeof(double) + sizeof crc));
}

bool Recorder::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

void Recorder::fail(const char* what) {
  if (status_) status_ = failed(file_, what);
  stopped_.store(true, std::memory_order_relaxed);
}

}  // namespace motet

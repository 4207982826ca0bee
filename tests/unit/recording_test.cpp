// What a control loop did, on its way to a file and back.

#include "runtime/recording/recording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <csignal>
#include <fstream>
#include <limits>
#include <new>
#include <thread>

#include "allocation_counter.h"
#include "runtime/archive/crc32c.h"
#include "runtime/recording/frame_ring.h"
#include "runtime/recording/recorder.h"
#include "temporary_folder.h"

namespace motet {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

RecordingHeader header_of(std::size_t columns, double period = 0.001) {
  RecordingHeader header;
  header.contract = "version = 1\nprogram = '''\nskill \"walk\"\n'''\n";
  header.bundle_hash = "0123abcd";
  header.started = "2024-05-06T07:08:09Z";
  header.period = period;
  for (std::size_t i = 0; i < columns; ++i) header.columns.push_back("column " + std::to_string(i));
  return header;
}

// Frame i is i, i + 1/16, i + 2/16, …
std::vector<double> frame_of(std::int64_t i, std::size_t columns) {
  std::vector<double> frame(columns);
  for (std::size_t k = 0; k < columns; ++k) frame[k] = static_cast<double>(i) + static_cast<double>(k) / 16;
  return frame;
}

// Whether the first frames, and nothing else, are there.
void expect_frames(const Recording& recording) {
  const std::size_t columns = recording.header.columns.size();
  ASSERT_EQ(recording.values.size(), static_cast<std::size_t>(recording.frames) * columns);
  for (std::int64_t i = 0; i < recording.frames; ++i) {
    const std::span<const double> frame = recording.frame(i);
    ASSERT_EQ(std::vector(frame.begin(), frame.end()), frame_of(i, columns)) << i;
  }
}

std::unique_ptr<Recorder> recorder_of(const fs::path& file, const RecordingHeader& header) {
  Result<std::unique_ptr<Recorder>> recorder = Recorder::make(file, header);
  EXPECT_TRUE(recorder) << recorder.error().message;
  return recorder ? std::move(*recorder) : nullptr;
}

Recording read_back(const fs::path& file) {
  Result<Recording> recording = read_recording(file);
  EXPECT_TRUE(recording) << recording.error().message;
  return recording ? std::move(*recording) : Recording{};
}

std::string refusal(const fs::path& file) {
  const Result<Recording> recording = read_recording(file);
  EXPECT_FALSE(recording);
  return recording ? "" : recording.error().message;
}

std::string refusal(const fs::path& file, const RecordingHeader& header) {
  const Result<std::unique_ptr<Recorder>> recorder = Recorder::make(file, header);
  EXPECT_FALSE(recorder);
  return recorder ? "" : recorder.error().message;
}

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

template <typename T>
std::string raw(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string with_checksum(const std::string& text) {
  return text + raw(crc32c(std::as_bytes(std::span<const char>(text))));
}

std::string header_bytes(const std::string& text, std::uint32_t version = 1) {
  return with_checksum("motetrec" + raw(version) + raw(static_cast<std::uint32_t>(text.size())) + text);
}

std::string block_bytes(const std::vector<double>& values, std::uint32_t frames) {
  std::string content = raw(frames);
  for (const double value : values) content += raw(value);
  return "MBLK" + with_checksum(content);
}

const std::string plain_header = header_bytes(
    "started = \"now\"\nbundle_hash = \"\"\nperiod = 0.1\ncolumns = [\"a\", \"b\"]\n--- contract ---\nx = "
    "1\n");

// Of three blocks.
std::string small_file() {
  return plain_header + block_bytes({0, 0.0625, 1, 1.0625}, 2) + block_bytes({2, 2.0625}, 1) +
         block_bytes({3, 3.0625, 4, 4.0625, 5, 5.0625}, 3);
}

// In a new file each time: writing over one waits for the disk.
Result<Recording> read_bytes(const TemporaryFolder& folder, const std::string& bytes) {
  const fs::path file = folder.write("run.rec", bytes);
  Result<Recording> recording = read_recording(file);
  fs::remove(file);
  return recording;
}

// --- the ring ---

TEST(FrameRing, KeepsOrderAroundItsEnd) {
  FrameRing ring(3, 5);
  std::vector<double> out(3 * 4 + 2);  // four frames, and no fifth
  std::int64_t in = 0, next = 0;
  for (int round = 0; round < 50; ++round) {
    for (int i = 0; i < 1 + round % 4; ++i) ASSERT_TRUE(ring.push(frame_of(in++, 3)));
    const std::size_t count = ring.pop(out);
    for (std::size_t i = 0; i < count; ++i, ++next) {
      const auto frame = std::span(out).subspan(i * 3, 3);
      ASSERT_EQ(std::vector(frame.begin(), frame.end()), frame_of(next, 3));
    }
  }
  EXPECT_EQ(next, in);
  EXPECT_EQ(ring.dropped(), 0);
  EXPECT_EQ(ring.pop(out), 0u);
}

TEST(FrameRing, DropsAndCountsWhenItIsFull) {
  FrameRing ring(2, 3);
  for (std::int64_t i = 0; i < 5; ++i) EXPECT_EQ(ring.push(frame_of(i, 2)), i < 3) << i;
  EXPECT_EQ(ring.dropped(), 2);
  std::vector<double> out(1);
  EXPECT_EQ(ring.pop(out), 0u);  // no whole frame fits
  out.resize(4);
  EXPECT_EQ(ring.pop(out), 2u);
  EXPECT_THAT(out, testing::ElementsAre(0, 0.0625, 1, 1.0625));
  EXPECT_TRUE(ring.push(frame_of(5, 2)));
  EXPECT_EQ(ring.pop(out), 2u);
  EXPECT_THAT(out, testing::ElementsAre(2, 2.0625, 5, 5.0625));
  EXPECT_FALSE(ring.push(frame_of(6, 3)));  // of another width
  EXPECT_EQ(ring.dropped(), 3);
}

TEST(FrameRing, TwoThreadsLoseNothingThatWasTaken) {
  constexpr std::int64_t frames = 200'000;
  FrameRing ring(7, 64);
  std::thread writer([&] {
    std::vector<double> frame(7);
    for (std::int64_t i = 0; i < frames; ++i) {
      frame.assign(7, static_cast<double>(i));
      while (!ring.push(frame)) std::this_thread::yield();
    }
  });
  std::vector<double> out(70);
  std::int64_t next = 0, wrong = 0;
  while (next < frames) {
    const std::size_t count = ring.pop(out);
    if (count == 0) std::this_thread::yield();
    for (std::size_t i = 0; i < count; ++i, ++next)
      for (std::size_t k = 0; k < 7; ++k) wrong += out[i * 7 + k] != static_cast<double>(next);
  }
  writer.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(ring.pop(out), 0u);
}

// --- there and back ---

TEST(Recorder, ThereAndBack) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "run.rec";
  RecordingHeader header = header_of(5, 0.02);
  header.contract += "\n--- contract ---\n\r\n\xff";  // as it is, whatever it is
  header.columns = {"tick", "joint \"hip\"", "a\nb", "", std::string(200, 'c')};
  const auto recorder = recorder_of(file, header);
  ASSERT_NE(recorder, nullptr);
  for (std::int64_t i = 0; i < 30; ++i) {
    EXPECT_TRUE(recorder->record(frame_of(i, 5)));
    if (i % 10 == 9) std::this_thread::sleep_for(std::chrono::milliseconds(300));  // blocks of their own
  }
  const Status finished = recorder->finish();
  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_TRUE(recorder->finish());
  EXPECT_EQ(recorder->dropped(), 0);
  EXPECT_FALSE(recorder->record(frame_of(30, 5)));
  EXPECT_EQ(recorder->dropped(), 1);

  const Recording recording = read_back(file);
  EXPECT_EQ(recording.header.contract, header.contract);
  EXPECT_EQ(recording.header.bundle_hash, header.bundle_hash);
  EXPECT_EQ(recording.header.started, header.started);
  EXPECT_EQ(recording.header.period, header.period);
  EXPECT_EQ(recording.header.columns, header.columns);
  EXPECT_EQ(recording.frames, 30);
  EXPECT_EQ(recording.damage, "");
  expect_frames(recording);
  EXPECT_EQ(recording.column("tick"), 0);
  EXPECT_EQ(recording.column("a\nb"), 2);
  EXPECT_EQ(recording.column("c"), -1);
}

TEST(Recorder, EveryDoubleIsKept) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "run.rec";
  using Limits = std::numeric_limits<double>;
  const std::vector<double> frame = {-0.0, Limits::denorm_min(), Limits::infinity(), Limits::quiet_NaN()};
  recorder_of(file, header_of(4))->record(frame);  // and its end finishes it
  const Recording recording = read_back(file);
  ASSERT_EQ(recording.frames, 1);
  for (std::size_t i = 0; i < frame.size(); ++i)
    EXPECT_EQ(std::bit_cast<std::uint64_t>(recording.values[i]), std::bit_cast<std::uint64_t>(frame[i])) << i;
}

TEST(Recorder, NoFrames) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "run.rec";
  EXPECT_TRUE(recorder_of(file, header_of(1))->finish());
  const Recording recording = read_back(file);
  EXPECT_EQ(recording.frames, 0);
  EXPECT_EQ(recording.damage, "");
}

TEST(Recorder, CanBeReadWhileItIsWritten) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "run.rec";
  const auto recorder = recorder_of(file, header_of(2));
  for (std::int64_t i = 0; i < 10; ++i) recorder->record(frame_of(i, 2));
  std::int64_t frames = 0;
  for (int tries = 0; tries < 100 && frames < 10; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    frames = read_back(file).frames;
  }
  EXPECT_EQ(frames, 10);
}

TEST(Recorder, RecordingAllocatesNothing) {
  const TemporaryFolder folder;
  const auto recorder = recorder_of(folder.path() / "run.rec", header_of(8));
  const std::vector<double> frame = frame_of(1, 8);
  const long before = allocations();
  for (int i = 0; i < 10'000; ++i) recorder->record(frame);  // the ring is full before the end
  EXPECT_EQ(allocations(), before);
  EXPECT_TRUE(recorder->finish());
}

TEST(Recorder, HoldsFourSecondsAndCountsWhatItDrops) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "run.rec";
  const auto recorder = recorder_of(file, header_of(3, 0.0001));
  const std::vector<double> frame = frame_of(1, 3);
  std::int64_t taken = 0;
  constexpr std::int64_t frames = 1'000'000;
  for (std::int64_t i = 0; i < frames; ++i) {
    const bool kept = recorder->record(frame);
    ASSERT_TRUE(kept || i >= 40'000) << i;
    taken += kept;
  }
  EXPECT_TRUE(recorder->finish());
  EXPECT_EQ(recorder->dropped(), frames - taken);
  EXPECT_EQ(read_back(file).frames, taken);
}

TEST(Recorder, ItsThreadIsOfNormalPriority) {
  const TemporaryFolder folder;
  const sched_param high{.sched_priority = 10}, normal{};
  if (sched_setscheduler(0, SCHED_FIFO, &high) != 0) GTEST_SKIP() << "SCHED_FIFO is not permitted";
  const auto recorder = recorder_of(folder.path() / "run.rec", header_of(1));
  int real_time = 0;
  for (int tries = 0; tries < 100; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    real_time = 0;
    for (const auto& task : fs::directory_iterator("/proc/self/task"))
      real_time += sched_getscheduler(std::stoi(task.path().filename())) == SCHED_FIFO;
    if (real_time == 1) break;
  }
  EXPECT_EQ(sched_getscheduler(0), SCHED_FIFO);
  sched_setscheduler(0, SCHED_OTHER, &normal);
  EXPECT_EQ(real_time, 1);  // this thread alone
}

// --- when things go wrong ---

TEST(Recorder, SurvivesAKill) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "run.rec";
  void* shared = mmap(nullptr, sizeof(std::atomic<std::int64_t>), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(shared, MAP_FAILED);
  auto& recorded = *new (shared) std::atomic<std::int64_t>(0);
  const RecordingHeader header = header_of(40);
  const pid_t child = fork();
  if (child == 0) {
    const auto recorder = Recorder::make(file, header);
    if (!recorder) _exit(1);
    auto next = std::chrono::steady_clock::now();
    for (std::int64_t i = 0;; ++i) {
      if (!(*recorder)->record(frame_of(i, 40))) _exit(2);
      recorded = i + 1;
      std::this_thread::sleep_until(next += std::chrono::milliseconds(1));
    }
  }
  ASSERT_GT(child, 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(2600));
  const std::int64_t before = recorded;
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  const Recording recording = read_back(file);
  expect_frames(recording);
  EXPECT_GT(before, 1000);
  EXPECT_GE(recording.frames, before - 1000);
  EXPECT_LE(recording.frames, recorded);
  munmap(shared, sizeof recorded);
}

TEST(Recorder, AFullDiskStopsTheRecordingAndNotTheLoop) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "run.rec";
  const auto recorder = recorder_of(file, header_of(4));
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit limit = before;
  limit.rlim_cur = 20'000;  // SIGXFSZ is not ignored here: the recorder keeps it from the loop
  setrlimit(RLIMIT_FSIZE, &limit);
  std::int64_t taken = 0, given = 0;
  for (bool stopped = false; !stopped && given < 2000; ++given) {
    stopped = !recorder->record(frame_of(given, 4));
    taken += !stopped;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const bool goes_on = !recorder->record(frame_of(given++, 4));
  const Status finished = recorder->finish();
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_LT(taken, 2000);
  EXPECT_TRUE(goes_on);
  ASSERT_FALSE(finished);
  EXPECT_THAT(finished.error().message, AllOf(HasSubstr(file.string()), HasSubstr("recording has stopped"),
                                              HasSubstr("File too large")));
  EXPECT_EQ(recorder->finish().error().message, finished.error().message);
  const Recording recording = read_back(file);
  expect_frames(recording);
  EXPECT_GT(recording.frames, 0);
  EXPECT_THAT(recording.damage, HasSubstr("are no whole block"));
  EXPECT_EQ(recording.frames + recorder->dropped(), given);
}

TEST(Recorder, WritesOverNothing) {
  const TemporaryFolder folder;
  const fs::path file = folder.write("run.rec", "precious");
  EXPECT_THAT(refusal(file, header_of(1)),
              AllOf(HasSubstr(file.string()), HasSubstr("there already"), HasSubstr("another name")));
  EXPECT_EQ(content_of(file), "precious");
  const fs::path link = folder.path() / "link.rec";
  fs::create_symlink(folder.path() / "nowhere", link);
  EXPECT_THAT(refusal(link, header_of(1)), HasSubstr("there already"));
}

TEST(Recorder, RefusesWhatCannotBeRecorded) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "run.rec";
  EXPECT_THAT(refusal(file, header_of(0)), HasSubstr("from 1 to 100000 columns"));
  EXPECT_THAT(refusal(file, header_of(100'001)), HasSubstr("from 1 to 100000 columns"));
  for (const double period : {0.0, -1.0, std::numeric_limits<double>::infinity(), std::nan("")})
    EXPECT_THAT(refusal(file, header_of(1, period)), HasSubstr("period")) << period;
  for (const double period : {1e-9, std::numeric_limits<double>::denorm_min()})
    EXPECT_THAT(refusal(file, header_of(1, period)), HasSubstr("1 GiB")) << period;
  EXPECT_THAT(refusal(folder.path() / "none" / "run.rec", header_of(1)), HasSubstr("No such file"));
  EXPECT_FALSE(fs::exists(file));
}

// --- files that are not as they were written ---

TEST(ReadRecording, IsTheFormatThatIsDocumented) {
  const TemporaryFolder folder;
  const Recording recording = read_back(folder.write("run.rec", small_file()));
  EXPECT_EQ(recording.header.contract, "x = 1\n");
  EXPECT_EQ(recording.frames, 6);
  EXPECT_EQ(recording.damage, "");
  expect_frames(recording);
}

TEST(ReadRecording, CutOffAnywhere) {
  const TemporaryFolder folder;
  const std::string whole = small_file();
  const std::size_t ends[] = {plain_header.size(), plain_header.size() + 44, plain_header.size() + 72,
                              whole.size()};
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Result<Recording> recording = read_bytes(folder, whole.substr(0, size));
    ASSERT_EQ(static_cast<bool>(recording), size >= ends[0]) << size;
    if (!recording) continue;
    expect_frames(*recording);
    EXPECT_EQ(recording->frames, size < ends[1] ? 0 : size < ends[2] ? 2 : 3) << size;
    EXPECT_EQ(recording->damage.empty(), size == ends[0] || size == ends[1] || size == ends[2]) << size;
  }
  EXPECT_EQ(read_back(folder.write("run.rec", whole.substr(0, whole.size() - 1))).damage,
            "cut off after 3 frames, 0.3 s: the last 59 bytes are no whole block");
}

TEST(ReadRecording, AnyByteOrBitFlipped) {
  const TemporaryFolder folder;
  const std::string whole = small_file();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int mask : {0x01, 0x10, 0x80, 0xff}) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ mask);
      const Result<Recording> recording = read_bytes(folder, flipped);
      ASSERT_EQ(static_cast<bool>(recording), at >= plain_header.size()) << at;
      if (!recording) continue;
      EXPECT_NE(recording->damage, "") << at;
      expect_frames(*recording);
    }
  }
}

TEST(ReadRecording, RefusesWhatIsNoRecording) {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& bytes) { return refusal(folder.write("run.rec", bytes)); };
  EXPECT_THAT(refused(""), HasSubstr("run.rec: cannot be read: it is empty"));
  EXPECT_THAT(refused("short"), HasSubstr("no recording"));
  EXPECT_THAT(refused(std::string(100'000, 'x')), HasSubstr("no recording"));
  EXPECT_THAT(refused(header_bytes("whatever", 2)), HasSubstr("use a newer one"));
  EXPECT_THAT(refused(header_bytes("whatever", 0)), HasSubstr("header is damaged"));
  EXPECT_THAT(refused(plain_header.substr(0, 40)), HasSubstr("cut off within its header"));
  EXPECT_THAT(refused("motetrec" + raw(1u) + raw(~0u) + "text"), HasSubstr("header is damaged"));
  EXPECT_THAT(refusal(folder.path()), HasSubstr("not a regular file"));
  EXPECT_THAT(refusal(folder.path() / "none"), HasSubstr("No such file"));
}

TEST(ReadRecording, RefusesHeadersOfStrangers) {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& period, const std::string& columns,
                           const std::string& more = "\n--- contract ---\n") {
    return refusal(folder.write("run.rec", header_bytes("started = \"\"\nbundle_hash = \"\"\nperiod = " +
                                                        period + "\ncolumns = " + columns + more)));
  };
  EXPECT_THAT(refused("0.1", "[]"), HasSubstr("columns"));
  EXPECT_THAT(refused("0.1", "[1]"), HasSubstr("`columns`"));
  for (const char* period : {"0.0", "-0.1", "inf", "nan", "\"a\""})
    EXPECT_THAT(refused(period, "['a']"), HasSubstr("period")) << period;
  EXPECT_THAT(refused("0.1", "['a'"), HasSubstr("its header: line"));
  EXPECT_THAT(refused("0.1", "['a']", "\nmore = 1\n--- contract ---\n"), HasSubstr("`more`"));
  EXPECT_THAT(refused("0.1", "['a']", "\n"), HasSubstr("no contract"));
  std::string many = "[";
  for (int i = 0; i <= 100'000; ++i) many += "'', ";
  EXPECT_THAT(refused("0.1", many + "]"), HasSubstr("from 1 to 100000 columns"));
}

TEST(ReadRecording, TakesNoMemoryForBlocksThatCannotBe) {
  const TemporaryFolder folder;
  for (const std::uint32_t frames : {0u, 2u, 0x10000000u, 0x20000000u, 0xffffffffu}) {
    const std::string bytes = small_file() + block_bytes({6, 6.0625}, frames);
    const Recording recording = read_back(folder.write("run.rec", bytes));
    EXPECT_EQ(recording.frames, 6);
    EXPECT_THAT(recording.damage, HasSubstr("cut off after 6 frames, 0.6 s: the last 28 bytes "));
    expect_frames(recording);
  }
  // A hole of more bytes than any machine has.
  const fs::path file = folder.write("large.rec", small_file());
  std::error_code error;
  fs::resize_file(file, std::uintmax_t{1} << 43, error);
  if (error) GTEST_SKIP() << "no such file can be made: " << error.message();
  EXPECT_THAT(refusal(file), HasSubstr("memory has left"));
}

}  // namespace
}  // namespace motet

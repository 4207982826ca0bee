#include "runtime/episodes/episode_folder.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <random>

#include "runtime/archive/archive.h"
#include "runtime/archive/file.h"

namespace motet {
namespace {

namespace fs = std::filesystem;

constexpr const char* ending = ".motetepisode";
constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;

std::string name_of(std::uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "%08llu", static_cast<unsigned long long>(number));
  return std::string(text) + ending;
}

std::optional<std::uint64_t> number_of(const fs::path& file) {
  if (file.extension() != ending) return std::nullopt;
  const std::string stem = file.stem().string();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
  if (error != std::errc() || end != stem.data() + stem.size()) return std::nullopt;
  return number;
}

Status make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  return error ? Status(Error{"`" + folder.string() + "` cannot be made: " + error.message()}) : Status();
}

std::string first_line(const fs::path& file) {
  std::ifstream input(file);
  std::string line;
  std::getline(input, line);
  return line.substr(0, 200);
}

}  // namespace

std::string new_identity() {
  std::random_device device;
  std::string text;
  for (int i = 0; i < 4; ++i) {
    char part[16];
    std::snprintf(part, sizeof part, "%08x", device());
    text += part;
  }
  return text;
}

// --- beside the robot ---

Result<Outbox> Outbox::open(const fs::path& folder, const std::string& run) {
  if (Status status = make_folder(folder); !status) return status.error();
  Outbox outbox;
  outbox.folder_ = folder;
  std::error_code error;
  const fs::path owner = folder / "run", name = folder / "collector";
  if (fs::exists(owner, error)) {
    if (first_line(owner) != run)
      return Error{"`" + folder.string() + "` holds episodes of another training: name another folder"};
    outbox.collector_ = first_line(name);
  } else {
    outbox.collector_ = new_identity();
    if (Status status = write_file(name, outbox.collector_ + "\n"); !status) return status.error();
    if (Status status = write_file(owner, run + "\n"); !status) return status.error();
  }
  // The number of the next is kept, for those before may all have been acknowledged.
  const std::string next = first_line(folder / "next");
  std::from_chars(next.data(), next.data() + next.size(), outbox.next_);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error))
    if (const auto number = number_of(entry.path())) {
      outbox.next_ = std::max(outbox.next_, *number + 1);
      outbox.waiting_.insert(*number);
    }
  // No workstation would ever take such a one, and it would be brought again for ever.
  std::error_code ignored;
  for (const std::uint64_t number : std::set(outbox.waiting_))
    if (!read_episode(outbox.file_of(number))) {
      fs::rename(outbox.file_of(number), outbox.file_of(number).string() + ".damaged", ignored);
      outbox.waiting_.erase(number);
      ++outbox.damaged_;
    }
  if (error) return Error{"`" + folder.string() + "` cannot be read: " + error.message()};
  return outbox;
}

fs::path Outbox::file_of(std::uint64_t number) const {
  return folder_ / name_of(number);
}

Status Outbox::add(Episode episode) {
  episode.id.collector = collector_;
  episode.id.number = next_;
  if (Status status = write_file(folder_ / "next", std::to_string(next_ + 1) + "\n"); !status) return status;
  if (Status status = write_episode(file_of(next_), episode); !status) return status;
  waiting_.insert(next_++);
  return {};
}

Result<std::string> Outbox::bytes_of(std::uint64_t number) const {
  Result<InputFile> input = InputFile::open(file_of(number));
  if (!input) return input.error();
  if (input->size() > most_bytes)
    return Error{"`" + file_of(number).string() + "` is larger than an episode can be"};
  std::string bytes(static_cast<std::size_t>(input->size()), '\0');
  if (Status status = input->read(std::as_writable_bytes(std::span(bytes))); !status) return status.error();
  return bytes;
}

void Outbox::acknowledge(std::uint64_t number) {
  if (waiting_.erase(number) == 0) return;
  std::error_code error;
  fs::remove(file_of(number), error);
}

// --- at the workstation ---

Result<Inbox> Inbox::open(const fs::path& folder) {
  if (Status status = make_folder(folder); !status) return status.error();
  Inbox inbox;
  inbox.folder_ = folder;
  std::error_code error;
  for (std::int64_t i = 0; fs::exists(inbox.file_of(i), error); ++i) {
    const Result<Episode> episode = inbox.episode(i);
    if (!episode) return episode.error();
    inbox.known_.insert({episode->id.collector, episode->id.number});
    inbox.steps_ += episode->steps();
    if (inbox.size() != i + 1) return Error{"`" + inbox.file_of(i).string() + "` is there twice"};
  }
  return inbox;
}

fs::path Inbox::file_of(std::int64_t index) const {
  return folder_ / name_of(static_cast<std::uint64_t>(index));
}

Result<bool> Inbox::keep(const EpisodeArrival& arrival, std::int64_t n, std::int64_t m) {
  if (known_.contains({arrival.id.collector, arrival.id.number})) return false;
  const fs::path file = file_of(size()), beside = folder_ / "arriving";
  if (Status status = write_file(beside, arrival.content); !status) return status.error();
  const Result<Episode> episode = read_episode(beside);
  if (!episode) return episode.error();
  if (!(episode->id == arrival.id)) return Error{"an episode came under the name of another"};
  if (episode->observation_size != n || episode->action_size != m)
    return Error{"an episode came with " + std::to_string(episode->observation_size) +
                 " observed numbers and " + std::to_string(episode->action_size) +
                 " of its action, and the skill has " + std::to_string(n) + " and " + std::to_string(m)};
  if (Status status = write_file(file, arrival.content); !status) return status.error();
  known_.insert({arrival.id.collector, arrival.id.number});
  steps_ += episode->steps();
  return true;
}

Result<Episode> Inbox::episode(std::int64_t index) const {
  return read_episode(file_of(index));
}

}  // namespace motet

#include "runtime/simulation/unfinished_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

namespace motet {
namespace {

std::string text_of(int error) {
  return std::error_code(error, std::generic_category()).message();
}

// The bytes on the disk before the name says that they are there.
bool sync(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool synced = fsync(descriptor) == 0;
  close(descriptor);
  return synced;
}

}  // namespace

Result<UnfinishedFile> UnfinishedFile::make(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::path folder = file.parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) return Error{file.string() + ": the folder cannot be made: " + error.message()};
  if (std::filesystem::is_directory(file, error)) return Error{file.string() + ": is a folder"};
  std::string name = file.string() + ".XXXXXX";
  const int descriptor = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return Error{file.string() + ": cannot be written: " + text_of(errno)};
  fchmod(descriptor, 0644);
  close(descriptor);
  return UnfinishedFile(file, name);
}

UnfinishedFile::~UnfinishedFile() {
  std::error_code ignored;
  if (!unfinished_.empty()) std::filesystem::remove(unfinished_, ignored);
}

UnfinishedFile::UnfinishedFile(UnfinishedFile&& other) noexcept
    : file_(std::move(other.file_)), unfinished_(std::exchange(other.unfinished_, {})) {}

Status UnfinishedFile::finish() {
  if (!sync(unfinished_)) return error({"cannot be brought to the disk: " + text_of(errno)});
  std::error_code failed;
  std::filesystem::rename(unfinished_, file_, failed);
  if (failed) return error({"cannot be given its name: " + failed.message()});
  unfinished_.clear();
  return {};
}

}  // namespace motet

#include "runtime/learning/data_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace motet {
namespace {

Error failure(const std::filesystem::path& path, const char* what) {
  return Error{"`" + path.string() + "` " + what + ": " + std::strerror(errno)};
}

}  // namespace

DataFile::DataFile(std::filesystem::path path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

DataFile::DataFile(DataFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

DataFile& DataFile::operator=(DataFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

DataFile::~DataFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<DataFile> DataFile::open(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) return failure(path, "cannot be opened");
  return DataFile(path, descriptor);
}

Result<std::uint64_t> DataFile::size() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return failure(path_, "cannot be looked at");
  return static_cast<std::uint64_t>(status.st_size);
}

Status DataFile::resize(std::uint64_t size) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return failure(path_, "cannot be cut");
  return {};
}

Status DataFile::write(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure(path_, "cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

Status DataFile::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure(path_, "cannot be read");
    if (count == 0) return Error{"`" + path_.string() + "` is cut short"};
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

Status DataFile::sync() {
  if (::fsync(descriptor_) != 0) return failure(path_, "cannot be written to the disk");
  return {};
}

Result<AppendFile> AppendFile::open(const std::filesystem::path& path, std::uint64_t keep) {
  Result<DataFile> file = DataFile::open(path);
  if (!file) return file.error();
  const Result<std::uint64_t> size = file->size();
  if (!size) return size.error();
  keep = std::min(keep, *size);
  if (Status status = file->resize(keep); !status) return status.error();
  return AppendFile(std::move(*file), keep);
}

Status AppendFile::append(std::string_view text) {
  if (Status status = file_.write(size_, std::as_bytes(std::span(text))); !status) return status;
  size_ += text.size();
  return {};
}

}  // namespace motet

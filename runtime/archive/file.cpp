#include "runtime/archive/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace motet {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_transfer = std::size_t{1} << 30;  // bytes in one call of the system

Error failed(const fs::path& file, const std::string& what) {
  return Error{file.string() + ": " + what + ": " + std::generic_category().message(errno)};
}

// The file that becomes the other one; removed where it does not come to that.
class FileBeside {
 public:
  explicit FileBeside(const fs::path& file) : file_(file), beside_(file.string() + ".tmp") {}
  ~FileBeside() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (made_) ::unlink(beside_.c_str());
  }
  FileBeside(const FileBeside&) = delete;
  FileBeside& operator=(const FileBeside&) = delete;

  Status open() {
    descriptor_ = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor_ < 0) return failed(file_, "cannot be written");
    made_ = true;
    return {};
  }

  Status write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), std::min(bytes.size(), max_transfer));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failed(file_, "cannot be written");
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
  }

  Status rename() {
    if (::fsync(descriptor_) != 0) return failed(file_, "cannot be brought to the disk");
    if (::close(std::exchange(descriptor_, -1)) != 0) return failed(file_, "cannot be written");
    if (::rename(beside_.c_str(), file_.c_str()) != 0) return failed(file_, "cannot be replaced");
    made_ = false;
    return sync_folder();
  }

 private:
  // The new name is on the disk once its folder is. Some file systems cannot be asked.
  Status sync_folder() const {
    const fs::path folder = file_.has_parent_path() ? file_.parent_path() : fs::path(".");
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return {};
    const bool synced = ::fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS;
    Status status = synced ? Status() : failed(folder, "cannot be brought to the disk");
    ::close(descriptor);
    return status;
  }

  fs::path file_, beside_;
  int descriptor_ = -1;
  bool made_ = false;
};

}  // namespace

Status replace_file(const fs::path& file, std::span<const std::span<const std::byte>> pieces) {
  FileBeside beside(file);
  if (Status status = beside.open(); !status) return status;
  for (const std::span<const std::byte> piece : pieces) {
    if (Status status = beside.write(piece); !status) return status;
  }
  return beside.rename();
}

Result<InputFile> InputFile::open(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return failed(file, "cannot be read");
  struct stat status {};
  const bool known = ::fstat(descriptor, &status) == 0;
  const std::uint64_t size = known ? static_cast<std::uint64_t>(status.st_size) : 0;
  InputFile input(file, descriptor, size);
  if (!known) return failed(file, "cannot be read");
  if (!S_ISREG(status.st_mode)) return Error{file.string() + ": not a regular file"};
  return input;
}

InputFile::InputFile(fs::path path, int descriptor, std::uint64_t size)
    : path_(std::move(path)), descriptor_(descriptor), size_(size) {}

InputFile::InputFile(InputFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

InputFile::~InputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Status InputFile::read(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t count = ::read(descriptor_, out.data(), std::min(out.size(), max_transfer));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(path_, "cannot be read");
    if (count == 0) return Error{path_.string() + ": cut short while it was read"};
    out = out.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace motet

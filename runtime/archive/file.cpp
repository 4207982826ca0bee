// Files that are the old one or the new one, whole: written beside, synced, renamed.

#include "runtime/archive/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "runtime/archive/archive.h"

namespace motet {

namespace fs = std::filesystem;

namespace {

Error failed(const fs::path& file, const char* what) {
  const int cause = errno;
  return Error{"`" + file.string() + "` " + what + ": " + std::strerror(cause)};
}

Status write_all(int descriptor, std::span<const std::byte> bytes, const fs::path& file) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(file, "cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

// A rename is on the disk once its folder is. Some file systems refuse to sync folders; the rename is
// whole there all the same.
void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

Status replace_file(const fs::path& file, std::span<const std::span<const std::byte>> parts) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::string beside = (folder / ("." + file.filename().string() + ".XXXXXX")).string();
  const int descriptor = ::mkostemp(beside.data(), O_CLOEXEC);
  if (descriptor < 0) return failed(file, "cannot be written");
  Status status;
  for (const auto part : parts)
    if (status) status = write_all(descriptor, part, file);
  if (status && ::fchmod(descriptor, 0644) != 0) status = failed(file, "cannot be written");
  if (status && ::fsync(descriptor) != 0) status = failed(file, "cannot be written");
  if (::close(descriptor) != 0 && status) status = failed(file, "cannot be written");
  if (status && ::rename(beside.c_str(), file.c_str()) != 0) status = failed(file, "cannot be replaced");
  if (!status) ::unlink(beside.c_str());
  else sync_folder(folder);
  return status;
}

Status write_file(const fs::path& file, std::string_view text) {
  const std::span<const std::byte> parts[] = {std::as_bytes(std::span(text))};
  return replace_file(file, parts);
}

}  // namespace motet

#pragma once

// A file that another program writes under a name beside its own, and that gets its own name when it
// is whole. Removed if it is dropped before.

#include <filesystem>

#include "compiler/plan/result.h"

namespace motet {

class UnfinishedFile {
 public:
  // Makes the folder if need be, and an empty file in it.
  static Result<UnfinishedFile> make(const std::filesystem::path& file);
  ~UnfinishedFile();
  UnfinishedFile(UnfinishedFile&& other) noexcept;
  UnfinishedFile& operator=(UnfinishedFile&&) = delete;

  const std::filesystem::path& path() const { return unfinished_; }
  Status finish();
  // With the file's own name.
  Error error(const Error& error) const { return Error{file_.string() + ": " + error.message}; }

 private:
  UnfinishedFile(std::filesystem::path file, std::filesystem::path unfinished)
      : file_(std::move(file)), unfinished_(std::move(unfinished)) {}

  std::filesystem::path file_, unfinished_;  // an empty `unfinished_`: finished, or moved from
};

}  // namespace motet

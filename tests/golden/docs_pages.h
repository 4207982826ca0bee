#pragma once

// The pages of the documentation, and a place to try what they show.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "markdown.h"

namespace motet::testing {

namespace fs = std::filesystem;

inline const fs::path root = MOTET_SOURCE_DIR;

inline std::vector<Page> all_pages() {
  std::vector<fs::path> paths = {root / "README.md", root / "CONTRIBUTING.md"};
  for (const char* folder : {"docs", "examples", "library"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
      if (entry.path().extension() == ".md") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Page> pages;
  for (const fs::path& path : paths) pages.push_back(read_page(path));
  return pages;
}

inline std::string place(const Page& page, std::size_t line) {
  return fs::relative(page.path, root).string() + ":" + std::to_string(line);
}

inline bool is_error_page(const Page& page) {
  return page.path.parent_path().filename() == "errors" && page.path.filename() != "README.md";
}

// The folder whose models a page's programs may name.
inline fs::path models_of(const Page& page) {
  const fs::path folder = page.path.parent_path();
  return folder.parent_path() == root / "examples" ? folder : root / "examples" / "reaching";
}

// A folder of its own for a program: a copy of `models`, in which the test works while it lives.
class Workplace {
 public:
  explicit Workplace(const fs::path& models) : before_(fs::current_path()) {
    static int count = 0;
    folder_ = fs::temp_directory_path() /
              ("motet_docs_" + std::to_string(getpid()) + "_" + std::to_string(count++));
    fs::create_directories(folder_);
    for (const auto& entry : fs::directory_iterator(models))
      if (entry.path().filename() != "runs")
        fs::copy(entry.path(), folder_ / entry.path().filename(), fs::copy_options::recursive);
    fs::current_path(folder_);
  }
  ~Workplace() {
    fs::current_path(before_);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Workplace(const Workplace&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

 private:
  fs::path before_, folder_;
};

}  // namespace motet::testing

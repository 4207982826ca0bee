#pragma once

// Golden files: what a phase prints, kept in the repository and compared byte for byte. With
// MOTET_REWRITE_GOLDEN=1 in the environment (scripts/golden sets it) the files are rewritten instead
// of compared; what changed is then for the version control to show.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace motet::testing {

inline bool rewriting_golden() {
  const char* value = std::getenv("MOTET_REWRITE_GOLDEN");
  return value != nullptr && *value != '\0' && std::string_view(value) != "0";
}

inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// The first line in which the two differ, with both versions of it.
inline std::string first_difference(const std::string& expected, const std::string& actual) {
  std::stringstream left(expected), right(actual);
  for (int number = 1;; ++number) {
    std::string a, b;
    const bool has_a = static_cast<bool>(std::getline(left, a));
    const bool has_b = static_cast<bool>(std::getline(right, b));
    if (!has_a && !has_b) return "only the ends of lines differ";
    if (has_a && has_b && a == b) continue;
    return "line " + std::to_string(number) + "\n  golden: " + (has_a ? a : "(the end)") +
           "\n  now:    " + (has_b ? b : "(the end)");
  }
}

// Compares with the golden file, or rewrites it.
inline void expect_golden(const std::filesystem::path& file, const std::string& actual) {
  if (rewriting_golden()) {
    std::filesystem::create_directories(file.parent_path());
    if (std::filesystem::exists(file) && read_text(file) == actual) return;
    std::ofstream out(file, std::ios::binary);
    out << actual;
    out.close();
    ASSERT_FALSE(out.fail()) << "cannot write " << file;
    return;
  }
  ASSERT_TRUE(std::filesystem::exists(file))
      << file << " does not exist: look at what is printed now, then run scripts/golden\n"
      << actual;
  const std::string expected = read_text(file);
  if (expected != actual)
    ADD_FAILURE() << file << " differs in " << first_difference(expected, actual)
                  << "\nWhere the change is meant, run scripts/golden.";
}

// What a program prints holds paths of this machine: each occurrence of `folder` becomes `name`.
inline std::string without_path(std::string text, const std::filesystem::path& folder,
                                std::string_view name) {
  const std::string path = folder.string();
  for (std::size_t at = 0; !path.empty() && (at = text.find(path, at)) != std::string::npos;
       at += name.size())
    text.replace(at, path.size(), name);
  return text;
}

}  // namespace motet::testing

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace motet {

// Where a plan says that a file is: "project/arm.xml" below the program's folder, else
// "library/robots/hopper.xml" below a folder of the library. Empty: the file lies in neither.
std::string plan_path(const std::filesystem::path& file, const std::filesystem::path& project,
                      const std::vector<std::filesystem::path>& library);

}  // namespace motet

#pragma once

// A POSIX tar (ustar) in memory: plain files only.

#include <string>
#include <string_view>
#include <vector>

#include "compiler/plan/result.h"

namespace motet {

struct TarMember {
  std::string name;  // relative, with `/`
  std::string content;
};

// The same members give the same bytes. Errors: a name that does not fit.
Result<std::string> to_tar(const std::vector<TarMember>& members);

// Refuses what is truncated or damaged, what is no plain file, and names that leave the folder or are there
// twice. What is said can stand behind the file's name. The bytes may come from strangers.
Result<std::vector<TarMember>> from_tar(std::string_view bytes);

}  // namespace motet

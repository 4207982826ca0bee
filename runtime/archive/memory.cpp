#include "runtime/archive/memory.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>
#include <string>

namespace motet {
namespace {

constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::max();

std::int64_t meminfo_available() {
  std::ifstream file("/proc/meminfo");
  for (std::string word; file >> word;) {
    std::int64_t kilobytes = 0;
    if (word == "MemAvailable:" && file >> kilobytes) return kilobytes * 1024;
  }
  return unknown;
}

// A container's limit, less what it uses; page cache can be dropped, and counts as free.
std::int64_t control_group_available() {
  std::int64_t limit = 0, used = 0;
  std::ifstream("/sys/fs/cgroup/memory.max") >> limit;  // "max" where there is none: stays 0
  std::ifstream("/sys/fs/cgroup/memory.current") >> used;
  if (limit <= 0) return unknown;
  std::int64_t cache = 0;
  std::ifstream stat("/sys/fs/cgroup/memory.stat");
  for (std::string key; stat >> key;) {
    std::int64_t value = 0;
    if (stat >> value && (key == "inactive_file" || key == "active_file")) cache += value;
  }
  return std::max<std::int64_t>(0, limit - used + cache);
}

}  // namespace

std::int64_t available_memory() {
  return std::min(meminfo_available(), control_group_available());
}

std::string format_bytes(std::int64_t bytes) {
  constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < std::size(units)) {
    value /= 1000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, value < 9.95 && unit > 0 ? "%.1f %s" : "%.0f %s", value, units[unit]);
  return text;
}

}  // namespace motet

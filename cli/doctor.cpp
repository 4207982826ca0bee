#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

#include "cli/compilation.h"
#include "cli/machine.h"
#include "runtime/kernels/kernels.h"
#include "runtime/learning/torch_backend.h"
#include "runtime/simulation/render.h"

namespace motet::cli {

namespace fs = std::filesystem;

namespace {

void line(const char* what, const std::string& found) {
  std::string text = what;
  text.resize(18, ' ');
  std::cout << text << found << '\n';
}

void advise(const std::string& text) {
  std::cout << std::string(18, ' ') << "→ " << text << '\n';
}

double memory_gib(const char* field) {
  std::ifstream info("/proc/meminfo");
  for (std::string text; std::getline(info, text);)
    if (text.starts_with(field))
      return std::strtod(text.c_str() + text.find(':') + 1, nullptr) / (1024 * 1024);
  return 0;
}

void examine_products() {
  line("matrix products", std::string("the engine's, kernels for ") + kernels().name);
  line("", "LibTorch's: " + blas_kernels());
  for (const std::string& variable : blas_overrides()) {
    line("", variable + " overrides what OpenBLAS would choose");
    advise("unset " + variable.substr(0, variable.find('=')) + ": its own choice is usually faster");
  }
}

void examine_rendering() {
  auto renderer = probe_renderer();
  if (renderer)
    line("rendering", *renderer);
  else {
    line("rendering", "not available: " + renderer.error().message);
    advise("sudo apt-get install libegl1 libegl-mesa0 libgl1-mesa-dri libosmesa6");
  }
}

bool on_path(const char* program) {
  const char* path = std::getenv("PATH");
  std::string rest = path ? path : "";
  while (!rest.empty()) {
    const std::size_t end = rest.find(':');
    if (access((fs::path(rest.substr(0, end)) / program).c_str(), X_OK) == 0) return true;
    rest = end == std::string::npos ? "" : rest.substr(end + 1);
  }
  return false;
}

int run(const Arguments&) {
  line("motet", MOTET_VERSION);
  line("processor", processor() + ", " + std::to_string(cores()) + (cores() == 1 ? " core" : " cores"));
  char memory[80];
  std::snprintf(memory, sizeof memory, "%.1f GiB, %.1f GiB of it free", memory_gib("MemTotal"),
                memory_gib("MemAvailable"));
  line("memory", memory);
  if (memory_gib("MemAvailable") < 2)
    advise("a replay of a million transitions may not fit: set learn.sac.replay lower");
  examine_products();
  if (const char* threads = std::getenv("OMP_NUM_THREADS"))
    line("", std::string("OMP_NUM_THREADS=") + threads + " is set");
  line("device",
       cuda_is_available() ? "cpu, and cuda by `backend = \"torch\"`" : "cpu (LibTorch sees no GPU)");
  examine_rendering();
  line("video", on_path("ffmpeg") ? "ffmpeg" : "not available: there is no ffmpeg");
  if (!on_path("ffmpeg")) advise("sudo apt-get install ffmpeg");
  const auto folders = library_folders();
  std::error_code error;
  for (const fs::path& folder : folders)
    line("library", folder.string() +
                        (fs::is_directory(folder, error) ? "" : ", of MOTET_PATH: there is no such folder"));
  if (folders.empty()) {
    line("library", "not found");
    advise("set MOTET_PATH to the folder that holds robots/");
  }
  return done;
}

}  // namespace

Command doctor_command() {
  return {.name = "doctor",
          .operands = "",
          .summary = "what this machine offers, and what to do about what is missing",
          .description = "Looks at processor, memory, matrix products, rendering, video and the library.",
          .options = {},
          .examples = {{"motet doctor", "before the first training, or when something is slow"}},
          .least = 0,
          .most = 0,
          .run = run};
}

}  // namespace motet::cli

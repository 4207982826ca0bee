#pragma once

// What each coordinate of a skill's latent does.

#include <optional>
#include <string>

#include "cli/episodes.h"
#include "runtime/simulation/render.h"

namespace motet::cli {

struct SweepRequest {
  std::filesystem::path run;
  StageRequest stage;
  std::string layer;    // whose latent
  double seconds = 2;   // that each of them runs
  std::string picture;  // .png, or empty
  RenderOptions render;
};

// Runs the layer with one coordinate of its latent at -2, -1, 0, 1, 2 and the others at 0, from the same
// start; prints what came of each, and draws where each ended: a row for each coordinate. Returns an exit
// status.
int sweep(const SweepRequest& request);

}  // namespace motet::cli

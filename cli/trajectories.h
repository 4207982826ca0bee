#pragma once

// Paths of a skill's episodes over level curves of its soft value, and its soft Q-function over the actions
// at some states (Fig. 3.2), as SVG text.

#include <string>
#include <variant>
#include <vector>

namespace motet::cli {

// Values at the corners of a square grid, row by row from the lowest y; NaN where there is none.
struct Levels {
  double x_low = 0, x_high = 1, y_low = 0, y_high = 1;
  std::size_t columns = 0, rows = 0;
  std::vector<double> values;
};

struct Path {
  std::vector<double> x, y;
};

// One picture: level curves, paths or dots over them, and marks.
struct LevelPanel {
  std::string title, x_label, y_label;
  Levels levels;
  std::vector<Path> paths;
  Path dots, marks;
};

// The first panel is large, the others stand beside it, one above the other.
std::string to_svg(const std::vector<LevelPanel>& panels);

// What `motet plot --trajectories` was asked for.
struct TrajectoryRequest {
  std::string run, skill, x, y,
      world;                    // empty: the last skill, the first two observed coordinates, its world
  std::vector<std::string> at;  // states "X,Y" at which Q is drawn over the actions
  long long episodes = 50;
  long long seed = 1;
};
// Prints what is wrong and returns an exit status if they cannot be drawn.
std::variant<std::vector<LevelPanel>, int> trajectory_panels(const TrajectoryRequest& request);

}  // namespace motet::cli

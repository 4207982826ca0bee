#include "cli/sweep.h"

#include <array>
#include <cstdio>
#include <iostream>

#include "cli/interrupt.h"
#include "runtime/simulation/picture_grid.h"

namespace motet::cli {

namespace {

constexpr std::array<float, 5> values = {-2, -1, 0, 1, 2};

// Coordinates that are drawn at most: a picture has so much room.
constexpr std::size_t most_rows = 32;

// An episode of the stage, cut after some seconds.
void run(Stage& stage, double seconds) {
  World& world = *stage.world;
  std::vector<float> action(static_cast<std::size_t>(world.action_size()));
  world.reset();
  stage.actor->begin();
  for (bool over = false; !over && world.time() + 1e-9 < seconds;) {
    stage.actor->act(world.observation(), action);
    const StepResult step = world.step(action);
    over = step.terminated || step.truncated || step.unstable;
  }
}

std::string row_of(std::size_t coordinate, float value, const Stage& stage) {
  char cell[64];
  std::snprintf(cell, sizeof cell, "  %10zu %6g %9.2f", coordinate + 1, static_cast<double>(value),
                stage.world->time());
  std::string row = cell;
  const EpisodeSummary& episode = stage.world->episode();
  const auto put = [&](double number) {
    std::snprintf(cell, sizeof cell, " %12.4g", number);
    row += cell;
  };
  put(episode.episode_return);
  for (const double measure : episode.measures) put(measure);
  return row;
}

std::string head_of(const Stage& stage) {
  std::string head = "  coordinate  value   seconds       return";
  for (const MeasurePlan& measure : stage.environment->measures) {
    std::string name = measure.name;
    name.insert(0, name.size() < 12 ? 13 - name.size() : 1, ' ');
    head += name;
  }
  return head;
}

}  // namespace

int sweep(const SweepRequest& request) {
  const std::atomic<bool>& interrupt_requested = catch_interrupts();
  auto plain = stage_from_run(request.run, request.stage);
  if (const int* status = std::get_if<int>(&plain)) return *status;
  const std::size_t coordinates = std::get<Stage>(plain).environment->robot.action.size();
  StageRequest stage_request = request.stage;
  std::vector<std::vector<Image>> pictures;
  for (std::size_t i = 0; i < coordinates; ++i) {
    pictures.emplace_back();
    for (const float value : values) {
      if (interrupt_requested) return interrupted;
      stage_request.latent = FixedLatent{request.layer, std::vector<float>(coordinates, 0)};
      stage_request.latent->values[i] = value;
      auto set = stage_from_run(request.run, stage_request);
      if (const int* status = std::get_if<int>(&set)) return *status;
      Stage& stage = std::get<Stage>(set);
      run(stage, request.seconds);
      if (i == 0 && value == values[0])
        std::cout << "the latent of " << request.layer << ", " << stage.title << '\n'
                  << head_of(stage) << '\n';
      std::cout << row_of(i, value, stage) << std::endl;
      if (request.picture.empty() || i >= most_rows) continue;
      auto renderer = Renderer::make(*stage.world, request.render);
      if (!renderer) return fail(renderer.error(), outside_failed);
      pictures.back().push_back((*renderer)->render(*stage.world));
    }
  }
  if (request.picture.empty()) return done;
  std::vector<std::vector<const Image*>> rows;
  for (const std::vector<Image>& row : pictures) {
    if (row.empty()) break;
    rows.emplace_back();
    for (const Image& image : row) rows.back().push_back(&image);
  }
  auto writer = VideoWriter::make(request.picture, 1);
  if (!writer) return fail(writer.error(), outside_failed);
  Status status = (*writer)->add(picture_grid(rows));
  if (status) status = (*writer)->finish();
  if (!status) return fail(status.error(), outside_failed);
  std::cout << request.picture << '\n';
  return done;
}

}  // namespace motet::cli

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iostream>

#include "cli/episodes.h"
#include "cli/interrupt.h"
#include "cli/run_command.h"
#include "cli/sweep.h"
#include "runtime/simulation/render.h"

namespace motet::cli {

namespace {

std::optional<RenderOptions> render_options(const Arguments& arguments) {
  RenderOptions options;
  options.camera = arguments.value("--camera").value_or("");
  const std::string size = arguments.value("--size").value_or("640x480");
  const char* end = size.data() + size.size();
  const auto [x, first] = std::from_chars(size.data(), end, options.width);
  if (first == std::errc() && x != end && *x == 'x') {
    const auto [stop, second] = std::from_chars(x + 1, end, options.height);
    const bool fits =
        options.width >= 16 && options.width <= 4096 && options.height >= 16 && options.height <= 4096;
    if (second == std::errc() && stop == end && fits) return options;
  }
  complain("`--size` is WIDTHxHEIGHT, each from 16 to 4096, not `" + size + "`");
  return std::nullopt;
}

// Thrown out of the episodes at Ctrl-C, so that the half-written file goes.
struct Interrupted {};

// Records while the episodes run. The first failure stays in `status`.
struct Recording {
  std::unique_ptr<Renderer> renderer;
  std::unique_ptr<VideoWriter> writer;
  Status status;
  double next_frame = 0, frame_period = 1.0 / 30, last_time = 0;

  // A frame whenever a frame's time has passed in the world; slower worlds give a frame a step.
  void see(const World& world) {
    const double time = world.time();
    if (time < last_time) next_frame = 0;
    last_time = time;
    if (!status || time + 1e-9 < next_frame) return;
    next_frame += frame_period;
    status = writer->add(renderer->render(world));
  }
};

int record(Stage& stage, const std::string& file, const RenderOptions& options, long long episodes) {
  auto renderer = Renderer::make(*stage.world, options);
  if (!renderer) return fail(renderer.error(), outside_failed);
  const std::atomic<bool>& interrupt_requested = catch_interrupts();
  Recording recording;
  const double control_period = stage.environment->robot.control_period;
  recording.frame_period = std::max(control_period, 1.0 / 30);
  auto writer = VideoWriter::make(file, 1 / recording.frame_period);
  if (!writer) return fail(writer.error(), outside_failed);
  recording.renderer = std::move(*renderer);
  recording.writer = std::move(*writer);
  try {
    const auto result =
        evaluate(*stage.world, *stage.actor, episodes, [&](const World& world, const StepResult&) {
          if (interrupt_requested) throw Interrupted{};
          recording.see(world);
        });
    if (recording.status) recording.status = recording.writer->finish();
    // A terminal sends Ctrl-C to the program that writes the video, too: its failure is no news then.
    if (interrupt_requested && !recording.status) return interrupted;
    if (!recording.status) return complain(recording.status.error().message), outside_failed;
    std::cout << to_text(result, stage) << file << '\n';
    return done;
  } catch (const Interrupted&) {
    return interrupted;
  }
}

// What the operand and the options do not say together, said before anything is opened.
bool complain_of_mismatch(const std::string& source, bool with_policy,
                          const std::optional<std::string>& video) {
  std::error_code error;
  if (with_policy && std::filesystem::is_directory(source, error)) {
    complain("`--policy` takes a program, and `" + source + "` is a folder; without it, a run's skill acts");
  } else if (!with_policy && std::filesystem::is_regular_file(source, error)) {
    complain("`" + source +
             "` is not a run; with `--policy zero` or `--policy random` a program's world is run");
  } else if (video) {
    const std::string ending = std::filesystem::path(*video).extension().string();
    if (ending == ".mp4" || ending == ".gif" || ending == ".png") return false;
    complain("`--video` is an .mp4, a .gif, or a .png for a film strip, not `" + *video + "`");
  } else {
    return false;
  }
  return true;
}

// "walk=0.5,-1,0"
std::optional<FixedLatent> latent_of(const std::string& text) {
  const std::size_t sign = text.rfind('=');
  FixedLatent latent{text.substr(0, sign), {}};
  const char *at = text.data() + sign + 1, *end = text.data() + text.size();
  while (sign != std::string::npos && sign > 0) {
    float value = 0;
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc() || !std::isfinite(value)) break;
    latent.values.push_back(value);
    if (stop == end) return latent;
    if (*stop != ',') break;
    at = stop + 1;
  }
  complain("`--latent` is NAME=X,Y,..., one number for each coordinate, not `" + text + "`");
  return std::nullopt;
}

int sweep_of(const std::string& source, const StageRequest& stage, const std::string& layer,
             const Arguments& arguments, const RenderOptions& options) {
  SweepRequest request{source, stage, layer, 2, arguments.value("--video").value_or(""), options};
  if (!request.picture.empty() && !request.picture.ends_with(".png")) {
    complain("`--sweep` draws one picture, a .png");
    return wrong_usage;
  }
  if (const auto seconds = arguments.value("--seconds")) {
    const char* end = seconds->data() + seconds->size();
    const auto [stop, error] = std::from_chars(seconds->data(), end, request.seconds);
    if (error != std::errc() || stop != end || !(request.seconds > 0 && request.seconds <= 3600)) {
      complain("`--seconds` is a number above 0, to 3600, not `" + *seconds + "`");
      return wrong_usage;
    }
  }
  return sweep(request);
}

}  // namespace

int run_episodes(const Arguments& arguments) {
  const auto policy = arguments.value("--policy");
  if (policy && *policy != "zero" && *policy != "random") {
    complain("`--policy` is zero or random, not `" + *policy + "`");
    return wrong_usage;
  }
  const auto video = arguments.value("--video");
  const auto episodes = whole_number(arguments, "--episodes", video ? 3 : 1, 1, 1000);
  const auto seed = whole_number(arguments, "--seed", 1, 0, 1'000'000'000);
  const auto options = render_options(arguments);
  if (!episodes || !seed || !options) return wrong_usage;

  StageRequest request;
  request.skill = arguments.value("--skill").value_or("");
  request.world = arguments.value("--in").value_or("");
  request.sample = arguments.flag("--sample");
  request.seed = static_cast<std::uint64_t>(*seed);
  const std::string& source = arguments.positional[0];
  if (complain_of_mismatch(source, policy.has_value(), video)) return wrong_usage;
  const auto layer = arguments.value("--sweep");
  if (const auto text = arguments.value("--latent")) {
    request.latent = latent_of(*text);
    if (!request.latent) return wrong_usage;
  }
  if (policy && (layer || request.latent)) {
    complain("`--policy` has no latent");
    return wrong_usage;
  }
  if (layer) {
    // Five pictures a row: small ones, unless asked for otherwise.
    RenderOptions small = *options;
    if (!arguments.flag("--size")) small.width = 240, small.height = 180;
    return sweep_of(source, request, *layer, arguments, small);
  }
  auto set = policy ? stage_from_program(source, *policy, request) : stage_from_run(source, request);
  if (const int* status = std::get_if<int>(&set)) return *status;
  Stage& stage = std::get<Stage>(set);
  if (video) return record(stage, *video, *options, *episodes);
  std::cout << to_text(evaluate(*stage.world, *stage.actor, *episodes), stage);
  return done;
}

}  // namespace motet::cli

#include "runtime/control/replay.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "runtime/control/controller.h"
#include "runtime/control/report.h"

namespace motet {
namespace {

std::string hertz(double period) {
  char text[40];
  std::snprintf(text, sizeof text, "%g Hz", 1 / period);
  return text;
}

Status check_robot(const RecordedRun& run, const Controller& controller) {
  const Contract& own = controller.contract();
  const RobotPlan& robot = run.contract().robot;
  if (own.robot.name != robot.name)
    return Error{"the recording is of `" + robot.name + "`, and `" + own.skill + "` drives `" +
                 own.robot.name + "`"};
  if (std::abs(controller.tick_period() - run.period()) > 1e-6 * run.period())
    return Error{"the recording has " + hertz(run.period()) + ", and `" + own.skill + "` is to tick at " +
                 hertz(controller.tick_period())};
  bool same = own.robot.action.size() == robot.action.size();
  for (std::size_t i = 0; same && i < robot.action.size(); ++i)
    same = own.robot.action[i].name == robot.action[i].name;
  if (!same) return Error{"the actions of `" + own.skill + "` have other coordinates than those recorded"};
  return {};
}

// Where all that it has to be told is recorded.
Result<std::vector<std::size_t>> measured_places(const RecordedRun& run, const Controller& controller) {
  std::vector<std::size_t> places;
  for (const SignalRef& signal : controller.signals())
    for (const std::string& name : measured_columns(signal)) {
      const auto place = run.column(name);
      if (!place)
        return Error{"the recording lacks `" + text_of(signal) + "`, which `" + controller.contract().skill +
                     "` observes"};
      places.push_back(*place);
    }
  return places;
}

// Where the top policy's noise is recorded, if it drew any.
std::vector<std::size_t> noise_places(const RecordedRun& run, const Contract& contract) {
  std::vector<std::size_t> places;
  for (const std::string& name :
       latent_columns(contract.layers.front().skill, contract.robot.action.size())) {
    const auto place = run.column(name);
    if (!place) return {};
    places.push_back(*place);
  }
  for (std::int64_t i = 0; i < run.frames(); ++i)
    for (const std::size_t place : places)
      if (run.at(i, place) != 0) return places;
  return {};
}

class Replaying {
 public:
  Replaying(const RecordedRun& run, Controller& controller, std::vector<std::size_t> measured)
      : run_(run),
        controller_(controller),
        measured_places_(std::move(measured)),
        noise_places_(noise_places(run, controller.contract())),
        measured_(measured_places_.size()),
        noise_(noise_places_.size()),
        controls_(controller.contract().actuators.size()) {
    for (const ActionCoordinate& coordinate : controller.contract().robot.action) {
      replay_.names.push_back(coordinate.name);
      action_places_.push_back(run.column("action " + coordinate.name).value_or(0));
    }
    const bool gaussian = controller.contract().layers.front().policy.kind == PolicyKind::gaussian;
    replay_.noise = !noise_places_.empty() ? Replay::Noise::recorded
                    : gaussian             ? Replay::Noise::none
                                           : Replay::Noise::drawn;
    // Only where steps are to fall where they fell.
    in_step_ =
        std::abs(controller.contract().robot.control_period - run.contract().robot.control_period) < 1e-9;
  }

  Replay all() {
    bool begun = false;
    for (std::int64_t i = 0; i < run_.frames(); ++i) {
      if (run_.state(i) != SafetyState::running) {
        ++replay_.left_out;
        continue;
      }
      if (begun) keep_step(i);
      look(i);
      if (!begun) controller_.begin(measured_);
      begun = true;
      const bool ticks = tick();
      if (controller_.stepped() || run_.acted(i)) compare(i, ticks);
    }
    return std::move(replay_);
  }

 private:
  void look(std::int64_t frame) {
    for (std::size_t i = 0; i < measured_.size(); ++i) measured_[i] = run_.at(frame, measured_places_[i]);
    for (std::size_t i = 0; i < noise_.size(); ++i)
      noise_[i] = static_cast<float>(run_.at(frame, noise_places_[i]));
    if (!noise_.empty()) controller_.set_latent(noise_);
  }

  bool tick() {
    at_ = (at_ + 1) % controller_.ticks_per_step();
    return controller_.tick(measured_, controls_);
  }

  // Ticks that no frame is of are made up for by what was measured before, so that the policy acts in the
  // ticks in which it acted.
  void keep_step(std::int64_t frame) {
    if (!in_step_ || !run_.acted(frame)) return;
    for (; at_ != 0; ++replay_.missing) tick();
  }

  void compare(std::int64_t frame, bool ticks) {
    replay_.time.push_back(run_.time(frame));
    replay_.refused += !ticks;
    for (std::size_t i = 0; i < action_places_.size(); ++i) {
      replay_.recorded.push_back(run_.at(frame, action_places_[i]));
      replay_.replayed.push_back(ticks ? static_cast<double>(controller_.action()[i])
                                       : std::numeric_limits<double>::quiet_NaN());
    }
  }

  const RecordedRun& run_;
  Controller& controller_;
  std::vector<std::size_t> measured_places_, noise_places_, action_places_;
  std::vector<double> measured_;
  std::vector<float> noise_;
  std::vector<double> controls_;
  std::int64_t at_ = 0;  // ticks of a control step
  bool in_step_ = false;
  Replay replay_;
};

double difference_at(const Replay& replay, std::size_t step, std::size_t coordinate) {
  const std::size_t place = step * replay.names.size() + coordinate;
  return std::abs(replay.replayed[place] - replay.recorded[place]);
}

}  // namespace

Result<Replay> replay(const RecordedRun& run, const Bundle& bundle) {
  const auto controller = Controller::make(bundle, {});
  if (!controller) return controller.error();
  if (Status status = check_robot(run, **controller); !status) return status.error();
  auto places = measured_places(run, **controller);
  if (!places) return places.error();
  return Replaying(run, **controller, std::move(*places)).all();
}

Difference difference(const Replay& replay, std::size_t coordinate, std::size_t from) {
  Difference found;
  std::size_t count = 0;
  for (std::size_t step = from; step < replay.steps(); ++step) {
    const double value = difference_at(replay, step, coordinate);
    if (std::isnan(value)) continue;
    ++count;
    found.mean += (value - found.mean) / static_cast<double>(count);
    if (value <= found.largest) continue;
    found.largest = value;
    found.where = step;
  }
  return found;
}

std::size_t agrees_from(const Replay& replay, double tolerance) {
  for (std::size_t step = replay.steps(); step-- > 0;)
    for (std::size_t i = 0; i < replay.names.size(); ++i)
      if (!(difference_at(replay, step, i) <= tolerance)) return step + 1;
  return 0;
}

}  // namespace motet

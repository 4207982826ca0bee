#include "runtime/control/loop.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "runtime/control/recorded_run.h"
#include "runtime/control/report.h"

namespace motet {
namespace {

// Where a control is brought at the end: where its link's file says; else no effort, no velocity, and a servo
// where its joint is now.
double rest_of(const ActuatorContract& actuator, const std::map<std::string, ControlLimit>& limits,
               const double* position) {
  const auto given = limits.find(actuator.name);
  if (given != limits.end() && given->second.rest) return *given->second.rest;
  const bool servo = actuator.kind == ActuatorContract::Kind::position && position != nullptr;
  return servo ? actuator.gear * *position : 0;
}

}  // namespace

Loop::Loop(Controller& controller, Link& link, Clock& clock, const LoopOptions& options)
    : controller_(controller),
      link_(link),
      clock_(clock),
      options_(options),
      watch_(options.watch),
      limits_(controller.contract(), options.limits),
      plausible_(controller.contract(), controller.signals(), options.ranges),
      period_(controller.tick_period()),
      arrived_(controller.signal_size()),
      measured_(arrived_.size()),
      controls_(controller.contract().actuators.size()),
      asked_(controls_.size()),
      rest_(controls_.size()),
      joints_(controls_.size()) {
  report_.clipped.resize(controls_.size());
  shared_ = report_;
  frame_.resize(columns().size());
}

std::vector<std::string> Loop::columns() const {
  std::vector<std::string> names{"time", "late", "age", "busy", "state", "acted"};
  const auto add_all = [&](const std::vector<std::string>& more) {
    names.insert(names.end(), more.begin(), more.end());
  };
  for (const SignalRef& signal : controller_.signals()) add_all(measured_columns(signal));
  const Contract& contract = controller_.contract();
  for (const std::string& name : contract.observation_names) names.push_back("observed " + name);
  for (const LayerContract& layer : contract.layers)
    add_all(latent_columns(layer.skill, contract.robot.action.size()));
  for (const ActionCoordinate& coordinate : contract.robot.action)
    names.push_back("action " + coordinate.name);
  for (const char* kind : {"asked ", "written "})
    for (const ActuatorContract& actuator : contract.actuators) names.push_back(kind + actuator.name);
  return names;
}

Status Loop::activate() {
  if (Status status = link_.configure(controller_.contract(), controller_.signals()); !status) return status;
  if (Status status = link_.activate(); !status) return status;
  double age = 0;
  Status refused;
  if (!link_.read(measured_, age))
    refused = Error{"the robot says nothing: not all that the policy observes has come"};
  else if (const int bad = plausible_.first_bad(measured_); bad >= 0)
    refused = Error{"the robot says of `" + text_of(controller_.signals()[static_cast<std::size_t>(bad)]) +
                    "` what cannot be"};
  else if (!(age < options_.watch.hold_after))
    refused = Error{"what the robot says is " + std::to_string(age) + " s old: it has to be younger than " +
                    std::to_string(options_.watch.hold_after) + " s"};
  else if (const StopReason reason = link_.stop_requested(); reason != StopReason::none)
    refused = Error{std::string(name(reason)) + ": it is not started"};
  if (!refused) {
    link_.deactivate();
    return refused;
  }
  std::vector<double> begin(controls_.size());
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    const ActuatorContract& actuator = controller_.contract().actuators[i];
    const std::int64_t place = controller_.joints()[i].position;
    const double* position = place < 0 ? nullptr : &measured_[static_cast<std::size_t>(place)];
    const auto within = [&](double control) { return std::clamp(control, limits_.low(i), limits_.high(i)); };
    rest_[i] = within(rest_of(actuator, options_.limits, position));
    begin[i] = within(rest_of(actuator, {}, position));
  }
  limits_.begin(begin);
  active_ = begins_ = true;
  return {};
}

// What has come, if it is any good; else what was there before, which grows old.
void Loop::look(double now) noexcept {
  double age = 0;
  const bool came = link_.read(arrived_, age);
  const int bad = came ? plausible_.first_bad(arrived_) : -1;
  if (bad >= 0) {
    ++report_.bad;
    report_.last_bad = bad;
  }
  const bool good = came && bad < 0 && std::isfinite(age);
  if (good) {
    std::swap(measured_, arrived_);
    last_good_ = now - age;
  }
  report_.age.add(std::max(0.0, now - last_good_));
  watch_.observe(now - last_good_, good);
}

// Efforts and velocities by this part of the way to none; positions stay.
void Loop::damp(double part) noexcept {
  const std::span<const double> last = limits_.last();
  for (std::size_t i = 0; i < controls_.size(); ++i) {
    const bool stays = controller_.contract().actuators[i].kind == ActuatorContract::Kind::position;
    controls_[i] = stays ? last[i] : last[i] - part * last[i];
  }
}

// All by this part of the way to where they rest.
void Loop::settle(double part) noexcept {
  const std::span<const double> last = limits_.last();
  for (std::size_t i = 0; i < controls_.size(); ++i) controls_[i] = last[i] + part * (rest_[i] - last[i]);
}

// No effort and no velocity.
bool Loop::is_still() const noexcept {
  for (std::size_t i = 0; i < controls_.size(); ++i) {
    const bool stays = controller_.contract().actuators[i].kind == ActuatorContract::Kind::position;
    if (!stays && std::abs(limits_.last()[i]) > 1e-9) return false;
  }
  return true;
}

bool Loop::rests() const noexcept {
  const std::span<const double> last = limits_.last();
  for (std::size_t i = 0; i < rest_.size(); ++i)
    if (std::abs(last[i] - rest_[i]) > 1e-6 * (1 + std::abs(rest_[i]))) return false;
  return true;
}

void Loop::write() noexcept {
  const std::vector<Controller::JointPlace>& places = controller_.joints();
  for (std::size_t i = 0; i < joints_.size(); ++i) {
    const auto value = [&](std::int64_t place) {
      return place < 0 ? 0 : measured_[static_cast<std::size_t>(place)];
    };
    joints_[i] = {value(places[i].position), value(places[i].velocity)};
  }
  std::copy(controls_.begin(), controls_.end(), asked_.begin());
  const double begin = clock_.now();
  // An emergency waits for no rate.
  limits_.apply(controls_, joints_, watch_.at_once() ? std::numeric_limits<double>::infinity() : period_);
  const double limited = clock_.now();
  link_.write(controls_);
  report_.limiting.add(limited - begin);
  report_.writing.add(clock_.now() - limited);
}

void Loop::ask_to_stop() noexcept {
  const StopReason reason = requested_->emergency ? StopReason::emergency_stop : link_.stop_requested();
  if (reason != StopReason::none) watch_.stop_at_once(reason);
}

// What was missed is not made up for: so many controls at once would be faster than any rate.
double Loop::next(double due, double now) const noexcept {
  return due + period_ * std::max(1.0, std::floor((now - due) / period_));
}

void Loop::tick(double now, double due) noexcept {
  ++report_.ticks;
  report_.lateness.add(std::max(0.0, now - due));
  const bool missed = now - due > period_;
  if (missed) ++report_.overruns;
  look(now);
  const double read = clock_.now();
  report_.reading.add(read - now);
  watch_.deadline(missed);
  ask_to_stop();
  switch (watch_.state()) {
    case SafetyState::running:
      // With what it acts upon first, which is recorded.
      if (std::exchange(begins_, false)) controller_.begin(measured_);
      if (!controller_.tick(measured_, controls_)) watch_.stop(StopReason::bad_action);
      damped_ = 0;
      break;
    case SafetyState::holding:
      ++report_.held;
      std::copy(limits_.last().begin(), limits_.last().end(), controls_.begin());
      break;
    case SafetyState::damping:
      ++report_.damped;
      damp(1 / std::max(1.0, options_.ramp / period_ - static_cast<double>(damped_++)));
      break;
    case SafetyState::stopped:
      break;
  }
  report_.acting.add(clock_.now() - read);
  if (watch_.state() != SafetyState::stopped) write();
  if (observer_ != nullptr && watch_.state() != SafetyState::stopped &&
      observer_->tick(controller_, watch_.state()))
    watch_.stop(StopReason::finished);
  record(now, due, clock_.now() - now);
}

// Where nothing went wrong, to rest, as fast as the limits let it; else to no effort, at once in an
// emergency. Nothing that is seen on the way can stop it but an emergency.
void Loop::ramp_down(double due) noexcept {
  constexpr double longest = 10;  // s
  const auto steps = std::max<std::int64_t>(1, std::llround(options_.ramp / period_));
  const auto most = std::max(steps, static_cast<std::int64_t>(longest / period_));
  double now = clock_.now(), at = now;  // when it is, and was to be
  for (std::int64_t step = 0; step < most; ++step) {
    const double part = step < steps ? 1 / static_cast<double>(steps - step) : 1;
    ask_to_stop();
    const bool safe = watch_.reason() == StopReason::finished;
    const bool at_once = watch_.at_once();
    if (safe) {
      settle(part);
    } else {
      damp(at_once ? 1 : part);
    }
    write();
    record(now, at, 0);
    if (at_once || (step + 1 >= steps && (safe ? rests() : is_still()))) return;
    clock_.sleep_until(at = due);
    look(now = clock_.now());
    due = next(due, now);
  }
  // Limits that would take longer give way, where something went wrong.
  if (watch_.reason() == StopReason::finished) return;
  watch_.stop_at_once(watch_.reason());
  damp(1);
  write();
}

void Loop::record(double now, double due, double busy) noexcept {
  if (recorder_ == nullptr) return;
  std::size_t place = 0;
  const auto add = [&](auto... values) { ((frame_[place++] = static_cast<double>(values)), ...); };
  const auto add_all = [&](const auto& values) {
    for (const auto value : values) add(value);
  };
  const bool acted = watch_.state() == SafetyState::running && controller_.stepped();
  add(now - begin_, std::max(0.0, now - due), now - last_good_, busy, static_cast<int>(watch_.state()),
      acted);
  add_all(measured_);
  add_all(controller_.observation());
  for (std::size_t i = 0; i < controller_.executor().layers(); ++i) add_all(controller_.executor().latent(i));
  add_all(controller_.action());
  add_all(asked_);
  add_all(limits_.last());
  recorder_->record(frame_);
}

// Nobody is waited for: whoever reads it now reads the one before. Of the same size, so nothing is allocated.
void Loop::publish() noexcept {
  std::copy(limits_.clipped().begin(), limits_.clipped().end(), report_.clipped.begin());
  report_.state = watch_.state();
  report_.reason = watch_.reason();
  if (!shared_lock_.try_lock()) return;
  shared_ = report_;
  shared_lock_.unlock();
}

LoopReport Loop::snapshot() const {
  const std::lock_guard lock(shared_lock_);
  return shared_;
}

const LoopReport& Loop::run(const LoopRequests& requests) noexcept {
  if (!active_) return report_;
  requested_ = &requests;
  begin_ = last_good_ = clock_.now();
  double due = begin_, published = begin_;
  while (watch_.state() != SafetyState::stopped) {
    clock_.sleep_until(due);
    const double now = clock_.now();
    if (requests.finish || (options_.seconds > 0 && now - begin_ >= options_.seconds))
      watch_.stop(StopReason::finished);
    if (watch_.state() != SafetyState::stopped) tick(now, due);
    report_.seconds = now - begin_;
    due = next(due, now);
    if (now - published >= 0.25) {
      published = now;
      publish();
    }
  }
  ramp_down(due);
  if (!options_.keep_link) link_.deactivate();
  active_ = false;
  publish();
  return report_;
}

}  // namespace motet

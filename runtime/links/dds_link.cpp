#include "runtime/links/dds_link.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <optional>
#include <semaphore>
#include <thread>

#include "runtime/dds/bus.h"
#include "runtime/links/robot_signals.h"
#include "runtime/links/triple_buffer.h"

namespace motet {
namespace {

using namespace std::chrono_literals;
using dds::Delivery;

constexpr auto patience = 5s;        // for a robot to be found
constexpr auto rate_window = 500ms;  // in which joint states are counted
constexpr auto discovery = 300ms;    // after which two masters know of each other
constexpr double rate_slack = 0.8;   // of the control rate

// One number a joint and a kind, as they came last, and when.
struct Measurement {
  std::vector<JointReading> joints;
  BodyMeasurement body;
  double time = -std::numeric_limits<double>::infinity();  // of the monotonic clock, s
};

struct Commands {
  std::vector<double> controls;
};

// Polls until it holds, or patience ends.
template <typename Condition>
bool waited_for(std::chrono::nanoseconds longest, Condition condition) {
  const auto end = std::chrono::steady_clock::now() + longest;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

// Who says one of the topics: the first that does. Another is not taken for it, be it a second robot on the
// same network or one that was started anew, to which nobody has said that it may move.
class Source {
 public:
  // Whether a message is its, and newer than its last. One that repeats a stamp, or was overtaken, is not: a
  // robot that repeats itself has died behind its network. Robots without a clock say 0; a clock may be set
  // back.
  bool has_news(std::uint64_t sender, double stamp) {
    if (!sender_) sender_ = sender;
    if (sender != *sender_) {
      ++strangers_;
      return false;
    }
    if (stamp != 0 && stamp <= last_ && stamp > last_ - 1) return false;
    last_ = stamp;
    return true;
  }
  std::int64_t strangers() const { return strangers_; }  // messages of others

 private:
  std::optional<std::uint64_t> sender_;
  double last_ = -1;
  std::atomic<std::int64_t> strangers_{0};
};

}  // namespace

struct DdsLink::State {
  State(LinkFile file, Clock& of) : link(std::move(file)), clock(of) {}

  Status open();
  Status find_robot();
  Status become_master();
  void hear_joints(const std::stop_token& stop);
  void hear_body(const std::stop_token& stop);
  void hear_pose(const std::stop_token& stop);
  void hear_stops(const std::stop_token& stop);
  void send(const std::stop_token& stop);
  void keep(const dds::Received<dds::JointState>& received);
  int masters();
  std::string missing_joints();

  LinkFile link;
  Clock& clock;
  double control_rate = 0;
  std::vector<SignalRef> wanted;
  std::optional<RobotSignals> signals;
  std::optional<RobotCommands> commands;

  std::shared_ptr<dds::Bus> bus;
  std::optional<dds::Subscriber<dds::JointState>> joint_states;
  std::optional<dds::Subscriber<dds::Imu>> imu;
  std::optional<dds::Subscriber<dds::Pose>> pose;
  std::optional<dds::Subscriber<dds::Flag>> stops;
  std::vector<dds::Subscriber<dds::Numbers>> others;  // what is commanded by whomever
  std::vector<dds::Publisher<dds::Numbers>> controllers;

  std::optional<TripleBuffer<Measurement>> joints_buffer, body_buffer, pose_buffer;
  std::optional<TripleBuffer<Commands>> command_buffer;
  std::counting_semaphore<> written{0};
  std::atomic<std::int64_t> writes{0}, sent{0};
  std::atomic<bool> stop_asked{false}, another_master{false}, master{false};

  std::optional<Source> joint_source, imu_source, pose_source;
  // Of the thread that hears joints; read by activate().
  std::atomic<std::int64_t> heard_joint_states{0}, heard_imus{0}, heard_poses{0};
  std::mutex names_lock;
  std::vector<std::string> last_names;  // of the robot's joints
  std::vector<std::int64_t> places;     // of joints() among them; -1: not there
  double rate = 0;
  std::vector<std::jthread> threads;  // last: they end before what they use
};

Status DdsLink::State::open() {
  heard_joint_states = heard_imus = heard_poses = 0;
  stop_asked = another_master = false;
  joint_source.emplace();
  imu_source.emplace();
  pose_source.emplace();
  auto joined = dds::Bus::join(link.domain);
  if (!joined) return joined.error();
  bus = std::move(*joined);
  auto states = dds::Subscriber<dds::JointState>::make(bus, link.joint_states, Delivery::best_effort);
  if (!states) return states.error();
  joint_states.emplace(std::move(*states));
  auto units = dds::Subscriber<dds::Imu>::make(bus, link.imu, Delivery::best_effort);
  if (!units) return units.error();
  imu.emplace(std::move(*units));
  auto poses = dds::Subscriber<dds::Pose>::make(bus, link.pose, Delivery::best_effort);
  if (!poses) return poses.error();
  pose.emplace(std::move(*poses));
  auto flags = dds::Subscriber<dds::Flag>::make(bus, link.stop, Delivery::reliable);
  if (!flags) return flags.error();
  stops.emplace(std::move(*flags));
  for (const RobotCommands::Group& group : commands->groups()) {
    auto other = dds::Subscriber<dds::Numbers>::make(bus, group.topic, Delivery::best_effort);
    if (!other) return other.error();
    others.push_back(std::move(*other));
  }
  threads.emplace_back([this](const std::stop_token& stop) { hear_joints(stop); });
  if (signals->needs_imu()) threads.emplace_back([this](const std::stop_token& stop) { hear_body(stop); });
  if (signals->needs_pose()) threads.emplace_back([this](const std::stop_token& stop) { hear_pose(stop); });
  threads.emplace_back([this](const std::stop_token& stop) { hear_stops(stop); });
  return {};
}

// A joint state that has all that is needed, as the model has it. Others, of another controller for instance,
// are left alone.
void DdsLink::State::keep(const dds::Received<dds::JointState>& received) {
  const dds::JointState& message = received.message;
  const std::vector<JointNeed>& needs = signals->joints();
  if (message.names != last_names) {
    const std::lock_guard lock(names_lock);
    last_names = message.names;
    for (std::size_t i = 0; i < needs.size(); ++i) {
      const auto found = std::find(last_names.begin(), last_names.end(), needs[i].at);
      places[i] = found == last_names.end() ? -1 : found - last_names.begin();
    }
  }
  if (std::any_of(places.begin(), places.end(), [](std::int64_t place) { return place < 0; })) return;
  if (!joint_source->has_news(received.sender, message.stamp)) return;
  Measurement& measurement = joints_buffer->back();
  for (std::size_t i = 0; i < needs.size(); ++i) {
    const std::size_t place = static_cast<std::size_t>(places[i]);
    const auto value = [&](const std::vector<double>& values, bool needed) {
      if (place < values.size()) return values[place];
      return needed ? std::numeric_limits<double>::quiet_NaN() : 0.0;
    };
    measurement.joints[i] = signals->joint(
        i, {value(message.position, needs[i].position), value(message.velocity, needs[i].velocity),
            value(message.effort, needs[i].effort)});
  }
  measurement.time = clock.now();
  joints_buffer->publish();
  ++heard_joint_states;
}

void DdsLink::State::hear_joints(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    joint_states->wait(100ms);
    while (const auto received = joint_states->take()) keep(*received);
  }
}

void DdsLink::State::hear_body(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    imu->wait(100ms);
    while (const auto received = imu->take()) {
      const dds::Imu& message = received->message;
      if (!imu_source->has_news(received->sender, message.stamp)) continue;
      Measurement& measurement = body_buffer->back();
      measurement.body =
          signals->body({message.orientation, message.angular_velocity, message.linear_acceleration});
      measurement.time = clock.now();
      body_buffer->publish();
      ++heard_imus;
    }
  }
}

void DdsLink::State::hear_pose(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pose->wait(100ms);
    while (const auto received = pose->take()) {
      const dds::Pose& message = received->message;
      if (!pose_source->has_news(received->sender, message.stamp)) continue;
      pose_buffer->back().body.position = message.position;
      pose_buffer->back().time = clock.now();
      pose_buffer->publish();
      ++heard_poses;
    }
  }
}

void DdsLink::State::hear_stops(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    stops->wait(20ms);
    while (const auto received = stops->take()) stop_asked = stop_asked || received->message.value;
    if (master && masters() > 1) another_master = true;
  }
}

// The most who command one of the controllers, this link included.
int DdsLink::State::masters() {
  int most = 0;
  for (dds::Subscriber<dds::Numbers>& other : others) {
    most = std::max(most, other.publishers());
    while (other.take()) {
    }
  }
  return most;
}

void DdsLink::State::send(const std::stop_token& stop) {
  std::vector<dds::Numbers> messages(controllers.size());
  while (!stop.stop_requested()) {
    if (!written.try_acquire_for(20ms)) continue;
    const std::int64_t count = writes;
    if (command_buffer->take()) {
      const std::vector<double>& controls = command_buffer->front().controls;
      for (std::size_t group = 0; group < controllers.size(); ++group) {
        std::vector<double>& values = messages[group].values;
        values.clear();
        for (const std::size_t i : commands->groups()[group].actuators)
          values.push_back(commands->command(i, controls[i]));
        // What cannot be sent grows old at the robot, which then rests.
        (void)controllers[group].publish(messages[group]);
      }
    }
    sent = count;
  }
}

std::string DdsLink::State::missing_joints() {
  const std::lock_guard lock(names_lock);
  std::string missing, has;
  if (last_names.empty()) return "";
  for (std::size_t i = 0; i < places.size(); ++i)
    if (places[i] < 0) missing += (missing.empty() ? "`" : ", `") + signals->joints()[i].at + "`";
  for (const std::string& name : last_names) has += (has.empty() ? "" : ", ") + name.substr(0, 80);
  return missing.empty() ? ""
                         : "`" + link.joint_states + "` lacks " + missing + "; it has " + has.substr(0, 2000);
}

Status DdsLink::State::find_robot() {
  const std::string where = "domain " + std::to_string(link.domain);
  if (!waited_for(patience, [&] { return heard_joint_states > 0; })) {
    if (const std::string missing = missing_joints(); !missing.empty())
      return Error{missing + ": `at` in the link's file says what the robot calls a joint"};
    return Error{"nothing has come on `" + link.joint_states +
                 "` in 5 s: is the robot on, on this network, in DDS " + where + "?"};
  }
  if (signals->needs_imu() && !waited_for(patience, [&] { return heard_imus > 0; }))
    return Error{"nothing has come on `" + link.imu +
                 "` in 5 s, and the policy observes what an inertial unit says"};
  if (signals->needs_pose() && !waited_for(patience, [&] { return heard_poses > 0; }))
    return Error{
        "nothing has come on `" + link.pose +
        "` in 5 s, and where a body is, which is needed, is said there: by motion capture, as a rule"};
  const std::int64_t before = heard_joint_states;
  const double begin = clock.now();
  std::this_thread::sleep_for(rate_window);
  const double passed = clock.now() - begin;
  for (const auto& [source, topic] : {std::pair(&joint_source, &link.joint_states),
                                      std::pair(&imu_source, &link.imu), std::pair(&pose_source, &link.pose)})
    if ((*source)->strangers() > 0)
      return Error{"two robots speak on `" + *topic + "` in DDS " + where +
                   ": give each a domain or topics of its own"};
  rate = static_cast<double>(heard_joint_states - before) / passed;
  if (rate < rate_slack * control_rate)
    return Error{"the robot says where its joints are " + std::to_string(std::lround(rate)) +
                 " times a second, and the policy acts " + std::to_string(std::lround(control_rate)) +
                 " times: let it publish `" + link.joint_states + "` more often"};
  return {};
}

Status DdsLink::State::become_master() {
  const auto refused = [&] {
    return Error{"another master commands the robot: end it first, for two would tear at it"};
  };
  if (masters() > 0) return refused();
  for (const RobotCommands::Group& group : commands->groups()) {
    auto controller = dds::Publisher<dds::Numbers>::make(bus, group.topic, Delivery::reliable);
    if (!controller) return controller.error();
    controllers.push_back(std::move(*controller));
  }
  // Beside those that watch for other masters.
  for (std::size_t i = 0; i < controllers.size(); ++i)
    if (!waited_for(patience, [&] { return controllers[i].subscribers() > 1; }))
      return Error{"nobody listens on `" + commands->groups()[i].topic +
                   "`: is the robot's controller loaded and active?"};
  // Two who have come at the same time know of each other by now.
  std::this_thread::sleep_for(discovery);
  if (masters() > 1) return refused();
  master = true;
  threads.emplace_back([this](const std::stop_token& stop) { send(stop); });
  return {};
}

DdsLink::DdsLink(LinkFile link, Clock& clock) : state_(std::make_unique<State>(std::move(link), clock)) {}

DdsLink::~DdsLink() {
  deactivate();
}

Status DdsLink::configure(const Contract& contract, const std::vector<SignalRef>& signals) {
  const std::vector<std::string> wrong = wrong_with(state_->link, contract);
  if (!wrong.empty()) {
    std::string text = "the link does not fit `" + contract.skill + "`: ";
    for (std::size_t i = 0; i < std::min<std::size_t>(wrong.size(), 5); ++i)
      text += (i > 0 ? "; " : "") + wrong[i];
    if (wrong.size() > 5) text += "; and " + std::to_string(wrong.size() - 5) + " more";
    return Error{text};
  }
  State& state = *state_;
  if (state.master) {
    if (signals == state.wanted) return {};
    return Error{"a robot that is active cannot be asked for other signals"};
  }
  state.wanted = signals;
  auto made = RobotSignals::make(contract, state.link, signals);
  if (!made) return made.error();
  state.signals = std::move(*made);
  state.commands.emplace(contract, state.link);
  state.control_rate = 1 / contract.robot.control_period;
  Measurement nothing;
  nothing.joints.resize(state.signals->joints().size());
  state.places.assign(nothing.joints.size(), -1);
  state.last_names.clear();
  state.joints_buffer.emplace(nothing);
  state.body_buffer.emplace(nothing);
  state.pose_buffer.emplace(nothing);
  state.command_buffer.emplace(Commands{std::vector<double>(contract.actuators.size())});
  return {};
}

Status DdsLink::activate() {
  if (state_->master) return {};
  const RealTimeThreads threads;
  Status status = state_->open();
  if (status) status = state_->find_robot();
  if (status) status = state_->become_master();
  if (!status) deactivate();
  return status;
}

void DdsLink::deactivate() noexcept {
  State& state = *state_;
  if (state.master) {
    const std::int64_t last = state.writes;
    waited_for(1s, [&] { return state.sent >= last; });
    for (dds::Publisher<dds::Numbers>& controller : state.controllers) controller.flush(1s);
  }
  state.master = false;
  for (std::jthread& thread : state.threads) thread.request_stop();
  state.threads.clear();
  state.controllers.clear();
  state.others.clear();
  state.joint_states.reset();
  state.imu.reset();
  state.pose.reset();
  state.stops.reset();
  state.bus.reset();
}

bool DdsLink::read(std::span<double> values, double& age) noexcept {
  State& state = *state_;
  const double now = state.clock.now();
  age = 0;
  const auto newest = [&](TripleBuffer<Measurement>& buffer, bool needed) -> const Measurement& {
    buffer.take();
    if (needed) age = std::max(age, now - buffer.front().time);
    return buffer.front();
  };
  const Measurement& joints = newest(*state.joints_buffer, !state.signals->joints().empty());
  BodyMeasurement body = newest(*state.body_buffer, state.signals->needs_imu()).body;
  body.position = newest(*state.pose_buffer, state.signals->needs_pose()).body.position;
  state.signals->compute(joints.joints, body, values);
  return std::isfinite(age);
}

void DdsLink::write(std::span<const double> controls) noexcept {
  State& state = *state_;
  std::copy(controls.begin(), controls.end(), state.command_buffer->back().controls.begin());
  state.command_buffer->publish();
  ++state.writes;
  state.written.release();
}

StopReason DdsLink::stop_requested() noexcept {
  if (state_->stop_asked) return StopReason::emergency_stop;
  return state_->another_master ? StopReason::another_master : StopReason::none;
}

double DdsLink::joint_state_rate() const {
  return state_->rate;
}

}  // namespace motet

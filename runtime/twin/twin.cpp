#include "runtime/twin/twin.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "compiler/model/model.h"
#include "runtime/bundle/joint_command.h"
#include "runtime/control/loop.h"
#include "runtime/dds/bus.h"
#include "runtime/dds/topics.h"
#include "runtime/instructions/attitude.h"
#include "runtime/robot/robot_contract.h"
#include "runtime/simulation/world.h"

namespace motet {
namespace {

using dds::Delivery;

constexpr double command_patience = 0.5;  // s without a command, after which efforts and velocities are none
constexpr double least_rate = 100;        // Hz
constexpr double master_patience = 1;     // s without a command, after which another may command

// A joint of one coordinate.
struct TwinJoint {
  std::string name;
  int position, velocity, effort;  // handles of the physics
};

// The controls of one kind of actuator, as their topic orders them.
struct CommandGroup {
  dds::Subscriber<dds::Numbers> subscriber;
  std::vector<std::size_t> controls;
};

struct Command {
  std::size_t group;
  std::vector<double> values;
};

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

struct Twin::State {
  State(std::unique_ptr<World> simulated, std::shared_ptr<dds::Bus> network,
        dds::Publisher<dds::JointState> states, dds::Publisher<dds::Imu> inertial,
        dds::Publisher<dds::Pose> seen, dds::Subscriber<dds::Flag> stop, dds::Subscriber<dds::Flag> reset,
        dds::Publisher<dds::Flag> reset_answer, const TwinOptions& given)
      : world(std::move(simulated)),
        bus(std::move(network)),
        joint_states(std::move(states)),
        imu(std::move(inertial)),
        pose(std::move(seen)),
        stops(std::move(stop)),
        resets(std::move(reset)),
        reset_answers(std::move(reset_answer)),
        options(given),
        random(given.seed, 1),
        states_out(given.faults, Random(given.seed, 2)),
        imu_out(given.faults, Random(given.seed, 3)),
        pose_out(given.faults, Random(given.seed, 5)),
        commands_in(given.faults, Random(given.seed, 4)),
        controls(static_cast<std::size_t>(world->physics().control_size())) {}

  Status bind(const Contract& contract, const ModelInfo& model);
  Status subscribe(const std::vector<std::size_t>& actuators, const std::string& topic);
  void begin();
  void relax();
  void listen(double now);
  void follow(const dds::Received<dds::Numbers>& received, std::size_t group, double now);
  void speak(double now);
  double noisy(int handle, double deviation);

  std::unique_ptr<World> world;
  std::shared_ptr<dds::Bus> bus;
  dds::Publisher<dds::JointState> joint_states;
  dds::Publisher<dds::Imu> imu;
  dds::Publisher<dds::Pose> pose;
  dds::Subscriber<dds::Flag> stops, resets;
  dds::Publisher<dds::Flag> reset_answers;
  TwinOptions options;
  Random random;
  Channel<dds::JointState> states_out;
  Channel<dds::Imu> imu_out;
  Channel<dds::Pose> pose_out;
  Channel<Command> commands_in;
  std::vector<double> controls;
  std::vector<double> scales;  // of a control to its joint
  std::vector<bool> stays;     // where nobody commands: positions do

  std::vector<TwinJoint> joints;
  std::optional<int> accelerometer;
  // Attitude, angular velocity and position of the body that carries the unit.
  struct Body {
    int attitude, turning, position;
  };
  std::optional<Body> body;
  std::vector<CommandGroup> groups;
  double timestep = 0.002, period = 0.01, next_message = 0;
  std::uint64_t master = 0;
  double heard = 0;  // when it last commanded
  bool stopped = false;
  TwinReport report;
};

// Joints of one coordinate by name, and the inertial unit on the first body that moves freely.
Status Twin::State::bind(const Contract& contract, const ModelInfo& model) {
  Physics& physics = world->physics();
  timestep = model.timestep;
  const double rate = options.rate > 0 ? options.rate : std::max(least_rate, 1 / contract.drive_period);
  period = std::max(timestep, 1 / rate);
  for (const JointInfo& joint : model.joints) {
    if (joint.name.empty()) continue;
    if (joint.type == JointInfo::Type::free && !body) {
      const std::string& name = model.bodies[static_cast<std::size_t>(joint.body)].name;
      const auto attitude = physics.bind({SignalKind::body_quat, name, {}, 4});
      const auto turning = physics.bind({SignalKind::body_angvel, name, {}, 3});
      const auto position = physics.bind({SignalKind::body_pos, name, {}, 3});
      if (attitude && turning && position) body = {*attitude, *turning, *position};
    }
    if (joint.type != JointInfo::Type::slide && joint.type != JointInfo::Type::hinge) continue;
    const auto position = physics.bind({SignalKind::joint_pos, joint.name, {}, 1});
    const auto velocity = physics.bind({SignalKind::joint_vel, joint.name, {}, 1});
    const auto effort = physics.bind({SignalKind::joint_torque, joint.name, {}, 1});
    if (!position || !velocity || !effort) continue;
    joints.push_back({joint.name, *position, *velocity, *effort});
  }
  if (const auto sensor = physics.bind({SignalKind::sensor, "accelerometer", {}, 3})) accelerometer = *sensor;
  if (joints.empty()) return Error{"its model has no joint with a name, so there is nothing to say"};
  std::vector<std::size_t> efforts, positions, velocities;
  for (std::size_t i = 0; i < contract.actuators.size(); ++i) {
    using Kind = ActuatorContract::Kind;
    const ActuatorContract& actuator = contract.actuators[i];
    auto& group = actuator.kind == Kind::position   ? positions
                  : actuator.kind == Kind::velocity ? velocities
                                                    : efforts;
    group.push_back(i);
    scales.push_back(joint_scale(actuator));
    stays.push_back(actuator.kind == Kind::position);
  }
  if (Status status = subscribe(efforts, dds::effort_topic); !status) return status;
  if (Status status = subscribe(positions, dds::position_topic); !status) return status;
  return subscribe(velocities, dds::velocity_topic);
}

Status Twin::State::subscribe(const std::vector<std::size_t>& actuators, const std::string& topic) {
  if (actuators.empty()) return {};
  auto subscriber = dds::Subscriber<dds::Numbers>::make(bus, topic, Delivery::reliable);
  if (!subscriber) return subscriber.error();
  groups.push_back({std::move(*subscriber), actuators});
  return {};
}

void Twin::State::begin() {
  world->reset();
  std::fill(controls.begin(), controls.end(), 0.0);
  stopped = false;
}

// The first who commands is the master, until it has been silent.
void Twin::State::follow(const dds::Received<dds::Numbers>& received, std::size_t group, double now) {
  if (received.sender != master && now - heard > master_patience) master = received.sender;
  if (received.sender != master || received.message.values.size() != groups[group].controls.size()) {
    ++report.refused;
    return;
  }
  heard = now;
  commands_in.put({group, received.message.values}, now);
}

void Twin::State::listen(double now) {
  for (std::size_t group = 0; group < groups.size(); ++group)
    while (const auto received = groups[group].subscriber.take()) follow(*received, group, now);
  while (const auto stop = stops.take()) stopped = stopped || stop->message.value;
  while (const auto reset = resets.take()) {
    if (!reset->message.value) continue;
    begin();
    ++report.resets;
    // What it said of before does not come after the answer.
    states_out.clear();
    imu_out.clear();
    pose_out.clear();
    (void)reset_answers.publish({false});
    next_message = now;
  }
  commands_in.take(now, [&](const Command& command) {
    const std::vector<std::size_t>& places = groups[command.group].controls;
    for (std::size_t i = 0; i < places.size(); ++i)
      if (std::isfinite(command.values[i])) controls[places[i]] = command.values[i] / scales[places[i]];
    ++report.commands;
  });
  if (now - heard > command_patience) relax();
}

void Twin::State::relax() {
  for (std::size_t i = 0; i < controls.size(); ++i)
    if (!stays[i]) controls[i] = 0;
}

double Twin::State::noisy(int handle, double deviation) {
  double value = 0;
  world->physics().read(handle, {&value, 1});
  return value + (deviation > 0 ? deviation * random.normal() : 0);
}

void Twin::State::speak(double now) {
  dds::JointState state;
  state.stamp = now;
  for (const TwinJoint& joint : joints) {
    state.names.push_back(joint.name);
    state.position.push_back(noisy(joint.position, options.noise));
    state.velocity.push_back(noisy(joint.velocity, 10 * options.noise));
    state.effort.push_back(noisy(joint.effort, 0));
  }
  states_out.put(std::move(state), now);
  if (!body) return;
  dds::Imu measured;
  measured.stamp = now;
  std::array<double, 3> turning{};
  world->physics().read(body->attitude, measured.orientation);
  world->physics().read(body->turning, turning);
  measured.angular_velocity = turned(inverse_of(measured.orientation), turning);
  for (double& rate : measured.angular_velocity)
    rate += options.noise > 0 ? 10 * options.noise * random.normal() : 0;
  measured.linear_acceleration.fill(std::nan(""));  // it has none
  if (accelerometer) world->physics().read(*accelerometer, measured.linear_acceleration);
  imu_out.put(measured, now);
  dds::Pose seen;
  seen.stamp = now;
  seen.orientation = measured.orientation;
  world->physics().read(body->position, seen.position);
  for (double& coordinate : seen.position)
    coordinate += options.noise > 0 ? options.noise * random.normal() : 0;
  report.position = seen.position;
  pose_out.put(seen, now);
}

Result<std::unique_ptr<Twin>> Twin::make(const EnvironmentPlan& environment, const ModelRoots& roots,
                                         const TwinOptions& options) {
  const std::string& path = environment.scene.empty() ? environment.robot.model : environment.scene;
  if (path.empty())
    return Error{"`" + environment.robot.name + "` is a point, and has no joints to speak of"};
  const auto file = roots.resolve(path);
  if (!file) return file.error();
  const auto model = load_model(*file);
  if (!model) return model.error();
  const auto contract = robot_contract(environment, roots);
  if (!contract) return contract.error();
  auto world = World::make(environment, roots, Random(options.seed));
  if (!world) return world.error();
  (*world)->physics().scale_masses(1 + options.mass_error);
  // As a robot's own computer does nothing else.
  const RealTimeThreads threads;
  auto bus = dds::Bus::join(options.domain);
  if (!bus) return bus.error();
  auto states = dds::Publisher<dds::JointState>::make(*bus, dds::joint_states_topic, Delivery::best_effort);
  if (!states) return states.error();
  auto imu = dds::Publisher<dds::Imu>::make(*bus, dds::imu_topic, Delivery::best_effort);
  if (!imu) return imu.error();
  auto pose = dds::Publisher<dds::Pose>::make(*bus, dds::pose_topic, Delivery::best_effort);
  if (!pose) return pose.error();
  auto stops = dds::Subscriber<dds::Flag>::make(*bus, dds::stop_topic, Delivery::reliable);
  if (!stops) return stops.error();
  auto resets = dds::Subscriber<dds::Flag>::make(*bus, dds::reset_topic, Delivery::reliable);
  if (!resets) return resets.error();
  auto answers = dds::Publisher<dds::Flag>::make(*bus, dds::reset_topic, Delivery::reliable);
  if (!answers) return answers.error();
  auto state =
      std::make_unique<State>(std::move(*world), *bus, std::move(*states), std::move(*imu), std::move(*pose),
                              std::move(*stops), std::move(*resets), std::move(*answers), options);
  if (Status status = state->bind(*contract, describe(**model)); !status)
    return Error{"`" + environment.robot.name + "` in `" + environment.world +
                 "`: " + status.error().message};
  state->begin();
  return std::unique_ptr<Twin>(new Twin(std::move(state)));
}

Twin::Twin(std::unique_ptr<State> state) : state_(std::move(state)) {}
Twin::~Twin() = default;

const TwinReport& Twin::report() const {
  return state_->report;
}

void Twin::step(double now) {
  State& state = *state_;
  state.listen(now);
  if (state.stopped) state.relax();
  Physics& physics = state.world->physics();
  physics.advance(state.controls);
  if (physics.unstable()) {
    state.report.trouble = physics.reason();
    ++state.report.resets;
    state.begin();
  }
  state.report.time += state.timestep;
  if (now >= state.next_message) {
    physics.refresh();
    state.speak(now);
    state.next_message = std::max(state.next_message + state.period, now);
  }
  state.states_out.take(now,
                        [&](const dds::JointState& message) { (void)state.joint_states.publish(message); });
  state.imu_out.take(now, [&](const dds::Imu& message) { (void)state.imu.publish(message); });
  state.pose_out.take(now, [&](const dds::Pose& message) { (void)state.pose.publish(message); });
}

void Twin::run(const std::atomic<bool>& stop, const std::function<void(const TwinReport&)>& on_report) {
  const RealTimeThreads real_time;
  const double speed = state_->options.speed;
  const double begin = speed * seconds();
  double next = begin, reported = begin;
  while (!stop) {
    const double now = speed * seconds();
    if (now < next) {
      std::this_thread::sleep_for(std::chrono::duration<double>((next - now) / speed));
      continue;
    }
    if (now - next > state_->timestep) ++state_->report.late_steps;
    if (now - next > speed) next = now;  // it was stopped, and does not hurry after
    step(now);
    next += state_->timestep;
    if (on_report && now - reported >= speed) {
      reported = now;
      on_report(state_->report);
    }
  }
}

}  // namespace motet

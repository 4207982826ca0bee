#include "runtime/dds/bus.h"

#include <dds/dds.h>

#include <cstdlib>
#include <utility>

#include "ros2.h"

namespace motet::dds {
namespace {

constexpr std::size_t most_joints = 4096, longest_name = 1024;
constexpr std::size_t most_bytes = std::size_t{256} << 20;
constexpr int depth = 16;  // messages that are kept until they are taken

Error failed(const std::string& what, dds_return_t code) {
  return Error{what + ": " + dds_strretcode(-code)};
}

// ROS 2 puts a letter pair before the names of its topics.
std::string wire_name(const std::string& topic) {
  return "rt" + (topic.starts_with('/') ? topic : "/" + topic);
}

// --- between the project's messages and those on the wire ---------------------------------------

builtin_interfaces_msg_dds__Time_ to_wire(double stamp) {
  const double whole = stamp < 0 ? 0 : stamp;
  const auto seconds = static_cast<std::int32_t>(whole);
  return {seconds, static_cast<std::uint32_t>((whole - seconds) * 1e9)};
}

double from_wire(const builtin_interfaces_msg_dds__Time_& time) {
  return time.sec + 1e-9 * time.nanosec;
}

// The wire's sequences as views of ours, for as long as a message is written.
dds_sequence_double view_of(const std::vector<double>& values) {
  const auto size = static_cast<std::uint32_t>(values.size());
  return {size, size, const_cast<double*>(values.data()), false};
}

bool is_reasonable(const dds_sequence_double& values) {
  return values._length <= most_joints;
}

std::vector<double> copy_of(const dds_sequence_double& values) {
  return {values._buffer, values._buffer + values._length};
}

char* text_of(const std::string& text) {
  return const_cast<char*>(text.c_str());
}

std::string copy_of(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

dds_sequence_octet octets_of(const std::string& bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  return {size, size, reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data())), false};
}

std::string copy_of(const dds_sequence_octet& bytes) {
  return {reinterpret_cast<const char*>(bytes._buffer), bytes._length};
}

template <typename Message>
struct Wire;

template <>
struct Wire<JointState> {
  using Type = sensor_msgs_msg_dds__JointState_;
  static const dds_topic_descriptor_t& descriptor() { return sensor_msgs_msg_dds__JointState__desc; }

  template <typename Use>
  static dds_return_t with(const JointState& message, Use use) {
    std::vector<char*> names;
    for (const std::string& name : message.names) names.push_back(const_cast<char*>(name.c_str()));
    Type wire{};
    wire.header = {to_wire(message.stamp), const_cast<char*>("")};
    wire.name = {static_cast<std::uint32_t>(names.size()), static_cast<std::uint32_t>(names.size()),
                 names.data(), false};
    wire.position = view_of(message.position);
    wire.velocity = view_of(message.velocity);
    wire.effort = view_of(message.effort);
    return use(wire);
  }
  static bool read(const Type& wire, JointState& message) {
    if (wire.name._length > most_joints || !is_reasonable(wire.position) || !is_reasonable(wire.velocity) ||
        !is_reasonable(wire.effort))
      return false;
    message.stamp = from_wire(wire.header.stamp);
    message.names.clear();
    for (std::uint32_t i = 0; i < wire.name._length; ++i) {
      message.names.emplace_back(wire.name._buffer[i]);
      if (message.names.back().size() > longest_name) return false;
    }
    message.position = copy_of(wire.position);
    message.velocity = copy_of(wire.velocity);
    message.effort = copy_of(wire.effort);
    return true;
  }
};

template <>
struct Wire<Imu> {
  using Type = sensor_msgs_msg_dds__Imu_;
  static const dds_topic_descriptor_t& descriptor() { return sensor_msgs_msg_dds__Imu__desc; }

  template <typename Use>
  static dds_return_t with(const Imu& message, Use use) {
    Type wire{};
    wire.header = {to_wire(message.stamp), const_cast<char*>("")};
    const auto& [w, x, y, z] = message.orientation;
    wire.orientation = {x, y, z, w};
    wire.angular_velocity = {message.angular_velocity[0], message.angular_velocity[1],
                             message.angular_velocity[2]};
    wire.linear_acceleration = {message.linear_acceleration[0], message.linear_acceleration[1],
                                message.linear_acceleration[2]};
    return use(wire);
  }
  static bool read(const Type& wire, Imu& message) {
    message.stamp = from_wire(wire.header.stamp);
    message.orientation = {wire.orientation.w, wire.orientation.x, wire.orientation.y, wire.orientation.z};
    message.angular_velocity = {wire.angular_velocity.x, wire.angular_velocity.y, wire.angular_velocity.z};
    message.linear_acceleration = {wire.linear_acceleration.x, wire.linear_acceleration.y,
                                   wire.linear_acceleration.z};
    return true;
  }
};

template <>
struct Wire<Numbers> {
  using Type = std_msgs_msg_dds__Float64MultiArray_;
  static const dds_topic_descriptor_t& descriptor() { return std_msgs_msg_dds__Float64MultiArray__desc; }

  template <typename Use>
  static dds_return_t with(const Numbers& message, Use use) {
    Type wire{};
    wire.data = view_of(message.values);
    return use(wire);
  }
  static bool read(const Type& wire, Numbers& message) {
    if (!is_reasonable(wire.data)) return false;
    message.values = copy_of(wire.data);
    return true;
  }
};

template <>
struct Wire<Flag> {
  using Type = std_msgs_msg_dds__Bool_;
  static const dds_topic_descriptor_t& descriptor() { return std_msgs_msg_dds__Bool__desc; }

  template <typename Use>
  static dds_return_t with(const Flag& message, Use use) {
    Type wire{};
    wire.data = message.value;
    return use(wire);
  }
  static bool read(const Type& wire, Flag& message) {
    message.value = wire.data;
    return true;
  }
};

template <>
struct Wire<Pose> {
  using Type = geometry_msgs_msg_dds__PoseStamped_;
  static const dds_topic_descriptor_t& descriptor() { return geometry_msgs_msg_dds__PoseStamped__desc; }

  template <typename Use>
  static dds_return_t with(const Pose& message, Use use) {
    Type wire{};
    wire.header = {to_wire(message.stamp), const_cast<char*>("")};
    const auto& [w, x, y, z] = message.orientation;
    wire.pose.position = {message.position[0], message.position[1], message.position[2]};
    wire.pose.orientation = {x, y, z, w};
    return use(wire);
  }
  static bool read(const Type& wire, Pose& message) {
    const auto& [position, q] = wire.pose;
    message.stamp = from_wire(wire.header.stamp);
    message.position = {position.x, position.y, position.z};
    message.orientation = {q.w, q.x, q.y, q.z};
    return true;
  }
};

template <>
struct Wire<Policy> {
  using Type = motet_msg_dds__Policy_;
  static const dds_topic_descriptor_t& descriptor() { return motet_msg_dds__Policy__desc; }

  template <typename Use>
  static dds_return_t with(const Policy& message, Use use) {
    Type wire{};
    wire.run = text_of(message.run);
    wire.version = message.version;
    wire.random = message.random;
    wire.finished = message.finished;
    wire.horizon = message.horizon;
    wire.bundle = octets_of(message.bundle);
    return use(wire);
  }
  static bool read(const Type& wire, Policy& message) {
    message = {copy_of(wire.run), wire.version, wire.random,
               wire.finished,     wire.horizon, copy_of(wire.bundle)};
    return message.run.size() <= longest_name && message.bundle.size() <= most_bytes;
  }
};

template <>
struct Wire<EpisodeMessage> {
  using Type = motet_msg_dds__Episode_;
  static const dds_topic_descriptor_t& descriptor() { return motet_msg_dds__Episode__desc; }

  template <typename Use>
  static dds_return_t with(const EpisodeMessage& message, Use use) {
    Type wire{};
    wire.run = text_of(message.run);
    wire.collector = text_of(message.collector);
    wire.number = message.number;
    wire.content = octets_of(message.content);
    return use(wire);
  }
  static bool read(const Type& wire, EpisodeMessage& message) {
    message = {copy_of(wire.run), copy_of(wire.collector), wire.number, copy_of(wire.content)};
    return message.run.size() <= longest_name && message.collector.size() <= longest_name &&
           message.content.size() <= most_bytes;
  }
};

template <>
struct Wire<Receipt> {
  using Type = motet_msg_dds__Receipt_;
  static const dds_topic_descriptor_t& descriptor() { return motet_msg_dds__Receipt__desc; }

  template <typename Use>
  static dds_return_t with(const Receipt& message, Use use) {
    Type wire{};
    wire.run = text_of(message.run);
    wire.collector = text_of(message.collector);
    wire.number = message.number;
    return use(wire);
  }
  static bool read(const Type& wire, Receipt& message) {
    message = {copy_of(wire.run), copy_of(wire.collector), wire.number};
    return message.run.size() <= longest_name && message.collector.size() <= longest_name;
  }
};

// --- entities -----------------------------------------------------------------------------------

struct QosDeleter {
  void operator()(dds_qos_t* qos) const { dds_delete_qos(qos); }
};
using Qos = std::unique_ptr<dds_qos_t, QosDeleter>;

Qos qos_of(Delivery delivery) {
  Qos qos(dds_create_qos());
  const bool reliable = delivery != Delivery::best_effort, kept = delivery == Delivery::kept;
  dds_qset_reliability(qos.get(), reliable ? DDS_RELIABILITY_RELIABLE : DDS_RELIABILITY_BEST_EFFORT,
                       DDS_MSECS(10));
  dds_qset_history(qos.get(), DDS_HISTORY_KEEP_LAST, kept ? 1 : depth);
  if (kept) dds_qset_durability(qos.get(), DDS_DURABILITY_TRANSIENT_LOCAL);
  return qos;
}

template <typename Message>
Result<dds_entity_t> topic_of(const Bus& bus, const std::string& topic) {
  const dds_entity_t entity = dds_create_topic(bus.entity(), &Wire<Message>::descriptor(),
                                               wire_name(topic).c_str(), nullptr, nullptr);
  if (entity < 0) return failed("the topic `" + topic + "` cannot be made", entity);
  return entity;
}

}  // namespace

Result<std::shared_ptr<Bus>> Bus::join(int domain) {
  if (domain < 0 || domain > 232)
    return Error{"a DDS domain is from 0 to 232, not " + std::to_string(domain)};
  const dds_entity_t entity = dds_create_participant(static_cast<dds_domainid_t>(domain), nullptr, nullptr);
  if (entity < 0) return failed("the DDS domain " + std::to_string(domain) + " cannot be joined", entity);
  return std::shared_ptr<Bus>(new Bus(entity));
}

Bus::~Bus() {
  dds_delete(entity_);
}

template <typename Message>
Result<Publisher<Message>> Publisher<Message>::make(std::shared_ptr<Bus> bus, const std::string& topic,
                                                    Delivery delivery) {
  const Result<dds_entity_t> entity = topic_of<Message>(*bus, topic);
  if (!entity) return entity.error();
  const dds_entity_t writer = dds_create_writer(bus->entity(), *entity, qos_of(delivery).get(), nullptr);
  if (writer < 0) return failed("`" + topic + "` cannot be published", writer);
  return Publisher(std::move(bus), writer);
}

template <typename Message>
Publisher<Message>::Publisher(Publisher&& other) noexcept
    : bus_(std::move(other.bus_)), writer_(std::exchange(other.writer_, 0)) {}

template <typename Message>
Publisher<Message>::~Publisher() {
  if (writer_ > 0) dds_delete(writer_);
}

template <typename Message>
Status Publisher<Message>::publish(const Message& message) {
  const dds_return_t code =
      Wire<Message>::with(message, [&](auto& wire) { return dds_write(writer_, &wire); });
  return code < 0 ? Status(failed("a message cannot be published", code)) : Status();
}

template <typename Message>
int Publisher<Message>::subscribers() const {
  return std::max(0, dds_get_matched_subscriptions(writer_, nullptr, 0));
}

template <typename Message>
void Publisher<Message>::flush(std::chrono::nanoseconds timeout) {
  dds_wait_for_acks(writer_, timeout.count());
}

template <typename Message>
Result<Subscriber<Message>> Subscriber<Message>::make(std::shared_ptr<Bus> bus, const std::string& topic,
                                                      Delivery delivery) {
  const Result<dds_entity_t> entity = topic_of<Message>(*bus, topic);
  if (!entity) return entity.error();
  const dds_entity_t reader = dds_create_reader(bus->entity(), *entity, qos_of(delivery).get(), nullptr);
  if (reader < 0) return failed("`" + topic + "` cannot be subscribed", reader);
  dds_set_status_mask(reader, DDS_DATA_AVAILABLE_STATUS);
  const dds_entity_t waitset = dds_create_waitset(bus->entity());
  dds_waitset_attach(waitset, reader, 0);
  return Subscriber(std::move(bus), reader, waitset);
}

template <typename Message>
Subscriber<Message>::Subscriber(Subscriber&& other) noexcept
    : bus_(std::move(other.bus_)),
      reader_(std::exchange(other.reader_, 0)),
      waitset_(std::exchange(other.waitset_, 0)) {}

template <typename Message>
Subscriber<Message>::~Subscriber() {
  if (waitset_ > 0) dds_delete(waitset_);
  if (reader_ > 0) dds_delete(reader_);
}

// Of a publication that is gone, its own.
template <typename Message>
std::uint64_t Subscriber<Message>::sender_of(std::uint64_t publication) {
  if (publication == last_publication_) return last_sender_;
  dds_builtintopic_endpoint_t* endpoint = dds_get_matched_publication_data(reader_, publication);
  if (endpoint == nullptr) return publication;
  last_publication_ = publication;
  last_sender_ = endpoint->participant_instance_handle;
  dds_builtintopic_free_endpoint(endpoint);
  return last_sender_;
}

template <typename Message>
std::optional<Received<Message>> Subscriber<Message>::take() {
  while (true) {
    void* sample = nullptr;
    dds_sample_info_t info;
    if (dds_take(reader_, &sample, &info, 1, 1) != 1) return std::nullopt;
    Received<Message> received;
    received.sender = sender_of(info.publication_handle);
    const bool good =
        info.valid_data &&
        Wire<Message>::read(*static_cast<typename Wire<Message>::Type*>(sample), received.message);
    dds_return_loan(reader_, &sample, 1);
    if (good) return received;
  }
}

template <typename Message>
bool Subscriber<Message>::wait(std::chrono::nanoseconds timeout) {
  return dds_waitset_wait(waitset_, nullptr, 0, timeout.count()) > 0;
}

template <typename Message>
int Subscriber<Message>::publishers() const {
  return std::max(0, dds_get_matched_publications(reader_, nullptr, 0));
}

template class Publisher<JointState>;
template class Publisher<Imu>;
template class Publisher<Numbers>;
template class Publisher<Flag>;
template class Publisher<Pose>;
template class Publisher<Policy>;
template class Publisher<EpisodeMessage>;
template class Publisher<Receipt>;
template class Subscriber<JointState>;
template class Subscriber<Imu>;
template class Subscriber<Numbers>;
template class Subscriber<Flag>;
template class Subscriber<Pose>;
template class Subscriber<Policy>;
template class Subscriber<EpisodeMessage>;
template class Subscriber<Receipt>;

}  // namespace motet::dds

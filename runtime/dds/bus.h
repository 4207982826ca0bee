#pragma once

// DDS by CycloneDDS, in ROS 2's conventions: the topic "/joint_states" is "rt/joint_states" on the wire.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "compiler/plan/result.h"
#include "runtime/dds/messages.h"

namespace motet::dds {

// Sensors may lose a message, for the next one is better; commands are sent until they have arrived; the last
// one that is kept comes to those, too, that subscribe later.
enum class Delivery { best_effort, reliable, kept };

// A place in a domain. Publishers and subscribers keep it alive. Which network is used is said by
// CYCLONEDDS_URI.
class Bus {
 public:
  // `domain`: 0 to 232, ROS_DOMAIN_ID in ROS 2.
  static Result<std::shared_ptr<Bus>> join(int domain);
  ~Bus();
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  std::int32_t entity() const { return entity_; }

 private:
  explicit Bus(std::int32_t entity) : entity_(entity) {}
  std::int32_t entity_;
};

// `Message`: one of messages.h.
template <typename Message>
class Publisher {
 public:
  // `topic`: "/joint_states".
  static Result<Publisher> make(std::shared_ptr<Bus> bus, const std::string& topic, Delivery delivery);
  Publisher(Publisher&& other) noexcept;
  Publisher& operator=(Publisher&&) = delete;
  ~Publisher();

  Status publish(const Message& message);
  int subscribers() const;  // that are matched now, those of this process included
  // Waits until the subscribers of what is reliable have it, or so long.
  void flush(std::chrono::nanoseconds timeout);

 private:
  Publisher(std::shared_ptr<Bus> bus, std::int32_t writer) : bus_(std::move(bus)), writer_(writer) {}
  std::shared_ptr<Bus> bus_;
  std::int32_t writer_;
};

// A message and who sent it.
template <typename Message>
struct Received {
  Message message;
  std::uint64_t sender = 0;  // the same for all messages of one Bus
};

template <typename Message>
class Subscriber {
 public:
  static Result<Subscriber> make(std::shared_ptr<Bus> bus, const std::string& topic, Delivery delivery);
  Subscriber(Subscriber&& other) noexcept;
  Subscriber& operator=(Subscriber&&) = delete;
  ~Subscriber();

  // The next message, the oldest first; nothing where none has come. One that is larger than any robot's is
  // dropped.
  std::optional<Received<Message>> take();
  // Waits until there is one, or so long.
  bool wait(std::chrono::nanoseconds timeout);
  int publishers() const;  // that are matched now

 private:
  Subscriber(std::shared_ptr<Bus> bus, std::int32_t reader, std::int32_t waitset)
      : bus_(std::move(bus)), reader_(reader), waitset_(waitset) {}
  std::uint64_t sender_of(std::uint64_t publication);

  std::shared_ptr<Bus> bus_;
  std::int32_t reader_, waitset_;
  std::uint64_t last_publication_ = 0, last_sender_ = 0;
};

}  // namespace motet::dds

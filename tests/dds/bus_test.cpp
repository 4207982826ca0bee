// Messages over DDS, between two participants of one process.

#include "runtime/dds/bus.h"

#include <gtest/gtest.h>

#include "bus_fixture.h"

namespace motet::dds {
namespace {

using namespace std::chrono_literals;
using namespace test;

template <typename Message>
struct Pair {
  Pair(const std::string& topic, Delivery delivery)
      : publisher(std::move(*Publisher<Message>::make(bus(), topic, delivery))),
        subscriber(std::move(*Subscriber<Message>::make(bus(), topic, delivery))) {
    EXPECT_TRUE(within(10s, [&] { return publisher.subscribers() == 1 && subscriber.publishers() == 1; }));
  }
  Message sent(const Message& message) {
    EXPECT_TRUE(publisher.publish(message));
    EXPECT_TRUE(subscriber.wait(5s));
    const auto received = subscriber.take();
    EXPECT_TRUE(received);
    return received ? received->message : Message{};
  }
  Publisher<Message> publisher;
  Subscriber<Message> subscriber;
};

TEST(Bus, CarriesJointStates) {
  Pair<JointState> pair("/joint_states", Delivery::best_effort);
  const JointState state{12.25, {"hip", "knee"}, {0.5, -1}, {2, 3}, {}};
  const JointState received = pair.sent(state);
  EXPECT_EQ(received.stamp, state.stamp);
  EXPECT_EQ(received.names, state.names);
  EXPECT_EQ(received.position, state.position);
  EXPECT_EQ(received.velocity, state.velocity);
  EXPECT_TRUE(received.effort.empty());
}

TEST(Bus, CarriesInertialMeasurements) {
  Pair<Imu> pair("/imu", Delivery::best_effort);
  const Imu imu{1, {0.5, 0.1, -0.2, 0.3}, {1, 2, 3}, {4, 5, 6}};
  const Imu received = pair.sent(imu);
  EXPECT_EQ(received.orientation, imu.orientation);
  EXPECT_EQ(received.angular_velocity, imu.angular_velocity);
  EXPECT_EQ(received.linear_acceleration, imu.linear_acceleration);
}

TEST(Bus, CarriesCommandsAndFlags) {
  Pair<Numbers> commands("/commands", Delivery::reliable);
  EXPECT_EQ(commands.sent({{1.5, -2}}).values, (std::vector<double>{1.5, -2}));
  EXPECT_TRUE(commands.sent({}).values.empty());
  Pair<Flag> flags("/stop", Delivery::reliable);
  EXPECT_TRUE(flags.sent({true}).value);
}

TEST(Bus, TellsSendersApart) {
  const auto commander = [](const std::shared_ptr<Bus>& bus) {
    return std::move(*Publisher<Numbers>::make(bus, "/commands", Delivery::reliable));
  };
  const auto one = bus(), two = bus();
  auto first = commander(one), second = commander(one), third = commander(two);
  auto subscriber = std::move(*Subscriber<Numbers>::make(bus(), "/commands", Delivery::reliable));
  ASSERT_TRUE(within(10s, [&] {
    return first.subscribers() == 1 && second.subscribers() == 1 && third.subscribers() == 1 &&
           subscriber.publishers() == 3;
  }));
  const auto from = [&](Publisher<Numbers>& publisher) {
    EXPECT_TRUE(publisher.publish({{1}}));
    EXPECT_TRUE(subscriber.wait(5s));
    const auto received = subscriber.take();
    return received ? received->sender : 0;
  };
  const std::uint64_t sender = from(first);
  EXPECT_EQ(from(second), sender);
  EXPECT_NE(from(third), sender);
  EXPECT_EQ(from(first), sender);
}

TEST(Bus, DropsWhatNoRobotSays) {
  Pair<Numbers> pair("/commands", Delivery::reliable);
  EXPECT_TRUE(pair.publisher.publish({std::vector<double>(5000, 1.0)}));
  EXPECT_EQ(pair.sent({{7}}).values, std::vector<double>{7});
}

TEST(Bus, RefusesADomainThatIsNone) {
  EXPECT_FALSE(Bus::join(-1));
  EXPECT_FALSE(Bus::join(233));
}

}  // namespace
}  // namespace motet::dds

// Somebody else on the robot's network.
//
//   bystander watch   says when (s, the robot's clock) and the largest effort of its joints (N m)
//   bystander stop    publishes an emergency stop, and ends when all that listen have it
//   bystander reset   puts a simulated robot back to where it begins

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <thread>

#include "runtime/dds/bus.h"
#include "runtime/dds/topics.h"

namespace {

using namespace motet;
using namespace motet::dds;
using namespace std::chrono_literals;

int watch(const std::shared_ptr<Bus>& bus) {
  auto states = Subscriber<JointState>::make(bus, joint_states_topic, Delivery::best_effort);
  while (states) {
    states->wait(100ms);
    while (const auto received = states->take()) {
      double most = 0;
      for (const double effort : received->message.effort) most = std::max(most, std::abs(effort));
      std::printf("%.3f %.6f\n", received->message.stamp, most);
    }
    std::fflush(stdout);
  }
  return 1;
}

int ask(const std::shared_ptr<Bus>& bus, const std::string& topic) {
  auto flags = Publisher<Flag>::make(bus, topic, Delivery::reliable);
  for (int i = 0; flags && i < 1000 && flags->subscribers() == 0; ++i) std::this_thread::sleep_for(5ms);
  std::this_thread::sleep_for(300ms);  // for all of them to be found
  if (!flags || flags->subscribers() == 0 || !flags->publish({true})) return 1;
  flags->flush(2s);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc == 2 ? argv[1] : "";
  const auto bus = Bus::join(0);
  if (bus && what == "watch") return watch(*bus);
  if (bus && what == "stop") return ask(*bus, stop_topic);
  if (bus && what == "reset") return ask(*bus, reset_topic);
  std::fprintf(stderr, "usage: bystander watch|stop|reset\n");
  return 2;
}

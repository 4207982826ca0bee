// A cable between two network interfaces that is as bad as one asks for: frames come late, in another order,
// or not at all.
//
//   wire A B DELAY_MS JITTER_MS LOSS_PERCENT
//
// SIGUSR1 cuts it, and mends it again.

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

struct Frame {
  int to;
  std::vector<char> bytes;
};

// A socket that sees and sends whole frames of an interface, checksums left to whoever comes next.
int open_end(const char* interface) {
  const int end = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
  const int yes = 1;
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(if_nametoindex(interface));
  if (end < 0 || setsockopt(end, SOL_PACKET, PACKET_VNET_HDR, &yes, sizeof yes) != 0 ||
      bind(end, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    std::perror(interface);
    std::exit(1);
  }
  return end;
}

volatile std::sig_atomic_t is_cut = 0;

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: wire A B DELAY_MS JITTER_MS LOSS_PERCENT\n");
    return 2;
  }
  const std::array<int, 2> ends{open_end(argv[1]), open_end(argv[2])};
  const double delay = std::atof(argv[3]), jitter = std::atof(argv[4]), loss = std::atof(argv[5]) / 100;
  std::signal(SIGUSR1, [](int) { is_cut = is_cut == 0 ? 1 : 0; });
  std::mt19937 random(1);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::multimap<Clock::time_point, Frame> on_their_way;
  std::array<char, 1 << 17> buffer;
  while (true) {
    int wait = -1;
    if (!on_their_way.empty()) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(on_their_way.begin()->first - Clock::now());
      wait = static_cast<int>(std::max<std::chrono::milliseconds::rep>(0, left.count()));
    }
    std::array<pollfd, 2> waiting{pollfd{ends[0], POLLIN, 0}, pollfd{ends[1], POLLIN, 0}};
    poll(waiting.data(), waiting.size(), wait);
    for (std::size_t i = 0; i < 2; ++i) {
      sockaddr_ll from{};
      socklen_t size = sizeof from;
      const ssize_t count = recvfrom(ends[i], buffer.data(), buffer.size(), MSG_DONTWAIT,
                                     reinterpret_cast<sockaddr*>(&from), &size);
      if (count <= 0 || from.sll_pkttype == PACKET_OUTGOING || is_cut != 0 || uniform(random) < loss)
        continue;
      const auto due = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                          Milliseconds(delay + jitter * uniform(random)));
      on_their_way.insert({due, {ends[1 - i], {buffer.begin(), buffer.begin() + count}}});
    }
    while (!on_their_way.empty() && on_their_way.begin()->first <= Clock::now()) {
      const Frame& frame = on_their_way.begin()->second;
      (void)!send(frame.to, frame.bytes.data(), frame.bytes.size(), MSG_DONTWAIT);
      on_their_way.erase(on_their_way.begin());
    }
  }
}

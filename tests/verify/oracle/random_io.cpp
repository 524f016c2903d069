// A random program of threads that read, write and poll pipes and counters. At its end it appends a
// line to a file: for each channel who did what there, in which order, and what came of it. The line is
// written past the runtime, so that it is no step and stays.
//
//     random_io SEED together|apart FILE
//
// `together`: polls look at all channels; so all steps on them are in one order.
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr int kChannelsMax = 2;
constexpr int kRoom = 400;

struct Channel {
  int ends[2];
  bool counts;  // an eventfd
  int awaited;  // reads that wait for something
  int size;
  char log[kRoom];
};
Channel g_channels[kChannelsMax];

// A system call that nobody sees.
long unseen(long number, const void* a, long b, long c) {
  long result = 0;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c)
               : "rcx", "r11", "memory");
  return result;
}

// Behind the step that it tells of, with no step in between: in the order of the steps. Plain memory,
// on purpose.
__attribute__((no_sanitize_thread, noinline)) void note(Channel& channel, char thread, char what,
                                                        std::uint64_t result) {
  char* const to = channel.log + channel.size;
  to[0] = thread;
  to[1] = what;
  to[2] = static_cast<char>('A' + result % 26);
  channel.size += 3;
}

void give(Channel& channel, char thread, std::uint64_t value) {
  if (write(channel.ends[1], &value, channel.counts ? 8 : 1) < 0) std::abort();
  note(channel, thread, 'w', 0);
}

void take(Channel& channel, char thread) {
  std::uint64_t value = 0;
  if (read(channel.ends[0], &value, channel.counts ? 8 : 1) < 0) std::abort();
  note(channel, thread, 'r', value);
}

void look(Channel* first, nfds_t count, char thread) {
  pollfd list[kChannelsMax];
  for (nfds_t i = 0; i < count; ++i) list[i] = {first[i].ends[0], POLLIN, 0};
  note(*first, thread, 'p', static_cast<std::uint64_t>(poll(list, count, 0)));
}

struct Step {
  unsigned channel;
  unsigned kind;  // 0: read, 1: poll, else write
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 1;
  std::minstd_rand random(static_cast<unsigned>(std::atoi(argv[1])) * 7919U + 1U);
  const bool together = std::string_view(argv[2]) == "together";
  const unsigned channel_count = 1U + random() % 2U;
  for (unsigned i = 0; i < channel_count; ++i) {
    Channel& channel = g_channels[i];
    channel.counts = random() % 3U == 0;
    if (channel.counts) {
      channel.ends[0] = channel.ends[1] = eventfd(0, EFD_SEMAPHORE);
    } else if (pipe(channel.ends) != 0) {
      return 2;
    }
  }
  std::vector<std::vector<Step>> plans(2U + random() % 2U);
  for (auto& plan : plans) {
    for (unsigned left = 1U + random() % 2U; left > 0; --left) {
      plan.push_back(
          {static_cast<unsigned>(random() % channel_count), static_cast<unsigned>(random() % 4U)});
      if (plan.back().kind == 0) ++g_channels[plan.back().channel].awaited;
    }
  }
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < plans.size(); ++t) {
    threads.emplace_back([&, t] {
      const char name = static_cast<char>('0' + t);
      for (const Step& step : plans[t]) {
        Channel& channel = g_channels[step.channel];
        if (step.kind == 0) {
          take(channel, name);
        } else if (step.kind == 1) {
          together ? look(g_channels, channel_count, name) : look(&channel, 1, name);
        } else {
          give(channel, name, channel.counts ? 1 : 1 + t);
        }
      }
    });
  }
  // Enough for all that wait.
  for (Channel& channel : g_channels) {
    for (int i = 0; i < channel.awaited; ++i) give(channel, 'm', channel.counts ? 1 : 20);
  }
  if (together) look(g_channels, channel_count, 'm');
  for (std::thread& thread : threads) thread.join();
  char line[kChannelsMax * kRoom + kChannelsMax + 1];
  long size = 0;
  for (const Channel& channel : g_channels) {
    for (int i = 0; i < channel.size; ++i) line[size++] = channel.log[i];
    line[size++] = '|';
  }
  line[size++] = '\n';
  const long file = unseen(SYS_open, argv[3], O_WRONLY | O_APPEND | O_CREAT, 0644);
  unseen(SYS_write, reinterpret_cast<const void*>(file), reinterpret_cast<long>(line), size);
  unseen(SYS_close, reinterpret_cast<const void*>(file), 0, 0);
}

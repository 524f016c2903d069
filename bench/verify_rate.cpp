// What trama::verify costs: for each function, how many distinct executions it has, the processor
// time for all of them (what others do on the machine is not to count) and the peak of the process's memory. Prints one line each, fields separated by tabs:
// name, executions, microseconds (the best of some rounds), KiB.
//
//     verify_rate [name…]      those whose names hold one of the words; all without
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>
#include <thread>
#include <trama/check.hpp>
#include <vector>

namespace {

template <int threads, int times>
void fetch_add() {
  std::atomic<int> value{0};
  std::array<std::thread, threads> adders;
  for (std::thread& adder : adders) {
    adder = std::thread([&value] {
      for (int i = 0; i < times; ++i) value.fetch_add(1);
    });
  }
  for (std::thread& adder : adders) adder.join();
  trama::expect(value == threads * times);
}

/// The bank of the lessons, behind one recursive mutex: so many transfers in each thread.
template <int threads, int transfers>
void bank() {
  std::recursive_mutex mutex;
  std::array<int, 2> accounts = {100, 100};
  const auto transfer = [&](int from, int to, int amount) {
    const std::lock_guard whole(mutex);
    const std::lock_guard again(mutex);
    accounts[static_cast<std::size_t>(from)] -= amount;
    accounts[static_cast<std::size_t>(to)] += amount;
  };
  std::array<std::thread, threads> workers;
  for (int t = 0; t < threads; ++t) {
    workers[static_cast<std::size_t>(t)] = std::thread([&transfer, t] {
      for (int i = 0; i < transfers; ++i) transfer(t % 2, 1 - t % 2, 10 + t);
    });
  }
  for (std::thread& worker : workers) worker.join();
  trama::expect(accounts[0] + accounts[1] == 200);
}

/// Two threads, four operations on an atomic in all; what is chosen makes it worth measuring.
void four_operations() {
  static_cast<void>(trama::choose(20000));
  std::atomic<int> value{0};
  const auto body = [&value] { value.store(value.load() + 1); };
  std::thread first(body);
  std::thread second(body);
  first.join();
  second.join();
}

double now_s() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Function {
  const char* name;
  int rounds;
  void (*function)();
};

constexpr Function kFunctions[] = {
    {"two threads, four atomic operations", 5, four_operations},
    {"bank, one recursive mutex, 3 threads x 2", 20, bank<3, 2>},
    {"fetch_add, 3 threads x 3", 10, fetch_add<3, 3>},
    {"fetch_add, 4 threads x 3", 1, fetch_add<4, 3>},
};

}  // namespace

int main(int argc, char** argv) {
  for (const Function& one : kFunctions) {
    const auto wanted = [&](const char* word) { return std::strstr(one.name, word) != nullptr; };
    if (argc > 1 && std::none_of(argv + 1, argv + argc, wanted)) continue;
    double best = 1e9;
    std::uint64_t executions = 0;
    for (int round = 0; round < one.rounds; ++round) {
      const double started = now_s();
      const auto result = trama::verify(one.function);
      const double taken = now_s() - started;
      if (!result.ok()) {
        std::fprintf(stderr, "%s: %s\n", one.name, result.text().c_str());
        return 1;
      }
      executions = result.complete;
      best = std::min(best, taken);
    }
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("%s\t%llu\t%.0f\t%ld\n", one.name, static_cast<unsigned long long>(executions),
                best * 1e6, usage.ru_maxrss);
    std::fflush(stdout);
  }
}

// How many executions a second trama::check makes of a small function: two threads, each two
// loads and two stores of one atomic, race detection on. Prints the best of five rounds.
#include <atomic>
#include <cstdio>
#include <thread>
#include <trama/check.hpp>

int main() {
  trama::check_options options;
  options.executions = 1000000;
  options.strategy = "random";
  double best = 0;
  for (int round = 0; round < 5; ++round) {
    const auto result = trama::check(
        [] {
          std::atomic<int> value{0};
          const auto body = [&value] {
            for (int i = 0; i < 2; ++i) value.store(value.load() + 1);
          };
          std::thread first(body);
          std::thread second(body);
          first.join();
          second.join();
        },
        options);
    if (!result.ok()) return 1;
    const double rate = static_cast<double>(result.executions) / result.seconds;
    if (rate > best) best = rate;
  }
  std::printf("%.0f\n", best);
}

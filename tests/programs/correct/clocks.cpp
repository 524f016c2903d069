// Sleeping and the clocks: who sleeps longer wakes later; both clocks go forward together.
#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>

using namespace std::chrono_literals;

int main() {
  using Steady = std::chrono::steady_clock;
  using System = std::chrono::system_clock;
  const auto steady = Steady::now();
  const auto system = System::now();
  std::atomic<int> order{0};
  int place_of_short = 0;
  int place_of_long = 0;
  std::thread slow([&] {
    std::this_thread::sleep_for(2h);
    place_of_long = ++order;
  });
  std::thread fast([&] {
    std::this_thread::sleep_until(Steady::now() + 1h);
    place_of_short = ++order;
  });
  slow.join();
  fast.join();
  if (place_of_short != 1 || place_of_long != 2) return 1;
  if (Steady::now() - steady < 2h || System::now() - system < 2h) return 2;
  if (Steady::now() - steady > 3h) return 3;
  const std::time_t seconds = std::time(nullptr);
  if (seconds != System::to_time_t(System::now())) return 4;
  timespec pause = {0, 1000};
  const auto before = Steady::now();
  nanosleep(&pause, nullptr);
  return Steady::now() - before >= 1us ? 0 : 5;
}
// Expected: nothing

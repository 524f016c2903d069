// Dining philosophers who take the lower fork first: no circle, no deadlock.
#include <algorithm>
#include <array>
#include <mutex>
#include <thread>
#include <vector>

int main() {
  constexpr std::size_t kSeats = 4;
  std::array<std::mutex, kSeats> forks;
  std::array<int, kSeats> meals{};
  std::vector<std::jthread> philosophers;
  for (std::size_t seat = 0; seat < kSeats; ++seat) {
    philosophers.emplace_back([&, seat] {
      const std::size_t other = (seat + 1) % kSeats;
      for (int i = 0; i < 2; ++i) {
        const std::lock_guard low(forks[std::min(seat, other)]);
        const std::lock_guard high(forks[std::max(seat, other)]);
        ++meals[seat];
      }
    });
  }
  philosophers.clear();
  return std::count(meals.begin(), meals.end(), 2) == kSeats ? 0 : 1;
}
// Expected: nothing

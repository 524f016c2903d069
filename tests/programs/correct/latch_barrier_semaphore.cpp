// C++20's latch, barrier (with a completion function), counting and binary semaphores.
#include <barrier>
#include <chrono>
#include <latch>
#include <semaphore>
#include <thread>
#include <vector>

int main() {
  constexpr int kThreads = 3;
  std::latch begin(1);
  std::latch finished(kThreads);
  int rounds = 0;
  std::barrier meeting(kThreads, [&rounds]() noexcept { ++rounds; });
  std::counting_semaphore<2> places(2);
  std::binary_semaphore one(1);
  int slots[kThreads] = {};
  int inside = 0;

  std::vector<std::thread> threads;
  for (int id = 0; id < kThreads; ++id) {
    threads.emplace_back([&, id] {
      begin.wait();
      slots[id] = id + 1;
      meeting.arrive_and_wait();
      const int neighbour = slots[(id + 1) % kThreads];
      meeting.arrive_and_wait();
      slots[id] += neighbour;
      places.acquire();
      one.acquire();
      ++inside;
      one.release();
      places.release();
      finished.count_down();
    });
  }
  begin.count_down();
  finished.wait();
  const int count = inside;
  for (std::thread& thread : threads) thread.join();
  std::binary_semaphore never(0);
  if (never.try_acquire_for(std::chrono::milliseconds(50))) return 1;
  if (never.try_acquire()) return 2;
  return rounds == 2 && count == 3 && slots[0] + slots[1] + slots[2] == 12 ? 0 : 3;
}
// Expected: nothing

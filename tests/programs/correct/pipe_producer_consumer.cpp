// Two producers and two consumers share one pipe; what was written before a message is seen by
// whoever reads it. Closing the last writing end lets the readers end.
#include <unistd.h>

#include <thread>
#include <vector>

namespace {
constexpr int kEach = 3;
int squares[2 * kEach];
}  // namespace

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  std::vector<std::thread> producers;
  for (int id = 0; id < 2; ++id) {
    producers.emplace_back([&ends, id] {
      for (int i = id * kEach; i < (id + 1) * kEach; ++i) {
        squares[i] = i * i;
        if (write(ends[1], &i, sizeof i) != sizeof i) _exit(2);
      }
    });
  }
  int sums[2] = {};
  std::vector<std::thread> consumers;
  for (int& sum : sums) {
    consumers.emplace_back([&ends, &sum] {
      for (int i = 0; read(ends[0], &i, sizeof i) == sizeof i;) sum += squares[i];
    });
  }
  for (std::thread& thread : producers) thread.join();
  close(ends[1]);
  for (std::thread& thread : consumers) thread.join();
  close(ends[0]);
  return sums[0] + sums[1] == 55 ? 0 : 3;
}
// Expected: nothing

// A loop of plain reads and writes in one thread: what instrumentation costs by itself.
#include <cstdio>
#include <vector>

int main() {
  std::vector<int> values(4096);
  long sum = 0;
  for (int round = 0; round < 30000; ++round) {
    for (std::size_t i = 1; i < values.size(); ++i) {
      values[i] = values[i - 1] + static_cast<int>(i);
      sum += values[i];
    }
  }
  std::printf("%ld\n", sum);
}

// wrw: a writer, and N threads that read x before they write it.
#include <atomic>
#include <cstdio>
#include <thread>

#ifndef N
#define N 2
#endif

std::atomic<int> x{0};
int r[N];

int main() {
  std::thread writer([] { x.store(1, std::memory_order_release); });
  std::thread threads[N];
  for (int i = 0; i < N; ++i) {
    threads[i] = std::thread([i] {
      r[i] = x.load(std::memory_order_relaxed);
      x.store(i, std::memory_order_release);
    });
  }
  writer.join();
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < N; ++i) std::printf("r%d=%d%c", i + 1, r[i], i + 1 < N ? ' ' : '\n');
}
// Executions: rc11 22, sc 22, tso 22
// Executions -DN=3: rc11 300, sc 300, tso 300
// Executions -DN=4: rc11 6576, sc 6576, tso 6576
// Allowed rc11: r1=0 r2=0; r1=0 r2=1; r1=1 r2=0; r1=1 r2=1

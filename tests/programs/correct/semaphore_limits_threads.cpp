// More threads than the semaphore lets in: libstdc++ before 12.3 may sleep on a count that is
// not 0, which no program can help (docs/decisions/0015).
#include <atomic>
#include <semaphore>
#include <thread>
#include <vector>

std::counting_semaphore<2> room{2};
std::atomic<int> inside{0};
std::atomic<int> most{0};

void visit() {
  for (int round = 0; round < 2; ++round) {
    room.acquire();
    const int now = ++inside;
    if (now > most) most = now;
    --inside;
    room.release();
  }
}

int main() {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(visit);
  }
  return most <= 2 ? 0 : 1;
}

// Expected: nothing

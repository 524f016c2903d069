// Atomics of sixteen bytes, and of more, which go to libatomic: each operation is indivisible
// and hands over what it promises. (Linked with LIBATOMIC.)
#include <atomic>
#include <thread>

struct Pair {
  long first;
  long second;
};
struct Triple {
  long first;
  long second;
  long third;
};
struct Odd {
  char text[11];
};

std::atomic<Pair> pair{{0, 0}};
std::atomic<Triple> triple{{0, 0, 0}};
std::atomic<Odd> odd{{"start"}};
int data = 0;

void add(long amount) {
  Triple before = triple.load(std::memory_order_relaxed);
  while (!triple.compare_exchange_weak(
      before, {before.first + amount, before.second - amount, before.third + 1},
      std::memory_order_acq_rel, std::memory_order_acquire)) {
  }
  Pair old = pair.load();
  while (!pair.compare_exchange_strong(old, {old.first + amount, old.second - amount})) {
  }
}

int main() {
  std::thread one(add, 5);
  std::thread two(add, 7);
  std::thread writer([] {
    data = 9;
    odd.store({"ready"}, std::memory_order_release);
  });
  bool torn = false;
  for (int i = 0; i < 3; ++i) {
    const Triple now = triple.load();
    torn = torn || now.first + now.second != 0;
  }
  if (odd.load(std::memory_order_acquire).text[0] == 'r' && data != 9) return 1;
  one.join();
  two.join();
  writer.join();
  const Triple last = triple.exchange({1, 2, 3});
  const Pair sum = pair.exchange({1, 2});
  if (torn || last.first != 12 || last.second != -12 || last.third != 2) return 2;
  return sum.first == 12 && sum.second == -12 && triple.load().third == 3 ? 0 : 3;
}
// Expected: nothing

// atomic_ref of several types; plain accesses to the same objects only before and after.
#include <atomic>
#include <thread>

struct alignas(8) Point {
  int x;
  int y;
};

int counter = 0;
double sum = 0;
long slots[4] = {};
Point point{0, 0};
unsigned char small = 250;
int payload = 0;
int flag = 0;

void work(int id) {
  std::atomic_ref(counter).fetch_add(id, std::memory_order_relaxed);
  std::atomic_ref(sum).fetch_add(0.5);
  ++std::atomic_ref(slots[id]);
  std::atomic_ref(small).fetch_add(3, std::memory_order_acq_rel);
  std::atomic_ref<Point> both(point);
  Point old = both.load();
  while (!both.compare_exchange_weak(old, {old.x + 1, old.y - 1})) {
  }
  if (id == 1) {
    payload = 7;
    std::atomic_ref(flag).store(1, std::memory_order_release);
    std::atomic_ref(flag).notify_one();
  } else {
    std::atomic_ref(flag).wait(0, std::memory_order_acquire);
    ++payload;
  }
}

int main() {
  std::thread one(work, 1);
  std::thread two(work, 2);
  one.join();
  two.join();
  if (counter != 3 || sum != 1.0 || slots[1] + slots[2] != 2) return 1;
  if (point.x != 2 || point.y != -2 || small != 0) return 2;
  return payload == 8 ? 0 : 3;
}
// Expected: nothing

// MPU2+rels+acqf: a release store that a relaxed store of the same thread follows, a relaxed load
// with an acquire fence, and a release sequence of two relaxed CAS in between.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> y{0};
int x;
int r1;
int r2;
int r3;

int main() {
  std::thread one([] {
    x = 1;
    y.store(0, std::memory_order_release);
    y.store(1, std::memory_order_relaxed);
  });
  std::thread two([] {
    r1 = 2;
    y.compare_exchange_strong(r1, 3, std::memory_order_relaxed, std::memory_order_relaxed);
  });
  std::thread three([] {
    r2 = 1;
    y.compare_exchange_strong(r2, 2, std::memory_order_relaxed, std::memory_order_relaxed);
  });
  std::thread four([] {
    r3 = y.load(std::memory_order_relaxed);
    if (r3 > 2) {
      std::atomic_thread_fence(std::memory_order_acquire);
      x = 2;
    }
  });
  one.join();
  two.join();
  three.join();
  four.join();
  std::printf("r1=%d r2=%d r3=%d x=%d\n", r1, r2, r3, x);
}
// Executions: rc11 36, sc 35, tso 35
// Allowed rc11: r1=0 r2=0 r3=0 x=1; r1=0 r2=0 r3=1 x=1; r1=0 r2=1 r3=0 x=1; r1=0 r2=1 r3=1 x=1;
//   r1=0 r2=1 r3=2 x=1; r1=1 r2=0 r3=0 x=1; r1=1 r2=0 r3=1 x=1; r1=1 r2=1 r3=0 x=1;
//   r1=1 r2=1 r3=1 x=1; r1=1 r2=1 r3=2 x=1; r1=2 r2=1 r3=0 x=1; r1=2 r2=1 r3=1 x=1;
//   r1=2 r2=1 r3=2 x=1; r1=2 r2=1 r3=3 x=1; r1=2 r2=1 r3=3 x=2
// Forbidden tso: r1=2 r2=1 r3=3 x=1
// Forbidden sc: r1=2 r2=1 r3=3 x=1
// Race: x. Since C++20 a release sequence holds no later store of its thread, only RMWs.

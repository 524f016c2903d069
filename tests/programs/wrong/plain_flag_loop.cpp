// A flag that is no atomic, and a thread that waits for it before the other can set it: the loop
// has no step in it, so by steps alone nobody else would ever have a turn.
#include <atomic>
#include <thread>

std::atomic<bool> waiting{false};
volatile bool stop = false;

int main() {
  std::thread worker([] {
    waiting = true;
    while (!stop) {  // @wait
    }
  });
  while (!waiting) std::this_thread::yield();
  stop = true;
  worker.join();
}
// Expected: RACE
//   report: @wait

// A flag that is no atomic, and a thread that waits for it: the loop has no step in it, and the
// thread that should set the flag would never have a turn.
#include <thread>

volatile bool stop = false;
volatile long rounds = 0;

int main() {
  std::thread worker([] {
    while (!stop) rounds = rounds + 1;  // @wait
  });
  stop = true;
  worker.join();
}
// Expected: RACE
//   report: @wait

// A thread spins on a flag that is set only when the other got past its own: in one order both
// look for ever.
#include <atomic>
#include <thread>

std::atomic<int> turn{0};

void play(int me) {
  turn = me;
  while (turn == me) {  // @spin
  }
}

int main() {
  std::thread one(play, 1);
  std::thread two(play, 2);
  one.join();
  two.join();
}
// Expected: LIVELOCK
//   report: @spin

// atomic::wait and notify, on an int, a bool, an atomic_flag and a byte.
#include <atomic>
#include <thread>

std::atomic<int> turn{0};
std::atomic_flag done = ATOMIC_FLAG_INIT;
std::atomic<bool> open{false};
std::atomic<unsigned char> small{0};
int plain = 0;

void player(int me, int rounds) {
  for (int i = 0; i < rounds; ++i) {
    for (int now = turn.load(); now % 2 != me; now = turn.load()) turn.wait(now);
    ++plain;
    ++turn;
    turn.notify_all();
  }
}

int main() {
  std::thread ping(player, 0, 3);
  std::thread pong(player, 1, 3);
  std::thread waiter([] {
    open.wait(false);
    done.wait(false);
    small.wait(0);
  });
  open = true;
  open.notify_one();
  done.test_and_set();
  done.notify_all();
  small = 3;
  small.notify_one();
  ping.join();
  pong.join();
  waiter.join();
  return plain == 6 ? 0 : 1;
}
// Expected: nothing

// thread_local objects: fresh in each thread, destroyed at each thread's end, in reverse order.
#include <cstring>
#include <mutex>
#include <string>
#include <thread>

std::mutex mutex;
std::string order;
int alive = 0;
int plain_mistakes = 0;

struct Noisy {
  char name;
  explicit Noisy(char letter) : name(letter) {
    const std::lock_guard lock(mutex);
    ++alive;
  }
  ~Noisy() {
    const std::lock_guard lock(mutex);
    --alive;
    order += name;
  }
};

thread_local int plain = 5;
thread_local char block[4096];
thread_local Noisy first('a');
thread_local Noisy second('b');

void use() {
  const bool fresh = plain == 5 && block[4095] == 0;
  plain = 6;
  std::memset(block, 1, sizeof block);
  first.name = 'x';
  second.name = 'y';
  const std::lock_guard lock(mutex);
  if (!fresh) ++plain_mistakes;
}

int main() {
  for (int round = 0; round < 2; ++round) {
    std::thread one(use);
    std::thread two(use);
    one.join();
    two.join();
  }
  if (alive != 0 || plain_mistakes != 0 || plain != 5) return 1;
  for (std::size_t y = 0, x = 0, i = 0; i < order.size(); ++i) {
    (order[i] == 'y' ? y : x) += 1;
    if (x > y) return 2;  // the second is destroyed before the first
  }
  return order.size() == 8 ? 0 : 3;
}
// Expected: nothing

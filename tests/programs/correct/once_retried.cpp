// call_once: the initialiser that throws is not the one; the next caller tries again.
#include <mutex>
#include <stdexcept>
#include <thread>

std::once_flag flag;
int tries = 0;
int value = 0;
std::mutex failures_mutex;
int failures = 0;

void initialise() {
  if (++tries == 1) throw std::runtime_error("not yet");
  value = 7;
}

void use() {
  try {
    std::call_once(flag, initialise);
    if (value != 7) throw std::logic_error("seen before it was made");
  } catch (const std::runtime_error&) {
    const std::lock_guard lock(failures_mutex);
    ++failures;
  }
}

int main() {
  std::thread one(use);
  std::thread two(use);
  std::thread three(use);
  one.join();
  two.join();
  three.join();
  return tries == 2 && value == 7 && failures == 1 ? 0 : 1;
}
// Expected: nothing

// A reader asks for the shared lock with a deadline, and reads whether it got it or not.
#include <chrono>
#include <shared_mutex>
#include <thread>

std::shared_timed_mutex mutex;
int price = 100;
int seen = 0;

int main() {
  std::thread writer([] {
    const std::lock_guard lock(mutex);
    price = 200;
  });
  const bool locked = mutex.try_lock_shared_for(std::chrono::milliseconds(5));
  seen = price;  // @read
  if (locked) mutex.unlock_shared();
  writer.join();
}
// Expected: RACE
//   report: @read

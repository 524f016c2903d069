// One condition for two things: the notification speaks of the other one, and comes before the wait.
// What the waiter looks at is written by nobody, as long as there are no arguments.
#include <condition_variable>
#include <mutex>
#include <thread>

int main(int argc, char**) {
  std::mutex mutex;
  std::condition_variable condition;
  bool is_open = false;
  bool is_closed = false;
  std::thread opener([&] {
    const std::lock_guard lock(mutex);
    (argc == 1 ? is_open : is_closed) = true;
    condition.notify_all();
  });
  opener.join();
  std::unique_lock lock(mutex);
  condition.wait(lock, [&] { return is_closed; });  // @wait
}
// Expected: DEADLOCK
//   report: @wait
//   report: the thread looked again after it

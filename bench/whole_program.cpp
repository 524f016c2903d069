// An ordinary whole program with a thread, a mutex, a condition variable, std::async and
// futures: how many times a second can it be run from its beginning to its end?
#include <condition_variable>
#include <future>
#include <iostream>
#include <mutex>
#include <thread>

int x;
std::mutex m;
std::condition_variable ready_changed;
bool ready;

int main() {
  std::thread a([] {
    x++;
    std::lock_guard lock(m);
    ready = true;
    ready_changed.notify_one();
  });
  std::thread b([] {
    std::unique_lock lock(m);
    ready_changed.wait(lock, [] { return ready; });
    x++;
  });
  a.join();
  b.join();
  auto three = std::async(std::launch::async, [] { return 3; });
  std::promise<int> promise;
  auto future = promise.get_future();
  promise.set_value(4);
  std::cout << three.get() + future.get() + x << "\n";
}

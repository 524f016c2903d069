// A subject calls its observers without the lock under which they are attached. The vector
// raced on stands behind a wide write, and what the race leads to reads out of bounds: both
// must replay in a process of their own.
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

struct Subject {
  std::mutex mutex;
  std::vector<std::function<void(int)>> observers;

  void attach(std::function<void(int)> observer) {
    const std::lock_guard lock(mutex);
    observers.push_back(std::move(observer));
  }
  void notify(int value) {
    for (auto& observer : observers) observer(value);  // @notify
  }
};

int main() {
  Subject subject;
  subject.attach([](int) {});
  std::thread caller([&] { subject.notify(1); });
  std::thread late([&] { subject.attach([](int) {}); });
  caller.join();
  late.join();
}
// Expected: RACE, any?
//   report: @notify

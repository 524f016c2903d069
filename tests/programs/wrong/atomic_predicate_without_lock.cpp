// A predicate over an atomic that changes without the lock: the notification may fall between the
// look at it and the sleep.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

class Gate {
 public:
  void open() {
    open_ = 1;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_ == 1; });  // @wait
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<int> open_{0};
};

int main() {
  Gate gate;
  std::thread waiter([&] { gate.pass(); });
  gate.open();
  waiter.join();
}
// Expected: LOST-WAKEUP
//   report: @wait

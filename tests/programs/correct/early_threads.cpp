// Static objects that start threads before main, and join them after it.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

class Pool {
 public:
  Pool() : thread_([this] { run(); }) {}
  ~Pool() {
    {
      std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
    if (done_ != 2) std::_Exit(7);
  }
  void add(std::string job) {
    std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      jobs_.pop_front();
      ++done_;
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> jobs_;
  bool stop_ = false;
  int done_ = 0;
  std::thread thread_;
} pool;

struct Watcher {
  std::atomic<int> seen{0};
  std::thread thread{[this] { seen = 1; }};
  ~Watcher() { thread.join(); }
} watcher;

int main() {
  std::thread other([] { pool.add("other's"); });
  pool.add("main's");
  other.join();
  return 0;
}

// Expected: nothing

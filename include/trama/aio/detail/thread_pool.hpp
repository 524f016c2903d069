// Threads for calls that block: to_thread, files, names of hosts. As Python's default executor: a
// thread is started when there is work and none is idle, at most min(32, processors + 4) of them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace trama::aio::detail {

class thread_pool {
 public:
  /// A call that waits for its thread.
  struct job {
    virtual ~job() = default;
    /// `self` owns it, and is to be handed on: what it holds is not for the thread to destroy.
    virtual void run(std::shared_ptr<job> self) noexcept = 0;
  };

  thread_pool() = default;
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;
  ~thread_pool() { join(); }

  void submit(std::shared_ptr<job> added) {
    const std::lock_guard lock(mutex_);
    if (idle_ <= jobs_.size() && threads_.size() < size_max()) {
      threads_.emplace_back([this] { work(); });
    }
    jobs_.push_back(std::move(added));
    changed_.notify_one();
  }

  /// Waits until all that was submitted has run, and ends the threads.
  void join() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      changed_.notify_all();
    }
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  static std::size_t size_max() {
    const std::size_t wanted = std::thread::hardware_concurrency() + 4;
    return wanted < 32 ? wanted : 32;
  }

  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      ++idle_;
      changed_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
      --idle_;
      if (jobs_.empty()) return;
      std::shared_ptr<job> next = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job& called = *next;
      called.run(std::move(next));
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<job>> jobs_;
  std::size_t idle_ = 0;
  bool closed_ = false;
  std::vector<std::thread> threads_;  // only the loop's thread adds to it
};

}  // namespace trama::aio::detail

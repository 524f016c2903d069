// A bounded buffer: two condition variables, two producers, two consumers, predicates.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

class Buffer {
 public:
  void put(int value) {
    std::unique_lock lock(mutex_);
    not_full_.wait(lock, [this] { return values_.size() < 2; });
    values_.push_back(value);
    not_empty_.notify_one();
  }
  int get() {
    std::unique_lock lock(mutex_);
    not_empty_.wait(lock, [this] { return !values_.empty(); });
    const int value = values_.front();
    values_.pop_front();
    not_full_.notify_one();
    return value;
  }

 private:
  std::mutex mutex_;
  std::condition_variable not_full_;
  std::condition_variable not_empty_;
  std::deque<int> values_;
};

int main() {
  Buffer buffer;
  int sums[2] = {};
  std::vector<std::thread> threads;
  for (int producer = 0; producer < 2; ++producer) {
    threads.emplace_back([&buffer, producer] {
      for (int i = 1; i <= 3; ++i) buffer.put(10 * producer + i);
    });
  }
  for (int& sum : sums) {
    threads.emplace_back([&buffer, &sum] {
      for (int i = 0; i < 3; ++i) sum += buffer.get();
    });
  }
  for (std::thread& thread : threads) thread.join();
  return sums[0] + sums[1] == 6 + 36 ? 0 : 1;
}
// Expected: nothing

// What the tests call: functions that go wrong in some orders of their threads.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

template <typename First, typename Second>
void in_two_threads(First first, Second second) {
  std::thread one(first);
  std::thread two(second);
  one.join();
  two.join();
}

inline int right_sum() {
  std::mutex mutex;
  int sum = 0;
  const auto add = [&] {
    const std::lock_guard lock(mutex);
    ++sum;
  };
  in_two_threads(add, add);
  return sum;
}

inline int racy_sum() {
  int sum = 0;
  const auto add = [&] { ++sum; };
  in_two_threads(add, add);
  return sum;
}

/// 1, or 2 in another order of the threads; no race.
inline int order() {
  std::atomic<int> last{0};
  in_two_threads([&] { last = 2; }, [&] { last = 1; });
  return last;
}

inline void crash_in_one_order() {
  int value = 1;
  std::atomic<int*> pointer{&value};
  in_two_threads([&] { pointer = nullptr; }, [&] { *pointer.load() = 2; });
}

inline void deadlock() {
  std::mutex one;
  std::mutex two;
  in_two_threads(
      [&] {
        const std::lock_guard first(one);
        const std::lock_guard second(two);
      },
      [&] {
        const std::lock_guard first(two);
        const std::lock_guard second(one);
      });
}

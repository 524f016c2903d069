// Wait watch: whether a thread that sleeps at a condition for ever slept through a notification,
// or whether what it waits for simply never came.
//
// A notification that found nobody waiting was lost on a thread that, before it went to sleep,
// had not looked at the state again: it did not look at all while it held its lock, or what it
// looked at was changed by another thread after its look and before the notification. Who looked
// after the change knows all that the notification would have said.
//
// A look is a read, plain or atomic. No look is the reading of pointers on the way to the
// condition or its lock, such as the captures of a lambda. Kept only while an execution is recorded.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "event/event.hpp"

namespace trama::runtime {

class WaitWatch {
 public:
  /// The current thread reads or writes plain memory.
  void on_access(std::uint64_t address, unsigned size, bool writes);
  void on_step(const Event& event);

  /// Of a thread that sleeps at a condition: whether a notification was surely lost on it.
  [[nodiscard]] bool slept_through(ThreadId thread) const {
    return thread < threads_.size() && threads_[thread].slept_through;
  }

 private:
  struct Access {
    std::uint64_t address;
    std::uint64_t size;
    std::uint64_t value;  // of eight bytes that were read
    std::uint64_t moment;
    ThreadId thread;
  };
  struct Thread {
    unsigned held_count = 0;    // locks that it holds
    std::deque<Access> looks;   // since it last held none, and since its last wait
    bool forgot_looks = false;  // there were too many
    bool slept_through = false;
  };

  Thread& of(ThreadId thread) {
    if (thread >= threads_.size()) threads_.resize(thread + 1U);
    return threads_[thread];
  }
  void begin_window(ThreadId thread);
  void add_look(const Access& look);
  void add_write(const Access& write);
  [[nodiscard]] bool misses(const Event& wait);
  [[nodiscard]] bool changed_between(const Access& look, std::uint64_t end) const;

  std::vector<Thread> threads_;
  std::deque<Access> writes_;  // of all threads, the latest last
};

}  // namespace trama::runtime

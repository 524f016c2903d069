// HappensBefore: the vector clocks of the threads, and how synchronisation moves them.
//
// What one thread publishes and another takes over is a SyncVar: a mutex has one, and so
// has each atomic location (there it is the clock of the release sequence headed by, or
// containing, the last store). C++20, [intro.races] and [atomics.fences], in clocks:
//
//     acquire load      C := C ⊔ L                  relaxed load    P := P ⊔ L
//     release store     L := C                      relaxed store   L := F
//     release RMW       L := L ⊔ C                  relaxed RMW     L := L ⊔ F
//     acquire fence     C := C ⊔ P                  release fence   F := C
//
// with C the thread's clock, P what its relaxed loads saw, F its clock at its last release
// fence (empty if none). A relaxed store thus breaks a release sequence, whoever makes it
// (C++20; before, the thread's own did not). An RMW continues it. A seq_cst fence counts
// as an acq_rel fence: happens-before asks no more of it.
//
// Whatever publishes a thread's clock ticks it afterwards: the other side must not see the
// publisher's next step. So no two publications of a thread share a clock, which buys a
// shortcut (`SyncVar::known_to`): if a SyncVar holds exactly what thread t published at
// c, then whoever knows c@t knows all of it, and need not join. Taking a lock again that
// nobody else had, or reading one's own store, costs one comparison.
#pragma once

#include <cstdint>

#include "base/check.hpp"
#include "event/ids.hpp"
#include "event/memory_order.hpp"
#include "memory/pool.hpp"
#include "memory/shadow_word.hpp"
#include "memory/vector_clock.hpp"

namespace trama {

/// A published clock. Owned by whoever models the mutex, semaphore, barrier…; it must be
/// cleared (or made anew) for each execution.
class SyncVar {
 public:
  void clear() {
    clock_.clear();
    publisher_ = kNoThread;
  }
  [[nodiscard]] bool empty() const { return clock_.empty(); }
  [[nodiscard]] const VectorClock& clock() const { return clock_; }

  /// O(1), and never wrongly true. False also when it is unknown.
  [[nodiscard]] bool known_to(const VectorClock& clock) const {
    return empty() || (publisher_ != kNoThread && clock.at(publisher_) >= published_);
  }

  /// Holds `clock` and nothing else from now on; it is what `thread` published at `at`.
  void assign(const VectorClock& clock, ThreadId thread, std::uint32_t at) {
    clock_.assign(clock);
    publisher_ = thread;
    published_ = at;
  }

  /// Adds `clock`, which is what `thread` published at `at`.
  void join(const VectorClock& clock, ThreadId thread, std::uint32_t at) {
    if (known_to(clock)) return assign(clock, thread, at);
    if (clock_.at(thread) >= at) return;
    clock_.join(clock);
    publisher_ = kNoThread;
  }

  void join(const SyncVar& other) {
    if (other.empty()) return;
    if (empty()) return assign(other.clock_, other.publisher_, other.published_);
    clock_.join(other.clock_);
    publisher_ = kNoThread;
  }

 private:
  VectorClock clock_;
  std::uint32_t published_ = 0;
  ThreadId publisher_ = kNoThread;  // kNoThread: several published, or nobody
};

class HappensBefore {
 public:
  /// Of a size that makes finding one by its number cheap.
  struct alignas(256) Thread {
    VectorClock clock;
    VectorClock fence;           // the clock at the last release fence
    VectorClock pending;         // what relaxed loads saw since the last acquire fence
    std::uint32_t fence_at = 0;  // own clock at that fence; 0: there was none
    ThreadId id = kNoThread;

    [[nodiscard]] std::uint32_t now() const { return clock.at(id); }
  };

  /// Forgets all threads but the main thread, which starts at clock 1.
  void begin_execution() {
    threads_.give_all_back();
    exhausted_ = false;
    create(kMainThread).clock.set(kMainThread, 1);
  }

  /// Requires: the thread began in this execution.
  Thread& thread(ThreadId id) {
    TRAMA_CHECK(id < threads_.size());
    return threads_[id];
  }
  [[nodiscard]] const Thread& thread(ThreadId id) const {
    TRAMA_CHECK(id < threads_.size());
    return threads_[id];
  }

  /// A number may be given again if `may_reuse(child, parent)`.
  void thread_begin(ThreadId child, ThreadId parent) {
    const std::uint32_t before = child < threads_.size() ? threads_[child].clock.at(child) : 0;
    Thread& begun = create(child);
    Thread& starter = thread(parent);
    begun.clock.assign(starter.clock);
    begun.clock.set(child, before);
    tick(begun);
    tick(starter);  // after the child's copy: it must not see the parent's next step
  }
  void thread_join(ThreadId joiner, ThreadId joined) {
    thread(joiner).clock.join(thread(joined).clock);
  }
  /// Whether all that the ended thread `old` did is known to `parent`, so that a new thread
  /// may continue its clock without seeming to have done what `old` did unordered.
  [[nodiscard]] bool may_reuse(ThreadId old, ThreadId parent) const {
    return thread(old).now() <= thread(parent).clock.at(old);
  }

  void acquire(Thread& self, const SyncVar& sync) {
    if (!sync.known_to(self.clock)) self.clock.join(sync.clock());
  }
  void release(Thread& self, SyncVar& sync) {
    sync.join(self.clock, self.id, self.now());
    tick(self);
  }
  void release_store(Thread& self, SyncVar& sync) {
    sync.assign(self.clock, self.id, self.now());
    tick(self);
  }

  /// What a load or RMW of `order` learns from the store it reads, which left `sync`.
  void read_from(Thread& self, const SyncVar& sync, MemoryOrder order) {
    if (sync.known_to(self.clock)) return;
    (is_acquire(order) ? self.clock : self.pending).join(sync.clock());
  }
  /// What a store (or RMW) of `order` leaves for others. After a release `tick` is due, once
  /// for all the parts of a store.
  void publish(Thread& self, SyncVar& sync, MemoryOrder order, bool is_rmw) {
    if (is_release(order)) {
      if (is_rmw) return sync.join(self.clock, self.id, self.now());
      return sync.assign(self.clock, self.id, self.now());
    }
    if (!is_rmw) sync.clear();
    if (self.fence_at != 0) sync.join(self.fence, self.id, self.fence_at);
  }
  void fence(Thread& self, MemoryOrder order) {
    if (is_acquire(order) && !self.pending.empty()) {
      self.clock.join(self.pending);
      self.pending.clear();
    }
    if (is_release(order)) {
      self.fence.assign(self.clock);
      self.fence_at = self.now();
      tick(self);
    }
  }

  void tick(Thread& self) {
    const std::uint32_t clock = self.clock.tick(self.id);
    if (__builtin_expect(clock >= kClockWarning, 0)) {
      TRAMA_CHECK(clock <= kClockMax);
      exhausted_ = true;
    }
  }
  /// Whether every thread knows what `thread` did at `clock`, and so every thread that they may yet
  /// create. Of many threads not: they are not worth asking.
  [[nodiscard]] bool is_known_to_all(ThreadId thread, std::uint32_t clock) const {
    constexpr std::uint32_t kFew = 8;
    if (threads_.size() > kFew) return false;
    for (std::uint32_t i = 0; i < threads_.size(); ++i) {
      if (threads_[i].clock.at(thread) < clock) return false;
    }
    return true;
  }
  /// A clock nears its end: the execution must stop within 65 000 steps of any thread.
  [[nodiscard]] bool exhausted() const { return exhausted_; }

  static constexpr std::uint32_t kClockWarning = kClockMax - 65'535;

 private:
  static void reset(Thread& thread, ThreadId id) {
    thread.clock.clear();
    thread.fence.clear();
    thread.pending.clear();
    thread.fence_at = 0;
    thread.id = id;
  }
  Thread& create(ThreadId id) {
    TRAMA_CHECK(id < kThreadCountMax);
    while (threads_.size() <= id) {
      // Numbers may begin out of turn; those skipped are there, with an empty clock.
      const std::uint32_t taken = threads_.take();
      reset(threads_[taken], static_cast<ThreadId>(taken));
    }
    reset(threads_[id], id);
    return threads_[id];
  }

  Pool<Thread, 4> threads_;
  bool exhausted_ = false;
};

}  // namespace trama

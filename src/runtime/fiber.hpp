// Fibers: the threads of the program, all on one kernel thread.
//
// For each fiber one real pthread is made and parked for ever; the fiber borrows its stack
// and its thread-local storage. So pthread_self, errno, thread_local and the C library work
// as in a real thread, and a switch is a change of stack and thread pointer. Stacks stand at
// fixed addresses, so that a second run of the same schedule sees the same ones.
//
// Slot 0 is the main thread: a stack of ours, with the thread-local storage with which the
// process began.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "event/ids.hpp"
#include "schedule/thread_set.hpp"

namespace trama::runtime {

inline constexpr std::size_t kStackBytes = std::size_t{8} << 20U;
inline constexpr std::size_t kGuardBytes = std::size_t{64} << 10U;
/// Where the stacks and the thread-local storage of all fibers stand.
inline constexpr std::uint64_t kStacksAt = 0x630000000000;
inline constexpr std::size_t kStacksBytes = kThreadCountMax * (kStackBytes + kGuardBytes);

/// A destructor of a thread_local object, as __cxa_thread_atexit_impl gets it.
struct TlsDestructor {
  void (*function)(void*);
  void* object;
};

/// What a loop that is suspected of never ending was seen to do; see spin_watch.cpp.
struct LoopMemory {
  std::uint64_t hash = 0;  ///< of its state when it last came round
  bool wrote = false;      ///< since then: to memory other than its own stack
  bool watched = false;    ///< since then: all memory
};

/// See cancel.hpp.
struct Cancellation {
  bool requested = false;
  bool disabled = false;
  bool asynchronous = false;
  bool ending = false;       ///< its stack is being unwound
  void* handlers = nullptr;  ///< C's cleanup handlers, innermost first
};

struct Fiber {
  void* stack_pointer = nullptr;     ///< while it does not run
  std::uint64_t thread_pointer = 0;  ///< base of its TLS; also its pthread_t
  char* stack_low = nullptr;         ///< lowest address, above the guard
  char* stack_top = nullptr;         ///< where a new thread begins
  bool in_use = false;
  bool touched = false;         ///< used in this execution
  std::size_t ended_bytes = 0;  ///< of the stack's top: its last thread's end marked them
  ThreadId thread = kNoThread;
  void* (*function)(void*) = nullptr;
  void* argument = nullptr;
  void* result = nullptr;
  std::vector<TlsDestructor> destructors;
  std::vector<void*> specific;  ///< values of pthread keys
  char name[16] = {};
  LoopMemory loop;
  Cancellation cancellation;

  [[nodiscard]] bool has_on_stack(const void* address) const {
    return address >= stack_low && address < stack_top;
  }
};

class FiberPool {
 public:
  /// Requires: called by the thread that the process began with.
  FiberPool();

  /// Makes sure that `count` fibers exist besides the main one.
  void reserve(unsigned count);
  /// Gives every fiber back, for the next execution.
  void release_all();
  /// A fiber with fresh thread-local storage for `thread`; null when 1024 are in use.
  Fiber* acquire(ThreadId thread, void* (*function)(void*), void* argument);
  void release(Fiber& fiber);
  /// The thread of `fiber` is over: who uses its stack or thread-local storage from now on, by
  /// whatever pointer, uses memory that ended. Of the stack the part that is likely to have been
  /// handed out: what lies below is not looked at.
  void end_storage(Fiber& fiber);
  /// The same of its stack alone, for a main thread that still has the process's end to see to.
  void end_stack(Fiber& fiber);
  /// From now on stacks are empty when a thread gets them, not as the last one left them: a
  /// recorded execution shows what a program reads before it writes, the same each time. `top`: as
  /// far as most threads ever use them.
  enum class Wipe : std::uint8_t { none, top, all };
  void wipe_stacks(Wipe wipe) { wipe_stacks_ = wipe; }

  [[nodiscard]] Fiber& of(ThreadId thread) { return *by_thread_[thread]; }
  /// The fiber whose pthread_t is `handle`, or null.
  [[nodiscard]] Fiber* find(pthread_t handle);
  /// The fiber in whose stack, or in whose guard page, `address` lies; null when in none.
  [[nodiscard]] Fiber* stack_holder(std::uint64_t address);
  [[nodiscard]] Fiber* guard_hit(std::uint64_t address);

  /// Calls `visit(low, high)` for the thread-local storage of a thread that lives.
  template <typename Visit>
  void for_each_tls_range(const Fiber& fiber, Visit visit) const {
    visit(fiber.thread_pointer - tls_bytes_, fiber.thread_pointer);
    // What libc allocated for libraries that were loaded later: its table, which begins with
    // its length and has pairs of words. The second word at the thread pointer leads there.
    const auto* table = reinterpret_cast<const std::uint64_t* const*>(fiber.thread_pointer)[1];
    const auto begin = reinterpret_cast<std::uint64_t>(table);
    if (begin != 0) visit(begin, begin + (table[-2] + 1) * 2 * sizeof(std::uint64_t));
  }

  /// The calling kernel thread becomes the main thread of the executions to come, with its
  /// TLS as it is now; `leave_main` puts that back.
  void adopt_main();
  void leave_main();

  /// Saves the main thread's TLS as it is now; `release_all` brings it back.
  void snapshot_main_tls();

 private:
  static void* park(void* fiber);
  static char* stack_address(unsigned slot);
  void wipe(Fiber& fiber) const;
  void make(unsigned slot);
  unsigned free_slot(ThreadId thread);

  std::vector<Fiber*> slots_;               // by slot; slot 0 is main
  std::vector<Fiber*> by_thread_;           // the fiber that each thread id has or had
  ThreadSet free_;                          // slots not in use, main's left out
  std::vector<std::uint16_t> touched_;      // slots used in this execution
  std::size_t tls_bytes_ = 0;               // static TLS below the thread pointer
  std::size_t instrumented_tls_bytes_ = 0;  // the part of it next to the thread pointer
  std::vector<char> tls_image_;             // of a fresh thread
  std::vector<char> main_tls_image_;
  Wipe wipe_stacks_ = Wipe::none;
};

}  // namespace trama::runtime

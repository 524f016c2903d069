// Event: one visible step of one thread.
//
// Small and trivially copyable: it is made at every step of every execution. What only a
// report needs (stacks, text) is not here; the runtime records it beside the event when
// it runs a schedule again with full recording.
#pragma once

#include <cstdint>

#include "event/ids.hpp"
#include "event/memory_order.hpp"
#include "event/operation.hpp"

namespace trama {

/// What the operation came to.
enum class Outcome : std::uint8_t {
  ok,
  failed,     ///< try_lock found it held; compare-exchange found another value
  timed_out,  ///< a timed wait or lock ended by its deadline
};

/// How much a step on descriptors has to do with: told by its `size`, where a guide decides.
enum class IoReach : std::uint8_t {
  one,      ///< one pipe, one counter, one file
  many,     ///< several, or all: a poll of two, an epoll set, the network, timers
  outside,  ///< something that others than the program may change
  kept,     ///< a file that had a content before the program opened it for writing
};

/// In the same `size`: the step waits until it is possible, if it is not.
inline constexpr std::uint8_t kMayWait = 0x80;

struct Event {
  Operation operation{};
  MemoryOrder order = MemoryOrder::seq_cst;
  Outcome outcome = Outcome::ok;
  std::uint8_t size = 0;          ///< bytes of an atomic or plain access; else see IoReach
  ThreadId thread = kNoThread;    ///< who does it
  ThreadId other = kNoThread;     ///< create, join, detach: whom; wake: who notified
  ObjectId object = kNoObject;    ///< the lock, condition, futex or atomic location
  ObjectId mutex = kNoObject;     ///< wait, wake: the mutex that goes with the condition
  std::uint64_t address = 0;      ///< where the object or the accessed bytes stand
  std::uint64_t before = 0;       ///< value read (load, read, RMW), low 8 bytes
  std::uint64_t after = 0;        ///< value written; choose: the value chosen
  std::uint64_t deadline_ns = 0;  ///< virtual time; 0 = none
  std::uint64_t pc = 0;           ///< return address of the call in the program
};

}  // namespace trama

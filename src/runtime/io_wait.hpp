// Waits for descriptors: who waits for what, and whom a step of another thread lets go on.
//
// A thread that would block in the kernel waits in the scheduler instead. After each step that
// may change what a descriptor is ready for (a read, a write, a close …) those who wait are
// looked at again, by a poll that waits for nothing; who is ready now is roused, and tries again
// when it is its turn. So who gets the bytes is the scheduler's choice.
//
// Where the world outside may help (an inherited pipe, a child process) nobody is looked at
// until no thread can go on: what came early by chance must not change the execution. Then the
// process really waits.
#pragma once

#include <poll.h>

#include <cstdint>

#include "runtime/descriptors.hpp"

namespace trama::runtime {

struct IoWait {
  const pollfd* list = nullptr;  ///< any of these
  unsigned count = 0;
  ChannelId retry = 0;                    ///< or any step on this channel, after which to try again
  bool outside = false;                   ///< the world may end it
  bool held = false;                      ///< the step has not begun: see point_when_ready
  bool (*look)(void* context) = nullptr;  ///< or the world, which this looks at
  void* context = nullptr;
};

enum class WaitEnd : std::uint8_t {
  ready,  ///< worth another try
  timed_out,
  interrupted,  ///< by a signal's handler
  restarted,    ///< the same, whose SA_RESTART says to go on where the call can
};

/// Forgets who waits, and listens for the world from now on: an execution begins.
void begin_io_waits();

/// The current thread, whose announced step `event` is, waits; until event.deadline_ns at most.
WaitEnd wait_for(Event event, const IoWait& wait);

/// Under a guide: announces the current thread's next step, which comes when `wait` is over. (Without
/// one it is announced at once, and waits as often as it finds nothing.)
void point_when_ready(const Event& event, IoWait wait);

/// A step of the current thread changed what is behind this channel. `gave`: it wrote or closed;
/// who waits for the world outside is not looked at for less.
void readiness_changed(ChannelId id, bool gave = true);

/// Who waits for this channel, or for an epoll set that holds it, goes on and looks anew.
void rouse_waiters(ChannelId id);

/// The wait of `thread` is broken off: a signal came.
void forget_wait(ThreadId thread);

/// Whether somebody waits for what the world may do.
bool waits_for_outside();

/// poll(list, count, 0) by the kernel: how many are ready.
int look_now(pollfd* list, unsigned count);

}  // namespace trama::runtime

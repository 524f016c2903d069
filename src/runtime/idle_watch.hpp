// Idle rounds: finds out that an execution only goes round in waits that end by time.
//
// An event loop that keeps a timer armed (Boost.Asio: 300 s, for ever, once a timer was used) has
// always a deadline, so time moves on though nothing will ever happen. When all threads wait, and
// the same was so several times before, one more round is watched. Where it
//   - ends in exactly the state in which it began: memory, registers, objects, and how long each
//     deadline is away,
//   - left nobody a choice (what is unlikely was asked for and did not come),
//   - asked nobody: no system call but our own for a wait (the kernel stops any other), no clock,
//   - took no steps but those of waiting, of locks, of atomics and of a timer's descriptor,
// all that follows is that round again, for ever: that is no guess. If no code of the program's
// own was woken by it (only a timer was armed again, unread), it is a DEADLOCK: all wait, and none
// can ever go on. If its ticks were taken by the program, it is a LIVELOCK.
//
// A round that asked for nothing but the time may end when the time has come (a timer of Asio's
// that is set for the end of all days). So time leaps, by a sixteenth of what has passed in vain;
// and who is in that same state after a century waits for ever.
//
// Where one of these cannot be told, nothing is claimed, and the execution goes on.
#pragma once

#include <cstdint>

#include "runtime/engine.hpp"

namespace trama::runtime {

/// Forgets all: an execution begins.
void begin_idle_watch();

/// Nobody can go on, and time is about to move. What is certain about it; `none`: go on.
EndReason judge_idle_round();

/// The current thread is about to wait: where its code stands is kept, if a round is watched.
void note_wait_begins();

/// What the runtime left below the frames of the program is found again in variables that a
/// function has not set yet. While a round is watched it is wiped, so that rounds are alike.
extern bool g_tidy;
inline void tidy_stack() {
  if (__builtin_expect(g_tidy, 0)) wipe_stack();
}

/// The program learns what changes by itself: bytes of a file, say; or the time.
void note_world_asked();
void note_time_asked();

/// While one of our signal handlers runs: what it asks of the kernel is not the program's.
extern volatile bool g_in_tick;

}  // namespace trama::runtime

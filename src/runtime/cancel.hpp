// Cancellation, and leaving a thread by unwinding its stack.
//
// Cancellation is deferred: a thread that was cancelled goes on until it is at a cancellation
// point. That is where it has been chosen to take its step, and has not taken it: what was
// cancelled before the step ends the thread in its place, what comes after finds it done.
#pragma once

#include <cstdint>

#include "event/event.hpp"
#include "runtime/engine.hpp"

namespace trama::runtime {

/// Ends the current thread if it acts on a cancellation now; `step` is what it does not do.
void act_on_cancellation(const Event& step);

/// A cancellation point. Requires: the current thread was chosen to take `step`; or is about to
/// announce it, where it may block: one that is cancelled already never does.
inline void cancellation_point(const Event& step) {
  if (__builtin_expect(engine().running->cancellation.requested, 0)) act_on_cancellation(step);
}

/// Unwinds the current thread's stack, cleanup handlers and destructors and all, and ends it.
[[noreturn]] void unwind_thread();

}  // namespace trama::runtime

// BLOCKED-LOOP: a thread that runs an event loop blocks for long, while something that the loop
// waits for is due.
//
// Between two calls of epoll_wait a thread does what the loop found. A sleep there, a read that
// blocks, a join hold up everything else in the loop. It is reported when the thread comes back to
// epoll_wait, and only if all of this holds:
// - one blocking call took longer than the limit, in virtual time;
// - the loop went round: a function that was running all the time called epoll_wait at the same
//   place before and after. A program that runs a loop to its end, sleeps and runs it once more
//   blocks nothing;
// - something is due in the set now;
// - no other thread ever waited for the set: it would have done the work meanwhile.
// Waits for conditions, futexes and locks do not count: so idle threads of a pool wait.
#pragma once

#include <cstdint>

#include "runtime/descriptors.hpp"
#include "trace/trace.hpp"

namespace trama::runtime {

/// How long a blocking call may take; 0: whatever it likes.
void set_loop_limit(std::uint64_t limit_ns);
/// Forgets all: an execution begins.
void begin_loop_watch();

/// The current thread enters and leaves epoll_wait. `frame`: that of the function which the
/// program called.
void enter_loop_wait(int set);
void leave_loop_wait(int set, const void* frame);
/// The call at `pc` has blocked the current thread since `start_ns`.
void note_blocked(std::uint64_t start_ns, std::uint64_t pc);
/// The recorded stack of the call that BLOCKED-LOOP is about.
std::uint32_t blocked_stack();
/// The step that `thread` took when that call was over.
std::uint32_t blocked_step(const Trace& trace, ThreadId thread);

}  // namespace trama::runtime

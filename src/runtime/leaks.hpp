// Leaks: what the program has not given back when it ends normally; only with --leaks.
//
// Memory is searched as LeakSanitizer does it: a block counts as reachable if any word of the
// statics, of a live thread's stack, registers or thread-local storage, of a mapping, or of
// another reachable block looks like a pointer to it or into it. What only looks like one hides
// a leak; pointers that are stored in another form (with tags in the high bits, compressed) are
// not seen. Blocks from before main are never told of.
#pragma once

#include <cstdint>
#include <vector>

#include "event/ids.hpp"

namespace trama::runtime {

struct LeakedBlock {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool direct = false;  ///< no other leaked block points to it
};

/// Ends the execution with LEAK if a thread was neither joined nor detached, or if memory was
/// lost. Called where the program has run to its end, exit handlers included. `stack_at_exit`:
/// where the frames of the function that called exit begin; 0 where main has returned.
void fail_on_leaks(std::uint64_t pc, std::uint64_t stack_at_exit);

/// Whether nobody waited for the thread and nobody gave it up.
bool is_leaked(ThreadId thread);
/// The blocks of the last call that found some.
const std::vector<LeakedBlock>& leaked_blocks();

}  // namespace trama::runtime

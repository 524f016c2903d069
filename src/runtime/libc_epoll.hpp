// epoll's sets of descriptors: what each holds.
#pragma once

#include "runtime/descriptors.hpp"

namespace trama::runtime {

/// Forgets all: an execution begins.
void begin_epoll();

/// Whether the channel is in the set behind `descriptor`, or in a set in it.
bool epoll_holds(int descriptor, ChannelId id);

/// For a report: what who waits for this set waits for. Sockets and pipes first, then timers; what
/// else there is is a loop's own means to be woken. The set itself where it holds nothing.
ObjectId awaited_object(ObjectId set);

}  // namespace trama::runtime

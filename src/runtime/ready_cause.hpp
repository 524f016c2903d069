// What made a descriptor ready, and which of two that are ready surely came first.
//
// Two descriptors that became ready by steps that nothing orders could have done so in the other
// order, and one of them only after the call that asks. What is ordered could not: a thread that
// wrote into two pipes wrote into the first one first. Virtual time orders too: what came earlier
// came first.
#pragma once

#include "runtime/descriptors.hpp"

namespace trama::runtime {

/// An epoll set holds the channel from now on.
void begin_cause(ChannelId id, int descriptor);
/// The current thread took a step on a channel that an epoll set holds; `gave`: it wrote or closed.
void note_cause(ChannelId id, bool gave, int descriptor);

/// Whether what is ready there might as well come only after the present moment of the current
/// thread.
bool may_come_later(ChannelId id);
/// Whether what is ready at `first` surely came before what is ready at `second`.
bool came_before(ChannelId first, ChannelId second);

}  // namespace trama::runtime

// epoll's sets of descriptors: what each holds.
#pragma once

#include "runtime/descriptors.hpp"

namespace trama::runtime {

/// Forgets all: an execution begins.
void begin_epoll();

/// Whether the channel is in the set behind `descriptor`, or in a set in it.
bool epoll_holds(int descriptor, ChannelId id);

}  // namespace trama::runtime

// epoll's sets of descriptors: what each holds.
#pragma once

namespace trama::runtime {

/// Forgets all: an execution begins.
void begin_epoll();

}  // namespace trama::runtime

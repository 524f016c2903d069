// One step that waits for any of several descriptors: what poll, select and epoll are made of.
#pragma once

#include <poll.h>

#include <cstdint>

namespace trama::runtime {

class TemporaryMask;

constexpr std::uint64_t kForEver = ~std::uint64_t{0};

/// How many are ready; a negative errno on failure.
int poll_step(pollfd* list, nfds_t count, std::uint64_t timeout_ns, void* pc,
              const TemporaryMask* masked = nullptr);

}  // namespace trama::runtime

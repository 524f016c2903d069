// timerfd: a timer that is a descriptor, in virtual time.
//
// Behind the descriptor stands an eventfd, to which nobody but this file writes: the number of
// expirations. It is brought up to date when somebody looks (`settle_timerfds`); who waits for it
// waits no longer than until the timer is due (`timerfd_deadline`). So a timer is no thread and
// takes no step.
#pragma once

#include <poll.h>

#include <cstdint>

#include "runtime/descriptors.hpp"

namespace trama::runtime {

/// Forgets all: an execution begins.
void begin_timerfds();

/// What is due at the present virtual time becomes readable.
void settle_timerfds();
/// When the first of the timers among these descriptors, or in their epoll sets, is due; 0 where
/// none is set.
std::uint64_t timerfd_deadline(const pollfd* list, unsigned count);
/// The same for one channel.
std::uint64_t timerfd_deadline(ChannelId id);
/// Whether the execution has made any.
bool any_timerfd();
/// Whether there is a timer behind the channel.
bool is_timerfd(ChannelId id);
/// Whether a step's object is a timer's descriptor.
bool is_timerfd_object(ObjectId object);
/// A hash of how all timers stand, relative to now.
std::uint64_t timerfds_state();
/// When the timer that is readable now became so.
std::uint64_t timerfd_due_since(ChannelId id);

}  // namespace trama::runtime

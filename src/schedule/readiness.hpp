// What an announced step needs before it can be taken: shared by the parts of the scheduler.
#pragma once

#include <cstdint>

#include "event/event.hpp"
#include "event/operation_set.hpp"

namespace trama {

/// Steps that need an object to be free: the mutex of a lock, the gate of a once.
inline constexpr OperationSet kGated = {Operation::lock,      Operation::timed_lock,
                                        Operation::wake,      Operation::once_enter,
                                        Operation::read_lock, Operation::acquire};
constexpr bool gated(Operation operation) { return kGated.contains(operation); }

/// … or something else: all others are possible whenever they are announced.
inline constexpr OperationSet kMayBlock = kGated.with(Operation::join);

inline ObjectId gate_of(const Event& event) {
  return event.operation == Operation::wake ? event.mutex : event.object;
}

/// A lock, or a join, that gives up at a deadline.
inline bool expires(const Event& event) {
  return (event.operation == Operation::timed_lock || event.operation == Operation::read_lock ||
          event.operation == Operation::acquire || event.operation == Operation::join) &&
         event.deadline_ns != 0;
}

}  // namespace trama

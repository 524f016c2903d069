// What an announced step needs before it can be taken: shared by the parts of the scheduler.
#pragma once

#include <cstdint>

#include "event/event.hpp"

namespace trama {

/// Steps that need an object to be free: the mutex of a lock, the gate of a once.
constexpr bool gated(Operation operation) {
  constexpr auto bit = [](Operation one) { return std::uint64_t{1} << static_cast<unsigned>(one); };
  constexpr std::uint64_t kGated = bit(Operation::lock) | bit(Operation::timed_lock) |
                                   bit(Operation::wake) | bit(Operation::once_enter) |
                                   bit(Operation::read_lock) | bit(Operation::acquire);
  return (kGated >> static_cast<unsigned>(operation) & 1U) != 0;
}

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

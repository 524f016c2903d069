// Where libstdc++ counts who waits at atomics (__waiter_pool_base in <bits/atomic_wait.h>): a notifier that
// finds 0 there wakes nobody. By the letter of C++ it may find an old 0, and the waiter the old value,
// and sleeps; that is the library's affair. Behind each count stands what it waits at for atomics of other
// sizes.
#pragma once

#include <cstdint>

namespace trama::runtime {

/// 0 in a program that has none.
std::uint64_t waiter_counts();
inline constexpr std::uint64_t kWaiterCountBytes = 0x80;
inline constexpr std::uint64_t kWaiterCountsBytes = 16 * kWaiterCountBytes;

inline std::uint64_t offset_in_waiter_counts(std::uint64_t address) {
  static const std::uint64_t counts = waiter_counts();
  return counts == 0 ? kWaiterCountsBytes : address - counts;
}
inline bool is_in_waiter_counts(std::uint64_t address) {
  return offset_in_waiter_counts(address) < kWaiterCountsBytes;
}
/// Such a count. In a verification these are not part of an execution: nobody else sees them, and a
/// notifier is told that somebody waits. Where nobody does it wakes nobody.
inline bool counts_waiters(std::uint64_t address) {
  const std::uint64_t offset = offset_in_waiter_counts(address);
  return offset < kWaiterCountsBytes && offset % kWaiterCountBytes == 0;
}

}  // namespace trama::runtime

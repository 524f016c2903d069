// Virtual time: what the program's clocks show.
//
// Time stands still while any thread can go on and jumps to the earliest deadline when all
// are blocked or asleep (scheduler.hpp). Every execution begins at the same moment.
#pragma once

#include <time.h>

#include <cstdint>

namespace trama::runtime {

inline constexpr std::uint64_t kNsPerSecond = 1000000000;
/// 2026-01-01 00:00:00 UTC: what the wall clocks show when an execution begins.
inline constexpr std::uint64_t kWallStartNs = 1767225600 * kNsPerSecond;
/// What the monotonic clocks show then.
inline constexpr std::uint64_t kMonotonicStartNs = 1000 * kNsPerSecond;

constexpr bool is_wall_clock(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == 5 /* CLOCK_REALTIME_COARSE */ || clock == 11 /* TAI */;
}
constexpr std::uint64_t start_of(clockid_t clock) {
  if (is_wall_clock(clock)) return kWallStartNs;
  const bool of_cpu = clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
  return of_cpu || clock < 0 ? 0 : kMonotonicStartNs;
}

inline std::uint64_t to_ns(const timespec& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * kNsPerSecond +
         static_cast<std::uint64_t>(time.tv_nsec);
}
inline timespec to_timespec(std::uint64_t ns) {
  return {static_cast<time_t>(ns / kNsPerSecond), static_cast<long>(ns % kNsPerSecond)};
}
inline bool is_valid(const timespec& time) {
  return time.tv_nsec >= 0 && time.tv_nsec < static_cast<long>(kNsPerSecond);
}

/// An absolute time of `clock` as virtual nanoseconds since the start, at least 1: deadlines
/// that have passed already are in the past of every execution, and 0 means none.
inline std::uint64_t deadline_of(clockid_t clock, const timespec& time) {
  if (time.tv_sec < 0) return 1;
  const std::uint64_t start = start_of(clock);
  // Seconds beyond some 500 years are for ever.
  if (time.tv_sec > std::int64_t{1} << 34U) return ~std::uint64_t{0} - 1;
  const std::uint64_t at = to_ns(time);
  return at > start ? at - start : 1;
}

}  // namespace trama::runtime

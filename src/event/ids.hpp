// The names of things within one execution. All are small numbers given in the order in
// which the execution makes the things, so the same schedule gives the same names.
#pragma once

#include <cstdint>

namespace trama {

/// A thread of the program under test; 0 is the main thread.
using ThreadId = std::uint16_t;
inline constexpr ThreadId kMainThread = 0;
inline constexpr ThreadId kNoThread = 0xffff;
/// At most this many threads are alive at once (the race detector's epochs
/// give a thread ten bits).
inline constexpr unsigned kThreadCountMax = 1024;

/// A synchronisation object or atomic location, numbered in the order of first use.
/// 0 means "none".
using ObjectId = std::uint32_t;
inline constexpr ObjectId kNoObject = 0;

/// A task of coroutines, numbered in the order in which a library told of them.
using TaskId = std::uint32_t;
inline constexpr TaskId kNoTask = 0xffffffff;

}  // namespace trama

// What libc's functions do to memory on behalf of instrumented code takes part in races. Calls
// from libraries that are not instrumented are only done, not watched.
#pragma once

#include <cstddef>

#include "runtime/engine.hpp"

namespace trama::runtime {

/// First question of every stand-in: false outside control, where nothing is watched.
inline bool watching() { return __builtin_expect(g_plain != PlainMode::ignore, 0); }

/// The code at `pc` is about to have `bytes` at `address` read or written.
void watch(const void* address, std::size_t bytes, bool writes, void* pc);
inline void watch_read(const void* address, std::size_t bytes, void* pc) {
  watch(address, bytes, false, pc);
}
inline void watch_write(const void* address, std::size_t bytes, void* pc) {
  watch(address, bytes, true, pc);
}

}  // namespace trama::runtime

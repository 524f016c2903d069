// Looks: steps that may be part of a spin loop, and the proof that such a loop never ends.
#pragma once

#include <cstdint>

#include "runtime/engine.hpp"

namespace trama::runtime {

/// Where a call of ours came from, told apart by its callers too: without optimisation every
/// atomic load of the program returns to the one std::atomic<T>::load. `frame` is that of an
/// exported function.
inline std::uint64_t look_code(const void* frame) {
  constexpr unsigned kDepthMax = 4;
  constexpr std::uint64_t kReach = std::uint64_t{64} << 10U;
  const auto* at = static_cast<const std::uint64_t*>(frame);
  std::uint64_t code = at[1];
  // Optimised code has no frame pointers: what stands in the register then is rarely an address
  // just above, and where it is, the same loop still gives the same code.
  for (unsigned depth = 0; depth < kDepthMax; ++depth) {
    const std::uint64_t next = at[0];
    const auto here = reinterpret_cast<std::uint64_t>(at);
    if (next <= here || next - here > kReach || next % 16 != 0) break;
    at = reinterpret_cast<const std::uint64_t*>(next);
    code = code * 0xff51afd7ed558ccdU ^ at[1];
  }
  return code;
}

/// For the looks of a loop that is suspected of never ending.
void watch_spin(std::uint64_t code, std::uint64_t address);

/// A hash of all that the running thread's loop can remember: registers and stack. 0 where it
/// cannot be told. `looks_at`: the atomic that it comes to, or 0.
std::uint64_t state_of_loop(std::uint64_t looks_at = 0);

/// Announces the step that `scheduler().prepare()` returned as a look that finds `value`.
[[gnu::always_inline]] inline void point_look(std::uint64_t code, std::uint64_t value) {
  Engine& e = engine();
  if (__builtin_expect(e.recorder != nullptr, 0)) announce_to_recorder();
  const ThreadId me = self();
  const ThreadId next = e.scheduler.announce_look(code, value);
  if (next != me) go(next);
  if (__builtin_expect(e.scheduler.suspects_livelock() || e.spin_watched, 0)) {
    watch_spin(code, e.scheduler.state(me).pending.address);
  }
}

/// The same for an event made elsewhere.
inline void point_look(const Event& event, std::uint64_t code, std::uint64_t value) {
  scheduler().prepare() = event;
  point_look(code, value);
}

}  // namespace trama::runtime

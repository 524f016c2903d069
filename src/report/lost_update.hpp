// The pattern behind most wrong results: a thread writes over what it has not seen.
#pragma once

#include <cstdint>
#include <optional>

#include "trace/trace.hpp"

namespace trama {

/// A thread reads a location in step `read`, another writes it in step `between`, and the
/// first writes it in step `write`: over what it has not seen, or, having `looked_again`, on
/// the strength of a check that no longer holds.
struct LostUpdate {
  std::uint32_t read = 0;
  std::uint32_t between = 0;
  std::uint32_t write = 0;
  bool looked_again = false;
};

/// The shortest of the trace's lost updates, which is the easiest to read, and the last of
/// several; where there is none, the same of the outdated checks. Nothing for findings that no value can explain, as a race or a deadlock.
std::optional<LostUpdate> find_lost_update(const Trace& trace, const Finding& finding);

}  // namespace trama

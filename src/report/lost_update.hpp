// The pattern behind most wrong results: a thread writes over what it has not seen.
#pragma once

#include <cstdint>
#include <optional>

#include "trace/trace.hpp"

namespace trama {

/// `reader` reads a location in step `read`, another thread writes it in step `between`, and
/// `reader`, who has not looked again, writes it in step `write`.
struct LostUpdate {
  std::uint32_t read = 0;
  std::uint32_t between = 0;
  std::uint32_t write = 0;
};

/// The shortest of the trace's lost updates, which is the easiest to read; the last of
/// several. Nothing for findings that no value can explain, as a race or a deadlock.
std::optional<LostUpdate> find_lost_update(const Trace& trace, const Finding& finding);

}  // namespace trama

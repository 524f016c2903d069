// ExecutionResult: what one execution came to, as far as the exploration loop must know.
#pragma once

#include <cstdint>

#include "schedule/scheduler.hpp"

namespace trama {

struct ExecutionResult {
  EndReason end = EndReason::finished;
  bool raced = false;   ///< a data race was seen (it does not end an execution)
  bool failed = false;  ///< it ended with a finding other than a race
  std::uint64_t step_count = 0;
  std::uint64_t fingerprint = 0;
};

}  // namespace trama

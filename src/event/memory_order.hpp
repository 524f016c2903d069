// The orders of C++ atomics, with the numbers that both compilers pass to the ABI.
#pragma once

#include <cstdint>

namespace trama {

enum class MemoryOrder : std::uint8_t {
  relaxed = 0,
  consume = 1,
  acquire = 2,
  release = 3,
  acq_rel = 4,
  seq_cst = 5,
};

/// Consume is treated as acquire, as every compiler does.
constexpr bool is_acquire(MemoryOrder order) {
  return order == MemoryOrder::consume || order == MemoryOrder::acquire ||
         order == MemoryOrder::acq_rel || order == MemoryOrder::seq_cst;
}
constexpr bool is_release(MemoryOrder order) {
  return order == MemoryOrder::release || order == MemoryOrder::acq_rel ||
         order == MemoryOrder::seq_cst;
}

}  // namespace trama

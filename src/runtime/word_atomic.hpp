// Atomics of a size that a word has, by the functions for atomics of any size (libatomic.cpp): clang
// calls those where a type's alignment is smaller than its size.
#pragma once

#include <cstddef>
#include <cstdint>

namespace trama::runtime {

/// Whether `bytes` at `address` are a word to libatomic too, which then takes no lock.
inline bool is_aligned_word(std::size_t bytes, const volatile void* address) {
  const bool power = bytes != 0 && bytes <= 16 && (bytes & (bytes - 1)) == 0;
  return power && (reinterpret_cast<std::uint64_t>(address) & (bytes - 1)) == 0;
}

/// `frame` is that of an exported function. In tsan_atomic.cpp.
void load_word(std::size_t bytes, const volatile void* from, void* to, int order,
               const void* frame);
void store_word(std::size_t bytes, volatile void* to, const void* value, int order,
                const void* frame);
void exchange_word(std::size_t bytes, volatile void* at, const void* value, void* before, int order,
                   const void* frame);
bool compare_exchange_word(std::size_t bytes, volatile void* at, void* expected,
                           const void* desired, int order, int failure, const void* frame);

}  // namespace trama::runtime

// Rows of counts, one for each thread: what vector clocks and views are made of. Their lengths are
// multiples of kCountBlock, so that copying, clearing and joining take one vector instruction for
// four threads, and no call.
#pragma once

#include <cstdint>
#include <cstring>

namespace trama {

inline constexpr std::uint32_t kCountBlock = 4;

namespace counts {

using Block = std::uint32_t __attribute__((vector_size(kCountBlock * sizeof(std::uint32_t))));

inline Block load(const std::uint32_t* from) {
  Block block;
  std::memcpy(&block, from, sizeof block);
  return block;
}
inline void store(std::uint32_t* to, Block block) { std::memcpy(to, &block, sizeof block); }

/// Requires of all: `size` is a multiple of kCountBlock.
inline void clear(std::uint32_t* row, std::uint32_t size) {
  for (std::uint32_t i = 0; i < size; i += kCountBlock) store(row + i, Block{});
}
inline void copy(std::uint32_t* to, const std::uint32_t* from, std::uint32_t size) {
  for (std::uint32_t i = 0; i < size; i += kCountBlock) store(to + i, load(from + i));
}
/// The maximum, count by count.
inline void join(std::uint32_t* into, const std::uint32_t* from, std::uint32_t size) {
  for (std::uint32_t i = 0; i < size; i += kCountBlock) {
    const Block mine = load(into + i);
    const Block theirs = load(from + i);
    store(into + i, mine > theirs ? mine : theirs);
  }
}

}  // namespace counts
}  // namespace trama

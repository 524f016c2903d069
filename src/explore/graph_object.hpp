// What GraphGuide's parts say of objects to the graph.
#pragma once

#include <cstdint>

#include "schedule/object_table.hpp"

namespace trama {

/// A bit of Action::Link::needs and gates. Of descriptors: whether a step is possible is known when
/// it is to be done.
inline constexpr std::uint8_t kPerhaps = 8;

/// The ends of threads, by number from here on: no addresses, nor what is made of any.
inline constexpr std::uint64_t kEnds = std::uint64_t{1} << 62U;

/// The name of an object's chain. Small numbers are free for chains of no object.
inline std::uint64_t key_of(const SyncObject& object) {
  return object.address * 16 + static_cast<unsigned>(object.kind) + 1;
}

}  // namespace trama

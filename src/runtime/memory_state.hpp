// The state of the program's memory as one number: for who must know that nothing has changed.
#pragma once

#include <cstdint>

#include "runtime/fiber.hpp"
#include "schedule/unseen_changes.hpp"

namespace trama::runtime {

/// Continues `hash` by a word, by what stands from `low` to `high`.
constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  return (hash ^ value) * 0x9e3779b97f4a7c15U ^ (hash >> 29U);
}
std::uint64_t hash_of(std::uint64_t hash, std::uint64_t low, std::uint64_t high);

/// … by the statics of the program and its libraries, the live blocks of its heap, the thread-local
/// storage of its threads, and its random numbers. Left out are stacks, mappings of its own, and
/// `errno`, which nearly every call may set, and most who care read at once.
std::uint64_t hash_of_memory(std::uint64_t hash);
int errno_of(const Fiber& fiber);

/// By comparing that, and by the kernel's word on system calls.
class ChangesOfMemory final : public UnseenChanges {
 public:
  void begin() override;
  bool end() override;
  /// An execution is over.
  void forget();

 private:
  std::uint64_t hash_ = 0;
  bool guards_ = false;   // nobody else did
  bool unknown_ = false;  // … and somebody does
};

/// For all who watch a loop.
ChangesOfMemory& unseen_changes();

}  // namespace trama::runtime

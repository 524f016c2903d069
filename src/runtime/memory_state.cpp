#include "runtime/memory_state.hpp"

#include <errno.h>

#include <array>
#include <cstring>

#include "runtime/engine.hpp"
#include "runtime/heap.hpp"
#include "runtime/modules.hpp"
#include "runtime/rewind.hpp"
#include "runtime/syscall_guard.hpp"

namespace trama::runtime {
namespace {

void add_range(std::uint64_t low, std::uint64_t high, void* hash) {
  *static_cast<std::uint64_t*>(hash) = hash_of(*static_cast<std::uint64_t*>(hash), low, high);
}

std::uint64_t address_of_errno(const Fiber& fiber) {
  const auto own = reinterpret_cast<std::uint64_t>(&errno);
  return own + (fiber.thread_pointer - engine().running->thread_pointer);
}

}  // namespace

int errno_of(const Fiber& fiber) { return *reinterpret_cast<const int*>(address_of_errno(fiber)); }

std::uint64_t hash_of(std::uint64_t hash, std::uint64_t low, std::uint64_t high) {
  // Side by side, since each step has to wait for the one before.
  constexpr std::size_t kLanes = 4;
  constexpr std::size_t kBlock = kLanes * sizeof(std::uint64_t);
  if (high - low >= kBlock) {
    std::array<std::uint64_t, kLanes> lanes{hash, 1, 2, 3};
    for (; low + kBlock <= high; low += kBlock) {
      std::array<std::uint64_t, kLanes> words;
      std::memcpy(words.data(), reinterpret_cast<const void*>(low), kBlock);
      for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = mix(lanes[i], words[i]);
    }
    for (const std::uint64_t lane : lanes) hash = mix(hash, lane);
  }
  for (; low + 8 <= high; low += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, reinterpret_cast<const void*>(low), sizeof word);
    hash = mix(hash, word);
  }
  for (; low < high; ++low) hash = mix(hash, *reinterpret_cast<const unsigned char*>(low));
  return hash;
}

std::uint64_t hash_of_memory(std::uint64_t hash) {
  Engine& e = engine();
  hash = mix(hash, e.random_state);
  if (!for_each_static(&add_range, &hash)) {
    for (const Module& module : modules()) {
      if (module.is_runtime || module.is_loader) continue;
      for (const Range& range : module.writable) hash = hash_of(hash, range.low, range.high);
    }
  }
  g_program_heap.for_each_live([&hash](std::uint64_t low, std::uint64_t high, bool) {
    hash = hash_of(mix(hash, low), low, high);
  });
  for (unsigned i = 0; i < e.scheduler.thread_count(); ++i) {
    const auto thread = static_cast<ThreadId>(i);
    if (e.scheduler.state(thread).status == ThreadStatus::finished) continue;
    const Fiber& fiber = e.fibers.of(thread);
    const std::uint64_t errno_at = address_of_errno(fiber);
    e.fibers.for_each_tls_range(fiber, [&hash, errno_at](std::uint64_t low, std::uint64_t high) {
      if (low <= errno_at && errno_at < high) {
        hash = hash_of(hash, low, errno_at);
        low = errno_at + sizeof errno;
      }
      hash = hash_of(hash, low, high);
    });
    for (const void* value : fiber.specific) {
      hash = mix(hash, reinterpret_cast<std::uint64_t>(value));
    }
  }
  return hash;
}

void ChangesOfMemory::begin() {
  unknown_ = !guards_ && is_guarding();
  if (!unknown_) guards_ = set_syscall_guard();
  hash_ = hash_of_memory(0);
}

bool ChangesOfMemory::end() {
  const bool asked = guards_ && lift_syscall_guard();
  guards_ = false;
  return unknown_ || asked || hash_of_memory(0) != hash_;
}

void ChangesOfMemory::forget() {
  if (guards_) lift_syscall_guard();
  guards_ = false;
}

ChangesOfMemory& unseen_changes() {
  static ChangesOfMemory changes;
  return changes;
}

}  // namespace trama::runtime

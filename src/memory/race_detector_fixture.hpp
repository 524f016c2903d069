// For the tests of RaceDetector: a detector over a small arena, which collects what is told.
// Addresses are small numbers, so a shadow of a few cells does; nothing is there to touch.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

#include "memory/race_detector.hpp"

namespace trama {

inline constexpr auto kRelaxed = MemoryOrder::relaxed;
inline constexpr auto kAcquire = MemoryOrder::acquire;
inline constexpr auto kRelease = MemoryOrder::release;
inline constexpr auto kAcqRel = MemoryOrder::acq_rel;
inline constexpr auto kSeqCst = MemoryOrder::seq_cst;

inline constexpr std::uintptr_t kX = 64;   // the data
inline constexpr std::uintptr_t kF = 128;  // the flag
inline constexpr std::size_t kCells = 64;

using Threads = std::vector<ThreadId>;

/// The main thread and threads 1, 2, 3 that it has begun.
class RaceDetectorTest : public ::testing::Test, public RaceListener {
 protected:
  RaceDetectorTest() { begin(); }
  void begin() {
    detector.begin_execution();
    races.clear();
  }
  void begin_threads() {
    for (ThreadId child = 1; child <= 3; ++child) detector.thread_begin(child, kMainThread);
  }
  void on_race(const Race& race) override { races.push_back(race); }
  void on_use_after_free(std::uintptr_t address, unsigned size, AccessKind kind) override {
    uses_after_free.push_back({address, size, kind});
  }

  void read(ThreadId thread, std::uintptr_t at, unsigned size) {
    detector.set_current(thread);
    detector.on_read(at, size);
  }
  void write(ThreadId thread, std::uintptr_t at, unsigned size) {
    detector.set_current(thread);
    detector.on_write(at, size);
  }
  /// How many races were told since the last call.
  std::size_t told() {
    const std::size_t count = races.size();
    races.clear();
    return count;
  }

  inline static int clear_count = 0;
  std::array<ShadowCell, kCells> shadow{};
  std::vector<Race> races;
  struct UseAfterFree {
    std::uintptr_t address;
    unsigned size;
    AccessKind kind;
  };
  std::vector<UseAfterFree> uses_after_free;
  RaceDetector detector{shadow.data(), sizeof shadow,
                        [](void* base, std::size_t bytes) {
                          std::memset(base, 0, bytes);
                          ++clear_count;
                        },
                        *this};
};

}  // namespace trama

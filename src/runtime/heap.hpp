// Heap: an allocator on one address range that can be taken back to an earlier state.
//
// Two instances: the program's, behind malloc, whose addresses repeat from execution to
// execution because its state is restored; and the runtime's own, behind operator new in
// our code, which outlives executions.
//
// Blocks carry a header of 16 bytes; sizes are rounded to classes, eight for each power of
// two; freed blocks are kept in a stack for each class, fresh ones are cut from the end. A
// block is all zeros when it is handed out, so a program that reads memory it did not
// write reads the same in every execution.
//
// What a program frees under control is *retired*: it waits in a queue, up to a number of blocks
// and bytes, before it is served again, so that who still uses it is caught in the act.
//
// Not thread-safe in itself: see libc_heap.cpp for who calls it and when.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace trama::runtime {

class Heap {
 public:
  constexpr Heap(std::uint64_t base, std::uint64_t bytes) : base_(base), bytes_(bytes) {}

  /// A block of at least `size` bytes at a multiple of `alignment` (a power of two), zeroed;
  /// null when the range is exhausted. `reused`: the memory served another block before.
  void* allocate(std::size_t size, std::size_t alignment, bool* reused = nullptr);
  /// The same out of a lane of one thread's own, whose memory an execution serves once: so the address
  /// depends on nothing but what that thread did (verify). Null also where the lane is full.
  void* allocate_in_lane(unsigned lane, std::size_t size, std::size_t alignment);
  /// Lets lanes be served again from where nothing in them is live.
  void begin_lanes();
  void free(void* block);
  /// Like free, but the memory is served again only when the queue has become too long.
  void retire(void* block);
  /// Frees all that is retired, so that allocations take it in the order of its addresses.
  void free_retired();
  /// The size asked for.
  [[nodiscard]] static std::size_t size_of(const void* block) { return header(block).size; }
  /// The size that could be used.
  [[nodiscard]] static std::size_t capacity_of(const void* block);
  /// Changes the size in place where the block's class allows it.
  static bool resize_in_place(void* block, std::size_t size);
  [[nodiscard]] bool owns(const void* block) const {
    const auto at = reinterpret_cast<std::uint64_t>(block);
    return at - base_ < bytes_;
  }
  /// True for a block that was allocated and not yet freed. Requires: owns(block).
  [[nodiscard]] static bool is_live(const void* block) { return header(block).state == kLive; }
  [[nodiscard]] static bool was_freed(const void* block) { return header(block).state == kFreed; }

  /// Calls `visit(low, high, from_before)` for each live block, by address; `from_before`: it
  /// was live when the state was remembered.
  template <typename Visit>
  void for_each_live(Visit visit) const {
    visit_live(0, end_, visit);
    for (unsigned lane = 0; lane < lane_count_; ++lane) {
      visit_live(lane_start(lane), lane_start(lane) + lane_ends_[lane], visit);
    }
  }

  /// Remembers the present state.
  void snapshot();
  /// Goes back to it. Memory beyond a small reserve returns to the system.
  void restore();

 private:
  template <typename Visit>
  void visit_live(std::uint64_t begin, std::uint64_t end, Visit visit) const {
    std::uint64_t offset = begin + sizeof(Header);
    while (offset < end) {
      const Header& own = header(reinterpret_cast<const void*>(base_ + offset));
      const std::uint64_t bytes = class_bytes(own.size_class);
      if (own.state == kLive) {
        visit(base_ + offset, base_ + offset + bytes, was_live_before(offset));
      }
      offset += bytes + sizeof(Header);
    }
  }

  struct Header {
    std::uint64_t size;  // asked for
    std::uint16_t size_class;
    std::uint16_t state;     // kLive or kFreed: guards against wild frees
    std::uint32_t to_start;  // bytes from the start of the block to the user's bytes
  };
  static_assert(sizeof(Header) == 16);
  static constexpr std::uint16_t kLive = 0xa110;
  static constexpr std::uint16_t kFreed = 0xf4ee;
  static constexpr unsigned kClassCount = 8 * 40;

  static Header& header(const void* block) {
    return *reinterpret_cast<Header*>(reinterpret_cast<std::uint64_t>(block) - sizeof(Header));
  }
  /// Blocks and bytes in the queue at most; large blocks, without their pages, count as less.
  static constexpr unsigned kRetiredMax = 1024;
  static constexpr std::size_t kRetiredBytesMax = std::size_t{256} << 10U;
  static constexpr std::size_t kRetiredLargeCost = std::size_t{16} << 10U;

  [[nodiscard]] bool was_live_before(std::uint64_t offset) const {
    return offset <= saved_end_ && header(saved_bytes_ + offset).state == kLive;
  }
  std::uint64_t mark_freed(void* block);
  void put_back(std::uint64_t at);
  void free_oldest();
  static std::size_t cost_of(std::uint64_t at);
  static unsigned class_of(std::size_t bytes);
  static std::size_t class_bytes(unsigned size_class);
  bool map();

  // The lanes share the upper half of the range.
  static constexpr unsigned kLaneCountMax = 1024;
  [[nodiscard]] std::uint64_t lane_bytes() const { return bytes_ / 2 / kLaneCountMax; }
  [[nodiscard]] std::uint64_t lane_start(unsigned lane) const {
    return bytes_ / 2 + lane * lane_bytes();
  }
  [[nodiscard]] bool is_in_lane(std::uint64_t at) const { return at - base_ >= bytes_ / 2; }
  void keep_live_blocks();
  void clear_lanes();

  std::uint64_t base_;
  std::uint64_t bytes_;
  bool mapped_ = false;
  std::uint64_t end_ = 0;                          // offset of the first byte never cut
  std::array<std::uint64_t, kClassCount> free_{};  // head of each stack: address of user bytes

  // The queue, a ring; start addresses of blocks.
  std::array<std::uint64_t, kRetiredMax> retired_{};
  unsigned retired_first_ = 0;
  unsigned retired_count_ = 0;
  std::size_t retired_bytes_ = 0;

  std::array<std::uint64_t, kLaneCountMax> lane_ends_{};
  // Below these stand blocks that outlive an execution: statics of a function, and what threads held
  // that were stopped on their way.
  std::array<std::uint64_t, kLaneCountMax> lane_floors_{};
  unsigned lane_count_ = 0;       // beyond it no lane was used
  std::uint64_t lane_kept_ = 0;   // live blocks below the floors
  std::uint64_t lane_fresh_ = 0;  // and above

  std::uint64_t saved_end_ = 0;
  char* saved_bytes_ = nullptr;
  std::size_t saved_capacity_ = 0;
  std::array<std::uint64_t, kClassCount> saved_free_{};
};

extern Heap g_program_heap;
extern Heap g_runtime_heap;

/// A real thread is about to run beside us: from now on malloc takes a lock.
void note_native_thread();
bool has_native_threads();

/// While one lives, malloc serves from the runtime's heap: for memory of libc's that must
/// outlive the running execution.
class PermanentAllocation {
 public:
  PermanentAllocation();
  ~PermanentAllocation();
  PermanentAllocation(const PermanentAllocation&) = delete;
  PermanentAllocation& operator=(const PermanentAllocation&) = delete;

 private:
  bool before_;
};

}  // namespace trama::runtime

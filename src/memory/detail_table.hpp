// DetailTable: all that is known of the granules for which two words do not suffice.
//
// A Detail is a list of accesses, each a word {kind, thread, clock, byte mask}. It is
// exact per byte without a record per byte: an access joins the list with its mask, and
// takes its bytes from those that it covers (see `covers`). So the list holds what per-byte
// write epochs and read vectors would, and for an atomic that two threads use it has one
// or two entries. A Detail fills one cache line; lists longer than six go to the heap.
//
// An AtomicLocation is the published clock of the bytes in its mask. The locations of a
// granule have disjoint masks: neighbouring atomics do not synchronise with each other,
// and an atomic access that overlaps others by part (a union, a 16-byte atomic) splits them.
//
// Cost: taking and releasing are O(1), a new execution is O(1), memory that of the largest
// execution so far.
#pragma once

#include <cstdint>
#include <cstring>
#include <new>

#include "memory/happens_before.hpp"
#include "memory/pool.hpp"
#include "memory/shadow_word.hpp"

namespace trama {

inline constexpr std::uint32_t kNone = 0xffffffff;

struct AtomicLocation {
  SyncVar sync;
  std::uint32_t next = kNone;  // of the same granule, or of the free list
  ByteMask mask = 0;
};

class Detail {
 public:
  Detail() = default;
  Detail(const Detail&) = delete;
  Detail& operator=(const Detail&) = delete;
  ~Detail() { ::operator delete(heap_); }

  ShadowWord* entries() { return heap_ == nullptr ? inline_ : heap_; }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  /// Keeps the first `count` entries.
  void shorten(std::uint32_t count) { count_ = static_cast<std::uint16_t>(count); }

  void append(ShadowWord entry) {
    if (count_ == capacity_) enlarge();
    entries()[count_++] = entry;
  }

  /// Forgets the accesses to the bytes of `mask`.
  void erase(ByteMask mask) {
    ShadowWord* list = entries();
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < count_; ++i) {
      const ShadowWord entry = list[i] & ~ShadowWord{mask};
      if (mask_of(entry) != 0) list[kept++] = entry;
    }
    shorten(kept);
  }

  std::uint32_t first_location = kNone;  // when released: the next of the free list

 private:
  static constexpr std::uint16_t kInline = 6;

  __attribute__((noinline)) void enlarge() {
    // Bounded by threads × kinds × bytes of a granule: 1024 × 4 × 8 < 2^16.
    const auto capacity = static_cast<std::uint16_t>(capacity_ < 32'768 ? capacity_ * 2 : 65'535);
    TRAMA_CHECK(capacity > capacity_);
    auto* list = static_cast<ShadowWord*>(::operator new(capacity * sizeof(ShadowWord)));
    std::memcpy(list, entries(), count_ * sizeof(ShadowWord));
    ::operator delete(heap_);
    heap_ = list;
    capacity_ = capacity;
  }

  std::uint16_t count_ = 0;
  std::uint16_t capacity_ = kInline;
  ShadowWord* heap_ = nullptr;  // kept for the next user of this Detail
  ShadowWord inline_[kInline];  // NOLINT: read only below count_
};
static_assert(sizeof(Detail) == 64);

class DetailTable {
 public:
  Detail& operator[](std::uint32_t index) { return details_[index]; }
  AtomicLocation& location(std::uint32_t index) { return locations_[index]; }

  /// An empty Detail. Its number fits the clock field of a word.
  std::uint32_t take() {
    std::uint32_t index = free_details_;
    if (index != kNone) {
      free_details_ = details_[index].first_location;
    } else {
      index = details_.take();
      TRAMA_CHECK(index <= kClockMax);
    }
    details_[index].shorten(0);
    details_[index].first_location = kNone;
    return index;
  }

  void release(std::uint32_t index) {
    Detail& detail = details_[index];
    while (detail.first_location != kNone) {
      const std::uint32_t location = detail.first_location;
      detail.first_location = locations_[location].next;
      release_location(location);
    }
    detail.first_location = free_details_;
    free_details_ = index;
  }

  /// Makes a location of the bytes in `mask`, which nobody has published to.
  /// Requires: no location of `detail` overlaps it.
  AtomicLocation& add_location(Detail& detail, ByteMask mask) {
    std::uint32_t index = free_locations_;
    if (index != kNone) {
      free_locations_ = locations_[index].next;
    } else {
      index = locations_.take();
    }
    AtomicLocation& location = locations_[index];
    location.sync.clear();
    location.mask = mask;
    location.next = detail.first_location;
    detail.first_location = index;
    return location;
  }

  /// Takes the bytes of `mask` from all locations of `detail`; one without bytes is gone.
  void erase_locations(Detail& detail, ByteMask mask) {
    std::uint32_t* link = &detail.first_location;
    while (*link != kNone) {
      const std::uint32_t index = *link;
      AtomicLocation& location = locations_[index];
      location.mask = static_cast<ByteMask>(location.mask & ~mask);
      if (location.mask != 0) {
        link = &location.next;
      } else {
        *link = location.next;
        release_location(index);
      }
    }
  }

  /// O(1). Every number given out before is void.
  void begin_execution() {
    details_.give_all_back();
    locations_.give_all_back();
    free_details_ = kNone;
    free_locations_ = kNone;
  }

  /// For tests: how many records this execution had at most at once.
  [[nodiscard]] std::uint32_t peak() const { return details_.size(); }

 private:
  void release_location(std::uint32_t index) {
    locations_[index].next = free_locations_;
    free_locations_ = index;
  }

  Pool<Detail, 10> details_;
  Pool<AtomicLocation, 10> locations_;
  std::uint32_t free_details_ = kNone;
  std::uint32_t free_locations_ = kNone;
};

}  // namespace trama

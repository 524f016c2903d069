#include "runtime/heap.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/check.hpp"

namespace trama::runtime {
namespace {

constexpr std::size_t kMinimum = 16;
/// Blocks of this size and above give their pages back when freed.
constexpr std::size_t kLarge = std::size_t{128} << 10U;
/// So much memory beyond the snapshot is wiped between executions; the rest is given back.
constexpr std::uint64_t kKept = std::uint64_t{1} << 20U;
constexpr std::uint64_t kPage = 4096;

/// Zeroes a block; small ones without a call.
void wipe(std::uint64_t at, std::size_t bytes) {
  if (bytes <= 128) {
    auto* word = reinterpret_cast<std::uint64_t*>(at);
    for (std::size_t i = 0; i < bytes / 16; ++i, word += 2) word[0] = word[1] = 0;
    return;
  }
  std::memset(reinterpret_cast<void*>(at), 0, bytes);
}

/// Few numbers as a rule, after each execution: they are sorted without a call.
void sort(std::uint64_t* numbers, unsigned count) {
  if (count > 16) return std::sort(numbers, numbers + count);
  for (unsigned i = 1; i < count; ++i) {
    const std::uint64_t number = numbers[i];
    unsigned at = i;
    for (; at != 0 && numbers[at - 1] > number; --at) numbers[at] = numbers[at - 1];
    numbers[at] = number;
  }
}

constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t to) {
  return (value + to - 1) & ~(to - 1);
}

}  // namespace

constinit Heap g_program_heap(0x620000000000, std::uint64_t{1} << 38U);
constinit Heap g_runtime_heap(0x610000000000, std::uint64_t{1} << 36U);

// Class c holds blocks of (8 + c % 8) * 2^(c / 8) * 2 bytes: 16, 18, 20 … are rounded to
// multiples of 16 below 128, so that small classes stay distinct and aligned.
unsigned Heap::class_of(std::size_t bytes) {
  if (bytes < kMinimum) bytes = kMinimum;
  if (bytes <= 128) return static_cast<unsigned>((bytes + 15) / 16);           // classes 1…8
  const auto exponent = static_cast<unsigned>(std::bit_width(bytes - 1)) - 1;  // ≥ 7
  const std::size_t step = std::size_t{1} << (exponent - 3);
  const auto eighth =
      static_cast<unsigned>((bytes - (std::size_t{1} << exponent) + step - 1) / step);
  return 8 + (exponent - 7) * 8 + eighth;  // eighth 1…8
}

std::size_t Heap::class_bytes(unsigned size_class) {
  if (size_class <= 8) return size_class * std::size_t{16};
  const unsigned exponent = 7 + (size_class - 9) / 8;
  const unsigned eighth = (size_class - 9) % 8 + 1;
  return (std::size_t{1} << exponent) + eighth * (std::size_t{1} << (exponent - 3));
}

bool Heap::map() {
  void* wanted = reinterpret_cast<void*>(base_);
  void* got = mmap(wanted, bytes_, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  mapped_ = got == wanted;
  return mapped_;
}

void* Heap::allocate(std::size_t size, std::size_t alignment, bool* reused) {
  if (!mapped_ && !map()) return nullptr;
  if (size > bytes_ / 2) return nullptr;
  if (alignment > sizeof(Header)) {
    // An own class of blocks is not worth it: cut from the end, reuse through `to_start`.
    const std::size_t padded = size + alignment + sizeof(Header);
    auto* raw = static_cast<char*>(allocate(padded, sizeof(Header), reused));
    if (raw == nullptr) return nullptr;
    const auto at = reinterpret_cast<std::uint64_t>(raw);
    const std::uint64_t aligned = round_up(at, alignment);
    if (aligned == at) {
      header(raw).size = size;
      return raw;
    }
    const Header outer = header(raw);
    auto* block = reinterpret_cast<void*>(aligned);
    header(block) = {size, outer.size_class, kLive, static_cast<std::uint32_t>(aligned - at)};
    return block;
  }
  const unsigned size_class = class_of(size);
  const std::size_t bytes = class_bytes(size_class);
  const std::uint64_t head = free_[size_class];
  std::uint64_t at = head;
  if (head != 0) {
    free_[size_class] = *reinterpret_cast<std::uint64_t*>(head);
    if (bytes < kLarge) {
      wipe(at, bytes);
    } else {
      std::memset(reinterpret_cast<void*>(at), 0, sizeof(std::uint64_t));  // the rest is
    }
  } else {
    if (end_ + bytes + sizeof(Header) > bytes_ / 2) return nullptr;
    at = base_ + end_ + sizeof(Header);
    end_ += bytes + sizeof(Header);
  }
  if (reused != nullptr) *reused = head != 0;
  header(reinterpret_cast<void*>(at)) = {size, static_cast<std::uint16_t>(size_class), kLive, 0};
  return reinterpret_cast<void*>(at);
}

void* Heap::allocate_in_lane(unsigned lane, std::size_t size, std::size_t alignment) {
  if ((!mapped_ && !map()) || lane >= kLaneCountMax || size > lane_bytes() / 2) return nullptr;
  const std::size_t slack = alignment > sizeof(Header) ? alignment + sizeof(Header) : 0;
  const unsigned size_class = class_of(size + slack);
  const std::size_t bytes = class_bytes(size_class);
  std::uint64_t& end = lane_ends_[lane];
  if (end + bytes + sizeof(Header) > lane_bytes()) return nullptr;
  const std::uint64_t at = base_ + lane_start(lane) + end + sizeof(Header);
  end += bytes + sizeof(Header);
  lane_count_ = std::max(lane_count_, lane + 1);
  ++lane_fresh_;
  const std::uint64_t aligned = slack == 0 ? at : round_up(at, alignment);
  header(reinterpret_cast<void*>(at)) = {size, static_cast<std::uint16_t>(size_class), kLive, 0};
  if (aligned != at) {
    header(reinterpret_cast<void*>(aligned)) = {size, static_cast<std::uint16_t>(size_class), kLive,
                                                static_cast<std::uint32_t>(aligned - at)};
  }
  return reinterpret_cast<void*>(aligned);
}

void Heap::begin_lanes() {
  if (lane_count_ == 0) return;
  if (lane_fresh_ != 0) {
    keep_live_blocks();
  } else if (lane_kept_ == 0) {
    std::fill_n(lane_floors_.begin(), lane_count_, 0);
  }
  clear_lanes();
}

void Heap::keep_live_blocks() {
  for (unsigned lane = 0; lane < lane_count_; ++lane) {
    const std::uint64_t start = lane_start(lane);
    visit_live(start + lane_floors_[lane], start + lane_ends_[lane],
               [&](std::uint64_t, std::uint64_t high, bool) {
                 lane_floors_[lane] = high - base_ - start;
               });
  }
  lane_kept_ += lane_fresh_;
  lane_fresh_ = 0;
}

void Heap::clear_lanes() {
  for (unsigned lane = 0; lane < lane_count_; ++lane) {
    const std::uint64_t floor = base_ + lane_start(lane) + lane_floors_[lane];
    const std::uint64_t end = base_ + lane_start(lane) + lane_ends_[lane];
    const std::uint64_t kept = std::min(end, floor + kKept);
    std::memset(reinterpret_cast<void*>(floor), 0, kept - floor);
    const std::uint64_t rest = round_up(kept, kPage);
    const std::uint64_t used = round_up(end, kPage);
    if (used > rest) madvise(reinterpret_cast<void*>(rest), used - rest, MADV_DONTNEED);
    lane_ends_[lane] = lane_floors_[lane];
  }
  if (lane_kept_ == 0) lane_count_ = 0;
}

void Heap::free(void* block) { put_back(mark_freed(block)); }

void Heap::retire(void* block) {
  const std::uint64_t at = mark_freed(block);
  const std::size_t cost = cost_of(at);
  while (retired_count_ == kRetiredMax ||
         (retired_count_ != 0 && retired_bytes_ + cost > kRetiredBytesMax)) {
    free_oldest();
  }
  retired_[(retired_first_ + retired_count_++) % kRetiredMax] = at;
  retired_bytes_ += cost;
}

void Heap::free_oldest() {
  const std::uint64_t at = retired_[retired_first_];
  retired_first_ = (retired_first_ + 1) % kRetiredMax;
  --retired_count_;
  retired_bytes_ -= cost_of(at);
  put_back(at);
}

void Heap::free_retired() {
  if (retired_count_ == 0) return;
  std::rotate(retired_.begin(), retired_.begin() + retired_first_, retired_.end());
  sort(retired_.data(), retired_count_);
  // The stacks of free blocks give back first what they got last.
  while (retired_count_ != 0) put_back(retired_[--retired_count_]);
  retired_first_ = 0;
  retired_bytes_ = 0;
}

std::size_t Heap::cost_of(std::uint64_t at) {
  const std::size_t bytes = class_bytes(header(reinterpret_cast<void*>(at)).size_class);
  return bytes >= kLarge ? kRetiredLargeCost : bytes;
}

/// Returns the start of the block, which for an aligned one is before the user's bytes. The
/// pages of a large one go back to the system.
std::uint64_t Heap::mark_freed(void* block) {
  Header& own = header(block);
  TRAMA_CHECK(own.state == kLive);
  own.state = kFreed;
  if (is_in_lane(reinterpret_cast<std::uint64_t>(block))) {
    const std::uint64_t offset = reinterpret_cast<std::uint64_t>(block) - base_ - bytes_ / 2;
    const bool is_kept = offset % lane_bytes() < lane_floors_[offset / lane_bytes()];
    --(is_kept ? lane_kept_ : lane_fresh_);
  }
  const std::uint64_t at = reinterpret_cast<std::uint64_t>(block) - own.to_start;
  header(reinterpret_cast<void*>(at)).state = kFreed;
  const std::size_t bytes = class_bytes(own.size_class);
  if (bytes >= kLarge) {
    const std::uint64_t low = round_up(at, kPage);
    const std::uint64_t high = (at + bytes) & ~(kPage - 1);
    std::memset(reinterpret_cast<void*>(at), 0, low - at);
    if (high > low) madvise(reinterpret_cast<void*>(low), high - low, MADV_DONTNEED);
    std::memset(reinterpret_cast<void*>(high), 0, at + bytes - high);
  }
  return at;
}

void Heap::put_back(std::uint64_t at) {
  if (is_in_lane(at)) return;
  const unsigned size_class = header(reinterpret_cast<void*>(at)).size_class;
  *reinterpret_cast<std::uint64_t*>(at) = free_[size_class];
  free_[size_class] = at;
}

std::size_t Heap::capacity_of(const void* block) {
  const Header& own = header(block);
  return class_bytes(own.size_class) - own.to_start;
}

bool Heap::resize_in_place(void* block, std::size_t size) {
  Header& own = header(block);
  const std::size_t capacity = capacity_of(block);
  if (size > capacity || (capacity >= 1024 && size < capacity / 2)) return false;
  if (size > own.size) {
    std::memset(static_cast<char*>(block) + own.size, 0, size - own.size);
  }
  own.size = size;
  return true;
}

void Heap::snapshot() {
  // Mapped now at the latest: what an execution maps is taken back at its end.
  if (!mapped_ && !map()) return;
  if (end_ > saved_capacity_) {
    saved_capacity_ = round_up(end_ * 2, kPage);
    void* memory = mmap(nullptr, saved_capacity_, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    TRAMA_CHECK(memory != MAP_FAILED);
    saved_bytes_ = static_cast<char*>(memory);
  }
  std::memcpy(saved_bytes_, reinterpret_cast<void*>(base_), end_);
  saved_end_ = end_;
  saved_free_ = free_;
}

void Heap::restore() {
  if (!mapped_) return;
  std::memcpy(reinterpret_cast<void*>(base_), saved_bytes_, saved_end_);
  // All that the execution used becomes zero, to the end of its last page: who reads out of
  // bounds finds the same as in a process of its own.
  const std::uint64_t used = round_up(end_, kPage);
  const std::uint64_t kept = std::min(used, round_up(saved_end_ + kKept, kPage));
  std::memset(reinterpret_cast<void*>(base_ + saved_end_), 0, kept - saved_end_);
  if (used > kept) {
    madvise(reinterpret_cast<void*>(base_ + kept), used - kept, MADV_DONTNEED);
  }
  end_ = saved_end_;
  free_ = saved_free_;
  std::fill_n(lane_floors_.begin(), lane_count_, 0);
  lane_kept_ = lane_fresh_ = 0;
  clear_lanes();
  retired_first_ = retired_count_ = 0;
  retired_bytes_ = 0;
}

}  // namespace trama::runtime

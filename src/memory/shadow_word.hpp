// The shadow of memory: what the race detector remembers of each granule of eight bytes.
//
// A granule's cell is two words, the last plain write and the last plain read:
//
//     63        44 43      34 33            8 7        0
//     generation   thread     clock           byte mask
//
// The word says that the bytes in the mask were last accessed at epoch clock@thread. The
// generation is that of one execution: a word of another generation is empty, so a new
// execution starts with a clean shadow without touching it.
//
// A cell with more to remember than two words is escalated: its write word has mask 0,
// and in the place of the clock the number of a Detail (see detail_table.hpp). Its read
// word is then a cache: the last plain read known to be recorded there.
//
// The cell of freed memory has a write word of mask 0 as well, marked by a thread of 1: there
// any access is a use after free, so it need not say who came before.
//
// A Detail records accesses as words too, with the access kind where the generation was.
#pragma once

#include <cstddef>
#include <cstdint>

#include "event/ids.hpp"

namespace trama {

using ShadowWord = std::uint64_t;

struct ShadowCell {
  ShadowWord write;
  ShadowWord read;
};

/// Addresses that differ only above these bits share a cell; the host sees to it that the
/// program has none such.
inline constexpr std::uintptr_t kAddressMask = 0x0fffffffffff;
inline constexpr std::uintptr_t kGranule = 8;
/// The shadow of the whole address space: 32 TiB, reserved but not committed.
inline constexpr std::size_t kShadowBytes = (kAddressMask + 1) / kGranule * sizeof(ShadowCell);

constexpr std::uintptr_t shadow_offset(std::uintptr_t address) {
  // A granule of 8 bytes has a cell of 16: twice the granule's address, in one instruction.
  static_assert(sizeof(ShadowCell) == 2 * kGranule);
  return (address & (kAddressMask - (kGranule - 1))) * 2;
}

inline constexpr unsigned kMaskBits = 8;
inline constexpr unsigned kClockBits = 26;
inline constexpr unsigned kThreadBits = 10;
inline constexpr unsigned kGenerationBits = 20;
inline constexpr unsigned kThreadShift = kMaskBits + kClockBits;
inline constexpr unsigned kGenerationShift = kThreadShift + kThreadBits;
static_assert(kGenerationShift + kGenerationBits == 64);
static_assert(kThreadCountMax <= 1U << kThreadBits);

inline constexpr std::uint32_t kClockMax = (1U << kClockBits) - 1;
inline constexpr std::uint32_t kGenerationCount = 1U << kGenerationBits;

using ByteMask = std::uint8_t;
inline constexpr ByteMask kWholeGranule = 0xff;

constexpr ShadowWord make_word(std::uint32_t generation, std::uint32_t thread,
                               std::uint32_t clock) {
  return ShadowWord{generation} << kGenerationShift | ShadowWord{thread} << kThreadShift |
         ShadowWord{clock} << kMaskBits;
}
/// All of a word but its clock: what tells an escalated cell's write word, and a freed one's.
inline constexpr ShadowWord kAllButClock = ~(ShadowWord{kClockMax} << kMaskBits);
constexpr ByteMask mask_of(ShadowWord word) { return static_cast<ByteMask>(word); }
constexpr std::uint32_t clock_of(ShadowWord word) {
  return static_cast<std::uint32_t>(word >> kMaskBits) & kClockMax;
}
/// … as an index, where a narrow number would only be widened again.
constexpr std::uint32_t thread_index_of(ShadowWord word) {
  return static_cast<std::uint32_t>(word >> kThreadShift) & ((1U << kThreadBits) - 1);
}
constexpr ThreadId thread_of(ShadowWord word) {
  return static_cast<ThreadId>(thread_index_of(word));
}
/// Same generation (or kind), thread and clock; the masks may differ.
constexpr bool same_epoch(ShadowWord a, ShadowWord b) { return (a ^ b) >> kMaskBits == 0; }

/// The mask of `size` bytes from `offset`. Requires: they lie within one granule.
/// `known` is of the epoch of `word` and has all its bytes. Never true of an escalated word,
/// whose mask is empty. Requires: mask_of(word) != 0.
constexpr bool says_all_of(ShadowWord known, ShadowWord word) {
  return ((known ^ word) & (word | ~ShadowWord{0xff})) == 0;
}

/// Thread and clock, without what stands above them: the generation, or in an entry the kind.
inline constexpr ShadowWord kEpochOnly =
    ((ShadowWord{1} << kGenerationShift) - 1) & ~ShadowWord{kWholeGranule};

constexpr ByteMask bytes_mask(unsigned offset, unsigned size) {
  return static_cast<ByteMask>(((1U << size) - 1U) << offset);
}

/// Bit 0: writes; bit 1: atomic. An atomic read-modify-write counts as an atomic write,
/// since it conflicts with no less.
enum class AccessKind : std::uint8_t {
  plain_read = 0,
  plain_write = 1,
  atomic_read = 2,
  atomic_write = 3,
};
constexpr bool is_write(AccessKind kind) { return (static_cast<unsigned>(kind) & 1U) != 0; }
constexpr bool is_atomic(AccessKind kind) { return (static_cast<unsigned>(kind) & 2U) != 0; }

/// Relations of two kinds as tables of 16 bits, the bit 4 * `a` + `b`: on the hot path one
/// of the kinds is known to the compiler, which leaves one bit test.
constexpr bool related(unsigned table, AccessKind a, AccessKind b) {
  return (table >> (static_cast<unsigned>(a) * 4 + static_cast<unsigned>(b)) & 1U) != 0;
}
/// One of them writes, and not both are atomic.
constexpr bool conflict(AccessKind a, AccessKind b) { return related(0b0011'0010'1111'1010, a, b); }
/// Whether all that conflicts with an `earlier` access conflicts with a `later` one too.
/// If so, and they are ordered, whoever races with the earlier races with the later (or
/// raced with it before): the earlier need not be remembered.
constexpr bool covers(AccessKind later, AccessKind earlier) {
  return related(0b1100'0100'1111'0101, later, earlier);
}

constexpr ShadowWord make_entry(AccessKind kind, ShadowWord word) {
  constexpr ShadowWord kBelow = (ShadowWord{1} << kGenerationShift) - 1;
  return static_cast<ShadowWord>(kind) << kGenerationShift | (word & kBelow);
}
constexpr AccessKind kind_of(ShadowWord entry) {
  return static_cast<AccessKind>(entry >> kGenerationShift);
}

}  // namespace trama

// Plain accesses, the life of memory, threads and locks. See race_detector.hpp; atomics
// are in race_detector_atomic.cpp.
#include "memory/race_detector.hpp"

#include <bit>

#include "base/check.hpp"

namespace trama {

void RaceDetector::begin_execution() {
  ++generation_;
  if (generation_ == kGenerationCount) {
    clear_(base_, bytes_);
    generation_ = 1;  // zeroed memory is of generation 0, never a current one
  }
  details_.begin_execution();
  first_accesses_.begin_execution();
  order_.begin_execution();
  set_current(kMainThread);
}

void RaceDetector::thread_begin(ThreadId child, ThreadId parent) {
  order_.thread_begin(child, parent);
  refresh();
}

void RaceDetector::release(ThreadId thread, SyncVar& sync) {
  order_.release(thread_of_id(thread), sync);
  refresh();
}

void RaceDetector::release_store(ThreadId thread, SyncVar& sync) {
  order_.release_store(thread_of_id(thread), sync);
  refresh();
}

// Exactness of the plain paths. A cell that is not escalated says: the bytes of its write
// mask were last written, those of its read mask last read, by these epochs, and no other
// access need be remembered. Each branch below keeps that true or escalates.

// What is rare stands in functions of its own, and comes last in its caller: so these here need
// no registers saved.

__attribute__((noinline)) void RaceDetector::read_slowly(ShadowCell& cell, ShadowWord word,
                                                         std::uintptr_t address) {
  const ShadowWord write = cell.write;
  if (is_live(write)) {
    const ByteMask mask = mask_of(word);
    if (mask_of(write) == 0) return read_in_detail(cell, word, address);
    const auto both = static_cast<ByteMask>(mask_of(write) & mask);
    if (same_epoch(write, word)) {
      if (both == mask) return;  // the write says more than this read would
    } else if (both != 0 && !happened_before(write, *current_)) {
      return read_racing(cell, word, address);
    }
  }
  remember_read(cell, word, address);
}

__attribute__((cold, noinline)) void RaceDetector::read_racing(ShadowCell& cell, ShadowWord word,
                                                               std::uintptr_t address) {
  const auto both = static_cast<ByteMask>(mask_of(cell.write) & mask_of(word));
  report(*current_, AccessKind::plain_read, AccessKind::plain_write, cell.write, both, address);
  remember_read(cell, word, address);
}

/// Requires: the cell is not escalated.
[[gnu::always_inline]] inline void RaceDetector::remember_read(ShadowCell& cell, ShadowWord word,
                                                               std::uintptr_t address) {
  const ShadowWord read = cell.read;
  if (!is_live(read)) {
    cell.read = word;
    first_accesses_.note(address);
  } else if (same_epoch(read, word)) {
    cell.read = read | word;
  } else if ((mask_of(read) & ~mask_of(word)) == 0 && happened_before(read, *current_)) {
    cell.read = word;
  } else {
    // Two reads, unordered or of different bytes: both must be remembered.
    escalate_with<AccessKind::plain_read>(cell, word, address);
  }
}

/// Of a cell whose write word has no mask.
__attribute__((noinline)) void RaceDetector::read_in_detail(ShadowCell& cell, ShadowWord word,
                                                            std::uintptr_t address) {
  const ShadowWord read = cell.read;
  if (is_freed(cell.write)) {
    tell_freed(cell, mask_of(word), address, AccessKind::plain_read);
    cell.read = word;
    return;
  }
  record<AccessKind::plain_read>(details_[clock_of(cell.write)], *current_, word, address);
  cell.read = same_epoch(read, word) ? read | word : word;
}

/// Both what the two words say and one access more; nothing is reported.
template <AccessKind kKind>
void RaceDetector::escalate_with(ShadowCell& cell, ShadowWord word, std::uintptr_t address) {
  record<kKind>(details_[escalate(cell)], *current_, word, address, false);
  if (!is_write(kKind)) cell.read = word;  // what was read before is of another epoch
}

__attribute__((noinline)) void RaceDetector::write_slowly(ShadowCell& cell, ShadowWord word,
                                                          std::uintptr_t address) {
  const ShadowWord write = cell.write;
  const ShadowWord read = cell.read;
  const ByteMask mask = mask_of(word);
  if (is_live(write)) {
    if (mask_of(write) == 0) return write_in_detail(cell, word, address);
    if ((mask_of(write) & mask) != 0 && !happened_before(write, *current_)) {
      return write_racing(cell, word, address);
    }
  }
  if (is_live(read) && (mask_of(read) & mask) != 0 && !happened_before(read, *current_)) {
    return write_racing(cell, word, address);
  }
  remember_write(cell, word, address);
}

/// Requires: the cell is not escalated.
[[gnu::always_inline]] inline void RaceDetector::remember_write(ShadowCell& cell, ShadowWord word,
                                                                std::uintptr_t address) {
  const ShadowWord write = cell.write;
  const ByteMask mask = mask_of(word);
  if (is_live(cell.read)) {
    // Only the bytes written may forget their readers.
    const ShadowWord read = cell.read & ~ShadowWord{mask};
    cell.read = mask_of(read) == 0 ? 0 : read;
  }
  if (!is_live(write)) {
    cell.write = word;
    first_accesses_.note(address);
  } else if ((mask_of(write) & ~mask) == 0) {
    cell.write = word;
  } else if (same_epoch(write, word)) {
    cell.write = write | word;
  } else {
    escalate_with<AccessKind::plain_write>(cell, word, address);
  }
}

__attribute__((cold, noinline)) void RaceDetector::write_racing(ShadowCell& cell, ShadowWord word,
                                                                std::uintptr_t address) {
  const ByteMask mask = mask_of(word);
  ByteMask told = 0;
  const auto meet = [&](ShadowWord earlier, AccessKind kind) {
    const auto both = static_cast<ByteMask>(mask_of(earlier) & mask & ~told);
    if (!is_live(earlier) || both == 0 || happened_before(earlier, *current_)) return;
    report(*current_, AccessKind::plain_write, kind, earlier, both, address);
    told = both;
  };
  meet(cell.write, AccessKind::plain_write);
  meet(cell.read, AccessKind::plain_read);
  remember_write(cell, word, address);
}

__attribute__((noinline)) void RaceDetector::write_in_detail(ShadowCell& cell, ShadowWord word,
                                                             std::uintptr_t address) {
  const ByteMask mask = mask_of(word);
  const ShadowWord write = cell.write;
  if (is_freed(write)) {
    tell_freed(cell, mask, address, AccessKind::plain_write);
    cell.write = word;
    return;
  }
  Detail& detail = details_[clock_of(write)];
  record<AccessKind::plain_write>(detail, *current_, word, address);
  cell.read = 0;
  // A plain write continues no release sequence.
  if (detail.first_location != kNone) details_.erase_locations(detail, mask);
  if (detail.count() == 1) {
    // This write is all there is to remember, so two words suffice again. No location is
    // left: an atomic access to its bytes would be in the list.
    cell.write = word | mask_of(detail.entries()[0]);
    details_.release(clock_of(write));
  }
}

/// Tells of an access to freed bytes; the granule is then as if new, so that it is told once.
__attribute__((cold, noinline)) void RaceDetector::tell_freed(ShadowCell& cell, ByteMask bytes,
                                                              std::uintptr_t address,
                                                              AccessKind kind) {
  cell = {};
  const std::uintptr_t granule = address - address % kGranule;
  const auto first = static_cast<unsigned>(std::countr_zero(bytes));
  listener_.on_use_after_free(granule + first, static_cast<unsigned>(std::popcount(bytes)), kind);
}

/// Moves what the two words say into a Detail. Requires: not escalated.
std::uint32_t RaceDetector::escalate(ShadowCell& cell) {
  const std::uint32_t index = details_.take();
  Detail& detail = details_[index];
  // What comes before all that any thread will ever do races with nothing: initialisation, mostly.
  if (is_live(cell.write) && !is_known_to_all(cell.write)) {
    detail.append(make_entry(AccessKind::plain_write, cell.write));
  }
  if (is_live(cell.read) && !is_known_to_all(cell.read)) {
    detail.append(make_entry(AccessKind::plain_read, cell.read));
  }
  cell.write = make_word(generation_, 0, index);
  cell.read = 0;
  return index;
}

/// Judges one access against the list, then adds it and drops what it covers. Bytes that
/// were reported already (not `report_races`) are treated as ordered.
template <AccessKind kKind>
void RaceDetector::record(Detail& detail, const Thread& thread, ShadowWord word,
                          std::uintptr_t address, bool report_races) {
  Judgement judgement;
  judgement.added = make_entry(kKind, word);
  judgement.reportable = report_races ? mask_of(word) : ByteMask{0};
  judge<kKind, false>(detail, thread, word, address, judgement);
}

/// The rest of a list in which something races: apart, so that all others need no room for what
/// a report asks.
template <AccessKind kKind>
void RaceDetector::judge_race(Detail& detail, const Thread& thread, ShadowWord word,
                              std::uintptr_t address, Judgement judgement) {
  judge<kKind, true>(detail, thread, word, address, judgement);
}

template <AccessKind kKind, bool kTells>
[[gnu::always_inline]] inline void RaceDetector::judge(Detail& detail, const Thread& thread,
                                                       ShadowWord word, std::uintptr_t address,
                                                       Judgement judgement) {
  const ByteMask mask = mask_of(word);
  ShadowWord* const entries = detail.entries();
  const std::uint32_t count = detail.count();
  for (; judgement.next < count; ++judgement.next) {
    ShadowWord entry = entries[judgement.next];
    const AccessKind earlier = kind_of(entry);
    const auto both = static_cast<ByteMask>(mask_of(entry) & mask);
    if (((entry ^ word) & kEpochOnly) == 0) {
      // Of this very epoch: nothing to judge. It may make the new entry superfluous, or be
      // of the same kind and so continue in it.
      if (both == mask && covers(earlier, kKind)) {
        judgement.is_known = true;
        entries[judgement.kept++] = entry;
        continue;
      }
      if (earlier == kKind) {
        judgement.added |= mask_of(entry);
        continue;
      }
    }
    // An atomic read and an atomic write before it have nothing to say to each other.
    if (both != 0 && (conflict(kKind, earlier) || covers(kKind, earlier))) {
      bool ordered = happened_before(entry, thread);
      if (__builtin_expect(!ordered && conflict(kKind, earlier), 0)) {
        if (!kTells) return judge_race<kKind>(detail, thread, word, address, judgement);
        const auto raced = static_cast<ByteMask>(both & judgement.reportable);
        if (raced != 0) report(thread, kKind, earlier, entry, raced, address);
        judgement.reportable = static_cast<ByteMask>(judgement.reportable & ~both);
        ordered = true;
      }
      if (ordered && covers(kKind, earlier)) entry &= ~ShadowWord{mask};
    }
    if (mask_of(entry) != 0) entries[judgement.kept++] = entry;
  }
  detail.shorten(judgement.kept);
  // Even where the access says nothing new, what was to continue in it must not be lost.
  if (judgement.is_known) judgement.added &= ~ShadowWord{mask};
  if (mask_of(judgement.added) != 0) detail.append(judgement.added);
}
template void RaceDetector::record<AccessKind::atomic_read>(Detail&, const Thread&, ShadowWord,
                                                            std::uintptr_t, bool);
template void RaceDetector::record<AccessKind::atomic_write>(Detail&, const Thread&, ShadowWord,
                                                             std::uintptr_t, bool);

/// Tells the listener of each run of adjacent bytes in `bytes`.
__attribute__((cold, noinline)) void RaceDetector::report(const Thread& thread, AccessKind kind,
                                                          AccessKind previous_kind,
                                                          ShadowWord previous, ByteMask bytes,
                                                          std::uintptr_t address) {
  const std::uintptr_t granule = address - address % kGranule;
  for (unsigned first = 0; first < kGranule; ++first) {
    if ((bytes >> first & 1U) == 0) continue;
    unsigned end = first;
    while (end < kGranule && (bytes >> end & 1U) != 0) ++end;
    listener_.on_race({.address = granule + first,
                       .size = end - first,
                       .current = thread.id,
                       .current_is_write = is_write(kind),
                       .current_is_atomic = is_atomic(kind),
                       .previous = thread_of(previous),
                       .previous_clock = clock_of(previous),
                       .previous_is_write = is_write(previous_kind),
                       .previous_is_atomic = is_atomic(previous_kind)});
    first = end;
  }
}

namespace {

/// Calls `visit(address, mask)` for each granule of a range, `mask` the bytes of it.
template <typename Visit>
inline void each_granule(std::uintptr_t address, std::size_t bytes, Visit visit) {
  while (bytes > 0) {
    const auto offset = static_cast<unsigned>(address % kGranule);
    const std::size_t room = kGranule - offset;
    const auto size = static_cast<unsigned>(bytes < room ? bytes : room);
    visit(address, bytes_mask(offset, size));
    address += size;
    bytes -= size;
  }
}

}  // namespace

void RaceDetector::on_read_range(std::uintptr_t address, std::size_t bytes) {
  each_granule(address, bytes, [this](std::uintptr_t at, ByteMask mask) {
    const ShadowWord word = word_ | mask;
    ShadowCell& cell = cell_of(at);
    if (!says_all_of(cell.read, word) && !says_all_of(cell.write, word))
      read_slowly(cell, word, at);
  });
}

void RaceDetector::on_write_range(std::uintptr_t address, std::size_t bytes) {
  each_granule(address, bytes, [this](std::uintptr_t at, ByteMask mask) {
    const ShadowWord word = word_ | mask;
    ShadowCell& cell = cell_of(at);
    if (!says_all_of(cell.write, word)) write_slowly(cell, word, at);
  });
}

/// Forgets all accesses to the bytes of `mask`, and what atomics published there.
void RaceDetector::forget(ShadowCell& cell, ByteMask mask) {
  if (is_escalated(cell.write)) {
    const std::uint32_t index = clock_of(cell.write);
    Detail& detail = details_[index];
    detail.erase(mask);
    details_.erase_locations(detail, mask);
    cell.read = 0;
    if (detail.count() == 0) {
      details_.release(index);
      cell.write = 0;
    }
    return;
  }
  cell.write &= ~ShadowWord{mask};
  cell.read &= ~ShadowWord{mask};
  if (mask_of(cell.write) == 0) cell.write = 0;  // a mask of 0 would mean: escalated
  if (mask_of(cell.read) == 0) cell.read = 0;
}

void RaceDetector::on_alloc(std::uintptr_t address, std::size_t bytes) {
  // Cells already empty are only read, so that fresh memory does not commit its shadow.
  each_granule(address, bytes, [this](std::uintptr_t at, ByteMask mask) {
    ShadowCell& cell = cell_of(at);
    if (is_live(cell.write) || is_live(cell.read)) forget(cell, mask);
  });
}

void RaceDetector::on_thread_end(ThreadId owner, std::uintptr_t address, std::size_t bytes) {
  if (!first_accesses_.may_hold(address, bytes)) return;
  // No thread ever knows of that clock, so nothing is ordered after such a write.
  const ShadowWord ended = make_word(generation_, owner, kClockMax);
  // Words of other generations are smaller: none is of a later one.
  const ShadowWord live = ShadowWord{generation_} << kGenerationShift;
  ShadowCell* const end = &cell_of(address + bytes);
  for (ShadowCell* cell = &cell_of(address); cell != end; ++cell) {
    if (__builtin_expect(cell->write < live && cell->read < live, 1)) continue;
    forget(*cell, kWholeGranule);
    cell->write = ended | kWholeGranule;
  }
}

void RaceDetector::on_free(std::uintptr_t address, std::size_t bytes, bool judged) {
  each_granule(address, bytes, [this, judged](std::uintptr_t at, ByteMask mask) {
    ShadowCell& cell = cell_of(at);
    if (judged && !(is_settled(cell.write) && is_settled(cell.read))) {
      write_slowly(cell, word_ | mask, at);
    }
    if (is_escalated(cell.write)) details_.release(clock_of(cell.write));
    cell = {freed_word(), 0};
  });
}

}  // namespace trama

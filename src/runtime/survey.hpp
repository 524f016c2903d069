// Survey: which memory threads hand to one another by plain accesses, and how often.
//
// A wrong status says nothing of memory. Before such an execution is recorded it is taken once
// more, only to find the granule whose values tell most of it: the one that passes most often
// from thread to thread with a write on either side. The record then notes its accesses.
#pragma once

#include <cstdint>
#include <vector>

#include "event/ids.hpp"
#include "runtime/visible.hpp"

namespace trama::runtime {

class Survey {
 public:
  Survey() : slots_(1024) {}

  void note(std::uint64_t address, ThreadId thread, bool writes) {
    Entry* entry = find(address & ~(Visible::kGranule - 1));
    if (entry == nullptr) return;
    if (entry->last != thread && entry->last != kNoThread && (writes || entry->last_wrote)) {
      ++entry->handovers;
    }
    if (writes) {
      if (entry->writer != kNoThread && entry->writer != thread) entry->several_writers = true;
      entry->writer = thread;
    }
    entry->last = thread;
    entry->last_wrote = writes;
  }

  /// Other objects stand there from now.
  void forget(std::uint64_t low, std::uint64_t high) {
    for (std::uint64_t at = low & ~(Visible::kGranule - 1); at < high; at += Visible::kGranule) {
      Entry* entry = place(at);
      if (entry->granule == at) *entry = Entry{.granule = at};
    }
  }

  /// The granule to watch; 0 where nothing passes to and fro.
  [[nodiscard]] std::uint64_t best() const {
    const Entry* best = nullptr;
    for (const Entry& entry : slots_) {
      if (!entry.several_writers || entry.handovers < 2) continue;
      const bool better = best == nullptr || entry.handovers > best->handovers ||
                          (entry.handovers == best->handovers && entry.granule < best->granule);
      if (better) best = &entry;
    }
    return best == nullptr ? 0 : best->granule;
  }

 private:
  static constexpr std::size_t kGranulesMax = std::size_t{1} << 20U;

  struct Entry {
    std::uint64_t granule = 0;
    std::uint32_t handovers = 0;
    ThreadId last = kNoThread;
    ThreadId writer = kNoThread;
    bool last_wrote = false;
    bool several_writers = false;
  };

  /// Null when there are too many to keep.
  Entry* find(std::uint64_t granule) {
    Entry* entry = place(granule);
    if (entry->granule == granule) return entry;
    if (count_ == kGranulesMax) return nullptr;
    if (++count_ * 2 > slots_.size()) {
      std::vector<Entry> old(slots_.size() * 2);
      old.swap(slots_);
      for (const Entry& kept : old) {
        if (kept.granule != 0) *place(kept.granule) = kept;
      }
      entry = place(granule);
    }
    entry->granule = granule;
    return entry;
  }
  Entry* place(std::uint64_t granule) {
    std::size_t i = static_cast<std::size_t>((granule * 0x9e3779b97f4a7c15U) >> 32U);
    for (;; ++i) {
      Entry& entry = slots_[i & (slots_.size() - 1)];
      if (entry.granule == granule || entry.granule == 0) return &entry;
    }
  }

  std::vector<Entry> slots_;  // open addressing; granule 0 = free; size a power of two
  std::size_t count_ = 0;
};

}  // namespace trama::runtime

// BlockLog: who allocated and who freed the program's heap blocks, with their stacks; for the
// finding of a recorded execution.
//
// Kept are the blocks that hold the address under watch, or all, where it is not known before
// which block matters. Stacks are kept raw, since most are never asked for.
#pragma once

#include <cstdint>
#include <vector>

#include "event/ids.hpp"

namespace trama::runtime {

using RawStack = std::vector<std::uint64_t>;

struct BlockEnd {
  ThreadId thread = kNoThread;  ///< kNoThread: it did not come to that
  RawStack stack;
};

struct BlockRecord {
  std::uint64_t base = 0;
  std::uint64_t size = 0;
  BlockEnd allocated;
  BlockEnd freed;
};

class BlockLog {
 public:
  void add_allocation(std::uint64_t base, std::uint64_t size, ThreadId thread, RawStack stack) {
    records_.push_back({base, size, {thread, static_cast<RawStack&&>(stack)}, {}});
  }
  void add_free(std::uint64_t base, ThreadId thread, RawStack stack) {
    for (std::size_t i = records_.size(); i-- > 0;) {
      if (records_[i].base != base) continue;
      records_[i].freed = {thread, static_cast<RawStack&&>(stack)};
      return;
    }
    records_.push_back({base, 0, {}, {thread, static_cast<RawStack&&>(stack)}});
  }
  /// The last block that held, or holds, `address`; null when none is known.
  [[nodiscard]] const BlockRecord* find(std::uint64_t address) const {
    for (std::size_t i = records_.size(); i-- > 0;) {
      const BlockRecord& record = records_[i];
      const std::uint64_t size = record.size == 0 ? 1 : record.size;
      if (address - record.base < size) return &record;
    }
    return nullptr;
  }

  /// The last block allocated that begins in [low, high); null when none is known.
  [[nodiscard]] const BlockRecord* find_between(std::uint64_t low, std::uint64_t high) const {
    for (std::size_t i = records_.size(); i-- > 0;) {
      if (records_[i].base - low < high - low) return &records_[i];
    }
    return nullptr;
  }

 private:
  std::vector<BlockRecord> records_;
};

}  // namespace trama::runtime

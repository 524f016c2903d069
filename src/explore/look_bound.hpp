// LookBound: how often a thread may look at the same place in vain (--unroll).
//
// A look is a load, or an exchange that changes nothing. A thread that comes to the same look (same
// place in the program, same location) for the n+1st time, and has changed nothing that others can
// tell since the first, is cut: it takes no further step in this execution. The others go on, so
// that what they store is still offered to the looks there were. Whether a thread is cut follows
// from its own steps alone, as it must: an execution graph that comes again is cut again.
#pragma once

#include <cstdint>
#include <vector>

#include "event/ids.hpp"

namespace trama {

class LookBound {
 public:
  /// 0: no bound.
  void set_most(std::uint64_t most) { most_ = most; }
  void begin_execution() {
    for (auto& looks : threads_) looks.clear();
  }
  [[nodiscard]] bool active() const { return most_ != 0; }

  void looked(ThreadId thread, std::uint64_t code, std::uint64_t address) {
    if (most_ == 0) return;
    if (thread >= threads_.size()) threads_.resize(thread + 1U);
    for (Look& look : threads_[thread]) {
      if (look.code != code || look.address != address) continue;
      ++look.count;
      return;
    }
    threads_[thread].push_back({code, address, 1});
  }
  /// The thread did what others can tell.
  void note_effect(ThreadId thread) {
    if (thread < threads_.size()) threads_[thread].clear();
  }
  /// Another such look would be one too many.
  [[nodiscard]] bool cuts(ThreadId thread, std::uint64_t code, std::uint64_t address) const {
    if (most_ == 0 || thread >= threads_.size()) return false;
    for (const Look& look : threads_[thread]) {
      if (look.code == code && look.address == address) return look.count >= most_;
    }
    return false;
  }

 private:
  struct Look {
    std::uint64_t code = 0;
    std::uint64_t address = 0;
    std::uint64_t count = 0;
  };
  std::uint64_t most_ = 0;
  std::vector<std::vector<Look>> threads_;
};

}  // namespace trama

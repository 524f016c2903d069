// In which order the stores to each atomic of a trace of verify stand, as their steps tell it.
#pragma once

#include <vector>

#include "trace/trace.hpp"

namespace trama {

class ModificationOrder {
 public:
  explicit ModificationOrder(const Trace& trace)
      : trace_(trace), next_(trace.steps.size(), kNoIndex) {
    for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
      const TraceStep& step = trace.steps[i];
      if (step.behind < next_.size()) next_[step.behind] = i;
      if (step.behind == kInitialValue) firsts_.push_back(i);
    }
  }

  /// The store right behind the step's own; kNoIndex where it is the last.
  [[nodiscard]] std::uint32_t next(std::uint32_t step) const { return next_[step]; }

  /// A store that was made before the step, though it stands behind what the step reads, or behind
  /// the step's own store: the first in their order. kNoIndex: the step is as in an interleaving.
  [[nodiscard]] std::uint32_t newer_before(std::uint32_t step) const {
    const TraceStep& at = trace_.steps[step];
    std::uint32_t later = kNoIndex;
    if (at.from == kInitialValue) {
      later = first_at(at.event.address, step);
    } else if (at.from != kNoIndex) {
      later = next_[at.from];
    } else if (at.behind != kNoIndex) {
      later = next_[step];
    }
    // No longer than the trace: a damaged file may close the chain to a ring.
    for (std::size_t i = 0; i < next_.size() && later != kNoIndex; ++i) {
      if (later < step) return later;
      later = next_[later];
    }
    return kNoIndex;
  }

 private:
  /// The first store to memory that may have had several lives: the last that began before `step`.
  [[nodiscard]] std::uint32_t first_at(std::uint64_t address, std::uint32_t step) const {
    std::uint32_t first = kNoIndex;
    for (const std::uint32_t at : firsts_) {
      if (trace_.steps[at].event.address != address) continue;
      if (first == kNoIndex || at < step) first = at;
    }
    return first;
  }

  const Trace& trace_;
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> firsts_;
};

}  // namespace trama

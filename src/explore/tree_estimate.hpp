// TreeEstimate: how large an exploration will be, from the part of it that is done.
//
// The weighted backtrack estimator: Kilby, Slaney, Thiebaux, Walsh, "Estimating search tree size",
// AAAI 2006. A walk that starts at the root and takes each branch with the same probability ends at
// a leaf with the product of these as its probability; over all leaves they sum up to 1. What the
// leaves visited so far sum up to is the part of the tree that is done, as far as can be told, and
// their number divided by it estimates that of all leaves. A search in depth visits leaves that are
// alike one after another, so the estimate drifts: it is a hint, and exact only at the end.
//
// Where it differs from the paper: leaves are counted instead of nodes, and an alternative that
// turns out to lead nowhere takes its probability with it but counts for nothing.
#pragma once

#include <cstdint>

namespace trama {

class TreeEstimate {
 public:
  void add_leaf(double probability) {
    ++leaf_count_;
    explored_ += probability;
  }
  void add_nothing(double probability) { explored_ += probability; }
  /// What another process, or an earlier one, has visited of the same tree.
  void add(std::uint64_t leaf_count, double explored) {
    leaf_count_ += leaf_count;
    explored_ += explored;
  }

  [[nodiscard]] std::uint64_t leaf_count() const { return leaf_count_; }
  /// 0 … 1: the part of the tree that was visited.
  [[nodiscard]] double explored() const { return explored_ < 1 ? explored_ : 1; }
  /// The number of all leaves; 0 where nothing is known yet.
  [[nodiscard]] double total() const {
    if (leaf_count_ == 0 || explored_ <= 0) return 0;
    return static_cast<double>(leaf_count_) / explored();
  }

 private:
  std::uint64_t leaf_count_ = 0;
  double explored_ = 0;
};

}  // namespace trama

// Tally: what an exploration of all executions came to so far, in numbers that add up: over
// processes that work at the same time, and over sessions that go on from each other.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "explore/graph_search.hpp"
#include "explore/tree_estimate.hpp"

namespace trama {

struct Tally {
  std::uint64_t executions = 0;
  std::uint64_t steps = 0;
  std::uint64_t step_limited = 0;
  std::uint64_t complete = 0;
  std::uint64_t blocked = 0;
  std::uint64_t broken = 0;
  std::uint64_t forbidden = 0;
  std::uint64_t cut = 0;         ///< executions with a loop that was cut at --unroll
  std::uint64_t pruned = 0;      ///< graphs left out by --preemptions
  std::uint64_t leaf_count = 0;  ///< see TreeEstimate
  double explored = 0;

  void set(const GraphSearch::Counts& counts) {
    complete = counts.complete;
    blocked = counts.blocked;
    broken = counts.broken;
    forbidden = counts.forbidden;
    cut = counts.cut;
    pruned = counts.pruned;
    leaf_count = counts.tree.leaf_count();
    explored = counts.tree.explored();
  }

  void add(const Tally& other) {
    executions += other.executions;
    steps += other.steps;
    step_limited += other.step_limited;
    complete += other.complete;
    blocked += other.blocked;
    broken += other.broken;
    forbidden += other.forbidden;
    cut += other.cut;
    pruned += other.pruned;
    leaf_count += other.leaf_count;
    explored += other.explored;
  }

  [[nodiscard]] TreeEstimate tree() const {
    TreeEstimate tree;
    tree.add(leaf_count, explored);
    return tree;
  }

  // As words, for memory that processes share and for files.
  static constexpr std::size_t kWordCount = 11;
  using Words = std::array<std::uint64_t, kWordCount>;
  [[nodiscard]] Words words() const { return std::bit_cast<Words>(*this); }
  static Tally from(const Words& words) { return std::bit_cast<Tally>(words); }
};

}  // namespace trama

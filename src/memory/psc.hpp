// Psc: the order in which seq_cst accesses and fences appear, which must have no cycle.
//
// Lahav et al., "Repairing Sequential Consistency in C/C++11", PLDI 2017, as taken into C++20
// ([atomics.order]):
//     scb  = po ∪ po≠loc ; hb ; po≠loc ∪ hb=loc ∪ mo ∪ fr
//     psc  = ([Esc] ∪ [Fsc] ; hb?) ; scb ; ([Esc] ∪ hb? ; [Fsc])  ∪  [Fsc] ; (hb ∪ hb ; eco ; hb) ; [Fsc]
#pragma once

#include <cstdint>
#include <vector>

#include "memory/execution_graph.hpp"

namespace trama {

class Psc {
 public:
  [[nodiscard]] bool has_cycle(const ExecutionGraph& graph);

 private:
  using Bits = std::uint64_t;
  /// A relation over the nodes, a row of bits for each.
  class Relation {
   public:
    void resize(NodeId size);
    Bits* operator[](NodeId node) { return bits_.data() + std::size_t{node} * words_; }
    const Bits* operator[](NodeId node) const { return bits_.data() + std::size_t{node} * words_; }
    void set(NodeId from, NodeId to) { (*this)[from][to / 64] |= Bits{1} << (to % 64); }
    [[nodiscard]] bool has(NodeId from, NodeId to) const {
      return ((*this)[from][to / 64] >> (to % 64) & 1U) != 0;
    }
    /// Adds row `from` of `other` to row `to`.
    void add_row(NodeId to, const Relation& other, NodeId from);

   private:
    std::vector<Bits> bits_;
    std::size_t words_ = 0;
  };
  template <typename Visit>
  static void for_each(const Bits* row, NodeId size, Visit visit);
  void relate(const ExecutionGraph& graph);
  void relate_accesses(const ExecutionGraph& graph);

  Relation hb_;
  Relation scb_;
  Relation eco_;
  Relation psc_;
  Relation scratch_;
  std::vector<NodeId> sc_;  // the seq_cst nodes
};

}  // namespace trama

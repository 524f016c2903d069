// PreemptionBound: which execution graphs need too many preemptions (--preemptions).
//
// A preemption is a switch away from a thread that could go on. An execution graph has many orders
// in which it can be run; it needs as many preemptions as the one with the fewest. That most errors
// need few is the idea of Musuvathi and Qadeer, "Iterative Context Bounding for Systematic Testing
// of Multithreaded Programs", PLDI 2007. To combine it with a reduction is not trivial: an execution
// within the bound may only be reached by way of graphs beyond it, see Marmanis, Kokologiannakis,
// Vafeiadis, "Reconciling Preemption Bounding with DPOR", TACAS 2023.
//
// What is done here is simpler than theirs, and leaves out less. Of a graph that is about to be run
// only that part counts which no revisit below it will ever take back: all that lies before
//   - a node that is not as it would be by itself (a read that reads no latest store, a store that
//     is not the latest, a choice that was made otherwise), for a revisit only takes back what is
//     (GraphSearch::is_default); and
//   - a store that was given to a read which was there before it, or an operation that has overtaken
//     another: who takes such a read back must have the store behind it.
// That part stands in every execution below, as a prefix, and a prefix needs no more preemptions
// than the whole. So nothing within the bound is left out. Some executions beyond it are run.
//
// An order is any that respects program order and what each node depends on, and where the next step
// of a thread might have had to wait (for a lock, for the end of another), leaving it is never
// counted: what is found is never more than the graph needs.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "memory/execution_graph.hpp"

namespace trama {

class PreemptionBound {
 public:
  static constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();
  explicit PreemptionBound(std::uint64_t most = kNone) : most_(most) {}

  /// True where every execution that the search finds from `graph` on needs more preemptions. Where
  /// that would take too long to tell, the answer is false.
  bool is_exceeded_from(const ExecutionGraph& graph);

 private:
  void find_lasting_part(const ExecutionGraph& graph);
  void include(const ExecutionGraph& graph, NodeId id);
  [[nodiscard]] bool is_possible(const ExecutionGraph& graph, NodeId id,
                                 const std::uint32_t* done) const;
  /// Lets the thread go on as far as it can: where it is to be left, later costs no more.
  void run_on(const ExecutionGraph& graph, std::uint32_t* state) const;
  bool is_new(const std::uint32_t* state);

  std::uint64_t most_;
  std::vector<std::uint32_t> part_;  // by thread: how many of its nodes last
  // States of the search for an order: how many nodes each thread has done, and who runs.
  std::size_t width_ = 0;
  std::vector<std::uint32_t> states_;  // one after another
  std::vector<std::uint32_t> table_;   // by hash: number of a state + 1
  std::vector<std::uint32_t> open_;    // states that cost what is looked at now …
  std::vector<std::uint32_t> later_;   // … and one more
  std::vector<std::uint32_t> scratch_;
};

}  // namespace trama

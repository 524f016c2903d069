// Consistency: which stores a load may read, and where in modification order a store may stand,
// under a memory model.
//
// Both questions are asked of an event that nothing depends on yet (it is the last of its thread, and
// nobody reads it), in a graph that was consistent before. So a violation can only be a cycle through
// the event itself, and an event from which no edge leaves cannot lie on one: to read the last
// store, or to be it, is always consistent. That is why every graph can be extended, and it is
// the case that costs nothing.
//
//   sc    acyclic(po ∪ rf ∪ mo ∪ fr): one interleaving explains all.
//   tso   x86-TSO (Owens, Sarkar, Sewell, "A Better x86 Memory Model", TPHOLs 2009) under the usual
//         mapping of C++: stores are buffered but for seq_cst ones, which a full fence follows;
//         read-modify-writes and seq_cst fences empty the buffer.
//   rc11  C++20: coherence by happens-before, and acyclic(psc) for what is seq_cst.
//
// fr ("from-read") goes from a read to all stores that come after the one it reads.
#pragma once

#include <cstdint>
#include <vector>

#include "memory/execution_graph.hpp"
#include "memory/memory_model.hpp"
#include "memory/psc.hpp"

namespace trama {

class Consistency {
 public:
  explicit Consistency(MemoryModel model) : model_(model) {}
  [[nodiscard]] MemoryModel model() const { return model_; }

  /// The stores that `read`, the last event of its thread, may read: as positions in its location's
  /// modification order, ascending; the last one is always among them. What `read` reads now does
  /// not count. `result` is replaced.
  void readable(ExecutionGraph& graph, NodeId read, std::vector<std::uint32_t>& result);
  /// The positions (1 …) at which `store` may stand; the last one is always among them. Its place
  /// now does not count. Read-modify-writes are not asked about: they have one place.
  void places(ExecutionGraph& graph, NodeId store, std::vector<std::uint32_t>& result);

  /// Whether what `read`, the last event of its thread, reads is consistent.
  bool allows_read(const ExecutionGraph& graph, NodeId read);

 private:
  /// The latest store, by position, that is ordered before `event`, and by which nothing older
  /// may be read or overwritten.
  std::uint32_t latest_seen(const ExecutionGraph& graph, NodeId event);
  std::uint32_t latest_by_coherence(const ExecutionGraph& graph, NodeId event) const;
  std::uint32_t latest_by_interleaving(const ExecutionGraph& graph, NodeId event);
  /// Whether a cycle of the model goes through `event`, as the graph stands.
  bool on_cycle(const ExecutionGraph& graph, NodeId event);
  bool on_tso_cycle(const ExecutionGraph& graph, NodeId event);
  bool on_psc_cycle(const ExecutionGraph& graph);
  /// All accesses are seq_cst: rc11 is sc there.
  [[nodiscard]] bool interleaves(const ExecutionGraph& graph) const;
  [[nodiscard]] bool asks_for_cycles(const ExecutionGraph& graph) const;

  MemoryModel model_;
  Psc psc_;
  std::vector<NodeId> stack_;
  std::vector<char> reached_;
};

}  // namespace trama

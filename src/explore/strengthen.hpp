// Which stronger memory orders would have forbidden what an execution graph shows.
//
// For whoever reads of a load that reads an older store: it was free to, since nothing orders the two.
// Tried are first release and acquire on what leads from the newer store to the load, then seq_cst
// on what is part of the cycle that no interleaving has; each is then left out again where it does not
// matter.
#pragma once

#include <vector>

#include "event/memory_order.hpp"
#include "memory/consistency.hpp"
#include "memory/execution_graph.hpp"

namespace trama {

struct Strengthening {
  NodeId node = kNoNode;
  MemoryOrder order = MemoryOrder::seq_cst;
};

/// `event` reads, or is placed before, another store than the latest: what would forbid that. Empty
/// where no order of these accesses would.
std::vector<Strengthening> find_strengthening(const ExecutionGraph& graph, MemoryModel model,
                                              NodeId event);

}  // namespace trama

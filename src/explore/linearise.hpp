// An order of the nodes of an execution graph that a person can follow.
//
// Any order that respects what each node depends on gives the same execution. This one has as few
// context switches as can be; and where the graph is one that an interleaving explains, it is that:
// each load reads the store that comes last before it. Where there is no such order, one in which
// at least the stores of each location stand in their modification order, if there is one.
#pragma once

#include <vector>

#include "event/ids.hpp"
#include "memory/execution_graph.hpp"

namespace trama {

/// All nodes that threads have, in order. The last one of `last`, if any, comes as late as it can:
/// what its thread does after it ends the execution.
std::vector<NodeId> linearise(const ExecutionGraph& graph, ThreadId last);

}  // namespace trama

// An execution graph in one line, to tell the executions of a small program apart.
#pragma once

#include <cstdint>
#include <string>

#include "memory/execution_graph.hpp"

namespace trama {

/// Appends what stands at an address: its name, or a sign by which it can be found later.
using AppendName = void (*)(std::string& out, std::uint64_t address);

/// "T1: 1 x=1, 2 y→0 (initial) | T2: 1 y=1, 2 x→1 (T1.1) | x: T1.1 T2.3": by thread what its stores
/// wrote (=) and its loads read (→), with the number of the store's event in its thread; then the
/// modification order of each location that has several stores, and the order of the operations on
/// each object.
void append_graph_line(std::string& out, const ExecutionGraph& graph, AppendName append_name);

}  // namespace trama

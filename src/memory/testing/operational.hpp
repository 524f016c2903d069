// For tests: machines that run a TinyProgram step by step, in every way that they can.
//
// The other oracle: of interleavings (sc) and of store buffers (tso), without any axiom. An
// execution's graph is read off at its end; what two ways have in common is one graph.
#pragma once

#include "memory/memory_model.hpp"
#include "memory/testing/execution_graph.hpp"

namespace trama::testing {

/// Requires: the model is sc or tso; there is no such machine for rc11. Graphs are kept.
Outcomes run_every_way(const TinyProgram& program, MemoryModel model);

}  // namespace trama::testing

// For tests: the memory models as axioms over an execution graph.
//
// Written as in the papers, relation by relation, and made for reading, not for speed.
#pragma once

#include <cstdint>

#include "memory/memory_model.hpp"
#include "memory/testing/execution.hpp"

namespace trama::testing {

/// No cycle in program order and reads-from, by events whose `reads_from` is known so far:
/// no value out of thin air. What all models demand.
bool has_no_thin_air(const Execution& execution);

/// One location by itself looks sequentially consistent: what all models imply.
/// Requires: its modification order is complete.
bool is_coherent(const Execution& execution, std::uint8_t location);

/// Whether the model allows the graph. Requires: it is complete, and values agree with it.
bool is_consistent(const Execution& execution, MemoryModel model);

}  // namespace trama::testing

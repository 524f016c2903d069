// For tests: all execution graphs of a TinyProgram, by trying every one.
//
// Each read is tried with each write of its location to read from, values follow, each
// location's writes are tried in each order, and what the axioms of the model allow is kept.
// It shares nothing with what it is the oracle of, and is not clever.
#pragma once

#include "memory/memory_model.hpp"
#include "memory/testing/execution_graph.hpp"

namespace trama::testing {

struct BruteForce {
  bool keep_graphs = false;
  /// Leaves out early what no model can allow: a write that two read-modify-writes read from,
  /// and orders in which a location by itself is not coherent. Changes nothing but the time it
  /// takes; a test says so.
  bool prune = true;
};

/// Requires: at most 32 events, initial stores included.
Outcomes enumerate(const TinyProgram& program, MemoryModel model, BruteForce how = {});

}  // namespace trama::testing

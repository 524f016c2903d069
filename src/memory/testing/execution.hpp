// For tests: an execution graph with what its events are and do.
#pragma once

#include <cstdint>
#include <vector>

#include "memory/testing/execution_graph.hpp"

namespace trama::testing {

inline constexpr unsigned kInitialThread = ~0U;

/// An event, with what an execution made of it. But for initial stores, `writes`, `order` and
/// the values are known only after perform().
struct GraphEvent {
  unsigned thread = kInitialThread;
  bool is_fence = false;
  bool reads = false;
  bool writes = false;  ///< a read-modify-write does both
  bool locked = false;  ///< it is one, or a compare-exchange that failed
  MemoryOrder order = MemoryOrder::relaxed;
  std::uint8_t location = 0;  ///< not of a fence
  Value read = 0;
  Value written = 0;
};

struct Execution {
  std::vector<GraphEvent> events;
  ExecutionGraph graph;
};

/// Does the operation of an event, which reads `read` if it reads at all.
inline void perform(GraphEvent& event, const TinyOp& op, Value read) {
  event.order = op.order;
  event.read = read;
  event.written = op.value;
  event.writes = op.kind != TinyKind::load && op.kind != TinyKind::fence;
  event.locked = event.writes && op.kind != TinyKind::store;
  if (op.kind == TinyKind::fetch_add) event.written = static_cast<Value>(read + op.value);
  if (op.kind == TinyKind::compare_exchange && read != op.expected) {
    event.order = op.failure_order;
    event.writes = false;
  }
}

/// The operations by event; an initial store is a store of 0.
inline std::vector<TinyOp> ops_by_event(const TinyProgram& program) {
  std::vector<TinyOp> ops;
  for (unsigned location = 0; location < program.location_count; ++location) {
    ops.push_back(tiny::store(static_cast<std::uint8_t>(location), 0, MemoryOrder::relaxed));
  }
  for (const auto& thread : program.threads) ops.insert(ops.end(), thread.begin(), thread.end());
  return ops;
}

/// The events of a program before any is performed but the initial stores.
inline Execution unexecuted(const TinyProgram& program) {
  Execution execution;
  for (const TinyOp& op : ops_by_event(program)) {
    GraphEvent event;
    event.is_fence = op.kind == TinyKind::fence;
    event.reads = op.kind != TinyKind::store && op.kind != TinyKind::fence;
    event.location = op.location;
    execution.events.push_back(event);
  }
  for (unsigned t = 0; t < program.threads.size(); ++t) {
    for (std::size_t i = 0; i < program.threads[t].size(); ++i) {
      execution.events[event_of(program, t, i)].thread = t;
    }
  }
  execution.graph.reads_from.assign(execution.events.size(), kNoEvent);
  for (unsigned location = 0; location < program.location_count; ++location) {
    execution.events[location].writes = true;
    execution.graph.modification_order.push_back({static_cast<EventNumber>(location)});
  }
  return execution;
}

/// What a complete execution came to.
inline FinalState final_state(const TinyProgram& program, const Execution& execution) {
  FinalState state;
  state.read.resize(program.threads.size());
  for (const GraphEvent& event : execution.events) {
    if (event.reads) state.read[event.thread].push_back(event.read);
  }
  for (const auto& order : execution.graph.modification_order) {
    state.memory.push_back(execution.events[order.back()].written);
  }
  return state;
}

inline void add(Outcomes& outcomes, const TinyProgram& program, const Execution& execution,
                bool keep_graph) {
  ++outcomes.graph_count;
  outcomes.final_states.insert(final_state(program, execution));
  if (keep_graph) outcomes.graphs.insert(execution.graph);
}

}  // namespace trama::testing

// For tests: runs a TinyProgram under GraphSearch, as the runtime runs a real one.
#pragma once

#include "explore/graph_search.hpp"
#include "memory/testing/execution.hpp"
#include "memory/testing/execution_graph.hpp"

namespace trama::testing {

/// One execution of a tiny program, operation by operation.
class TinyRun {
 public:
  TinyRun(const TinyProgram& program, GraphSearch& search)
      : program_(program), search_(search), next_(program.threads.size(), 0) {
    state_.read.resize(program.threads.size());
  }

  void run() {
    ThreadId thread = 0;
    for (;;) {
      const ThreadId planned = search_.planned(thread);
      thread = planned != kNoThread ? planned : lowest();
      if (thread == kNoThread) break;
      act(thread, program_.threads[thread][next_[thread]++]);
    }
  }

  /// Requires: it has run.
  FinalState final_state() {
    const trama::ExecutionGraph& graph = search_.graph();
    state_.memory.assign(program_.location_count, 0);
    for (std::uint32_t l = 0; l < graph.location_count(); ++l) {
      const auto& location = graph.location(l);
      if (location.stores.empty()) continue;
      state_.memory[location.address - 1] =
          static_cast<Value>(graph[location.stores.back()].value.low);
    }
    return state_;
  }

  testing::ExecutionGraph execution_graph() const {
    const trama::ExecutionGraph& graph = search_.graph();
    testing::ExecutionGraph result;
    result.reads_from.assign(event_count(program_), kNoEvent);
    result.modification_order.resize(program_.location_count);
    std::vector<EventNumber> events(graph.size(), kNoEvent);
    for (std::size_t t = 0; t < program_.threads.size(); ++t) {
      std::size_t index = 0;
      for (const NodeId id : graph.thread(static_cast<ThreadId>(t))) {
        if (graph[id].kind == NodeKind::rmw_store) --index;
        events[id] = event_of(program_, t, index++);
      }
    }
    for (NodeId id = 0; id < graph.size(); ++id) {
      const auto& node = graph[id];
      if (!is_read(node.kind)) continue;
      const auto initial = static_cast<EventNumber>(graph.location(node.location).address - 1);
      result.reads_from[events[id]] = node.from == kInitialStore ? initial : events[node.from];
    }
    for (unsigned l = 0; l < program_.location_count; ++l) {
      result.modification_order[l].push_back(static_cast<EventNumber>(l));
    }
    for (std::uint32_t l = 0; l < graph.location_count(); ++l) {
      const auto& location = graph.location(l);
      for (const NodeId id : location.stores) {
        result.modification_order[location.address - 1].push_back(events[id]);
      }
    }
    return result;
  }

 private:
  ThreadId lowest() const {
    for (std::size_t t = 0; t < next_.size(); ++t) {
      if (next_[t] < program_.threads[t].size()) return static_cast<ThreadId>(t);
    }
    return kNoThread;
  }

  void act(ThreadId thread, const TinyOp& op) {
    const auto perform = [&](const Action& action) {
      const NodeId node = search_.perform(thread, action);
      TRAMA_CHECK(node != kNoNode);
      return node;
    };
    Action action;
    action.order = op.order;
    action.size = 1;
    action.address = op.location + 1U;
    if (op.kind == TinyKind::fence) {
      action.kind = NodeKind::fence;
      perform(action);
      return;
    }
    if (op.kind == TinyKind::store) {
      action.kind = NodeKind::store;
      action.value.low = op.value;
      perform(action);
      return;
    }
    action.kind = op.kind == TinyKind::load ? NodeKind::load : NodeKind::rmw_load;
    action.compares = op.kind == TinyKind::compare_exchange;
    action.failure_order = op.failure_order;
    action.value.low = op.expected;
    const NodeId node = perform(action);
    const auto& graph = search_.graph();
    const auto found =
        static_cast<Value>(graph.value_of(graph[node].from, graph[node].location).low);
    state_.read[thread].push_back(found);
    if (op.kind == TinyKind::load) return;
    if (action.compares && found != op.expected) return search_.read_only(node);
    const auto sum = static_cast<Value>(found + op.value);
    TRAMA_CHECK(search_.write(node, {op.kind == TinyKind::fetch_add ? sum : op.value, 0}) !=
                kNoNode);
  }

  const TinyProgram& program_;
  GraphSearch& search_;
  std::vector<std::size_t> next_;
  FinalState state_;
};

inline Outcomes explore(const TinyProgram& program, MemoryModel model) {
  Outcomes outcomes;
  GraphSearch search(model);
  while (search.begin()) {
    TinyRun run(program, search);
    run.run();
    search.end(search.forbidden() ? GraphEnd::forbidden : GraphEnd::complete);
    if (search.forbidden()) continue;
    outcomes.final_states.insert(run.final_state());
    outcomes.graphs.insert(run.execution_graph());
  }
  outcomes.graph_count = search.counts().complete;
  return outcomes;
}

}  // namespace trama::testing

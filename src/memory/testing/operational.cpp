#include "memory/testing/operational.hpp"

#include <set>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "memory/testing/execution.hpp"

namespace trama::testing {
namespace {

/// What memory and threads are like between two steps. Memory is the modification order so
/// far: a location holds what the last write of it wrote.
struct State {
  std::vector<std::size_t> next;                   // by thread: the operation it is at
  std::vector<std::vector<EventNumber>> buffered;  // by thread: its stores, the oldest first
  ExecutionGraph graph;
  std::vector<Value> read;                         // by event
  std::vector<Value> written;                      // by event
  auto operator<=>(const State&) const = default;  // NOLINT(modernize-use-nullptr)
};

class Machine {
 public:
  Machine(const TinyProgram& program, MemoryModel model)
      : program_(program), ops_(ops_by_event(program)), tso_(model == MemoryModel::tso) {
    TRAMA_CHECK(model != MemoryModel::rc11);
  }

  Outcomes run() {
    const std::size_t thread_count = program_.threads.size();
    State first{std::vector<std::size_t>(thread_count),
                std::vector<std::vector<EventNumber>>(thread_count), unexecuted(program_).graph,
                std::vector<Value>(ops_.size()), std::vector<Value>(ops_.size())};
    visit(first);
    return std::move(found_);
  }

 private:
  void visit(const State& state) {
    if (!visited_.insert(state).second) return;
    bool is_end = true;
    for (unsigned t = 0; t < program_.threads.size(); ++t) {
      if (!state.buffered[t].empty()) {
        is_end = false;
        visit(with_oldest_written(state, t));
      }
      if (state.next[t] < program_.threads[t].size()) {
        is_end = false;
        if (can_step(state, t)) visit(with_step(state, t));
      }
    }
    if (is_end && found_.graphs.insert(state.graph).second) finish(state);
  }

  /// The step that takes the oldest store of the thread from its buffer to memory.
  State with_oldest_written(State state, unsigned t) const {
    const EventNumber store = state.buffered[t].front();
    state.buffered[t].erase(state.buffered[t].begin());
    state.graph.modification_order[ops_[store].location].push_back(store);
    return state;
  }

  /// What a load of the thread finds: its own youngest buffered store, else what memory holds.
  [[nodiscard]] EventNumber source_for(const State& state, unsigned t,
                                       std::uint8_t location) const {
    EventNumber source = state.graph.modification_order[location].back();
    for (const EventNumber store : state.buffered[t]) {
      if (ops_[store].location == location) source = store;
    }
    return source;
  }

  /// The next event of the thread as it would be if it happened now.
  [[nodiscard]] GraphEvent event_now(const State& state, unsigned t) const {
    const EventNumber e = event_of(program_, t, state.next[t]);
    GraphEvent event = unexecuted(program_).events[e];
    Value read = 0;
    if (event.reads) read = state.written[source_for(state, t, event.location)];
    perform(event, ops_[e], read);
    return event;
  }

  /// Full barriers wait for the buffer of their thread to become empty: read-modify-writes,
  /// seq_cst stores and fences.
  [[nodiscard]] bool can_step(const State& state, unsigned t) const {
    if (state.buffered[t].empty()) return true;
    const GraphEvent event = event_now(state, t);
    const bool seq_cst = event.order == MemoryOrder::seq_cst;
    if (event.is_fence) return !seq_cst;
    return !event.locked && !(event.writes && seq_cst);
  }

  [[nodiscard]] State with_step(State state, unsigned t) const {
    const EventNumber e = event_of(program_, t, state.next[t]);
    const GraphEvent event = event_now(state, t);
    if (event.reads) {
      state.graph.reads_from[e] = source_for(state, t, event.location);
      state.read[e] = event.read;
    }
    if (event.writes) {
      state.written[e] = event.written;
      const bool is_buffered = tso_ && !event.reads && event.order != MemoryOrder::seq_cst;
      (is_buffered ? state.buffered[t] : state.graph.modification_order[event.location])
          .push_back(e);
    }
    ++state.next[t];
    return state;
  }

  void finish(const State& state) {
    Execution execution = unexecuted(program_);
    execution.graph = state.graph;
    for (unsigned e = 0; e < ops_.size(); ++e) {
      execution.events[e].read = state.read[e];
      execution.events[e].written = state.written[e];
    }
    ++found_.graph_count;
    found_.final_states.insert(final_state(program_, execution));
  }

  const TinyProgram& program_;
  const std::vector<TinyOp> ops_;  // by event
  const bool tso_;
  std::set<State> visited_;
  Outcomes found_;
};

}  // namespace

Outcomes run_every_way(const TinyProgram& program, MemoryModel model) {
  return Machine(program, model).run();
}

}  // namespace trama::testing

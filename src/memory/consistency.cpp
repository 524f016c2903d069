#include "memory/consistency.hpp"

#include <algorithm>

namespace trama {
namespace {

/// tso: no instruction.
bool is_nothing(const GraphNode& node) {
  if (node.kind == NodeKind::fence) return node.order != MemoryOrder::seq_cst;
  return node.kind == NodeKind::choice || node.kind == NodeKind::local;
}

/// tso: nothing moves across it. A compare-exchange is one even where it fails, as LOCK CMPXCHG is.
bool is_barrier(const GraphNode& node) {
  switch (node.kind) {
    case NodeKind::load:
    case NodeKind::store: return false;
    default: return !is_nothing(node);
  }
}

/// tso: a store that loads behind it may overtake.
bool is_buffered(const GraphNode& node) {
  return node.kind == NodeKind::store && node.order != MemoryOrder::seq_cst;
}

/// Calls `visit` for each event that an edge leads from to the store: by mo or fr. Those before
/// are behind them.
template <typename Visit>
void for_each_before_store(const ExecutionGraph& graph, NodeId store, Visit visit) {
  const std::uint32_t location = graph[store].location;
  const NodeId previous = graph.store_at(location, graph.position(store) - 1);
  if (previous != kInitialStore) visit(previous);
  for (const NodeId read : graph.location(location).reads) {
    if (graph[read].from == previous) visit(read);
  }
}

/// … and for each edge that leads to an event from other threads, by what it reads or waits for.
template <typename Visit>
void for_each_source(const GraphNode& node, Visit visit) {
  if (node.from < kInitialStore && node.kind != NodeKind::ghost) visit(node.from);
  for (const ChainLink& link : node.links) {
    if (link.from != kNoNode) visit(link.from);
  }
}

/// The latest store of the event's location that the view holds, or that a read in it has read.
std::uint32_t latest_in_view(const ExecutionGraph& graph, NodeId event,
                             std::span<const std::uint32_t> view) {
  const GraphLocation& location = graph.location(graph[event].location);
  std::uint32_t latest = 0;
  for (std::size_t i = location.stores.size(); i-- > 0;) {
    if (location.stores[i] == event || !graph.in_view(location.stores[i], view)) continue;
    latest = static_cast<std::uint32_t>(i + 1);
    break;
  }
  for (const NodeId read : location.reads) {
    if (read == event || !graph.in_view(read, view)) continue;
    const std::uint32_t position = graph.position(graph[read].from);
    if (position > latest) latest = position;
  }
  return latest;
}

}  // namespace

bool Consistency::interleaves(const ExecutionGraph& graph) const {
  return model_ == MemoryModel::sc || (model_ == MemoryModel::rc11 && graph.weaker_count() == 0);
}

bool Consistency::asks_for_cycles(const ExecutionGraph& graph) const {
  if (interleaves(graph)) return false;
  return model_ == MemoryModel::tso || graph.seq_cst_count() >= 2;
}

std::uint32_t Consistency::latest_seen(const ExecutionGraph& graph, NodeId event) {
  return interleaves(graph) ? latest_by_interleaving(graph, event)
                            : latest_by_coherence(graph, event);
}

std::uint32_t Consistency::latest_by_coherence(const ExecutionGraph& graph, NodeId event) const {
  const bool by_hb = model_ == MemoryModel::rc11;
  std::uint32_t latest = 0;
  if (const NodeId before = graph.before_in_thread(event); before != kNoNode) {
    // Under tso a store that is porf-before has left its buffer, or is the thread's own.
    const auto view = by_hb ? graph.happens_before_view(before) : graph.porf_view(before);
    latest = latest_in_view(graph, event, view);
  }
  for (const ChainLink& link : graph[event].links) {
    if (link.from == kNoNode || !graph[event].acquires) continue;
    const auto view = by_hb ? graph.released_view(link.from) : graph.porf_view(link.from);
    latest = std::max(latest, latest_in_view(graph, event, view));
  }
  return latest;
}

std::uint32_t Consistency::latest_by_interleaving(const ExecutionGraph& graph, NodeId event) {
  const std::uint32_t location = graph[event].location;
  const std::size_t most =
      graph.location(location).stores.size() - (is_store(graph[event].kind) ? 1 : 0);
  std::uint32_t latest = 0;
  reached_.assign(graph.size(), 0);
  stack_.clear();
  const auto reach = [&](NodeId node) {
    if (node == event || reached_[node] != 0) return;
    reached_[node] = 1;
    stack_.push_back(node);
  };
  if (const NodeId before = graph.before_in_thread(event); before != kNoNode) reach(before);
  for (const ChainLink& link : graph[event].links) {
    if (link.from != kNoNode) reach(link.from);
  }
  while (!stack_.empty()) {
    const NodeId at = stack_.back();
    stack_.pop_back();
    const GraphNode& node = graph[at];
    if (is_store(node.kind) && node.location == location) {
      // What comes before this store, of the others at the location, stands before it there.
      latest = std::max(latest, graph.position(at));
      if (latest == most) break;
      continue;
    }
    if (const NodeId before = graph.before_in_thread(at); before != kNoNode) reach(before);
    for_each_source(node, reach);
    if (is_store(node.kind)) for_each_before_store(graph, at, reach);
  }
  return latest;
}

void Consistency::readable(ExecutionGraph& graph, NodeId read, std::vector<std::uint32_t>& result) {
  result.clear();
  const std::uint32_t location = graph[read].location;
  const auto last = static_cast<std::uint32_t>(graph.location(location).stores.size());
  std::uint32_t position = latest_seen(graph, read);
  if (!asks_for_cycles(graph)) {
    for (; position <= last; ++position) result.push_back(position);
    return;
  }
  const NodeId was = graph[read].from;
  for (; position < last; ++position) {
    graph.set_from(read, graph.store_at(location, position));
    if (!on_cycle(graph, read)) result.push_back(position);
  }
  result.push_back(last);
  graph.set_from(read, was);
}

bool Consistency::allows_read(const ExecutionGraph& graph, NodeId read) {
  const std::uint32_t location = graph[read].location;
  const std::uint32_t position = graph.position(graph[read].from);
  if (position == graph.location(location).stores.size()) return true;
  if (position < latest_seen(graph, read)) return false;
  return !asks_for_cycles(graph) || !on_cycle(graph, read);
}

void Consistency::places(ExecutionGraph& graph, NodeId store, std::vector<std::uint32_t>& result) {
  result.clear();
  const std::uint32_t location = graph[store].location;
  const std::uint32_t was = graph.position(store);
  const auto last = static_cast<std::uint32_t>(graph.location(location).stores.size());
  graph.move_store(store, last);
  const std::uint32_t first = latest_seen(graph, store) + 1;
  const bool asks = asks_for_cycles(graph);
  for (std::uint32_t position = first; position < last; ++position) {
    // Nothing comes between the two halves of a read-modify-write.
    if (graph.successor_rmw(graph.store_at(location, position - 1), location) ==
        graph.store_at(location, position)) {
      continue;
    }
    if (asks) {
      graph.move_store(store, position);
      const bool bad = on_cycle(graph, store);
      graph.move_store(store, last);
      if (bad) continue;
    }
    result.push_back(position);
  }
  result.push_back(last);
  if (was != last) graph.move_store(store, was);
}

bool Consistency::on_cycle(const ExecutionGraph& graph, NodeId event) {
  return model_ == MemoryModel::tso ? on_tso_cycle(graph, event) : on_psc_cycle(graph);
}

bool Consistency::on_psc_cycle(const ExecutionGraph& graph) { return psc_.has_cycle(graph); }

bool Consistency::on_tso_cycle(const ExecutionGraph& graph, NodeId event) {
  reached_.assign(graph.size(), 0);
  stack_.clear();
  bool cycle = false;
  const auto reach = [&](NodeId node) {
    if (node == event) cycle = true;
    if (reached_[node] != 0) return;
    reached_[node] = 1;
    stack_.push_back(node);
  };
  const auto reach_before = [&](NodeId at) {
    const GraphNode& node = graph[at];
    if (is_store(node.kind)) for_each_before_store(graph, at, reach);
    for_each_source(node, [&](NodeId source) {
      // A thread reads its own store out of the buffer, which tells nobody anything.
      if (!is_read(node.kind) || graph[source].thread != node.thread) reach(source);
    });
    const bool overtakes = node.kind == NodeKind::load;
    const auto thread = graph.thread(node.thread);
    for (std::uint32_t i = node.index; i-- > 0;) {
      const GraphNode& earlier = graph[thread[i]];
      // What is no instruction must not order by standing in between.
      if (is_nothing(earlier)) continue;
      if (!overtakes || !is_buffered(earlier)) reach(thread[i]);
      if (is_barrier(earlier)) break;
    }
  };
  reach_before(event);
  while (!cycle && !stack_.empty()) {
    const NodeId at = stack_.back();
    stack_.pop_back();
    reach_before(at);
  }
  return cycle;
}

}  // namespace trama

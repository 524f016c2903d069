#include "explore/strengthen.hpp"

#include "explore/linearise.hpp"

namespace trama {
namespace {

bool has_order(NodeKind kind) { return is_read(kind) || is_store(kind); }

MemoryOrder joined(MemoryOrder a, MemoryOrder b) {
  if (a == MemoryOrder::seq_cst || b == MemoryOrder::seq_cst) return MemoryOrder::seq_cst;
  const bool acquires = is_acquire(a) || is_acquire(b);
  const bool releases = is_release(a) || is_release(b);
  if (acquires && releases) return MemoryOrder::acq_rel;
  return acquires ? MemoryOrder::acquire : releases ? MemoryOrder::release : a;
}

class Trial {
 public:
  Trial(const ExecutionGraph& graph, MemoryModel model, NodeId event)
      : graph_(graph), consistency_(model), event_(event) {
    // What follows from the event is not needed to ask about it, nor are notes.
    for (const NodeId id : linearise(graph, kNoThread)) {
      if (id != event && graph.porf(event, id)) continue;
      if (id != event) order_.push_back(id);
    }
    order_.push_back(event);
  }

  /// Whether the model still allows the event with these orders.
  bool allows(const std::vector<Strengthening>& stronger) {
    ExecutionGraph again;
    moved_.assign(graph_.size(), kNoNode);
    for (const NodeId id : order_) add(again, id, stronger);
    // Modification order, once all stores are there.
    for (std::uint32_t at = 0; at < graph_.location_count(); ++at) {
      std::uint32_t position = 0;
      for (const NodeId store : graph_.location(at).stores) {
        if (moved_[store] != kNoNode) again.move_store(moved_[store], ++position);
      }
    }
    const NodeId event = moved_[event_];
    if (is_read(again[event].kind)) return consistency_.allows_read(again, event);
    if (again[event].kind != NodeKind::store) return true;
    const std::uint32_t place = again.position(event);
    std::vector<std::uint32_t> places;
    consistency_.places(again, event, places);
    for (const std::uint32_t possible : places) {
      if (possible == place) return true;
    }
    return false;
  }

 private:
  void add(ExecutionGraph& again, NodeId id, const std::vector<Strengthening>& stronger) {
    GraphNode node = graph_[id];
    const auto to = [&](NodeId other) { return other < kInitialStore ? moved_[other] : other; };
    node.from = to(node.from);
    node.release_fence = kNoNode;
    for (ChainLink& link : node.links) {
      if (link.chain == kNoNode) continue;
      link.from = to(link.from);
      const GraphChain& chain = graph_.chain(link.chain);
      link.chain = again.chain_of(chain.object, chain.initial_gates);
    }
    if (is_read(node.kind) || is_store(node.kind)) {
      const GraphLocation& location = graph_.location(node.location);
      node.location =
          again.location_of(location.address, location.life, location.size, location.initial);
    }
    for (const Strengthening& one : stronger) {
      const bool half = node.kind == NodeKind::rmw_store && one.node == graph_.before_in_thread(id);
      if (one.node != id && !half) continue;
      node.order = joined(node.order, one.order);
      node.success_order = joined(node.success_order, one.order);
      node.failure_order = joined(node.failure_order, one.order);
    }
    moved_[id] = again.add(node);
  }

  const ExecutionGraph& graph_;
  Consistency consistency_;
  NodeId event_;
  std::vector<NodeId> order_;
  std::vector<NodeId> moved_;
};

NodeId access_of(const ExecutionGraph& graph, NodeId id) {
  return graph[id].kind == NodeKind::rmw_store ? graph.before_in_thread(id) : id;
}

void add(const ExecutionGraph& graph, std::vector<Strengthening>& all, NodeId id,
         MemoryOrder order) {
  const NodeId access = access_of(graph, id);
  for (Strengthening& one : all) {
    if (one.node != access) continue;
    one.order = joined(one.order, order);
    return;
  }
  all.push_back({access, order});
}

/// Release and acquire on each value that one thread hands to another between the newer store and
/// the event.
std::vector<Strengthening> handovers(const ExecutionGraph& graph, NodeId newer, NodeId event) {
  std::vector<Strengthening> all;
  for (NodeId read = 0; read < graph.size(); ++read) {
    const GraphNode& node = graph[read];
    if (!is_read(node.kind) || read == event || node.from >= kInitialStore) continue;
    if (!graph.porf(read, event) || !graph.porf(newer, node.from)) continue;
    if (graph[node.from].thread == node.thread) continue;
    if (!is_release(graph[node.from].order)) add(graph, all, node.from, MemoryOrder::release);
    if (!is_acquire(node.order)) add(graph, all, read, MemoryOrder::acquire);
  }
  return all;
}

/// The atomic accesses of a shortest cycle of po, rf, mo and fr through the event.
std::vector<Strengthening> cycle(const ExecutionGraph& graph, NodeId event) {
  std::vector<NodeId> from(graph.size(), kNoNode);
  std::vector<NodeId> queue{event};
  const auto reach = [&](NodeId id, NodeId by) {
    if (id >= kInitialStore || from[id] != kNoNode) return false;
    from[id] = by;
    queue.push_back(id);
    return id == event;
  };
  const auto visit = [&](NodeId at) {
    const GraphNode& node = graph[at];
    if (const NodeId next = graph.after_in_thread(at); next != kNoNode && reach(next, at)) {
      return true;
    }
    for (NodeId id = 0; id < graph.size(); ++id) {
      if (graph[id].kind == NodeKind::ghost) continue;
      bool leads = graph[id].from == at;
      for (const ChainLink& link : graph[id].links) leads = leads || link.from == at;
      if (leads && reach(id, at)) return true;
    }
    if (!is_read(node.kind) && !is_store(node.kind)) return false;
    const std::uint32_t position = graph.position(is_read(node.kind) ? node.from : at);
    if (position == graph.location(node.location).stores.size()) return false;
    return reach(graph.store_at(node.location, position + 1), at);
  };
  for (std::size_t next = 0; next < queue.size();) {  // it grows
    if (!visit(queue[next++])) continue;
    std::vector<Strengthening> all;
    NodeId id = event;
    do {
      if (has_order(graph[id].kind) && graph[id].order != MemoryOrder::seq_cst) {
        add(graph, all, id, MemoryOrder::seq_cst);
      }
      id = from[id];
    } while (id != event);
    return all;
  }
  return {};
}

}  // namespace

std::vector<Strengthening> find_strengthening(const ExecutionGraph& graph, MemoryModel model,
                                              NodeId event) {
  const GraphNode& node = graph[event];
  Trial trial(graph, model, event);
  const std::uint32_t position = graph.position(is_read(node.kind) ? node.from : event);
  std::vector<std::vector<Strengthening>> candidates;
  if (position < graph.location(node.location).stores.size()) {
    candidates.push_back(handovers(graph, graph.store_at(node.location, position + 1), event));
  }
  candidates.push_back(cycle(graph, event));
  for (std::vector<Strengthening>& stronger : candidates) {
    if (stronger.empty() || trial.allows(stronger)) continue;
    for (std::size_t i = stronger.size(); i-- > 0;) {
      std::vector<Strengthening> less = stronger;
      less.erase(less.begin() + static_cast<std::ptrdiff_t>(i));
      if (!less.empty() && !trial.allows(less)) stronger.swap(less);
    }
    return stronger;
  }
  return {};
}

}  // namespace trama

#include "memory/execution_graph.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace trama {

void ExecutionGraph::clear() {
  nodes_.clear();
  threads_.clear();
  locations_.clear();
  chains_.clear();
  seq_cst_count_ = weaker_count_ = 0;
}

std::uint32_t ExecutionGraph::location_of(std::uint64_t address, std::uint32_t life,
                                          std::uint8_t size, const Word& initial) {
  for (std::uint32_t i = 0; i < locations_.size(); ++i) {
    const GraphLocation& known = locations_[i];
    if (known.address == address && known.life == life && known.size == size) return i;
  }
  add_location(address, life, size, initial);
  return static_cast<std::uint32_t>(locations_.size() - 1);
}

std::uint32_t ExecutionGraph::chain_of(std::uint64_t object, std::uint8_t initial_gates) {
  for (std::uint32_t i = 0; i < chains_.size(); ++i) {
    if (chains_[i].object == object) return i;
  }
  add_chain(object, initial_gates);
  return static_cast<std::uint32_t>(chains_.size() - 1);
}

void ExecutionGraph::add_location(std::uint64_t address, std::uint32_t life, std::uint8_t size,
                                  const Word& initial) {
  GraphLocation& location = locations_.take();
  location.address = address;
  location.life = life;
  location.size = size;
  location.initial = initial;
  location.stores.clear();
  location.reads.clear();
}

void ExecutionGraph::add_chain(std::uint64_t object, std::uint8_t initial_gates) {
  GraphChain& chain = chains_.take();
  chain.object = object;
  chain.initial_gates = initial_gates;
  chain.operations.clear();
}

void ExecutionGraph::make_room_for_views(NodeId count) {
  const std::size_t needed = std::size_t{count} * kViewCount * stride_;
  if (views_.size() < needed) views_.resize(needed * 2);
}

void ExecutionGraph::make_room_for(ThreadId thread) {
  while (threads_.size() <= thread) threads_.take().clear();
  if (threads_.size() <= stride_) return;
  unsigned wider = stride_ == 0 ? kCountBlock : stride_ * 2;
  while (wider < threads_.size()) wider *= 2;
  std::vector<std::uint32_t> views(nodes_.size() * kViewCount * wider, 0);
  for (std::size_t i = 0; i < nodes_.size() * kViewCount; ++i) {
    std::memcpy(views.data() + i * wider, views_.data() + i * stride_,
                stride_ * sizeof(std::uint32_t));
  }
  views_ = std::move(views);
  stride_ = wider;
}

void ExecutionGraph::count(const GraphNode& node, int by) {
  const bool atomic = is_read(node.kind) || is_store(node.kind) || node.kind == NodeKind::fence;
  if (!atomic) return;
  unsigned& counter = node.order == MemoryOrder::seq_cst ? seq_cst_count_ : weaker_count_;
  counter += static_cast<unsigned>(by);
}

NodeId ExecutionGraph::add(const GraphNode& node) {
  make_room_for(node.thread);
  const NodeId id = size();
  nodes_.push_back(node);
  make_room_for_views(id + 1);
  GraphNode& added = nodes_.back();
  added.index = static_cast<std::uint32_t>(threads_[node.thread].size());
  threads_[node.thread].push_back(id);
  link(id);
  count(added, 1);
  compute_views(id);
  return id;
}

void ExecutionGraph::link(NodeId id) {
  const GraphNode& node = nodes_[id];
  if (is_read(node.kind)) locations_[node.location].reads.push_back(id);
  if (is_store(node.kind)) {
    GraphLocation& location = locations_[node.location];
    // A read-modify-write's stands right behind what it read.
    const std::size_t before = node.kind == NodeKind::store
                                   ? location.stores.size()
                                   : position(nodes_[before_in_thread(id)].from);
    location.stores.insert(location.stores.begin() + static_cast<std::ptrdiff_t>(before), id);
    number_stores(location, before);
  }
  for (const ChainLink& chain : node.links) {
    if (chain.chain != kNoNode && !node.blocked) chains_[chain.chain].operations.push_back(id);
  }
}

void ExecutionGraph::number_stores(const GraphLocation& location, std::size_t from) {
  for (std::size_t i = from; i < location.stores.size(); ++i) {
    nodes_[location.stores[i]].position = static_cast<std::uint32_t>(i + 1);
  }
}

void ExecutionGraph::learn(NodeId id, NodeId store, MemoryOrder order) {
  if (store == kInitialStore || store == kNoNode) return;
  join(row(kPorf, id), row(kPorf, store));
  join(row(is_acquire(order) ? kHappensBefore : kPending, id), row(kReleased, store));
}

void ExecutionGraph::join_chains(NodeId id) {
  const GraphNode& node = nodes_[id];
  bool any = false;
  for (const ChainLink& chain : node.links) {
    any = any || chain.chain != kNoNode;
    if (chain.from == kNoNode) continue;
    join(row(kPorf, id), row(kPorf, chain.from));
    if (node.acquires && node.shared) {
      join_writer(id, chain);
    } else if (node.acquires) {
      join(row(kHappensBefore, id), row(kReleased, chain.from));
    }
    join(row(kReleased, id), row(kReleased, chain.from));
  }
  if (any && node.releases) join(row(kReleased, id), row(kHappensBefore, id));
}

/// What readers left is for the next writer alone. The last one has taken over all before it.
void ExecutionGraph::join_writer(NodeId id, const ChainLink& last) {
  NodeId at = last.from;
  while (at != kNoNode && (!nodes_[at].releases || nodes_[at].shared)) {
    const ChainLink(&links)[2] = nodes_[at].links;
    at = links[links[0].chain == last.chain ? 0 : 1].from;
  }
  if (at != kNoNode) join(row(kHappensBefore, id), row(kHappensBefore, at));
}

void ExecutionGraph::compute_views(NodeId id) {
  GraphNode& node = nodes_[id];
  const NodeId before = before_in_thread(id);
  std::uint32_t* const rows = row(kPorf, id);
  if (before == kNoNode) {
    counts::clear(rows, kViewCount * stride_);
    node.release_fence = kNoNode;
  } else {
    static_assert(kReleased + 1 == kViewCount);
    counts::copy(rows, row(kPorf, before), kReleased * stride_);
    counts::clear(row(kReleased, id), stride_);
    node.release_fence = nodes_[before].release_fence;
  }
  row(kPorf, id)[node.thread] = row(kHappensBefore, id)[node.thread] = node.index + 1;
  switch (node.kind) {
    case NodeKind::load:
    case NodeKind::rmw_load:
      join_chains(id);
      learn(id, node.from, node.order);
      break;
    case NodeKind::store:
    case NodeKind::rmw_store: {
      std::uint32_t* const released = row(kReleased, id);
      if (is_release(node.order)) {
        join(released, row(kHappensBefore, id));
      } else if (node.release_fence != kNoNode) {
        join(released, row(kHappensBefore, node.release_fence));
      }
      if (node.kind == NodeKind::rmw_store) {
        const NodeId from = nodes_[before].from;
        if (from != kInitialStore) join(released, row(kReleased, from));
      }
      break;
    }
    case NodeKind::fence:
      if (is_acquire(node.order)) join(row(kHappensBefore, id), row(kPending, id));
      if (is_release(node.order)) node.release_fence = id;
      break;
    case NodeKind::start:
    case NodeKind::join:
      if (node.from != kNoNode) {
        join(row(kPorf, id), row(kPorf, node.from));
        join(row(kHappensBefore, id), row(kHappensBefore, node.from));
      }
      break;
    case NodeKind::object:
      if (node.from != kNoNode) {
        join(row(kPorf, id), row(kPorf, node.from));
        // On no object, it takes over from who let it go on.
        const bool alone = node.links[0].chain == kNoNode && node.links[1].chain == kNoNode;
        if (alone && node.acquires) join(row(kHappensBefore, id), row(kReleased, node.from));
      }
      join_chains(id);
      break;
    default: break;
  }
}

void ExecutionGraph::set_order(GraphNode& node, MemoryOrder order) {
  if (order == node.order) return;
  count(node, -1);
  node.order = order;
  count(node, 1);
}

void ExecutionGraph::set_from(NodeId read, NodeId store) {
  GraphNode& node = nodes_[read];
  node.from = store;
  node.choice = 0;
  node.count = 1;
  if (node.compares) {
    const bool known = store == kInitialStore || nodes_[store].valued;
    const bool writes = known ? value_of(store, node.location) == node.value
                              : node.success_order != MemoryOrder::seq_cst;
    set_order(node, writes ? node.success_order : node.failure_order);
  }
  compute_views(read);
}

void ExecutionGraph::set_acquires(NodeId operation, bool acquires) {
  if (nodes_[operation].acquires == acquires) return;
  nodes_[operation].acquires = acquires;
  compute_views(operation);
}

void ExecutionGraph::settle(NodeId read, bool writes) {
  GraphNode& node = nodes_[read];
  node.settled = true;
  const MemoryOrder order = writes ? node.success_order : node.failure_order;
  if (order == node.order) return;
  set_order(node, order);
  compute_views(read);
}

void ExecutionGraph::cut(NodeId size) {
  for (NodeId id = this->size(); id-- > size;) {
    const GraphNode& node = nodes_[id];
    if (node.kind == NodeKind::ghost) continue;
    if (node.kind == NodeKind::rmw_store) nodes_[before_in_thread(id)].settled = false;
    threads_[node.thread].pop_back();
    count(node, -1);
    if (is_read(node.kind)) locations_[node.location].reads.pop_back();
    if (is_store(node.kind)) {
      GraphLocation& location = locations_[node.location];
      const std::size_t at = node.position - 1;
      location.stores.erase(location.stores.begin() + static_cast<std::ptrdiff_t>(at));
      number_stores(location, at);
    }
    for (const ChainLink& chain : node.links) {
      if (chain.chain != kNoNode && !node.blocked) chains_[chain.chain].operations.pop_back();
    }
  }
  nodes_.resize(size);
  while (!threads_.empty() && threads_.back().empty()) threads_.pop_back();
}

void ExecutionGraph::move_store(NodeId store, std::uint32_t position) {
  GraphLocation& location = locations_[nodes_[store].location];
  const std::uint32_t was = nodes_[store].position;
  const auto at = [&](std::uint32_t place) { return location.stores.begin() + (place - 1); };
  if (position < was) {
    std::rotate(at(position), at(was), at(was) + 1);
  } else {
    std::rotate(at(was), at(was) + 1, at(position) + 1);
  }
  number_stores(location, std::min(position, was) - 1);
}

NodeId ExecutionGraph::successor_rmw(NodeId store, std::uint32_t location) const {
  // It stands right behind the store in modification order.
  const std::uint32_t next = position(store) + 1;
  if (next > locations_[location].stores.size()) return kNoNode;
  const NodeId successor = store_at(location, next);
  if (nodes_[successor].kind != NodeKind::rmw_store) return kNoNode;
  return nodes_[before_in_thread(successor)].from == store ? successor : kNoNode;
}

void ExecutionGraph::restrict_to(const std::vector<char>& keep, ExecutionGraph& result,
                                 std::vector<NodeId>& moved, NodeId ghost) const {
  result.clear();
  result.stride_ = stride_;
  result.seq_cst_count_ = seq_cst_count_;
  result.weaker_count_ = weaker_count_;
  // Most of it is kept, and nearly all up to the first node that goes: that part is copied whole.
  const auto gone = static_cast<NodeId>(std::find(keep.begin(), keep.end(), 0) - keep.begin());
  const NodeId first = std::min(gone, ghost);
  moved.resize(nodes_.size());
  std::iota(moved.begin(), moved.begin() + first, NodeId{0});
  NodeId next = first;
  for (NodeId id = first; id < size(); ++id) moved[id] = keep[id] != 0 ? next++ : kNoNode;
  const auto lead = [&](NodeId& to) {
    if (to >= first && to < kInitialStore) to = moved[to];
  };
  const auto lead_on = [&](GraphNode& node) {
    lead(node.from);
    lead(node.release_fence);
    for (ChainLink& chain : node.links) lead(chain.from);
  };
  result.nodes_.reserve(next + 8U);
  result.nodes_.assign(nodes_.begin(), nodes_.begin() + first);
  for (GraphNode& node : result.nodes_) lead_on(node);  // a read may have been given a later store
  result.make_room_for_views(next);
  std::memcpy(result.views_.data(), views_.data(),
              sizeof(std::uint32_t) * first * kViewCount * stride_);
  for (const std::vector<NodeId>& thread : threads_) {
    const auto end = std::lower_bound(thread.begin(), thread.end(), first);
    result.threads_.take().assign(thread.begin(), end);
  }
  for (NodeId id = first; id < size(); ++id) {
    if (keep[id] == 0 || id == ghost) result.count(nodes_[id], -1);
    if (keep[id] == 0) continue;
    GraphNode& node = result.nodes_.emplace_back(nodes_[id]);
    if (id == ghost) {
      node = GraphNode{};
      node.kind = NodeKind::ghost;
      node.thread = nodes_[id].thread;
    }
    lead_on(node);
    counts::copy(result.row(kPorf, moved[id]), row(kPorf, id), kViewCount * stride_);
    if (node.kind != NodeKind::ghost) result.threads_[node.thread].push_back(moved[id]);
  }
  while (!result.threads_.empty() && result.threads_.back().empty()) result.threads_.pop_back();
  const auto filter = [&](const std::vector<NodeId>& from, std::vector<NodeId>& into) {
    for (const NodeId id : from) {
      if (moved[id] != kNoNode && id != ghost) into.push_back(moved[id]);
    }
  };
  for (const GraphLocation& location : locations_) {
    result.add_location(location.address, location.life, location.size, location.initial);
    GraphLocation& then = result.locations_[result.locations_.size() - 1];
    filter(location.stores, then.stores);
    filter(location.reads, then.reads);
    result.number_stores(then, 0);
  }
  for (const GraphChain& chain : chains_) {
    result.add_chain(chain.object, chain.initial_gates);
    filter(chain.operations, result.chains_[result.chains_.size() - 1].operations);
  }
}

}  // namespace trama

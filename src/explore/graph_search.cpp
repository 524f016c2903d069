#include "explore/graph_search.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "explore/linearise.hpp"

namespace trama {

// -- Following the plan ------------------------------------------------------------------

bool GraphSearch::begin() {
  if (!begun_) {
    begun_ = true;
    frames_.push_back(std::make_unique<Frame>());
    stand_at(0);
    plan();
    return true;
  }
  for (;;) {
    Frame& frame = *frame_;
    if (frame.items.empty()) {
      if (depth_ == 0) return false;
      stand_at(depth_ - 1);
      continue;
    }
    const Item item = frame.items.back();
    frame.items.pop_back();
    frame.graph.cut(item.node + 1);
    weight_ = item.weight;
    if (!apply(item)) {
      counts_.tree.add_nothing(weight_);
      continue;
    }
    if (bound_.is_exceeded_from(graph())) {
      counts_.tree.add_nothing(weight_);
      ++counts_.pruned;
      continue;
    }
    plan();
    return true;
  }
}

void GraphSearch::plan() {
  const ExecutionGraph& now = graph();
  cursors_.assign(now.thread_count(), 0);
  latest_made_.assign(now.location_count(), 0);
  remaining_ = 0;
  last_ = kNoNode;
  forbidden_ = false;
  planned_weight_ = weight_;
  planned_items_ = frame_->items.size();
  planned_size_ = now.size();
  planned_open_ = kNoNode;
  planned_answers_.resize(now.thread_count());
  for (unsigned t = 0; t < now.thread_count(); ++t) {
    const auto nodes = now.thread(static_cast<ThreadId>(t));
    remaining_ += static_cast<std::uint32_t>(nodes.size());
    if (nodes.empty()) continue;
    planned_answers_[t] = {now[nodes.back()].choice, now[nodes.back()].count};
    const bool open = !now[nodes.back()].settled;
    if (open) planned_open_ = nodes.back();
    if (open || last_ == kNoNode || (now[last_].settled && nodes.back() > last_)) {
      last_ = nodes.back();
    }
  }
}

void GraphSearch::repeat() {
  order_.clear();
  ExecutionGraph& now = own();
  if (repeated_ == nullptr) {
    repeated_ = std::make_unique<ExecutionGraph>(now);
  } else {
    now = *repeated_;
  }
  NodeId size = now.size();
  while (size > 0 && now[size - 1].blocked) --size;
  now.cut(size);
  plan();
}

void GraphSearch::repeat_simply(ThreadId last) {
  repeat();
  order_ = linearise(graph(), last);
  next_in_order_ = 0;
}

bool GraphSearch::is_latest(NodeId store) const {
  const ExecutionGraph& now = graph();
  const std::uint32_t location = now[store].location;
  const std::uint32_t position = now.position(store);
  if (remaining_ == 0) return position == now.location(location).stores.size();  // all are made
  return position >= latest_made_[location];
}

void GraphSearch::note_followed(const GraphNode& node) {
  ++cursors_[node.thread];
  --remaining_;
  if (!is_store(node.kind)) return;
  std::uint32_t& latest = latest_made_[node.location];
  latest = std::max(latest, node.position);
}

ThreadId GraphSearch::planned(ThreadId current) {
  if (remaining_ == 0) return kNoThread;
  const ExecutionGraph& now = graph();
  for (; next_in_order_ < order_.size(); ++next_in_order_) {
    const GraphNode& node = now[order_[next_in_order_]];
    if (node.index >= cursors_[node.thread]) return node.thread;
  }
  const auto next_of = [&](ThreadId thread) {
    if (thread >= cursors_.size() || cursors_[thread] >= now.thread(thread).size()) return kNoNode;
    const NodeId next = now.thread(thread)[cursors_[thread]];
    return next == last_ && remaining_ > 1 ? kNoNode : next;
  };
  ThreadId thread = current;
  NodeId next = next_of(thread);
  for (unsigned t = 0; next == kNoNode; ++t) {
    TRAMA_CHECK(t < cursors_.size());
    thread = static_cast<ThreadId>(t);
    next = next_of(thread);
  }
  const auto missing = [&](NodeId source) {
    return source < kInitialStore && now[source].index >= cursors_[now[source].thread];
  };
  for (;;) {
    const GraphNode& node = now[next];
    NodeId source = missing(node.from) ? node.from : kNoNode;
    for (const ChainLink& link : node.links) {
      if (missing(link.from)) source = link.from;
    }
    if (source == kNoNode) return thread;
    thread = now[source].thread;
    next = now.thread(thread)[cursors_[thread]];
  }
}

NodeId GraphSearch::perform(ThreadId thread, const Action& action) {
  if (thread >= asked_.size()) asked_.resize(thread + 1U, 1);
  asked_[thread] = 1;
  if (remaining_ == 0) return extend(thread, action);
  const auto nodes = graph().thread(thread);
  expected_ = kNoNode;
  if (thread >= cursors_.size() || cursors_[thread] >= nodes.size()) return kNoNode;
  return follow(nodes[cursors_[thread]], action);
}

NodeId GraphSearch::follow(NodeId planned, const Action& action) {
  GraphNode& node = own()[planned];
  bool same =
      node.kind == action.kind && node.operation == static_cast<std::uint8_t>(action.operation);
  if (is_read(node.kind) || is_store(node.kind)) {
    const GraphLocation& location = graph().location(node.location);
    same = same && location.address == action.address && location.size == action.size &&
           location.life == action.life;
    if (same && action.fresh) own().set_initial(node.location, action.initial);
  }
  for (unsigned i = 0; i < 2; ++i) {
    const std::uint32_t chain = node.links[i].chain;
    same = same && (chain == kNoNode ? 0 : graph().chain(chain).object) == action.links[i].object;
  }
  if (!same) {
    expected_ = planned;
    return kNoNode;
  }
  if (node.kind == NodeKind::store) node.value = action.value;
  // At another place in its object's order it may fail, or not, unlike before.
  if (node.kind == NodeKind::object) own().set_acquires(planned, action.acquires);
  note_followed(node);
  return planned;
}

std::uint32_t GraphSearch::choose(ThreadId thread, NodeId operation, std::uint32_t count) {
  // The answers of one operation are digits of one number, the first the lowest.
  GraphNode& node = own()[operation];
  const std::uint32_t radix = asked_[thread];
  asked_[thread] *= count;
  if (radix < node.count) return node.choice / radix % count;
  node.count = asked_[thread];
  const std::size_t first = frame_->items.size();
  for (std::uint32_t value = count; --value > 0;) {
    push(Item::Kind::choose, operation, node.choice + value * radix, node.count);
  }
  share_weight(first, true);
  return 0;
}

void GraphSearch::settle(NodeId load, bool writes) {
  ExecutionGraph& now = own();
  const MemoryOrder assumed = now[load].order;
  const bool was_open = !now[load].settled;
  now.settle(load, writes);
  if (was_open && now[load].order != assumed && !consistency_.allows_read(now, load)) {
    forbidden_ = true;
  }
}

NodeId GraphSearch::write(NodeId load, const Word& value) {
  ExecutionGraph& now = own();
  const ThreadId thread = now[load].thread;
  if (remaining_ != 0) {
    const NodeId planned = now.thread(thread)[cursors_[thread]];
    GraphNode& node = now[planned];
    if (node.kind != NodeKind::rmw_store) {
      expected_ = planned;
      return kNoNode;
    }
    node.value = value;
    node.valued = true;
    note_followed(node);
    return planned;
  }
  settle(load, true);
  GraphNode node;
  node.kind = NodeKind::rmw_store;
  node.operation = now[load].operation;
  node.order = now[load].success_order;
  node.thread = thread;
  node.location = now[load].location;
  node.value = value;
  const NodeId store = now.add(node);
  const std::size_t first = frame_->items.size();
  add_revisits(store);
  share_weight(first, true);
  return store;
}

// -- Going on ------------------------------------------------------------------------------

void GraphSearch::share_weight(std::size_t first, bool goes_on) {
  auto& items = frame_->items;
  const std::size_t count = items.size() - first + (goes_on ? 1 : 0);
  if (count == 0 || first == items.size()) return;
  const double part = weight_ / static_cast<double>(count);
  for (std::size_t i = first; i < items.size(); ++i) items[i].weight = part;
  weight_ = goes_on ? part : 0;
}

NodeId GraphSearch::extend(ThreadId thread, const Action& action) {
  const std::size_t first = frame_->items.size();
  const NodeId id = add_node(thread, action);
  share_weight(first, true);
  return id;
}

NodeId GraphSearch::add_node(ThreadId thread, const Action& action) {
  ExecutionGraph& now = own();
  GraphNode node;
  node.kind = action.kind;
  node.operation = static_cast<std::uint8_t>(action.operation);
  node.order = node.success_order = action.order;
  node.failure_order = action.compares ? action.failure_order : action.order;
  node.compares = action.compares;
  node.acquires = action.acquires;
  node.releases = action.releases;
  node.shared = action.shared;
  node.thread = thread;
  node.other = action.other;
  node.value = action.value;
  for (unsigned i = 0; i < 2; ++i) {
    if (action.links[i].object == 0) continue;
    ChainLink& link = node.links[i];
    link.chain = now.chain_of(action.links[i].object, action.links[i].gates);
    const auto& operations = now.chain(link.chain).operations;
    link.from = operations.empty() ? kNoNode : operations.back();
    link.needs = action.links[i].needs;
  }
  switch (action.kind) {
    case NodeKind::load:
    case NodeKind::rmw_load:
    case NodeKind::store: {
      node.location = now.location_of(action.address, action.life, action.size, action.initial);
      if (action.fresh) now.set_initial(node.location, action.initial);
      if (action.kind == NodeKind::store) {
        const NodeId id = now.add(node);
        add_store(id);
        return id;
      }
      node.from = latest_store(node.location);
      const NodeId id = now.add(node);
      add_read(id);
      add_overtakes(id);
      return id;
    }
    case NodeKind::object: {
      node.from = action.waker;
      const NodeId id = now.add(node);
      add_overtakes(id);
      return id;
    }
    case NodeKind::start:
      // Its creation is the one node that names it.
      for (NodeId id = now.size(); id-- > 0;) {
        if (now[id].kind == NodeKind::create && now[id].other == thread) {
          node.from = id;
          break;
        }
      }
      return now.add(node);
    case NodeKind::join: node.from = now.last_of(action.other); return now.add(node);
    default: return now.add(node);
  }
}

NodeId GraphSearch::latest_store(std::uint32_t location) const {
  const auto& stores = graph().location(location).stores;
  return stores.empty() ? kInitialStore : stores.back();
}

void GraphSearch::add_read(NodeId read) {
  ExecutionGraph& now = own();
  consistency_.readable(now, read, positions_);
  const GraphNode& node = now[read];
  const NodeId before = now.before_in_thread(read);
  for (std::size_t i = 0; i + 1 < positions_.size(); ++i) {
    const NodeId store = now.store_at(node.location, positions_[i]);
    const bool writes = node.kind == NodeKind::rmw_load &&
                        (!node.compares || now.value_of(store, node.location) == node.value);
    const NodeId rival = writes ? now.successor_rmw(store, node.location) : kNoNode;
    if (rival == kNoNode) {
      push(Item::Kind::read, read, store);
    } else if (!now.porf(rival, before)) {
      push(Item::Kind::read_conflicting, read, store);
    }
  }
}

void GraphSearch::add_store(NodeId store) {
  ExecutionGraph& now = own();
  add_revisits(store);
  consistency_.places(now, store, positions_);
  for (std::size_t i = 0; i + 1 < positions_.size(); ++i) {
    push(Item::Kind::place, store, positions_[i]);
  }
}

void GraphSearch::add_revisits(NodeId store) {
  const ExecutionGraph& now = graph();
  for (const NodeId read : now.location(now[store].location).reads) {
    if (!now.porf(read, store)) push(Item::Kind::revisit, store, read);
  }
}

/// Whether the operation follows from `other`, wherever it stands on its objects.
bool GraphSearch::follows(NodeId operation, NodeId other) const {
  const ExecutionGraph& now = graph();
  return now.porf(other, now.before_in_thread(operation)) ||
         (now[operation].kind == NodeKind::object && now.porf(other, now[operation].from));
}

void GraphSearch::add_overtakes(NodeId operation) {
  const ExecutionGraph& now = graph();
  const auto& links = now[operation].links;
  const auto is_on = [&](NodeId id, std::uint32_t chain) {
    return now[id].links[0].chain == chain || now[id].links[1].chain == chain;
  };
  for (unsigned i = 0; i < 2; ++i) {
    if (links[i].chain == kNoNode) continue;
    for (const NodeId other : now.chain(links[i].chain).operations) {
      if (other == operation || now[other].thread == now[operation].thread) continue;
      if (follows(operation, other)) continue;
      if (links[1 - i].chain == kNoNode) {
        push(Item::Kind::overtake, operation, other);
      } else if (!is_on(other, links[1 - i].chain)) {
        add_overtakes(operation, other, links[1 - i]);
      } else if (i == 0) {
        push(Item::Kind::overtake, operation, other);
      }
    }
  }
}

/// The operation overtakes another on one of its objects. On the other one it may come after
/// anything that does not depend on the overtaken.
void GraphSearch::add_overtakes(NodeId operation, NodeId overtaken, const ChainLink& other_link) {
  const ExecutionGraph& now = graph();
  push(Item::Kind::overtake, operation, overtaken);
  for (const NodeId behind : now.chain(other_link.chain).operations) {
    if (behind < overtaken || behind == operation || now.porf(overtaken, behind)) continue;
    if (follows(operation, behind)) continue;
    push(Item::Kind::overtake, operation, overtaken, behind);
  }
}

void GraphSearch::add_blocked(ThreadId thread, const Action& action) {
  if (action.kind != NodeKind::object) return;
  ExecutionGraph& now = own();
  GraphNode node;
  node.kind = NodeKind::object;
  node.operation = static_cast<std::uint8_t>(action.operation);
  node.acquires = action.acquires;
  node.releases = action.releases;
  node.shared = action.shared;
  node.thread = thread;
  node.from = action.waker;
  node.blocked = true;
  for (unsigned i = 0; i < 2; ++i) {
    if (action.links[i].object == 0) continue;
    node.links[i].chain = now.chain_of(action.links[i].object, action.links[i].gates);
    node.links[i].needs = action.links[i].needs;
  }
  const std::size_t first = frame_->items.size();
  add_overtakes(now.add(node));
  share_weight(first, true);
}

void GraphSearch::end(GraphEnd end) {
  counts_.tree.add_leaf(weight_);
  weight_ = 0;
  switch (end) {
    case GraphEnd::complete: ++counts_.complete; break;
    case GraphEnd::blocked: ++counts_.blocked; break;
    case GraphEnd::broken: ++counts_.broken; break;
    case GraphEnd::forbidden: ++counts_.forbidden; break;
    case GraphEnd::cut: ++counts_.cut; break;
  }
}

}  // namespace trama

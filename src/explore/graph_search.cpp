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
    plan();
    return true;
  }
  for (;;) {
    Frame& frame = *frames_[depth_];
    if (frame.items.empty()) {
      if (depth_ == 0) return false;
      --depth_;
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
  remaining_ = 0;
  last_ = kNoNode;
  forbidden_ = false;
  planned_weight_ = weight_;
  planned_items_ = frames_[depth_]->items.size();
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
  const auto& stores = now.location(location).stores;
  for (std::size_t i = now.position(store); i < stores.size(); ++i) {
    const GraphNode& later = now[stores[i]];
    const bool made =
        later.thread >= cursors_.size() || later.index < cursors_[later.thread] || remaining_ == 0;
    if (made) return false;
  }
  return true;
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
  ++cursors_[node.thread];
  --remaining_;
  return planned;
}

std::uint32_t GraphSearch::choose(ThreadId thread, NodeId operation, std::uint32_t count) {
  // The answers of one operation are digits of one number, the first the lowest.
  GraphNode& node = own()[operation];
  const std::uint32_t radix = asked_[thread];
  asked_[thread] *= count;
  if (radix < node.count) return node.choice / radix % count;
  node.count = asked_[thread];
  const std::size_t first = frames_[depth_]->items.size();
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
    ++cursors_[thread];
    --remaining_;
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
  const std::size_t first = frames_[depth_]->items.size();
  add_revisits(store);
  share_weight(first, true);
  return store;
}

// -- Going on ------------------------------------------------------------------------------

void GraphSearch::share_weight(std::size_t first, bool goes_on) {
  auto& items = frames_[depth_]->items;
  const std::size_t count = items.size() - first + (goes_on ? 1 : 0);
  if (count == 0 || first == items.size()) return;
  const double part = weight_ / static_cast<double>(count);
  for (std::size_t i = first; i < items.size(); ++i) items[i].weight = part;
  weight_ = goes_on ? part : 0;
}

NodeId GraphSearch::extend(ThreadId thread, const Action& action) {
  const std::size_t first = frames_[depth_]->items.size();
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
  node.blocked = true;
  for (unsigned i = 0; i < 2; ++i) {
    if (action.links[i].object == 0) continue;
    node.links[i].chain = now.chain_of(action.links[i].object, action.links[i].gates);
    node.links[i].needs = action.links[i].needs;
  }
  const std::size_t first = frames_[depth_]->items.size();
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

// -- Going back ------------------------------------------------------------------------------

bool GraphSearch::apply(const Item& item) {
  ExecutionGraph& now = own();
  switch (item.kind) {
    case Item::Kind::read:
      now[item.node].settled = now[item.node].kind != NodeKind::rmw_load;
      now.set_from(item.node, item.other);
      return true;
    case Item::Kind::read_conflicting: {
      // Somebody else's read-modify-write has this store: only what takes that back is of use.
      now.set_from(item.node, item.other);
      GraphNode half;
      half.kind = NodeKind::rmw_store;
      half.operation = now[item.node].operation;
      half.order = now[item.node].success_order;
      half.thread = now[item.node].thread;
      half.location = now[item.node].location;
      half.valued = false;
      const std::size_t first = frames_[depth_]->items.size();
      add_revisits(now.add(half));
      share_weight(first, false);
      return false;
    }
    case Item::Kind::place: now.move_store(item.node, item.other); return true;
    case Item::Kind::choose:
      now[item.node].choice = item.other;
      now[item.node].count = item.behind;
      return true;
    case Item::Kind::revisit: return revisit(item.node, item.other);
    case Item::Kind::overtake: return overtake(item.node, item.other, item.behind);
    case Item::Kind::run: return true;
  }
  return false;
}

bool GraphSearch::is_default(NodeId id, NodeId cause, std::span<const std::uint32_t> prefix) const {
  const ExecutionGraph& now = graph();
  const GraphNode& node = now[id];
  const auto was_there = [&](NodeId other) {
    return other == kInitialStore ||
           (other != cause && (other <= id || now.in_view(other, prefix)));
  };
  const auto is_latest = [&](NodeId store) {
    const auto& stores = now.location(node.location).stores;
    for (std::size_t i = now.position(store); i < stores.size(); ++i) {
      if (was_there(stores[i])) return false;
    }
    return true;
  };
  switch (node.kind) {
    case NodeKind::load:
    case NodeKind::rmw_load:
      return node.choice == 0 && was_there(node.from) && is_latest(node.from);
    case NodeKind::store:
    case NodeKind::rmw_store: return is_latest(id);
    case NodeKind::object:
    case NodeKind::choice: return node.choice == 0;
    case NodeKind::ghost: return was_there(node.from);
    default: return true;
  }
}

bool GraphSearch::take_back(NodeId from, NodeId cause, std::span<const std::uint32_t> prefix) {
  const ExecutionGraph& now = graph();
  keep_.assign(now.size(), 1);
  for (NodeId id = from; id < now.size(); ++id) {
    if (id == cause) continue;
    const GraphNode& node = now[id];
    const bool needed = node.kind != NodeKind::ghost && !node.blocked && now.in_view(id, prefix);
    if (needed) continue;
    keep_[id] = 0;
    if (!node.blocked && !is_default(id, cause, prefix)) return false;
  }
  // What stays must not depend on what goes.
  for (const NodeId id : frames_[depth_]->revisited) {
    if (id < from && keep_[now[id].from] == 0) return false;
  }
  return true;
}

GraphSearch::Frame& GraphSearch::next_frame(NodeId revisited, NodeId ghost) {
  if (depth_ + 1 == frames_.size()) frames_.push_back(std::make_unique<Frame>());
  const Frame& now = *frames_[depth_];
  Frame& then = *frames_[depth_ + 1];
  then.items.clear();
  keep_[revisited] = 1;
  now.graph.restrict_to(keep_, then.graph, moved_, ghost);
  then.revisited.clear();
  for (const NodeId id : now.revisited) {
    if (id != revisited && keep_[id] != 0) then.revisited.push_back(moved_[id]);
  }
  then.revisited.push_back(moved_[revisited]);
  return then;
}

bool GraphSearch::revisit(NodeId store, NodeId read) {
  const ExecutionGraph& now = graph();
  if (!take_back(read, store, now.porf_view(store))) return false;
  const GraphNode& writer = now[store];
  if (writer.kind == NodeKind::rmw_store) {
    // What it read must be nobody else's by then.
    const NodeId load = now.before_in_thread(store);
    for (const NodeId other : now.location(writer.location).reads) {
      if (other == load || other == read || keep_[other] == 0 ||
          now[other].from != now[load].from) {
        continue;
      }
      const NodeId half = now.after_in_thread(other);
      if (now[other].kind == NodeKind::rmw_load && half != kNoNode && keep_[half] != 0 &&
          now[half].kind == NodeKind::rmw_store) {
        return false;
      }
    }
  }
  Frame& frame = next_frame(read);
  ExecutionGraph& then = frame.graph;
  const NodeId reader = moved_[read];
  const NodeId source = moved_[store];
  then.set_from(reader, source);
  then[reader].settled = then[reader].kind != NodeKind::rmw_load;
  if (then[source].kind == NodeKind::store) {
    consistency_.places(then, source, positions_);
    std::erase_if(positions_, [&](std::uint32_t position) {
      then.move_store(source, position);
      return !consistency_.allows_read(then, reader);
    });
    if (positions_.empty()) return false;
    then.move_store(source, positions_.back());
    for (std::size_t i = 0; i + 1 < positions_.size(); ++i) {
      frame.items.push_back({Item::Kind::place, source, positions_[i], kNoNode, 0});
    }
  } else if (!consistency_.allows_read(then, reader)) {
    return false;
  }
  ++depth_;
  share_weight(0, true);
  return true;
}

bool GraphSearch::overtake(NodeId operation, NodeId overtaken, NodeId behind) {
  const ExecutionGraph& now = graph();
  prefix_.assign(now.porf_view(operation).size(), 0);
  const auto needs = [&](NodeId needed) {
    if (needed == kNoNode) return;
    const auto view = now.porf_view(needed);
    for (std::size_t t = 0; t < prefix_.size(); ++t) prefix_[t] = std::max(prefix_[t], view[t]);
  };
  needs(now.before_in_thread(operation));
  if (now[operation].kind == NodeKind::object) needs(now[operation].from);
  needs(behind);
  unsigned first = 2;  // the link of the overtaken on which that happens
  for (unsigned i = 2; i-- > 0;) {
    const ChainLink& link = now[overtaken].links[i];
    if (link.chain == kNoNode) continue;
    for (const ChainLink& own_link : now[operation].links) {
      if (own_link.chain != link.chain) continue;
      needs(link.from);
      first = i;
    }
  }
  // Overtaken before, it has come again since; its place is where it stood first.
  NodeId place = overtaken;
  for (NodeId id = overtaken; id-- > 0;) {
    const GraphNode& ghost = now[id];
    if (ghost.kind == NodeKind::ghost && ghost.thread == now[overtaken].thread &&
        ghost.index == now[overtaken].index && ghost.choice >= first) {
      place = id;
    }
  }
  if (!take_back(place, operation, prefix_)) return false;
  keep_[operation] = 0;
  ExecutionGraph& then = next_frame(place, place).graph;
  then[moved_[place]].index = now[overtaken].index;
  then[moved_[place]].choice = first;
  GraphNode node = now[operation];
  node.blocked = false;
  node.choice = 0;
  node.count = 1;
  for (ChainLink& link : node.links) {
    if (link.chain == kNoNode) continue;
    const GraphChain& chain = then.chain(link.chain);
    link.from = chain.operations.empty() ? kNoNode : chain.operations.back();
    if (link.needs == 0) continue;
    std::uint8_t gates = chain.initial_gates;
    if (link.from != kNoNode) {
      for (const ChainLink& last : then[link.from].links) {
        if (last.chain == link.chain) gates = last.gates;
      }
    }
    if ((gates & link.needs) == 0) return false;
  }
  ++depth_;
  if (node.kind == NodeKind::load) node.from = latest_store(node.location);
  const NodeId added = then.add(node);
  then[moved_[place]].from = added;
  if (node.kind == NodeKind::load) add_read(added);
  return true;
}

}  // namespace trama

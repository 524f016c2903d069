// How a GraphSearch goes back: a decision made otherwise, a read that is revisited by a store that came
// after it, an operation on an object that overtakes another.
//
// The last two take back all that was added since, but for what the cause depends on (`take_back`),
// and go on from what is left, as a frame of its own (`next_frame`): the graph that they leave is
// needed for its other items. They are only made where what they take back is what would come by
// itself (`is_default`), so that each graph is reached once.
#include <algorithm>

#include "explore/graph_search.hpp"

namespace trama {

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
      const std::size_t first = frame_->items.size();
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

std::uint32_t GraphSearch::latest_until(NodeId id, const Taking& taking, std::uint32_t location) {
  std::uint32_t& known = latest_[location];
  if (known != kNotKnown) return known;
  const ExecutionGraph& now = graph();
  const auto& stores = now.location(location).stores;
  auto position = static_cast<std::uint32_t>(stores.size());
  for (; position != 0; --position) {
    const NodeId store = stores[position - 1];
    if (store != taking.cause && (store <= id || now.in_view(store, taking.prefix))) break;
  }
  return known = position;
}

bool GraphSearch::is_default(NodeId id, const Taking& taking) {
  const ExecutionGraph& now = graph();
  const GraphNode& node = now[id];
  switch (node.kind) {
    case NodeKind::load:
    case NodeKind::rmw_load:
      return node.choice == 0 && now.position(node.from) == latest_until(id, taking, node.location);
    case NodeKind::store:
    case NodeKind::rmw_store: {
      const std::uint32_t latest = latest_until(id, taking, node.location);
      if (node.position < latest) return false;
      latest_[node.location] = node.position;
      return true;
    }
    case NodeKind::object:
    case NodeKind::choice: return node.choice == 0;
    case NodeKind::ghost:
      return node.from == kInitialStore ||
             (node.from != taking.cause &&
              (node.from <= id || now.in_view(node.from, taking.prefix)));
    default: return true;
  }
}

bool GraphSearch::take_back(NodeId from, NodeId cause, std::span<const std::uint32_t> prefix) {
  const ExecutionGraph& now = graph();
  const Taking taking{cause, prefix};
  keep_.assign(now.size(), 1);
  latest_.assign(now.location_count(), kNotKnown);
  for (NodeId id = from; id < now.size(); ++id) {
    if (id == cause) continue;
    const GraphNode& node = now[id];
    const bool needed = node.kind != NodeKind::ghost && !node.blocked && now.in_view(id, prefix);
    if (needed) continue;
    keep_[id] = 0;
    if (!node.blocked && !is_default(id, taking)) return false;
  }
  // What stays must not depend on what goes.
  for (const NodeId id : frame_->revisited) {
    if (id < from && keep_[now[id].from] == 0) return false;
  }
  return true;
}

GraphSearch::Frame& GraphSearch::next_frame(NodeId revisited, NodeId ghost) {
  if (depth_ + 1 == frames_.size()) frames_.push_back(std::make_unique<Frame>());
  const Frame& now = *frame_;
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
  stand_at(depth_ + 1);
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
  stand_at(depth_ + 1);
  if (node.kind == NodeKind::load) {
    node.from = latest_store(node.location);
  } else if (node.from < kInitialStore) {
    node.from = moved_[node.from];  // who woke it
  }
  const NodeId added = then.add(node);
  then[moved_[place]].from = added;
  if (node.kind == NodeKind::load) add_read(added);
  return true;
}

}  // namespace trama

#include "explore/preemption_bound.hpp"

#include <algorithm>
#include <cstring>

namespace trama {
namespace {

/// Beyond it, no more is looked at.
constexpr std::size_t kStateCountMax = 1U << 13U;
constexpr std::size_t kTableSize = kStateCountMax * 2;

/// Whether a thread that is left before this node could have gone on for sure.
bool could_go_on(const GraphNode& node) {
  switch (node.kind) {
    case NodeKind::load:
    case NodeKind::rmw_load:
    case NodeKind::store:
    case NodeKind::rmw_store:
    case NodeKind::fence:
    case NodeKind::create: return true;
    case NodeKind::object:
      if (node.from != kNoNode) return false;  // somebody woke it
      return node.links[0].needs == 0 && node.links[1].needs == 0;
    default: return false;
  }
}

}  // namespace

void PreemptionBound::include(const ExecutionGraph& graph, NodeId id) {
  if (id >= kInitialStore) return;
  const auto view = graph.porf_view(id);
  for (std::size_t t = 0; t < part_.size(); ++t) part_[t] = std::max(part_[t], view[t]);
}

void PreemptionBound::find_lasting_part(const ExecutionGraph& graph) {
  part_.assign(graph.thread_count(), 0);
  for (NodeId id = 0; id < graph.size(); ++id) {
    const GraphNode& node = graph[id];
    if (node.kind == NodeKind::ghost) {
      include(graph, node.from);
      continue;
    }
    if (node.blocked) continue;
    bool lasts = node.choice != 0;
    if (is_read(node.kind) || is_store(node.kind)) {
      const auto& stores = graph.location(node.location).stores;
      const NodeId place = is_read(node.kind) ? node.from : id;
      for (std::size_t i = graph.position(place); i < stores.size(); ++i) {
        lasts = lasts || stores[i] < id;
      }
      if (is_read(node.kind) && node.from < kInitialStore && node.from > id) {
        include(graph, node.from);
      }
    }
    if (lasts) include(graph, id);
  }
}

bool PreemptionBound::is_possible(const ExecutionGraph& graph, NodeId id,
                                  const std::uint32_t* done) const {
  const auto is_done = [&](NodeId other) {
    if (other >= kInitialStore) return true;
    // What does not last stands in no order.
    const GraphNode& node = graph[other];
    return node.index >= part_[node.thread] || node.index < done[node.thread];
  };
  const GraphNode& node = graph[id];
  return is_done(node.from) && is_done(node.links[0].from) && is_done(node.links[1].from);
}

void PreemptionBound::run_on(const ExecutionGraph& graph, std::uint32_t* state) const {
  const std::uint32_t current = state[part_.size()];
  const auto nodes = graph.thread(static_cast<ThreadId>(current));
  while (state[current] < part_[current] && is_possible(graph, nodes[state[current]], state)) {
    ++state[current];
  }
}

bool PreemptionBound::is_new(const std::uint32_t* state) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (std::size_t i = 0; i < width_; ++i) hash = (hash ^ state[i]) * 0x100000001b3U;
  for (std::size_t at = hash ^ (hash >> 32U);; ++at) {
    std::uint32_t& entry = table_[at % kTableSize];
    if (entry == 0) {
      states_.insert(states_.end(), state, state + width_);
      entry = static_cast<std::uint32_t>(states_.size() / width_);
      return true;
    }
    const std::uint32_t* other = states_.data() + (entry - 1U) * width_;
    if (std::equal(state, state + width_, other)) return false;
  }
}

bool PreemptionBound::is_exceeded_from(const ExecutionGraph& graph) {
  if (most_ == kNone) return false;
  find_lasting_part(graph);
  width_ = part_.size() + 1;
  states_.clear();
  table_.assign(kTableSize, 0);
  open_.clear();
  later_.clear();
  scratch_.assign(width_, 0);
  const auto add = [&](std::vector<std::uint32_t>& list, const std::uint32_t* state) {
    list.insert(list.end(), state, state + width_);
  };
  for (std::uint32_t t = 0; t + 1 < width_; ++t) {  // any may be the first to go
    scratch_.back() = t;
    add(open_, scratch_.data());
  }
  if (open_.empty()) return false;
  for (std::uint64_t cost = 0; cost <= most_ && !open_.empty(); ++cost) {
    while (!open_.empty()) {
      std::copy(open_.end() - static_cast<std::ptrdiff_t>(width_), open_.end(), scratch_.begin());
      open_.resize(open_.size() - width_);
      run_on(graph, scratch_.data());
      if (!is_new(scratch_.data())) continue;
      if (std::equal(part_.begin(), part_.end(), scratch_.begin())) return false;
      if (states_.size() / width_ >= kStateCountMax) return false;
      const std::uint32_t current = scratch_.back();
      const bool ended = scratch_[current] == part_[current];
      const bool interrupted =
          !ended &&
          could_go_on(graph[graph.thread(static_cast<ThreadId>(current))[scratch_[current]]]);
      for (std::uint32_t t = 0; t + 1 < width_; ++t) {
        if (t == current || scratch_[t] == part_[t]) continue;
        const NodeId next = graph.thread(static_cast<ThreadId>(t))[scratch_[t]];
        if (!is_possible(graph, next, scratch_.data())) continue;
        scratch_.back() = t;
        add(interrupted ? later_ : open_, scratch_.data());
        scratch_.back() = current;
      }
    }
    open_.swap(later_);
  }
  return true;
}

}  // namespace trama

#include "explore/linearise.hpp"

#include "base/check.hpp"
#include "event/operation.hpp"

namespace trama {
namespace {

/// What the order is to respect beside program order, reads-from and the chains of objects.
enum class Respect : std::uint8_t { all, modification_order, dependencies };

/// How many states are looked at for the fewest switches; beyond, the longest run is taken.
constexpr std::size_t kStatesMax = 20000;

class Linearisation {
 public:
  Linearisation(const ExecutionGraph& graph, ThreadId last, Respect respect, bool strict)
      : graph_(graph), respect_(respect), strict_(strict), threads_(graph.thread_count()) {
    before_.resize(graph.size());
    for (unsigned t = 0; t < threads_; ++t) {
      for (const NodeId id : graph.thread(static_cast<ThreadId>(t))) {
        ++total_;
        add_before(id);
      }
    }
    ending_ = last == kNoThread ? kNoNode : graph.last_of(last);
    if (ending_ != kNoNode) ending_ = head_of(ending_);
    for (unsigned t = 0; t < threads_; ++t) {
      const NodeId id = graph.last_of(static_cast<ThreadId>(t));
      const bool exits =
          id != kNoNode && graph[id].operation == static_cast<std::uint8_t>(Operation::exit);
      if (exits) ending_ = head_of(id);
    }
  }

  /// False where there is no such order.
  bool find(std::vector<NodeId>& order) {
    order.clear();
    return search(order) || (!searched_all_ && follow_longest(order));
  }

 private:
  using Cursors = std::vector<std::uint32_t>;
  struct State {
    Cursors cursors;
    std::size_t parent;
    ThreadId thread;  // whose run led here
  };

  /// A read-modify-write's halves and what a step chooses go with the node before.
  [[nodiscard]] bool goes_with_previous(NodeId id) const {
    const NodeKind kind = graph_[id].kind;
    return kind == NodeKind::rmw_store || kind == NodeKind::choice;
  }
  [[nodiscard]] NodeId head_of(NodeId id) const {
    while (goes_with_previous(id) && graph_[id].index > 0) id = graph_.before_in_thread(id);
    return id;
  }

  void add_before(NodeId id) {
    const GraphNode& node = graph_[id];
    std::vector<NodeId>& before = before_[id];
    if (node.from < kInitialStore) before.push_back(node.from);
    for (const ChainLink& link : node.links) {
      if (link.from < kInitialStore) before.push_back(link.from);
    }
    if (!is_store(node.kind) || respect_ == Respect::dependencies) return;
    const std::uint32_t position = graph_.position(id);
    const NodeId previous = graph_.store_at(node.location, position - 1);
    if (previous != kInitialStore) before.push_back(previous);
    if (respect_ != Respect::all) return;
    for (const NodeId read : graph_.location(node.location).reads) {
      if (graph_[read].from == previous) before.push_back(read);
    }
  }

  [[nodiscard]] bool is_done(const Cursors& cursors, NodeId id) const {
    return graph_[id].index < cursors[graph_[id].thread];
  }
  [[nodiscard]] std::uint32_t done_count(const Cursors& cursors) const {
    std::uint32_t count = 0;
    for (const std::uint32_t cursor : cursors) count += cursor;
    return count;
  }

  /// How many nodes the thread's next step has; 0 where it may not come yet.
  [[nodiscard]] std::uint32_t next_size(const Cursors& cursors, ThreadId thread) const {
    const auto nodes = graph_.thread(thread);
    const std::uint32_t first = cursors[thread];
    std::uint32_t size = 0;
    for (std::uint32_t at = first; at < nodes.size(); ++at) {
      if (at > first && !goes_with_previous(nodes[at])) break;
      ++size;
      for (const NodeId before : before_[nodes[at]]) {
        const bool own = graph_[before].thread == thread && graph_[before].index <= at;
        if (!own && !is_done(cursors, before)) return 0;
      }
    }
    if (strict_ && size != 0 && nodes[first] == ending_ && done_count(cursors) + size < total_) {
      return 0;
    }
    return size;
  }

  /// Runs the thread as far as it can go, which no order with fewer switches could do without:
  /// what it does now it need not do later. False where it cannot go on at all.
  bool run(Cursors& cursors, ThreadId thread) const {
    bool ran = false;
    while (const std::uint32_t size = next_size(cursors, thread)) {
      cursors[thread] += size;
      ran = true;
    }
    return ran;
  }

  void tell(const Cursors& from, ThreadId thread, std::vector<NodeId>& order) const {
    Cursors to = from;
    run(to, thread);
    const auto nodes = graph_.thread(thread);
    for (std::uint32_t i = from[thread]; i < to[thread]; ++i) order.push_back(nodes[i]);
  }

  /// Breadth first, by the number of runs.
  bool search(std::vector<NodeId>& order) {
    states_.clear();
    slots_.assign(kStatesMax * 4, kNoNode);
    states_.push_back({Cursors(threads_, 0), 0, kNoThread});
    for (std::size_t at = 0; at < states_.size(); ++at) {
      if (done_count(states_[at].cursors) == total_) {
        std::vector<std::size_t> path;
        for (std::size_t i = at; i != 0; i = states_[i].parent) path.push_back(i);
        for (std::size_t i = path.size(); i-- > 0;) {
          const State& state = states_[path[i]];
          tell(states_[state.parent].cursors, state.thread, order);
        }
        return true;
      }
      for (unsigned t = 0; t < threads_; ++t) {
        const auto thread = static_cast<ThreadId>(t);
        Cursors next = states_[at].cursors;
        if (!run(next, thread) || !is_new(next)) continue;
        if (states_.size() == kStatesMax) {
          searched_all_ = false;
          return false;
        }
        states_.push_back({next, at, thread});
      }
    }
    return false;
  }

  bool is_new(const Cursors& cursors) {
    std::uint64_t hash = 0;
    for (const std::uint32_t cursor : cursors) hash = (hash ^ cursor) * 0x9e3779b97f4a7c15U;
    for (std::size_t slot = hash >> 20U;; ++slot) {
      NodeId& state = slots_[slot % slots_.size()];
      if (state == kNoNode) {
        state = static_cast<NodeId>(states_.size());
        return true;
      }
      if (state < states_.size() && states_[state].cursors == cursors) return false;
    }
  }

  bool follow_longest(std::vector<NodeId>& order) const {
    order.clear();
    Cursors cursors(threads_, 0);
    while (done_count(cursors) != total_) {
      ThreadId best = kNoThread;
      std::uint32_t most = 0;
      for (unsigned t = 0; t < threads_; ++t) {
        Cursors next = cursors;
        run(next, static_cast<ThreadId>(t));
        const std::uint32_t length = next[t] - cursors[t];
        if (length <= most) continue;
        most = length;
        best = static_cast<ThreadId>(t);
      }
      if (best == kNoThread) return false;
      tell(cursors, best, order);
      run(cursors, best);
    }
    return true;
  }

  const ExecutionGraph& graph_;
  Respect respect_;
  bool strict_;
  unsigned threads_;
  std::uint32_t total_ = 0;
  NodeId ending_ = kNoNode;
  std::vector<std::vector<NodeId>> before_;
  bool searched_all_ = true;
  std::vector<State> states_;
  std::vector<NodeId> slots_;  // open addressing over states_
};

}  // namespace

std::vector<NodeId> linearise(const ExecutionGraph& graph, ThreadId last) {
  std::vector<NodeId> order;
  for (const Respect respect : {Respect::all, Respect::modification_order, Respect::dependencies}) {
    for (const bool strict : {true, false}) {
      if (Linearisation(graph, last, respect, strict).find(order)) return order;
    }
  }
  TRAMA_CHECK(false);  // porf has no cycle
  return order;
}

}  // namespace trama

#include "memory/psc.hpp"

namespace trama {
namespace {

bool is_access(const GraphNode& node) { return is_read(node.kind) || is_store(node.kind); }

bool same_location(const GraphNode& a, const GraphNode& b) {
  return is_access(a) && is_access(b) && a.location == b.location;
}

}  // namespace

void Psc::Relation::resize(NodeId size) {
  words_ = (size + 63U) / 64U;
  bits_.assign(words_ * size, 0);
}

void Psc::Relation::add_row(NodeId to, const Relation& other, NodeId from) {
  Bits* into = (*this)[to];
  const Bits* row = other[from];
  for (std::size_t i = 0; i < words_; ++i) into[i] |= row[i];
}

template <typename Visit>
void Psc::for_each(const Bits* row, NodeId size, Visit visit) {
  for (NodeId base = 0; base < size; base += 64) {
    for (Bits bits = row[base / 64]; bits != 0; bits &= bits - 1) {
      visit(base + static_cast<NodeId>(__builtin_ctzll(bits)));
    }
  }
}

/// mo and fr into scb and eco; rf into eco.
void Psc::relate_accesses(const ExecutionGraph& graph) {
  const auto add = [&](NodeId from, NodeId to) {
    scb_.set(from, to);
    eco_.set(from, to);
  };
  for (std::uint32_t l = 0; l < graph.location_count(); ++l) {
    const GraphLocation& location = graph.location(l);
    const auto& stores = location.stores;
    for (std::size_t i = 0; i < stores.size(); ++i) {
      for (std::size_t k = i + 1; k < stores.size(); ++k) add(stores[i], stores[k]);
    }
    for (const NodeId read : location.reads) {
      const NodeId from = graph[read].from;
      const std::uint32_t position = graph.position(from);
      for (std::size_t i = position; i < stores.size(); ++i) {
        // The halves of one read-modify-write are one event to fr.
        add(read, stores[i]);
      }
      if (from == kInitialStore) continue;
      eco_.set(from, read);
    }
  }
}

void Psc::relate(const ExecutionGraph& graph) {
  const NodeId size = graph.size();
  hb_.resize(size);
  scb_.resize(size);
  eco_.resize(size);
  scratch_.resize(size);
  relate_accesses(graph);
  // eco is transitive: reads end it, so two steps through a store in the middle are all there are.
  for (NodeId a = 0; a < size; ++a) {
    if (!is_access(graph[a])) continue;
    const GraphLocation& location = graph.location(graph[a].location);
    for (const NodeId read : location.reads) {
      const NodeId from = graph[read].from;
      if (from != kInitialStore && eco_.has(a, from) && a != read) eco_.set(a, read);
    }
  }
  for (NodeId b = 0; b < size; ++b) {
    if (graph[b].kind == NodeKind::ghost) continue;
    for (unsigned t = 0; t < graph.thread_count(); ++t) {
      for (const NodeId a : graph.thread(static_cast<ThreadId>(t))) {
        if (a == b) continue;
        if (!graph.happens_before(a, b)) break;
        hb_.set(a, b);
        if (graph[a].thread == graph[b].thread || same_location(graph[a], graph[b])) {
          scb_.set(a, b);
        }
      }
    }
  }
  // po≠loc ; hb ; po≠loc
  for (NodeId a = 0; a < size; ++a) {
    if (graph[a].kind == NodeKind::ghost) continue;
    const auto thread = graph.thread(graph[a].thread);
    for (std::uint32_t i = graph[a].index + 1; i < thread.size(); ++i) {
      if (!same_location(graph[a], graph[thread[i]])) scratch_.add_row(a, hb_, thread[i]);
    }
    for_each(scratch_[a], size, [&](NodeId m) {
      const auto other = graph.thread(graph[m].thread);
      for (std::uint32_t i = graph[m].index + 1; i < other.size(); ++i) {
        if (!same_location(graph[m], graph[other[i]])) scb_.set(a, other[i]);
      }
    });
  }
}

bool Psc::has_cycle(const ExecutionGraph& graph) {
  const NodeId size = graph.size();
  relate(graph);
  psc_.resize(size);
  sc_.clear();
  for (NodeId id = 0; id < size; ++id) {
    const GraphNode& node = graph[id];
    const bool takes_part = is_access(node) || node.kind == NodeKind::fence;
    if (takes_part && node.order == MemoryOrder::seq_cst) sc_.push_back(id);
  }
  const auto is_fence = [&](NodeId id) { return graph[id].kind == NodeKind::fence; };
  // An edge of scb (or, between fences, of eco) that was reached: who is at its end, or behind it.
  const auto end_at = [&](NodeId from, NodeId at, bool fences_only) {
    for (const NodeId to : sc_) {
      if (is_fence(to)) {
        if (to == at || hb_.has(at, to)) psc_.set(from, to);
      } else if (to == at && !fences_only) {
        psc_.set(from, to);
      }
    }
  };
  for (const NodeId from : sc_) {
    const auto leave = [&](NodeId at) {
      for_each(scb_[at], size, [&](NodeId to) { end_at(from, to, false); });
    };
    leave(from);
    if (!is_fence(from)) continue;
    for (const NodeId to : sc_) {
      if (is_fence(to) && hb_.has(from, to)) psc_.set(from, to);
    }
    for_each(hb_[from], size, [&](NodeId at) {
      leave(at);
      for_each(eco_[at], size, [&](NodeId to) {
        for (const NodeId fence : sc_) {
          if (is_fence(fence) && hb_.has(to, fence)) psc_.set(from, fence);
        }
      });
    });
  }
  // Closure over the few seq_cst nodes (Warshall).
  for (const NodeId middle : sc_) {
    for (const NodeId from : sc_) {
      if (psc_.has(from, middle)) psc_.add_row(from, psc_, middle);
    }
  }
  for (const NodeId id : sc_) {
    if (psc_.has(id, id)) return true;
  }
  return false;
}

}  // namespace trama

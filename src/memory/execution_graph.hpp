// ExecutionGraph: one execution as a partial order instead of a sequence.
//
// Its nodes are the visible events of the threads. Edges say what each event depends on:
//   po     program order, the order of a thread's own events;
//   from   for a read the store it reads (reads-from, rf); for an operation on an object (a lock,
//          a condition …) the one before it on that object; for a thread's start its creation, for
//          a join the end that it waited for;
//   mo     modification order, for each atomic location the order of all stores to it.
// po and from together (`porf`) have no cycle: no value comes out of thin air, and the graph can
// always be run again, in any order that respects them.
//
// Nodes are numbered in the order in which they were added, which is all that an exploration needs
// to go back (`cut`) and to know what came later. For each node the graph keeps what lies before it,
// as one count of events per thread: a *view*. Three of them tell the story of the C++ memory model
// (happens-before, as in happens_before.hpp), one is porf.
//
// Sources: Kokologiannakis, Marmanis, Gladstein, Vafeiadis, "Truly Stateless, Optimal Dynamic
// Partial Order Reduction", POPL 2022, for graphs that grow and shrink; Lahav, Vafeiadis, Kang,
// Hur, Dreyer, "Repairing Sequential Consistency in C/C++11", PLDI 2017, for their relations.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/check.hpp"
#include "base/counts.hpp"
#include "event/ids.hpp"
#include "event/memory_order.hpp"

namespace trama {

class Packer;
class Unpacker;

/// Index of a node of an execution graph.
using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = 0xffffffff;
/// What stands in a location before the first store of the execution: every location's first
/// store, which happens before everything.
inline constexpr NodeId kInitialStore = 0xfffffffe;

enum class NodeKind : std::uint8_t {
  load,       ///< of an atomic, also a compare-exchange that fails
  rmw_load,   ///< the reading half of a read-modify-write; may turn out to be all of it
  store,      ///< of an atomic
  rmw_store,  ///< the writing half; follows its rmw_load at once
  fence,
  object,  ///< an operation on one object or two (a wait: condition and mutex)
  choice,  ///< nothing but that
  create,
  start,
  finish,
  join,
  local,  ///< concerns no other thread
  ghost,  ///< see GraphSearch: the place of an operation that another one has overtaken
};

constexpr bool is_read(NodeKind kind) {
  return kind == NodeKind::load || kind == NodeKind::rmw_load;
}
constexpr bool is_store(NodeKind kind) {
  return kind == NodeKind::store || kind == NodeKind::rmw_store;
}

/// A value of an atomic: up to sixteen bytes.
struct Word {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Word&, const Word&) = default;
};

/// An object's place in `GraphNode`: the operation's chain and its predecessor there.
struct ChainLink {
  std::uint32_t chain = kNoNode;
  NodeId from = kNoNode;      ///< kNoNode: it is the first on the object
  std::uint8_t needs = 0;     ///< what must be possible there (bits of a meaning of the host's)
  std::uint8_t gates = 0xff;  ///< what is possible there afterwards
};

struct GraphNode {
  NodeKind kind = NodeKind::local;
  MemoryOrder order = MemoryOrder::relaxed;
  MemoryOrder success_order = MemoryOrder::relaxed;  ///< rmw_load: if it writes
  MemoryOrder failure_order = MemoryOrder::relaxed;  ///< rmw_load: if it does not
  bool compares = false;                             ///< rmw_load: only if it finds `expected`
  bool settled = true;                               ///< rmw_load: it is known whether it writes
  bool valued = true;                                ///< stores: `value` is known
  bool acquires = false;       ///< object: takes over what the object was released with
  bool releases = false;       ///< object: leaves what happens before it
  bool shared = false;         ///< object: as one of several readers, who order nobody but a writer
  bool blocked = false;        ///< object: it was never possible; nothing but a note
  std::uint8_t operation = 0;  ///< Operation, for reports and to recognise it when it comes again
  ThreadId thread = kNoThread;
  ThreadId other = kNoThread;      ///< create, join: the thread concerned
  std::uint32_t index = 0;         ///< number within its thread
  std::uint32_t location = 0;      ///< load … rmw_store
  std::uint32_t position = 0;      ///< stores: place in modification order, from 1
  NodeId from = kNoNode;           ///< load, rmw_load: the store; start: create; join: finish
  NodeId release_fence = kNoNode;  ///< the thread's last one up to here
  ChainLink links[2];              ///< object
  std::uint32_t choice = 0;        ///< the answers to what was left open in it
  std::uint32_t count = 1;         ///< … of so many that there could have been
  Word value;                      ///< stores: what they write; rmw_load: what it expects
};

/// An atomic location: `address` in the program, and which of the lives of that memory it is.
struct GraphLocation {
  std::uint64_t address = 0;
  std::uint32_t life = 0;
  std::uint8_t size = 0;
  Word initial;                ///< the value of the initial store
  std::vector<NodeId> stores;  ///< in modification order, without the initial one
  std::vector<NodeId> reads;   ///< in the order in which they were added
};

/// All operations on one object, in their order.
struct GraphChain {
  std::uint64_t object = 0;
  std::uint8_t initial_gates = 0xff;
  std::vector<NodeId> operations;
};

/// A vector whose elements keep their own storage when it shrinks: `take` gives one that may hold
/// what was in it before.
template <typename T>
class KeptVector {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  T& operator[](std::size_t index) { return all_[index]; }
  const T& operator[](std::size_t index) const { return all_[index]; }
  const T& back() const { return all_[size_ - 1]; }
  T& take() {
    if (size_ == all_.size()) all_.emplace_back();
    return all_[size_++];
  }
  void pop_back() { --size_; }
  void clear() { size_ = 0; }
  [[nodiscard]] const T* begin() const { return all_.data(); }
  [[nodiscard]] const T* end() const { return all_.data() + size_; }

 private:
  std::vector<T> all_;
  std::size_t size_ = 0;
};

class ExecutionGraph {
 public:
  ExecutionGraph() = default;

  void clear();
  [[nodiscard]] NodeId size() const { return static_cast<NodeId>(nodes_.size()); }
  [[nodiscard]] const GraphNode& operator[](NodeId id) const { return nodes_[id]; }
  GraphNode& operator[](NodeId id) { return nodes_[id]; }

  [[nodiscard]] unsigned thread_count() const { return static_cast<unsigned>(threads_.size()); }
  /// The nodes of a thread in program order; empty for one that is not there yet.
  [[nodiscard]] std::span<const NodeId> thread(ThreadId thread) const {
    if (thread >= threads_.size()) return {};
    return threads_[thread];
  }
  [[nodiscard]] NodeId last_of(ThreadId thread) const {
    return thread >= threads_.size() || threads_[thread].empty() ? kNoNode
                                                                 : threads_[thread].back();
  }
  [[nodiscard]] NodeId before_in_thread(NodeId id) const {
    const GraphNode& node = nodes_[id];
    return node.index == 0 ? kNoNode : threads_[node.thread][node.index - 1];
  }
  [[nodiscard]] NodeId after_in_thread(NodeId id) const {
    const GraphNode& node = nodes_[id];
    const auto& nodes = threads_[node.thread];
    return node.index + 1 < nodes.size() ? nodes[node.index + 1] : kNoNode;
  }

  std::uint32_t location_of(std::uint64_t address, std::uint32_t life, std::uint8_t size,
                            const Word& initial);
  [[nodiscard]] const GraphLocation& location(std::uint32_t id) const { return locations_[id]; }
  [[nodiscard]] std::size_t location_count() const { return locations_.size(); }
  std::uint32_t chain_of(std::uint64_t object, std::uint8_t initial_gates);
  [[nodiscard]] const GraphChain& chain(std::uint32_t id) const { return chains_[id]; }
  [[nodiscard]] std::size_t chain_count() const { return chains_.size(); }

  /// Appends `node` to its thread, with `from` and links as they stand in it, and its views. Stores
  /// come last in modification order, object operations last in their chains.
  NodeId add(const GraphNode& node);
  /// Takes away all nodes but the first `size`.
  void cut(NodeId size);
  /// Lets the read, which is the last event of its thread, read another store. A compare-exchange
  /// has the order of its outcome; where that is not known yet, the one that demands less.
  void set_from(NodeId read, NodeId store);
  /// Whether the object's operation, the last event of its thread, takes over what it was released
  /// with: where it fails it does not.
  void set_acquires(NodeId operation, bool acquires);
  /// It is known whether the rmw_load, the last event of its thread, writes.
  void settle(NodeId read, bool writes);
  [[nodiscard]] const Word& value_of(NodeId store, std::uint32_t location) const {
    return store == kInitialStore ? locations_[location].initial : nodes_[store].value;
  }
  void set_initial(std::uint32_t location, const Word& value) {
    locations_[location].initial = value;
  }
  /// Position of a store among its location's: 0 is the initial one.
  [[nodiscard]] std::uint32_t position(NodeId store) const {
    return store == kInitialStore ? 0 : nodes_[store].position;
  }
  /// Moves a store to another position (1 …) of its location's.
  void move_store(NodeId store, std::uint32_t position);
  /// The read-modify-write that reads from `store` and writes; kNoNode if there is none.
  [[nodiscard]] NodeId successor_rmw(NodeId store, std::uint32_t location) const;
  [[nodiscard]] NodeId store_at(std::uint32_t location, std::uint32_t position) const {
    return position == 0 ? kInitialStore : locations_[location].stores[position - 1];
  }

  /// This graph without the nodes that `keep` is false for; their order stays. `moved` receives
  /// where each node went. Requires: what is kept depends on nothing that is not, but for
  /// `reread`, whose `from` the caller sets next.
  /// `ghost`, if any, is kept as a ghost only.
  void restrict_to(const std::vector<char>& keep, ExecutionGraph& result,
                   std::vector<NodeId>& moved, NodeId ghost = kNoNode) const;

  /// The graph as bytes, and back; false where they are none.
  void pack(Packer& out) const;
  bool unpack(Unpacker& in);

  // -- What lies before a node -------------------------------------------------------------
  /// porf; a node lies before itself. `of` may be kNoNode: nothing lies before it.
  [[nodiscard]] bool porf(NodeId earlier, NodeId of) const { return lies(kPorf, earlier, of); }
  /// Happens-before, reflexive like porf.
  [[nodiscard]] bool happens_before(NodeId earlier, NodeId of) const {
    return lies(kHappensBefore, earlier, of);
  }
  /// Whether `earlier` is among those whose number within their thread is below the view's count.
  [[nodiscard]] bool in_view(NodeId earlier, std::span<const std::uint32_t> view) const {
    const GraphNode& node = nodes_[earlier];
    return node.index < view[node.thread];
  }
  [[nodiscard]] std::span<const std::uint32_t> porf_view(NodeId id) const {
    return {row(kPorf, id), stride_};
  }
  [[nodiscard]] std::span<const std::uint32_t> happens_before_view(NodeId id) const {
    return {row(kHappensBefore, id), stride_};
  }

  /// What an object was released with by its operation `id`.
  [[nodiscard]] std::span<const std::uint32_t> released_view(NodeId id) const {
    return {row(kReleased, id), stride_};
  }

  /// How many nodes are of seq_cst accesses, seq_cst fences, and other atomics.
  [[nodiscard]] unsigned seq_cst_count() const { return seq_cst_count_; }
  [[nodiscard]] unsigned weaker_count() const { return weaker_count_; }

 private:
  enum View : unsigned {
    kPorf,
    kHappensBefore,
    kPending,   // what relaxed loads of the thread saw: an acquire fence adds it
    kReleased,  // store: what an acquire load of it learns; object: what it was released with
    kViewCount,
  };

  [[nodiscard]] const std::uint32_t* row(View view, NodeId id) const {
    return views_.data() + (static_cast<std::size_t>(id) * kViewCount + view) * stride_;
  }
  [[nodiscard]] std::uint32_t* row(View view, NodeId id) {
    return views_.data() + (static_cast<std::size_t>(id) * kViewCount + view) * stride_;
  }
  [[nodiscard]] bool lies(View view, NodeId earlier, NodeId of) const {
    if (earlier == kInitialStore) return true;
    if (of == kNoNode || of == kInitialStore) return false;
    const GraphNode& node = nodes_[earlier];
    return node.index < row(view, of)[node.thread];
  }
  void join(std::uint32_t* into, const std::uint32_t* from) const {
    counts::join(into, from, stride_);
  }
  void make_room_for(ThreadId thread);
  void make_room_for_views(NodeId count);
  void add_location(std::uint64_t address, std::uint32_t life, std::uint8_t size,
                    const Word& initial);
  void add_chain(std::uint64_t object, std::uint8_t initial_gates);
  /// Tells the stores from this place in modification order on where they stand.
  void number_stores(const GraphLocation& location, std::size_t from);
  void compute_views(NodeId id);
  void join_chains(NodeId id);
  void join_writer(NodeId id, const ChainLink& last);
  void set_order(GraphNode& node, MemoryOrder order);
  void learn(NodeId id, NodeId store, MemoryOrder order);
  void link(NodeId id);
  void count(const GraphNode& node, int by);

  std::vector<GraphNode> nodes_;
  std::vector<std::uint32_t> views_;  // of the nodes, and room for more
  unsigned stride_ = 0;               // threads there is room for in a view; see counts.hpp
  KeptVector<std::vector<NodeId>> threads_;
  KeptVector<GraphLocation> locations_;
  KeptVector<GraphChain> chains_;
  unsigned seq_cst_count_ = 0;
  unsigned weaker_count_ = 0;
};

}  // namespace trama

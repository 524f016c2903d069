// GraphSearch: every consistent execution graph of a program, each once.
//
// TruSt: Kokologiannakis, Marmanis, Gladstein, Vafeiadis, "Truly Stateless, Optimal Dynamic Partial
// Order Reduction", POPL 2022. An execution is extended event by event, always that of the lowest
// thread that can go on. A read has an alternative for each store that it may read, a store for each
// place in modification order; and when a store is added, each read of its location that was added
// before it and that it does not depend on may be *revisited*: it reads the new store instead, and
// all that was added since, but for what the store depends on, is taken back. So that each graph is
// reached once, a revisit is only made where all that it takes back is what would come by itself:
// where each read had read the latest store, and each store was the latest (`is_default`).
//
// Where it differs from the paper:
//   - Executions are not extended by an interpreter; the program is run again for each graph. It
//     follows the nodes that are in the graph already (the *plan*), in any order that respects what
//     each depends on, and then goes on.
//   - A lock, a condition, a semaphore is an *object*; the operations on it form a chain, in which
//     each depends on the one before. An operation has no value to reread, so a revisit takes the
//     later operation back whole and lets the earlier come by itself: it is overtaken. Where it
//     stood it leaves a ghost, which counts as a read of the operation that overtook it.
//   - An operation that is not possible when its thread gets to it (the lock is held) is added as
//     soon as it is; if that never happens, the end of the execution is when it may overtake.
//
// Memory is that of one graph for each revisit on the way to the current one: polynomial. Pure: the
// host runs the program and tells what its threads are about to do.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/ids.hpp"
#include "event/memory_order.hpp"
#include "event/operation.hpp"
#include "explore/preemption_bound.hpp"
#include "explore/tree_estimate.hpp"
#include "memory/consistency.hpp"
#include "memory/execution_graph.hpp"

namespace trama {

/// What a thread is about to do, as far as the search must know.
struct Action {
  NodeKind kind = NodeKind::local;
  Operation operation{};
  MemoryOrder order = MemoryOrder::relaxed;
  MemoryOrder failure_order = MemoryOrder::relaxed;  ///< rmw_load that compares
  bool compares = false;                             ///< rmw_load: writes only if it finds `value`
  std::uint8_t size = 0;
  bool acquires = false;  ///< object: see GraphNode
  bool releases = false;
  bool shared = false;
  ThreadId other = kNoThread;
  std::uint32_t life = 0;     ///< of the memory at `address`: see GraphLocation
  std::uint64_t address = 0;  ///< atomics
  Word initial;               ///< atomics: what the location held before any store …
  bool fresh = false;         ///< … if it is the first access to it in this execution
  Word value;                 ///< store: what it writes; rmw_load: what it expects
  NodeId waker = kNoNode;     ///< object: another thread's step that let this one go on
  struct Link {
    std::uint64_t object = 0;   ///< 0: none
    std::uint8_t needs = 0;     ///< what must be possible on the object; 0: nothing
    std::uint8_t gates = 0xff;  ///< what is possible on it before this operation
  };
  Link links[2];
};

/// How an execution ended, for the counts.
enum class GraphEnd : std::uint8_t {
  complete,   ///< all threads finished
  blocked,    ///< some wait for ever, in this order of things
  broken,     ///< given up: a bound was reached
  forbidden,  ///< given up: see GraphSearch::forbidden
  cut,        ///< given up: a loop went round as often as it may
};

class GraphSearch {
 public:
  explicit GraphSearch(MemoryModel model, PreemptionBound bound = PreemptionBound())
      : consistency_(model), bound_(std::move(bound)) {}

  struct Counts {
    std::uint64_t complete = 0;
    std::uint64_t blocked = 0;
    std::uint64_t broken = 0;
    std::uint64_t forbidden = 0;
    std::uint64_t cut = 0;     ///< a loop was cut at its bound
    std::uint64_t pruned = 0;  ///< graphs that were not run, for they need too many preemptions
    TreeEstimate tree;         ///< of all executions
  };

  // -- An execution ------------------------------------------------------------------------
  /// Starts the next one; false when there is none left.
  bool begin();
  /// Who is to act so that the plan is followed; kNoThread when all of it has been: then it is the
  /// lowest thread that can go on. `current` goes on where it can.
  ThreadId planned(ThreadId current);
  /// The thread does this now. The node says what comes of it: what a read reads, which value is
  /// chosen. kNoNode: the plan has something else there, and the program is not a function of its
  /// schedule (`expected` tells what was planned).
  NodeId perform(ThreadId thread, const Action& action);
  /// An rmw_load turns out to be all of its operation …
  void read_only(NodeId load) { settle(load, false); }
  /// … or its other half is due, which writes `value`.
  NodeId write(NodeId load, const Word& value);
  /// One of `count` values, left open by the operation that `thread` did last: an object's, or a
  /// choice.
  std::uint32_t choose(ThreadId thread, NodeId operation, std::uint32_t count);
  /// An object's operation, which its thread did last, turns out to fail: it takes nothing over.
  void fails(NodeId object) { own().set_acquires(object, false); }
  /// After an object's operation: what is possible there now, for each link.
  void set_gates(NodeId object, unsigned link, std::uint8_t gates) {
    own()[object].links[link].gates = gates;
  }
  /// A thread cannot go on, and nobody is left who can: what it would have done.
  void add_blocked(ThreadId thread, const Action& action);
  void end(GraphEnd end);

  [[nodiscard]] const ExecutionGraph& graph() const { return frame_->graph; }
  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// The planned node that the last `perform` did not meet.
  [[nodiscard]] NodeId expected() const { return expected_; }
  /// The thread's next node of the plan; kNoNode where none is left.
  [[nodiscard]] NodeId next_of(ThreadId thread) const {
    if (thread >= cursors_.size() || cursors_[thread] >= graph().thread(thread).size())
      return kNoNode;
    return graph().thread(thread)[cursors_[thread]];
  }
  [[nodiscard]] bool replaying() const { return remaining_ != 0; }
  /// How many nodes of its own the thread has made in the running execution.
  [[nodiscard]] std::uint32_t done_count(ThreadId thread) const {
    if (remaining_ != 0) return thread < cursors_.size() ? cursors_[thread] : 0;
    return static_cast<std::uint32_t>(graph().thread(thread).size());
  }
  /// Whether no store that comes later in modification order has been made yet.
  [[nodiscard]] bool is_latest(NodeId store) const;
  /// The same execution once more, from the start; nothing may be explored afterwards. In the
  /// order that it had, or …
  void repeat();
  /// … in one that is simpler to follow (linearise.hpp): `last` is the thread that ended it.
  void repeat_simply(ThreadId last);
  /// The execution turns out to be one that the model forbids: it is to be given up, and ended as
  /// `forbidden`.
  [[nodiscard]] bool forbidden() const { return forbidden_; }
  /// The host knows that it is none.
  void forbid() { forbidden_ = true; }

  // -- Part of it, elsewhere and later ----------------------------------------------------------
  // What is left to explore is a set of frames, each of which can be explored by itself: by this
  // search, by that of another process, or by one that starts tomorrow. Between executions only.

  /// The execution that was to run is interrupted, in place of its end: it comes again as the next.
  void put_back();
  /// An execution has begun, here or in what was loaded.
  [[nodiscard]] bool begun() const { return begun_; }
  /// Appends all that is left to explore to `bytes`; nothing before it has begun.
  void save(std::string& bytes) const;
  /// Adds what `save` or `give_away` wrote, once or several times. False where the bytes are none
  /// of theirs; nothing may be explored then.
  bool load(std::string_view bytes);
  /// Moves a part of what is left to explore to `bytes`, as `load` takes it: of the oldest frame that
  /// has any the older half of the items, which are likely to have the most below them. False
  /// where there is nothing to share.
  bool give_away(std::string& bytes);

 private:
  struct Item {
    enum class Kind : std::uint8_t {
      read,
      read_conflicting,
      place,
      choose,
      revisit,
      overtake,
      run
    };
    Kind kind;
    NodeId node;    // what is decided otherwise; later nodes are taken back. run: all is as it is
    NodeId other;   // read: the store; place: the position; choose: the answers; else: whom
    NodeId behind;  // overtake: what it comes after on its other object, or kNoNode for what is
                    // left there; choose: how many answers there could have been
    double weight;  // see TreeEstimate: the probability of what lies below
  };
  /// A graph, and what is to be tried otherwise in it, the last first.
  struct Frame {
    ExecutionGraph graph;
    std::vector<Item> items;
    std::vector<NodeId> revisited;  // nodes whose `from` was added after them
  };

  ExecutionGraph& own() { return frame_->graph; }
  void push(Item::Kind kind, NodeId node, NodeId other, NodeId behind = kNoNode) {
    frame_->items.push_back({kind, node, other, behind, 0});
  }
  /// Gives each item from `first` on, and what goes on here, if it does, the same part of the
  /// weight.
  void share_weight(std::size_t first, bool goes_on);
  void settle(NodeId load, bool writes);
  NodeId follow(NodeId planned, const Action& action);
  NodeId extend(ThreadId thread, const Action& action);
  [[nodiscard]] NodeId latest_store(std::uint32_t location) const;
  NodeId add_node(ThreadId thread, const Action& action);
  void add_read(NodeId read);
  void add_store(NodeId store);
  void add_revisits(NodeId store);
  [[nodiscard]] bool follows(NodeId operation, NodeId other) const;
  void add_overtakes(NodeId operation);
  /// Makes the graph of the item; false where there is none, or it is not to be run.
  bool apply(const Item& item);
  bool revisit(NodeId store, NodeId read);
  bool overtake(NodeId operation, NodeId overtaken, NodeId behind);
  void add_overtakes(NodeId operation, NodeId overtaken, const ChainLink& other_link);
  /// What is being taken back: all from some node on but for a prefix, which `cause` is part of.
  struct Taking {
    NodeId cause;
    std::span<const std::uint32_t> prefix;
  };
  /// Whether `id` was added as it would be by itself, seen from before its cause. Asked of all that
  /// is taken back, in their order.
  [[nodiscard]] bool is_default(NodeId id, const Taking& taking);
  /// The place in modification order of the latest store that was there when `id` was added.
  std::uint32_t latest_until(NodeId id, const Taking& taking, std::uint32_t location);
  /// Marks in keep_ what remains when `from` and what came later is taken back, but for `prefix`;
  /// false where that would not come back by itself.
  bool take_back(NodeId from, NodeId cause, std::span<const std::uint32_t> prefix);
  /// What is left of the current graph by keep_, as the next frame; `revisited` is in it.
  Frame& next_frame(NodeId revisited, NodeId ghost = kNoNode);
  void plan();
  /// Works on the frame at `depth` from now on.
  void stand_at(std::size_t depth) {
    depth_ = depth;
    frame_ = frames_[depth].get();
  }
  /// The thread has done what was planned next.
  void note_followed(const GraphNode& node);
  static void pack(const ExecutionGraph& graph, const Item* items, std::size_t count,
                   std::string& bytes);

  Consistency consistency_;
  PreemptionBound bound_;
  std::vector<std::unique_ptr<Frame>> frames_;
  std::size_t depth_ = 0;
  Frame* frame_ = nullptr;  // the one at depth_
  bool begun_ = false;
  Counts counts_;
  // The execution that runs.
  std::vector<std::uint32_t> asked_;    // by thread: count of answers its last operation has had
  std::vector<std::uint32_t> cursors_;  // by thread: how many of its nodes were followed
  std::uint32_t remaining_ = 0;         // nodes of the plan that were not
  std::vector<std::uint32_t> latest_made_;  // by location: place of the latest store followed
  NodeId last_ = kNoNode;  // of the plan: what comes of it may go on beyond the plan at once
  NodeId expected_ = kNoNode;
  bool forbidden_ = false;
  double weight_ = 1;          // its probability, see TreeEstimate
  double planned_weight_ = 1;  // … and the like of when it began: for put_back
  std::size_t planned_items_ = 0;
  NodeId planned_size_ = 0;
  NodeId planned_open_ = kNoNode;  // the read-modify-write of which it is not known what it does
  struct Answers {
    std::uint32_t choice;
    std::uint32_t count;
  };
  std::vector<Answers> planned_answers_;  // by thread: of its last node
  std::vector<NodeId> order_;             // of the plan, if it is to be followed in a certain one
  std::size_t next_in_order_ = 0;
  std::unique_ptr<ExecutionGraph> repeated_;  // as it was found
  // Scratch.
  std::vector<std::uint32_t> positions_;
  std::vector<char> keep_;
  static constexpr std::uint32_t kNotKnown = 0xffffffff;
  std::vector<std::uint32_t> latest_;  // by location: see latest_until
  std::vector<NodeId> moved_;
  std::vector<std::uint32_t> prefix_;
};

}  // namespace trama

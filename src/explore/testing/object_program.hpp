// For tests: programs of locks and other objects, run under GraphSearch and, as the oracle, in
// every interleaving.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/prng.hpp"
#include "explore/graph_search.hpp"

namespace trama::testing {

struct ObjectOp {
  enum class Kind : std::uint8_t { lock, try_lock, unlock, touch, choose };
  Kind kind = Kind::touch;
  std::uint64_t object = 1;
  std::uint64_t other_object = 0;  ///< touch: a second one, at once
};

using ObjectProgram = std::vector<std::vector<ObjectOp>>;

/// For each object the operations on it in their order; each as thread and index. Two executions
/// that agree here differ in nothing that a thread could see.
using ObjectOrders = std::map<std::uint64_t, std::vector<std::pair<unsigned, unsigned>>>;

struct ObjectOutcome {
  ObjectOrders orders;
  std::vector<std::uint32_t> chosen;
  bool blocked = false;
  auto operator<=>(const ObjectOutcome&) const = default;
};

/// The state of a run by hand.
struct ObjectRun {
  std::vector<unsigned> next;
  std::map<std::uint64_t, int> owner;  ///< of the locks that are held
  ObjectOutcome outcome;

  explicit ObjectRun(const ObjectProgram& program) : next(program.size(), 0) {}

  [[nodiscard]] bool done(const ObjectProgram& program, unsigned thread) const {
    return next[thread] == program[thread].size();
  }
  [[nodiscard]] bool enabled(const ObjectProgram& program, unsigned thread) const {
    if (done(program, thread)) return false;
    const ObjectOp& op = program[thread][next[thread]];
    return op.kind != ObjectOp::Kind::lock || !owner.contains(op.object);
  }
  void act(const ObjectProgram& program, unsigned thread, std::uint32_t choice) {
    const ObjectOp& op = program[thread][next[thread]];
    const std::pair<unsigned, unsigned> id{thread, next[thread]++};
    if (op.kind == ObjectOp::Kind::choose) {
      outcome.chosen.push_back(thread * 100 + choice);
      return;
    }
    outcome.orders[op.object].push_back(id);
    if (op.other_object != 0) outcome.orders[op.other_object].push_back(id);
    const auto self = static_cast<int>(thread);
    if (op.kind == ObjectOp::Kind::lock || op.kind == ObjectOp::Kind::try_lock) {
      owner.try_emplace(op.object, self);
    }
    if (op.kind == ObjectOp::Kind::unlock && holds(op.object, thread)) owner.erase(op.object);
  }
  /// An unlock of what a try_lock did not get does nothing.
  [[nodiscard]] bool holds(std::uint64_t object, unsigned thread) const {
    const auto holder = owner.find(object);
    return holder != owner.end() && holder->second == static_cast<int>(thread);
  }
  void finish(const ObjectProgram& program) {
    std::sort(outcome.chosen.begin(), outcome.chosen.end());
    for (unsigned t = 0; t < program.size(); ++t) {
      if (!done(program, t)) outcome.blocked = true;
    }
  }
};

inline void interleave(const ObjectProgram& program, const ObjectRun& run,
                       std::set<ObjectOutcome>& outcomes) {
  bool any = false;
  for (unsigned t = 0; t < program.size(); ++t) {
    if (!run.enabled(program, t)) continue;
    any = true;
    const bool chooses = program[t][run.next[t]].kind == ObjectOp::Kind::choose;
    for (std::uint32_t choice = 0; choice < (chooses ? 2U : 1U); ++choice) {
      ObjectRun then = run;
      then.act(program, t, choice);
      interleave(program, then, outcomes);
    }
  }
  if (any) return;
  ObjectRun ended = run;
  ended.finish(program);
  outcomes.insert(ended.outcome);
}

/// Happens-before as a race detector knows it: clocks of what was really locked and unlocked.
class ObjectClocks {
 public:
  explicit ObjectClocks(std::size_t threads) : clocks_(threads, Clock(threads, 0)) {}

  void act(const ObjectOp& op, unsigned thread, NodeId node, const Action& action) {
    Clock& own = clocks_[thread];
    if (action.acquires) join(own, released_[op.object]);
    ++own[thread];
    nodes_.push_back({node, thread, own});
    if (action.releases) released_[op.object] = own;
  }
  /// Whether the graph has the same.
  [[nodiscard]] bool agree(const ExecutionGraph& graph) const {
    for (const Node& earlier : nodes_) {
      for (const Node& later : nodes_) {
        const bool before = earlier.clock[earlier.thread] <= later.clock[earlier.thread];
        if (graph.happens_before(earlier.id, later.id) != before) return false;
      }
    }
    return true;
  }

 private:
  using Clock = std::vector<unsigned>;
  struct Node {
    NodeId id;
    unsigned thread;
    Clock clock;
  };
  static void join(Clock& into, const Clock& from) {
    for (std::size_t i = 0; i < from.size(); ++i) into[i] = std::max(into[i], from[i]);
  }

  std::vector<Clock> clocks_;
  std::map<std::uint64_t, Clock> released_;
  std::vector<Node> nodes_;
};

/// One execution under GraphSearch, which has begun it.
inline ObjectOutcome run_object_program(const ObjectProgram& program, GraphSearch& search) {
  ObjectRun run(program);
  ObjectClocks clocks(program.size());
  const auto action_of = [&](unsigned t) {
    const ObjectOp& op = program[t][run.next[t]];
    Action action;
    if (op.kind == ObjectOp::Kind::choose) {
      action.kind = NodeKind::choice;
      return action;
    }
    action.kind = NodeKind::object;
    action.links[0].object = op.object;
    action.links[0].needs = op.kind == ObjectOp::Kind::lock ? 1 : 0;
    action.links[0].gates = run.owner.contains(op.object) ? 0 : 1;
    action.links[1].object = op.other_object;
    const bool takes = op.kind == ObjectOp::Kind::lock || op.kind == ObjectOp::Kind::try_lock;
    action.acquires = takes && !run.owner.contains(op.object);
    action.releases = op.kind == ObjectOp::Kind::unlock && run.holds(op.object, t);
    return action;
  };
  ThreadId thread = 0;
  for (;;) {
    const ThreadId planned = search.planned(thread);
    thread = planned;
    for (unsigned t = 0; planned == kNoThread && t < program.size(); ++t) {
      if (!run.enabled(program, t)) continue;
      thread = static_cast<ThreadId>(t);
      break;
    }
    if (thread == kNoThread) break;
    TRAMA_CHECK(run.enabled(program, thread));
    const ObjectOp op = program[thread][run.next[thread]];
    const Action action = action_of(thread);
    const NodeId node = search.perform(thread, action);
    TRAMA_CHECK(node != kNoNode);
    clocks.act(op, thread, node, action);
    const bool chooses = op.kind == ObjectOp::Kind::choose;
    run.act(program, thread, chooses ? search.choose(thread, node, 2) : 0);
    if (op.kind != ObjectOp::Kind::choose) {
      search.set_gates(node, 0, run.owner.contains(op.object) ? 0 : 1);
    }
  }
  TRAMA_CHECK(clocks.agree(search.graph()));
  for (unsigned t = 0; t < program.size(); ++t) {
    if (!run.done(program, t)) search.add_blocked(static_cast<ThreadId>(t), action_of(t));
  }
  run.finish(program);
  search.end(run.outcome.blocked ? GraphEnd::blocked : GraphEnd::complete);
  return run.outcome;
}

/// The same by GraphSearch; `count` receives how many executions it took.
inline std::set<ObjectOutcome> explore(const ObjectProgram& program, std::uint64_t& count) {
  std::set<ObjectOutcome> outcomes;
  GraphSearch search(MemoryModel::rc11);
  count = 0;
  while (search.begin()) {
    outcomes.insert(run_object_program(program, search));
    ++count;
  }
  return outcomes;
}

inline ObjectProgram random_object_program(std::uint64_t seed, bool tries = false) {
  Prng prng(seed);
  ObjectProgram program(2 + prng.below(2));
  for (auto& ops : program) {
    std::vector<std::uint64_t> held;
    const unsigned count = 1 + prng.below(4);
    while (ops.size() < count) {
      const std::uint64_t object = 1 + prng.below(2);
      const bool holds = std::find(held.begin(), held.end(), object) != held.end();
      switch (prng.below(4)) {
        case 0:
        case 1:
          if (!holds) held.push_back(object);
          if (holds) std::erase(held, object);
          ops.push_back({holds                         ? ObjectOp::Kind::unlock
                         : tries && prng.below(2) == 0 ? ObjectOp::Kind::try_lock
                                                       : ObjectOp::Kind::lock,
                         object});
          break;
        case 2: ops.push_back({ObjectOp::Kind::touch, 3, prng.below(3) == 0 ? 4U : 0U}); break;
        default: ops.push_back({ObjectOp::Kind::touch, 4});
      }
    }
    if (prng.below(6) == 0) ops.push_back({ObjectOp::Kind::choose});
    // Mostly locks are given back; a thread that keeps one may block the others for ever.
    while (!held.empty() && prng.below(8) != 0) {
      ops.push_back({ObjectOp::Kind::unlock, held.back()});
      held.pop_back();
    }
  }
  return program;
}

}  // namespace trama::testing

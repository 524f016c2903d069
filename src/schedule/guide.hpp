// Guide: steers an execution step by step, and says what atomics read.
//
// A Strategy answers where there is a choice. A guide is asked at every step, since it keeps the
// execution as a graph (verify): it says who is next, which store a load reads, whether a store is
// the latest of its location. While there is one, creating and ending a thread are steps like
// others, sleeps do not wait, and nothing spins or times out by itself.
#pragma once

#include <cstdint>

#include "event/event.hpp"
#include "memory/execution_graph.hpp"
#include "schedule/choice_point.hpp"

namespace trama {

class Scheduler;

/// An operation on an atomic, before it is known what it reads.
struct AtomicAccess {
  MemoryOrder order = MemoryOrder::seq_cst;
  MemoryOrder failure_order = MemoryOrder::seq_cst;  ///< of a compare-exchange
  bool compares = false;
  std::uint8_t size = 0;
  std::uint64_t address = 0;
  Word value;  ///< store: what is written; compare-exchange: what is expected
};

/// What became of the step of a node that `Guide::node_of` gave, in such nodes.
struct AtomicSources {
  NodeId from = kNoNode;    ///< reads: what is read, or kInitialStore
  NodeId behind = kNoNode;  ///< writes: what it follows in modification order, or kInitialStore
};

/// Whether the step is on an atomic that a word can hold. Others, which are larger, of odd sizes
/// or not aligned, stand behind a lock of libatomic's; to a guide they are objects.
constexpr bool is_word(const Event& event) {
  const unsigned below = event.size - 1U;  // a size is a power of two where this shares no bit
  return is_atomic(event.operation) && below < sizeof(Word) && (event.size & below) == 0 &&
         (event.address & below) == 0;
}

class Guide {
 public:
  virtual ~Guide() = default;

  /// Who takes the next step; kNoThread where nobody can, or the execution is to be given up.
  virtual ThreadId pick(Scheduler& scheduler) = 0;
  /// One of `count` values, for the step that the current thread is taking.
  virtual std::uint32_t choose(ThreadId thread, std::uint32_t count) = 0;
  /// Whether something unlikely happens in the step that the current thread is taking.
  virtual bool chance(ThreadId thread, Chance what, std::uint64_t fault) = 0;
  /// The step that the current thread is taking lets `woken` go on.
  virtual void note_wake(ThreadId by, ThreadId woken) = 0;
  /// The number that a thread created now by `creator` gets.
  virtual ThreadId number_of_child(ThreadId creator) = 0;

  // -- Loops that only look -----------------------------------------------------------------------
  enum class Look : std::uint8_t {
    go_on,
    tell_state,   ///< call `come_round` with the state that the thread is in
    wait,         ///< stop: the thread goes round, and nothing but another's store ends it
    begin_again,  ///< give the execution up: from the next one on, loops are seen from the start
  };
  /// The thread is about to look at something; `code` tells the place in the program.
  virtual Look arrive(ThreadId thread, std::uint64_t code) = 0;
  /// The same for a look at an atomic. Where the thread does what it has done before, and to the same
  /// end (bounded_spin.hpp), what it found then: it is to take that, and to make no step.
  struct AtomicLook {
    Look look;
    bool repeats = false;
    Word found;
  };
  virtual AtomicLook arrive_at_atomic(ThreadId thread, std::uint64_t code, const Event& event) = 0;
  /// Calls `visit(address, size, context)` for the atomics that the thread has used so far, some more
  /// than once: what stands there is no part of its state but by what it read.
  virtual void visit_own_atomics(ThreadId thread,
                                 void (*visit)(std::uint64_t address, unsigned size, void* context),
                                 void* context) const = 0;
  /// The thread is about to look at something at `code`, in `state`. Never `tell_state`.
  virtual Look come_round(ThreadId thread, std::uint64_t code, std::uint64_t state) = 0;
  /// The thread comes to a weak exchange at `code`. Whether it may fail without cause: one that a
  /// loop tries again gains nothing by it. `state` tells the state that the thread is in.
  enum class WeakExchange : std::uint8_t { may_fail, must_fail, is_strong, begin_again };
  virtual WeakExchange arrive_at_exchange(ThreadId thread, std::uint64_t code,
                                          std::uint64_t (*state)()) = 0;
  /// A thread was given up on its way, for it took too long: what it would have done is not known.
  virtual void note_given_up() = 0;
  /// The execution turns out to be another's, which it is told in.
  virtual void forbid() = 0;
  /// The thread wrote to memory that others can see.
  virtual void note_write(ThreadId thread) = 0;
  /// The same for its own stack, which is part of the state that `come_round` is told of, but may be
  /// shared with others.
  virtual void note_own_write(ThreadId thread) { static_cast<void>(thread); }
  /// Some loops of the program go round: plain writes matter.
  [[nodiscard]] virtual bool watches_writes() const = 0;
  /// … or other states are compared: what a function finds in variables that it has not set matters.
  [[nodiscard]] virtual bool compares_states() const = 0;
  /// Where nobody can go on: all who stopped in a loop have seen the latest of all stores, so that
  /// nothing will ever end it.
  [[nodiscard]] virtual bool loops_for_ever() = 0;

  // -- Atomics of the current thread ------------------------------------------------------------
  /// What the step that the thread is about to announce does.
  virtual void announce(ThreadId thread, const AtomicAccess& access) = 0;
  /// Whether the thread's last look at `address` found something else than `value` there.
  [[nodiscard]] virtual bool found_other_than(ThreadId thread, std::uint64_t address,
                                              std::uint64_t value) const = 0;
  /// The node of the thread's step, once it is its turn.
  [[nodiscard]] virtual NodeId node_of(ThreadId thread) const = 0;
  /// What a load's node reads from: a store, or kInitialStore; and the value there.
  [[nodiscard]] virtual NodeId source(NodeId load) const = 0;
  [[nodiscard]] virtual Word value_read(NodeId load) const = 0;
  /// A read-modify-write writes `value`: the node of that half. Or it does not write.
  virtual NodeId write(NodeId load, const Word& value) = 0;
  virtual void read_only(NodeId load) = 0;
  /// Whether memory is to hold what the store has written: no later one has been made yet.
  [[nodiscard]] virtual bool is_latest(NodeId store) const = 0;
  /// For who records the execution, at its end.
  [[nodiscard]] virtual AtomicSources sources_of(NodeId step) const = 0;
};

}  // namespace trama

// GraphGuide: GraphSearch at the wheel of a Scheduler. It says what each step of the program is to
// the graph, and to the program what the graph says of it.
//
// What is a node: every operation on an atomic, a lock, a condition, a semaphore, a descriptor; the
// creation, start and end of a thread and its join; every choice. Yields, sleeps and looks at the
// clock are none: no thread can tell when another made one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "explore/await.hpp"
#include "explore/bounded_spin.hpp"
#include "explore/graph_search.hpp"
#include "explore/lesson.hpp"
#include "explore/look_bound.hpp"
#include "explore/weak_exchanges.hpp"
#include "schedule/guide.hpp"
#include "schedule/scheduler.hpp"
#include "schedule/strategy.hpp"
#include "schedule/unseen_changes.hpp"

namespace trama {

/// What stands in the program's memory.
using ReadMemory = Word (*)(std::uint64_t address, unsigned size);

class GraphGuide final : public Guide, public Strategy {
 public:
  GraphGuide(MemoryModel model, ReadMemory read_memory, UnseenChanges& unseen,
             const PreemptionBound& bound = PreemptionBound())
      : model_(model),
        bound_(bound),
        search_(model, bound),
        read_memory_(read_memory),
        unseen_(unseen) {}
  /// See look_bound.hpp; 0: none.
  void set_unroll(std::uint64_t most) { looks_.set_most(most); }

  // -- Strategy: executions -------------------------------------------------------------------
  [[nodiscard]] const char* name() const override { return "verify"; }
  bool begin() override;
  Alternative choose(const ChoicePoint&) override { return 0; }  // never asked
  /// After the scheduler's end: counts it, and keeps what the threads that cannot go on would do.
  void finish(Scheduler& scheduler);
  /// Prepares for the same execution once more.
  void repeat();
  /// The same, in an order that is simpler to follow; `last` is the thread that ended it.
  void repeat_simply(ThreadId last);

  [[nodiscard]] const GraphSearch& search() const { return search_; }
  [[nodiscard]] GraphSearch& search() { return search_; }
  /// What was learned of the program, as numbers of lessons: of use to another exploration of it.
  [[nodiscard]] std::vector<std::uint64_t> learned() const;
  void learn(std::uint64_t number);
  /// Nothing has been explored yet; or, where not `all`, it is another's to explore.
  void start_over(bool all);
  /// The program did something else than when it was in the same situation before.
  [[nodiscard]] bool diverged() const { return diverged_; }
  /// The execution was given up, and all before it do not count: see await.hpp.
  [[nodiscard]] bool begins_again() const { return begin_again_; }
  /// A step that is not taken into graphs; the execution was given up there.
  [[nodiscard]] std::optional<Operation> uncovered() const { return uncovered_; }
  /// Why, where that is not the kind of step itself.
  [[nodiscard]] IoReach uncovered_reach() const { return uncovered_reach_; }
  /// Atomics of different sizes that lie over each other, with no order between their accesses: what
  /// one reads of the other no model here says. The execution was given up there.
  struct MixedSizes {
    std::uint8_t size = 0;        ///< of the access that was about to be made
    std::uint8_t other_size = 0;  ///< of the one that it meets …
    std::uint64_t pc = 0;         ///< … and where they are made
    std::uint64_t other_pc = 0;
  };
  [[nodiscard]] const std::optional<MixedSizes>& mixed_sizes() const { return mixed_sizes_; }
  struct Divergence {
    ThreadId thread = kNoThread;
    Operation planned{};       ///< what it did then
    Operation found{};         ///< what it does now
    bool impossible = false;   ///< it would do the same, but cannot
    bool other_place = false;  ///< it does the same, to something else
  };
  [[nodiscard]] const Divergence& divergence() const { return divergence_; }

  // -- Guide ------------------------------------------------------------------------------------
  ThreadId pick(Scheduler& scheduler) override;
  std::uint32_t choose(ThreadId thread, std::uint32_t count) override;
  bool chance(ThreadId thread, Chance, std::uint64_t) override { return choose(thread, 2) == 1; }
  void note_wake(ThreadId by, ThreadId woken) override;
  ThreadId number_of_child(ThreadId creator) override;
  Look arrive(ThreadId thread, std::uint64_t code) override;
  AtomicLook arrive_at_atomic(ThreadId thread, std::uint64_t code, const Event& event) override;
  void visit_own_atomics(ThreadId thread, void (*visit)(std::uint64_t, unsigned, void*),
                         void* context) const override;
  Look come_round(ThreadId thread, std::uint64_t code, std::uint64_t state) override;
  WeakExchange arrive_at_exchange(ThreadId thread, std::uint64_t code,
                                  std::uint64_t (*state)()) override;
  void note_given_up() override { given_up_ = true; }
  void forbid() override { search_.forbid(); }
  void note_write(ThreadId thread) override {
    await_.note_effect(thread);
    exchanges_.note_effect(thread);
    end_spin(thread);
    note_own_write(thread);
  }
  void note_own_write(ThreadId thread) override {
    threads_[thread].looks_from = search_.done_count(thread);
  }
  [[nodiscard]] bool watches_writes() const override { return await_.any(); }
  [[nodiscard]] bool compares_states() const override { return await_.any() || exchanges_.any(); }
  [[nodiscard]] bool loops_for_ever() override;
  void announce(ThreadId thread, const AtomicAccess& access) override;
  [[nodiscard]] bool found_other_than(ThreadId thread, std::uint64_t address,
                                      std::uint64_t value) const override;
  [[nodiscard]] NodeId node_of(ThreadId thread) const override { return threads_[thread].node; }
  [[nodiscard]] NodeId source(NodeId load) const override { return search_.graph()[load].from; }
  [[nodiscard]] Word value_read(NodeId load) const override;
  NodeId write(NodeId load, const Word& value) override;
  void read_only(NodeId load) override;
  [[nodiscard]] bool is_latest(NodeId store) const override { return search_.is_latest(store); }
  [[nodiscard]] AtomicSources sources_of(NodeId step) const override;

 private:
  struct Thread {
    AtomicAccess atomic;           // what it is about to do, if that is on an atomic
    std::size_t place = 0;         // … where in places_ that was found
    NodeId node = kNoNode;         // its last step
    NodeId waker = kNoNode;        // the step that let it go on
    std::uint32_t looks_from = 0;  // its steps from this one on wrote nothing, or to no end
    bool chooses_weakly = false;   // its choice is whether an exchange fails: still a look
    std::uint64_t now_ns = 0;
  };
  /// A location as it stands in the running execution.
  struct Place {
    std::uint64_t address = 0;
    std::uint8_t size = 0;
    bool overlaps = false;  // another, of another size
    std::uint32_t execution = 0;
    std::uint32_t life = 0;
    Word content;
    std::uint64_t pc = 0;  // of the last access
  };

  void learn_fact(std::uint64_t fact);
  [[nodiscard]] static bool is_io(const Scheduler& scheduler, const Event& event);
  void describe_end(const Scheduler& scheduler, ThreadId thread, Action& action);
  void describe_io(const Scheduler& scheduler, ThreadId thread, Action& action);
  void look_at_memory(Action& action, ThreadId thread, std::uint64_t pc);
  void note_overlaps(Place& place);
  void refuse_mixed_sizes(const Action& action, ThreadId thread, std::uint64_t pc);
  [[nodiscard]] Action action_of(const Scheduler& scheduler, ThreadId thread);
  void act(Scheduler& scheduler, ThreadId thread);
  [[nodiscard]] bool is_late(const Scheduler& scheduler, ThreadId thread, NodeId node) const;
  [[nodiscard]] bool waits_until_time(const Scheduler& scheduler, ThreadId thread) const;
  [[nodiscard]] bool chose_since(ThreadId thread, std::uint32_t since) const;
  [[nodiscard]] bool goes_round(ThreadId thread, std::uint32_t since) const;
  void look_for_unseen(ThreadId thread);
  void end_spin(ThreadId thread) {
    if (spins_.note_end(thread)) begin_again_ = true;
  }
  [[nodiscard]] bool may_look_otherwise(NodeId id) const;
  [[nodiscard]] bool nothing_ends_a_loop() const;
  [[nodiscard]] ThreadId first_in_time(const Scheduler& scheduler) const;
  [[nodiscard]] ThreadId first_in_turn(const Scheduler& scheduler) const;
  [[nodiscard]] bool is_cut(const Scheduler& scheduler, ThreadId thread) const;
  /// Nobody can go on, but somebody would where others could: in another execution, without a bound.
  [[nodiscard]] bool leaves_something_out(const Scheduler& scheduler) const;
  void note_effect(ThreadId thread) {
    note_write(thread);
    looks_.note_effect(thread);
  }
  void expire(Scheduler& scheduler, ThreadId thread);
  ThreadId wait_for_deadline(Scheduler& scheduler);
  void diverge(ThreadId thread, Operation found, bool impossible);
  void settle_gates(const Scheduler& scheduler);
  void forget_steps();
  /// Null where there is none; the slot that it would have is `slot`.
  [[nodiscard]] Place* find_place(std::uint64_t address, std::uint8_t size, std::size_t& slot);
  Place& place_of(std::uint64_t address, std::uint8_t size);
  void grow_places();

  MemoryModel model_;
  PreemptionBound bound_;
  GraphSearch search_;
  Await await_;
  WeakExchanges exchanges_;
  BoundedSpin spins_;
  LookBound looks_;
  bool begin_again_ = false;
  bool leaves_out_ = false;
  bool given_up_ = false;
  ReadMemory read_memory_;
  UnseenChanges& unseen_;
  std::vector<Thread> threads_;
  ThreadId last_yielder_ = kNoThread;  // beyond what is planned
  ThreadId last_ = kNoThread;          // who took the last step, if that was on objects: these
  std::array<ObjectId, 2> last_objects_{};
  std::array<ObjectId, 2> objects_{};  // of the action made last
  // Who was next in the execution, so that it can come again in the very order: what races, and
  // who sleeps, is not in the graph.
  std::vector<ThreadId> picks_;
  std::size_t next_pick_ = 0;
  bool repeats_ = false;
  bool follows_picks_ = false;
  ThreadId thread_count_ = 0;  // numbers given in this execution or planned
  bool diverged_ = false;
  std::optional<Operation> uncovered_;
  IoReach uncovered_reach_ = IoReach::one;
  bool one_chain_ = false;    // all steps on descriptors are on one chain
  bool in_time_ = false;      // there are any: threads go on in the order of time
  bool ends_matter_ = false;  // some ask whether a thread has ended, or wait for it only so long
  std::optional<MixedSizes> mixed_sizes_;
  Divergence divergence_;
  std::uint32_t execution_ = 0;
  std::vector<Place> places_ = std::vector<Place>(256);  // by hash of the address; 2^n
  std::size_t places_taken_ = 0;
  std::vector<std::uint64_t> times_;  // by node: when it was
};

}  // namespace trama

// TraceGuide: a trace of verify at the wheel of a Scheduler.
//
// Under a memory model an order of steps says too little: the trace also says what each load read
// and where in modification order each store stands (`from`, `behind`), and what was chosen. The
// nodes that this guide speaks of are the indices of the trace's steps. Where the program does
// something else than the trace says, the guide lets it go on in some order, with the memory as
// it is: who compares steps with the trace (TraceReplay) tells of the difference.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "explore/graph_guide.hpp"
#include "explore/replay.hpp"
#include "schedule/guide.hpp"

namespace trama {

class TraceGuide final : public Guide {
 public:
  TraceGuide(const Trace& trace, TraceReplay& follow, ReadMemory read_memory);

  /// Whether the trace needs a guide: it was written by verify.
  static bool is_needed(const Trace& trace) {
    return trace.version == kGraphTraceVersion && trace.strategy == "verify";
  }
  void begin();

  // -- Guide ----------------------------------------------------------------------------------
  ThreadId pick(Scheduler& scheduler) override;
  std::uint32_t choose(ThreadId id, std::uint32_t count) override;
  bool chance(ThreadId thread, Chance what, std::uint64_t fault) override;
  void note_wake(ThreadId, ThreadId) override {}
  ThreadId number_of_child(ThreadId creator) override;
  Look arrive(ThreadId, std::uint64_t) override { return Look::go_on; }
  AtomicLook arrive_at_atomic(ThreadId thread, std::uint64_t code, const Event& event) override;
  void visit_own_atomics(ThreadId, void (*)(std::uint64_t, unsigned, void*), void*) const override {
  }
  Look come_round(ThreadId, std::uint64_t, std::uint64_t) override { return Look::go_on; }
  WeakExchange arrive_at_exchange(ThreadId thread, std::uint64_t, std::uint64_t (*)()) override;
  void note_given_up() override {}
  void forbid() override {}
  void note_write(ThreadId) override {}
  [[nodiscard]] bool watches_writes() const override { return false; }
  [[nodiscard]] bool compares_states() const override { return false; }
  [[nodiscard]] bool loops_for_ever() override;
  [[nodiscard]] bool found_other_than(ThreadId id, std::uint64_t address,
                                      std::uint64_t value) const override;
  void announce(ThreadId thread, const AtomicAccess& access) override;
  [[nodiscard]] NodeId node_of(ThreadId thread) const override { return threads_[thread].node; }
  [[nodiscard]] NodeId source(NodeId load) const override;
  [[nodiscard]] Word value_read(NodeId load) const override { return steps_[load].read; }
  NodeId write(NodeId load, const Word& value) override;
  void read_only(NodeId) override {}
  [[nodiscard]] bool is_latest(NodeId store) const override;
  [[nodiscard]] AtomicSources sources_of(NodeId step) const override;

 private:
  struct Step {
    std::uint32_t next = kNoIndex;  // the store that stands right behind this one's
    bool made = false;              // its store was
    std::uint64_t address = 0;
    std::uint8_t size = 0;
    Word read;
    Word written;
  };
  struct Thread {
    AtomicAccess access;  // what it is about to do, if that is on an atomic
    NodeId node = kNoNode;
    NodeId look = kNoNode;                                // the last step that read something
    std::uint64_t code = 0;                               // of the look that it comes to
    std::vector<std::pair<std::uint64_t, NodeId>> looks;  // by code: the last one made there
    std::uint32_t choosing = kNoIndex;  // the step that choices were last made for …
    std::size_t chosen = 0;             // … and how many
  };
  /// Memory that atomics stand in: what it was at first, and is as far as they know.
  struct Place {
    std::uint64_t address = 0;
    std::uint8_t size = 0;
    Word initial;
    Word content;
  };

  Thread& thread_of(ThreadId thread);
  /// The step of the trace that the thread takes next; kNoIndex behind its last one.
  [[nodiscard]] std::uint32_t next_step_of(ThreadId thread);
  Place& place_of(const AtomicAccess& access);
  void perform(ThreadId id, const Event& event);
  void store(NodeId step, const Word& value);
  static void note_look(Thread& thread);
  /// Of steps that the trace does not have.
  [[nodiscard]] NodeId off_trace() const { return static_cast<NodeId>(trace_.steps.size()); }

  const Trace& trace_;
  TraceReplay& follow_;
  ReadMemory read_memory_;
  std::vector<Step> steps_;
  std::vector<Thread> threads_;
  std::vector<std::uint32_t> last_steps_;  // by thread: in the trace
  std::vector<Place> places_;              // by address and size
  ThreadId thread_count_ = 1;
};

}  // namespace trama

// GraphGuide: GraphSearch at the wheel of a Scheduler. It says what each step of the program is to
// the graph, and to the program what the graph says of it.
//
// What is a node: every operation on an atomic, a lock, a condition, a semaphore, a descriptor; the
// creation, start and end of a thread and its join; every choice. Yields, sleeps and looks at the
// clock are none: no thread can tell when another made one.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "explore/graph_search.hpp"
#include "schedule/guide.hpp"
#include "schedule/scheduler.hpp"
#include "schedule/strategy.hpp"

namespace trama {

/// What stands in the program's memory.
using ReadMemory = Word (*)(std::uint64_t address, unsigned size);

class GraphGuide final : public Guide, public Strategy {
 public:
  GraphGuide(MemoryModel model, ReadMemory read_memory)
      : search_(model), read_memory_(read_memory) {}

  // -- Strategy: executions -------------------------------------------------------------------
  [[nodiscard]] const char* name() const override { return "verify"; }
  bool begin() override;
  Alternative choose(const ChoicePoint&) override { return 0; }  // never asked
  /// After the scheduler's end: counts it, and keeps what the threads that cannot go on would do.
  void finish(Scheduler& scheduler);
  /// Prepares for the same execution once more.
  void repeat();

  [[nodiscard]] const GraphSearch& search() const { return search_; }
  /// The program did something else than when it was in the same situation before.
  [[nodiscard]] bool diverged() const { return diverged_; }

  // -- Guide ------------------------------------------------------------------------------------
  ThreadId pick(Scheduler& scheduler) override;
  std::uint32_t choose(ThreadId thread, std::uint32_t count) override;
  void note_wake(ThreadId by, ThreadId woken) override;
  ThreadId number_of_child(ThreadId creator) override;
  void announce(ThreadId thread, const AtomicAccess& access) override;
  [[nodiscard]] NodeId node_of(ThreadId thread) const override { return threads_[thread].node; }
  [[nodiscard]] NodeId source(NodeId load) const override { return search_.graph()[load].from; }
  [[nodiscard]] Word value_read(NodeId load) const override;
  NodeId write(NodeId load, const Word& value) override;
  void read_only(NodeId load) override;
  [[nodiscard]] bool is_latest(NodeId store) const override { return search_.is_latest(store); }

 private:
  struct Thread {
    Action atomic;           // what it is about to do, if that is on an atomic
    NodeId node = kNoNode;   // its last step
    NodeId waker = kNoNode;  // the step that let it go on
  };
  /// A location as it stands in the running execution.
  struct Place {
    std::uint64_t address = 0;
    std::uint32_t execution = 0;
    std::uint32_t life = 0;
    Word content;
  };

  [[nodiscard]] Action action_of(const Scheduler& scheduler, ThreadId thread);
  void act(Scheduler& scheduler, ThreadId thread);
  void settle_gates(const Scheduler& scheduler);
  void forget_steps();
  Place& place_of(std::uint64_t address);
  void grow_places();

  GraphSearch search_;
  ReadMemory read_memory_;
  std::vector<Thread> threads_;
  ThreadId last_ = kNoThread;  // who took the last step, if that was on objects: these
  std::array<ObjectId, 2> last_objects_{};
  std::array<ObjectId, 2> objects_{};  // of the action made last
  ThreadId thread_count_ = 0;          // numbers given in this execution or planned
  bool diverged_ = false;
  std::uint32_t execution_ = 0;
  std::vector<Place> places_ = std::vector<Place>(256);  // by hash of the address; 2^n
  std::size_t places_taken_ = 0;
};

}  // namespace trama

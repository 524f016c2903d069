// Recorder: writes down an execution in full, while a found schedule runs again.
//
// Only then are stacks unwound and values noted, so a search pays nothing for a rich report.
// It also checks a replayed trace step by step.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/block_log.hpp"
#include "runtime/wait_watch.hpp"
#include "schedule/scheduler.hpp"
#include "trace/trace.hpp"

namespace trama::runtime {

/// A trace that the execution is compared with, step by step.
class StepCheck {
 public:
  virtual ~StepCheck() = default;
  /// The step that should come next; null past the end.
  virtual const TraceStep* expected() = 0;
  /// False at the first difference.
  virtual bool check(const Event& found, const TracePlace& place) = 0;
};

class Recorder final : public StepListener {
 public:
  Recorder();

  /// Compares each step with the trace that is being replayed.
  void follow(StepCheck* replay) { replay_ = replay; }

  /// The current thread is about to take a step: where it stands, should it never get there.
  void announce() { pending_stack(self_id()) = capture_stack(); }
  /// Where `thread` stood when it last announced a step.
  [[nodiscard]] std::uint32_t announced_stack(ThreadId thread) const {
    return thread < pending_stacks_.size() ? pending_stacks_[thread] : kNoIndex;
  }

  void on_step(const Event& event, std::uint32_t alternatives, std::uint64_t time_ns) override;
  void on_choice(ThreadId thread, std::uint32_t value) override;
  /// A plain access to a watched location, or output: a note, no step of the schedule.
  void note(const Event& event, std::string text = {});
  /// What becomes of a task: a note. `event.pc`, if known, is where. Returns its number.
  std::uint32_t note_task(const Event& event, TaskId task, TaskId other, const char* text);
  std::uint32_t note_task(const Event& event, TaskId task, TaskId other, const char* text,
                          const RawStack& raw);
  [[nodiscard]] std::uint32_t stack_of_step(std::uint32_t step) const {
    return trace_.steps[step].stack;
  }
  /// Text for the step that comes next (output).
  void set_text(const char* text, std::size_t size);

  /// In a hunt: the number of the step that comes next, among those that are no notes; and, by
  /// such numbers (kInitialStore: what stood there at first), what it reads or stands behind.
  [[nodiscard]] std::uint32_t next_number() const { return step_count_; }
  void set_sources(std::uint32_t from, std::uint32_t behind) {
    from_ = from;
    behind_ = behind;
  }

  /// The stack of the calling thread, innermost first, without the runtime's frames.
  std::uint32_t capture_stack();
  static RawStack unwind();
  std::uint32_t place_of(std::uint64_t pc);

  /// Every block's life is kept, not only of those that hold the watched address.
  void log_all_blocks() { log_all_ = true; }
  /// What the threads look at before they wait.
  WaitWatch& wait_watch() { return wait_watch_; }

  /// The program allocated a block, or frees one.
  void note_allocation(std::uint64_t block, std::uint64_t size);
  void note_free(std::uint64_t block);
  /// Who allocated and freed the block at `address`, if that is known.
  [[nodiscard]] const BlockRecord* block_at(std::uint64_t address) const {
    return blocks_.find(address);
  }
  [[nodiscard]] const BlockLog& blocks() const { return blocks_; }
  std::uint32_t stack_of(const RawStack& raw);
  /// Says in a finding where its memory stands.
  void locate(Finding& finding, std::uint64_t address);

  /// The value that a plain write left, known only after it: fills in the last one.
  void settle_write();

  /// The steps that a guide has a node for.
  struct NodeStep {
    NodeId node;
    std::uint32_t step;
  };
  [[nodiscard]] const std::vector<NodeStep>& node_steps() const { return node_steps_; }

  /// Adds threads, objects, modules and the finding; the trace is then complete.
  Trace& finish();
  Trace& trace() { return trace_; }

  /// The first step that differs from the trace under replay; empty when none does.
  [[nodiscard]] const std::string& divergence() const { return divergence_; }

 private:
  std::uint32_t& pending_stack(ThreadId thread) {
    if (thread >= pending_stacks_.size()) pending_stacks_.resize(thread + 1U, kNoIndex);
    return pending_stacks_[thread];
  }
  static ThreadId self_id();
  /// Under a guide: who reads from whom, and which store follows which.
  void add_sources(const Guide& guide);
  /// In a hunt: the same, where any step is not as in an interleaving.
  void settle_sources();
  [[nodiscard]] bool keeps(std::uint64_t block, std::uint64_t size) const;
  void take_chosen(ThreadId thread, TraceStep& step);
  void describe_divergence(const Event& found, std::uint32_t place);

  Trace trace_;
  std::uint32_t step_count_ = 0;
  std::uint32_t from_ = kNoIndex;
  std::uint32_t behind_ = kNoIndex;
  std::vector<std::uint32_t> numbered_;  // by number: the index of the step
  StepCheck* replay_ = nullptr;
  std::string divergence_;
  std::string text_;
  std::vector<std::uint32_t> place_slots_;     // open addressing over trace_.places
  std::vector<std::uint32_t> create_stacks_;   // by thread
  std::vector<std::uint32_t> pending_stacks_;  // by thread
  struct Chosen {
    ThreadId thread;
    std::uint32_t value;
  };
  std::vector<Chosen> chosen_;  // by threads that have taken no step since
  std::vector<NodeStep> node_steps_;
  BlockLog blocks_;
  WaitWatch wait_watch_;
  bool log_all_ = false;
  std::uint32_t unsettled_ = kNoIndex;  // step of a write whose value is not yet there
};

}  // namespace trama::runtime

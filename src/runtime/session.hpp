// Session: the whole program explored, on behalf of the command line.
//
// session.cpp has what hunts, runs and replays; session_verify.cpp every execution of a memory model.
#pragma once

#include <cstdint>

#include "explore/graph_guide.hpp"
#include "explore/hunt.hpp"
#include "explore/replay.hpp"
#include "runtime/run.hpp"
#include "runtime/session_link.hpp"
#include "trace/trace.hpp"

namespace trama::runtime {

/// The program's main, on the fiber of the main thread.
void* run_program(void*);

class Session final : public HuntHost {
 public:
  explicit Session(Link& link);
  void run();
  ExecutionResult execute(Strategy& strategy) override;
  void report(std::uint64_t execution, const char* strategy, bool race) override;
  void make_races_visible() override { make_race_places_visible(); }
  /// Three executions that stood still for good reason to think that all will: they wait
  /// somewhere that is not under control.
  bool should_stop() override { return link_.should_stop() || stall_count_ >= kStallCountMax; }

 private:
  RunMode mode(Recorder* recorder) const;
  /// Input that cannot be read twice: the one execution is recorded as it happens.
  [[nodiscard]] bool record_at_once() const;
  ExecutionResult take(Strategy& strategy, const RunMode& mode);
  /// The same, recorded as it happens.
  ExecutionResult take_recorded(Strategy& strategy);
  /// After an execution that was broken off, since one process cannot take it back: from here on
  /// each has a process of its own.
  bool must_fork();
  void rewind();
  void use_fork(const char* reason);
  /// The memory of an execution that went wrong without a race, if one granule stands out.
  std::uint64_t telling_memory(Strategy& again);
  void record(Strategy& again, std::uint64_t execution, const char* strategy, bool race);
  /// Both sides of the race are choice points in the search for its consequence.
  void learn_places(const Trace& trace);
  void write(Recorder& recorder, std::uint64_t execution, const char* strategy);
  /// The execution was over before the trace was: tells what should have come.
  bool ended_early(TraceReplay& follow, const Trace& trace);

  void explore();

  void verify();
  [[noreturn]] void tell_divergence(const GraphGuide::Divergence& divergence);
  void tell_counterexample(GraphGuide& guide, MemoryModel model, const ExecutionResult& result,
                           std::uint64_t execution);

  void replay(const Trace& trace);

  static constexpr unsigned kStallCountMax = 3;

  Link& link_;
  unsigned stall_count_ = 0;
  bool forked_;
  bool recorded_ = false;
  Schedule schedule_;
};

}  // namespace trama::runtime

// One controlled execution in this process, and what it came to.
#pragma once

#include <string_view>

#include "base/options.hpp"
#include "runtime/engine.hpp"
#include "schedule/execution_result.hpp"

namespace trama::runtime {

/// How an execution is run.
struct RunMode {
  Recorder* recorder = nullptr;       ///< record in full
  Survey* survey = nullptr;           ///< look over the memory that threads share
  std::uint64_t watched_address = 0;  ///< of a race: record plain accesses to its granule
  bool stop_at_race = false;
  bool log_blocks = false;  ///< with `recorder`: who allocated and freed every block
  std::uint64_t step_count_max = 0;
  std::uint64_t seed = 0;
  Allowances allowances{};
  std::uint64_t loop_limit_ns = 0;  ///< see loop_watch.hpp
};

/// What the options allow an execution.
Allowances allowances_of(const Options& options);

/// Runs `function(argument)` as the main thread until the execution ends. The caller has
/// called strategy.begin(); rewinding is the caller's affair.
ExecutionResult run_execution(Strategy& strategy, Schedule& schedule, const RunMode& mode,
                              void* (*function)(void*), void* argument);

/// Whether the race of an execution is what is to be told of it: it did not fail, or only waits for
/// ever, which after a race on what it waits for is nothing to go by.
bool tells_race(const ExecutionResult& result);

/// Completes the recorded trace of the last execution with its finding: the race it saw
/// (`race`) or its failure.
void add_finding(Recorder& recorder, bool race);

/// `visible` as text for a trace, and back.
std::string visible_to_text();
void visible_from_text(std::string_view text);

/// The granule whose plain accesses a recorded trace notes; 0 for none.
std::uint64_t watched_in(const Trace& trace);

/// The limit at which a replay finds the blocked loop that the trace found, and none before; 0
/// where it found none.
std::uint64_t loop_limit_in(const Trace& trace);

/// Makes the racing places of the last execution choice points.
void make_race_places_visible();

}  // namespace trama::runtime

// Executions in processes of their own: for programs that do what one process cannot take
// back (load libraries, start children). Some hundred times slower than rewinding.
#pragma once

#include "schedule/execution_result.hpp"
#include "schedule/schedule.hpp"

namespace trama::runtime {

/// Runs `body`, which runs one execution, in a child process; what the engine learned of it
/// (failure, race) is brought back.
ExecutionResult run_in_child(Schedule& schedule, ExecutionResult (*body)(void*), void* context);

template <typename Body>
ExecutionResult fork_execution(Schedule& schedule, Body body) {
  return run_in_child(
      schedule, [](void* context) { return (*static_cast<Body*>(context))(); }, &body);
}

/// Runs `body` in a child process for its output only.
template <typename Body>
void fork_recorded(Body body) {
  Schedule none;
  run_in_child(
      none,
      [](void* context) {
        (*static_cast<Body*>(context))();
        return ExecutionResult{};
      },
      &body);
}

}  // namespace trama::runtime

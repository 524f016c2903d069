// CHECK: an invariant of Trama's own, verified in every build.
//
// A failed CHECK is *our* bug, never the user's: it prints where, then the seed and
// the step that the embedding process knows of (set with `on_check_failure`), and ends
// the process with exit code 3. It allocates nothing, so it is safe in the runtime,
// in a signal handler and under a broken heap.
#pragma once

namespace trama {

/// Exit codes of every Trama command (see docs/manual).
enum ExitCode : int {
  kExitNothingFound = 0,
  kExitFinding = 1,
  kExitUsage = 2,
  kExitInternal = 3,
  kExitDiverged = 4,
};

/// Called by a failing CHECK before the process ends; prints what the host process
/// knows (seed, execution, step). Must not allocate or throw.
using CheckFailureHook = void (*)();
void on_check_failure(CheckFailureHook hook);

[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace trama

#define TRAMA_CHECK(condition)                       \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::trama::check_failed(#condition, __FILE__, __LINE__))

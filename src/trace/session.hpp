// How the command line and the runtime inside the user's process talk.
//
// The command line starts the program with TRAMA_SESSION="control,input,output,state": four
// descriptors of memory files. `control` is this block, shared by both while they run;
// `input` holds the options, one `name=value` a line, then, for a replay, a line `---`
// and a trace; `output` receives one trace (format.hpp, places unresolved) per finding;
// `state` holds what an earlier session of verify left to explore, and receives what this one leaves.
// Data goes one way on the others; the only thing asked of the runtime while it works is to stop.
#pragma once

#include <atomic>
#include <cstdint>

namespace trama {

inline constexpr char kSessionVariable[] = "TRAMA_SESSION";
/// Set where each execution constructs the program's static objects, before main.
inline constexpr char kLateStaticsVariable[] = "TRAMA_LATE_STATICS";
inline constexpr std::uint32_t kControlMagic = 0x54524d32;  // "TRM2"

/// How a session ended.
enum class SessionVerdict : std::uint32_t {
  none = 0,  ///< it did not reach its end: the process died
  finding = 1,
  sampled = 2,     ///< all executions asked for were run, none failed
  incomplete = 3,  ///< stopped early (time, Ctrl-C), or executions hit the step limit
  error = 4,       ///< an operating error: see `message`
  diverged = 5,    ///< a replay left its trace: see `message`
  replayed = 6,    ///< a replay followed its trace to the end and nothing failed
  verified = 7,    ///< every execution was run, none failed
};

/// Shared between the command line and the runtime. Counters are written by the runtime
/// only, `stop_requested` by the command line only; `message` is read after the end.
struct ControlBlock {
  std::uint32_t magic = kControlMagic;
  std::atomic<std::uint32_t> stop_requested{0};
  std::atomic<std::uint32_t> verdict{0};       ///< SessionVerdict
  std::atomic<std::uint32_t> exit_status{0};   ///< of the program, for `run`
  std::atomic<std::uint64_t> executions{0};    ///< finished, the replays for reports not counted
  std::atomic<std::uint64_t> steps{0};         ///< of all executions
  std::atomic<std::uint64_t> distinct{0};      ///< estimate of distinct executions so far
  std::atomic<std::uint64_t> step_limited{0};  ///< executions that hit the step limit
  std::atomic<std::uint64_t> findings{0};      ///< distinct ones
  std::atomic<std::uint64_t> elapsed_ns{0};    ///< wall time spent exploring
  std::atomic<std::uint64_t> heartbeat{0};     ///< changes while the program makes progress
  std::atomic<std::uint64_t> consequence_runs{0};  ///< executions spent on a race's consequence
  std::atomic<std::uint64_t> complete{0};          ///< verify: executions that came to their end
  std::atomic<std::uint64_t> blocked{0};           ///< verify: those that could not
  std::atomic<std::uint64_t> cut{0};               ///< verify: those with a loop cut at its bound
  std::atomic<std::uint64_t> pruned{0};            ///< verify: left out by --preemptions
  std::atomic<double> explored{0};                 ///< verify: 0 … 1, an estimate
  std::atomic<double> estimate{0};                 ///< verify: of all executions; 0: unknown
  std::uint32_t isolation = 0;                     ///< 0 snapshot, 1 fork
  char isolation_reason[128] = {};                 ///< why fork, where it was automatic
  char message[2048] = {};                         ///< of an error or divergence, for a person
  /// Symbols that the program called and Trama does not control, with their callers:
  /// lines `symbol module offset`. Cut when full.
  char blind[4096] = {};
  /// The files loaded into the program when it began, in the order of their numbers: lines `+path`
  /// where instrumented, `-path` where not. Cut when full.
  char modules[8192] = {};
};

}  // namespace trama

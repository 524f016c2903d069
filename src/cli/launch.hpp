// Starts the program under test with Trama's runtime in it, and waits for its end.
//
// Standard input is a copy of ours, which can be rewound, unless it is a terminal that the
// program may use. The two talk through the four memory files of trace/session.hpp. The program runs in a
// process group of its own where its terminal is not needed, so that Ctrl-C reaches the
// command line alone: it asks the runtime to stop, waits five seconds, then kills.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "report/messages.hpp"
#include "trace/session.hpp"

namespace trama {

struct LaunchRequest {
  std::string path;                    ///< file to execute
  std::string name;                    ///< argv[0], as the user typed it
  std::vector<std::string> arguments;  ///< argv[1] and on
  std::string input;                   ///< the session's input: options, `---`, a trace
  std::string state;                   ///< what an earlier session left to explore
  bool capture = true;                 ///< output into a memory file, input from a copy of ours
  bool output_to_stderr = false;       ///< where not captured: stdout is needed for something else
  Language language = Language::en;
  /// Called about ten times a second while the program runs.
  std::function<void(const ControlBlock&)> tick;
};

/// A file that was loaded into the program.
struct LoadedModule {
  std::string path;
  bool instrumented = false;
};

/// The session's end, copied out of the shared block.
struct LaunchOutcome {
  SessionVerdict verdict = SessionVerdict::none;
  std::uint64_t executions = 0;
  std::uint64_t steps = 0;
  std::uint64_t distinct = 0;
  std::uint64_t step_limited = 0;
  std::uint64_t complete = 0;  ///< verify
  std::uint64_t blocked = 0;   ///< verify
  std::uint64_t cut = 0;       ///< verify: with a loop cut at its bound
  std::uint64_t pruned = 0;    ///< verify: left out by --preemptions
  double explored = 0;         ///< verify: 0 … 1, an estimate
  double estimate = 0;         ///< verify: of all executions; 0: unknown
  std::uint64_t elapsed_ns = 0;
  std::uint64_t heartbeat = 0;
  bool forked = false;
  std::string isolation_reason;
  std::string message;
  std::string blind;
  std::vector<LoadedModule> modules;
  std::string traces;    ///< the session's output
  std::string state;     ///< what is left to explore
  std::string captured;  ///< the last of what the program printed
  int wait_status = 0;   ///< as of waitpid
  bool stopped = false;  ///< by Ctrl-C or SIGTERM
};

Result<LaunchOutcome> launch(const LaunchRequest& request);

}  // namespace trama

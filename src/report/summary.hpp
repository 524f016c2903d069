// What came out of a session, apart from the traces: the facts of its verdict.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trace/trace.hpp"

namespace trama {

enum class Verdict : std::uint8_t {
  finding,
  sampled,
  verified,
  incomplete,
  error,
  diverged,
  replayed,
};

/// How something escapes Trama.
enum class BlindKind : std::uint8_t {
  call,         ///< a function that is not controlled was called
  instruction,  ///< the program's own machine code synchronises, or enters the kernel
  library,      ///< so does a library without instrumentation that the program uses
};

/// What Trama does not see or control, and the first place it came from.
struct BlindCall {
  std::string symbol;
  std::string function;  ///< of the caller; may be empty
  std::string file;      ///< may be empty
  std::uint32_t line = 0;
  std::string address;  ///< module+0xoffset, for where there is no line
  BlindKind kind = BlindKind::call;
};

/// What some executions of a program come to: `verify --list`.
struct ListedOutcome {
  std::uint64_t count = 0;
  std::uint64_t status = 0;
  std::string code;    ///< of a finding; empty for none
  std::string detail;  ///< of the finding
  std::string output;
  std::vector<std::string> graphs;  ///< of the first of them
};

struct Summary {
  std::string command;  ///< run, hunt, verify, replay
  std::string program;
  Verdict verdict = Verdict::sampled;
  std::string strategy;
  std::string model = "sc";
  std::uint64_t seed = 0;
  std::uint64_t executions = 0;
  std::uint64_t distinct = 0;
  std::uint64_t complete = 0;  ///< verify: executions that came to their end …
  std::uint64_t blocked = 0;   ///< … and those that could not, in their order of things
  std::uint64_t cut = 0;       ///< verify: with a loop cut at its bound
  std::uint64_t pruned = 0;    ///< verify: left out, for they need too many preemptions
  double explored = 0;         ///< verify: the part that was explored, 0 … 1, an estimate
  double estimate = 0;         ///< verify: how many executions there are; 0: unknown
  std::string preemptions = "all";
  std::uint64_t unroll = 0;
  std::uint64_t jobs = 1;
  bool resumed = false;        ///< from a checkpoint: `seconds` are not of all executions
  std::string checkpoint;      ///< file with what is left to explore; empty: none
  std::string resume_command;  ///< that goes on from it
  std::uint64_t steps = 0;
  std::uint64_t step_limited = 0;
  std::uint64_t max_steps = 0;
  double seconds = 0;
  bool stopped = false;  ///< by Ctrl-C
  bool time_up = false;
  bool same_finding = false;  ///< replay: the recorded one came again
  bool forked = false;
  std::string isolation_reason;
  std::string message;  ///< of an error or divergence; may have several lines
  std::vector<BlindCall> blind;
  bool listed = false;  ///< verify --list
  std::vector<ListedOutcome> outcomes;
};

/// A trace with a finding and where it was written; the path is empty if it was not.
struct ReportedTrace {
  Trace trace;
  std::string path;
};

constexpr std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::finding: return "finding";
    case Verdict::sampled: return "sampled";
    case Verdict::verified: return "verified";
    case Verdict::incomplete: return "incomplete";
    case Verdict::error: return "error";
    case Verdict::diverged: return "diverged";
    case Verdict::replayed: return "replayed";
  }
  return "?";
}

}  // namespace trama

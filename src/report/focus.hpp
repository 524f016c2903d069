// What a finding is about: its threads, its memory, its locks, its steps; and which steps
// of the execution have nothing to do with it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "report/lost_update.hpp"
#include "trace/trace.hpp"

namespace trama {

struct Focus {
  std::set<ThreadId> threads;
  std::set<TaskId> tasks;
  std::set<std::uint64_t> addresses;
  std::set<ObjectId> objects;
  std::set<std::uint32_t> steps;
  /// Where the story is told; `steps` itself unless those are far from what matters.
  std::set<std::uint32_t> centre;
  std::optional<LostUpdate> lost_update;
  std::uint32_t end = kNoIndex;  ///< steps behind this one are of no interest
  bool threads_decide = false;   ///< what other threads do is of no interest
};

/// Output that shows nothing: the end of a line, say.
bool is_blank(const TraceStep& step);

/// For nullptr, nothing.
Focus focus_of(const Trace& trace, const Finding* finding);

/// True for the steps that a default screen never shows: clocks and yields, the guards of
/// function statics, the standard library's own counters, and other threads' affairs.
std::vector<bool> find_noise(const Trace& trace, const Focus& focus);

}  // namespace trama

// For tests: the execution graphs of a TinyProgram, and all that there is to know of them.
//
// Events are numbered: first the initial store of each location, in the order of locations,
// then all operations, thread by thread, each in program order. Program order is thereby the
// same in all graphs of a program, and a graph need only say the rest. A compare-exchange is
// one event: one that writes if it reads what it expects, else a load.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "memory/testing/tiny_program.hpp"

namespace trama::testing {

using EventNumber = std::uint8_t;
using Value = std::uint8_t;

inline constexpr EventNumber kNoEvent = 255;

struct ExecutionGraph {
  std::vector<EventNumber> reads_from;  ///< by event; kNoEvent for one that does not read
  std::vector<std::vector<EventNumber>> modification_order;  ///< by location; initial store first
  auto operator<=>(const ExecutionGraph&) const = default;   // NOLINT(modernize-use-nullptr)
};

struct FinalState {
  std::vector<std::vector<Value>> read;  ///< by thread: what it read, in program order
  std::vector<Value> memory;             ///< by location: the value last in modification order
  auto operator<=>(const FinalState&) const = default;  // NOLINT(modernize-use-nullptr)
};

struct Outcomes {
  std::uint64_t graph_count = 0;      ///< of distinct consistent graphs
  std::set<FinalState> final_states;  ///< what these come to
  std::set<ExecutionGraph> graphs;    ///< the graphs themselves, if asked for
};

inline std::size_t event_count(const TinyProgram& program) {
  std::size_t count = program.location_count;
  for (const auto& ops : program.threads) count += ops.size();
  return count;
}

/// The number of the event of operation `index` of `thread`.
inline EventNumber event_of(const TinyProgram& program, std::size_t thread, std::size_t index) {
  std::size_t number = program.location_count + index;
  for (std::size_t t = 0; t < thread; ++t) number += program.threads[t].size();
  return static_cast<EventNumber>(number);
}

/// "init0" for the initial store of location 0, "1.0" for the first operation of thread 1.
inline std::string event_to_text(const TinyProgram& program, EventNumber event) {
  if (event < program.location_count) return "init" + std::to_string(event);
  std::size_t index = event - program.location_count;
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    if (index < program.threads[t].size()) return std::to_string(t) + "." + std::to_string(index);
    index -= program.threads[t].size();
  }
  return "none";
}

inline std::string to_text(const FinalState& state) {
  std::string text = "read";
  for (const auto& thread : state.read) {
    text += " [";
    for (const Value& value : thread) {
      text += (&value == thread.data() ? "" : " ") + std::to_string(value);
    }
    text += "]";
  }
  text += ", memory";
  for (const Value value : state.memory) text += " " + std::to_string(value);
  return text;
}

inline std::string to_text(const TinyProgram& program, const ExecutionGraph& graph) {
  std::string text = "reads-from";
  for (std::size_t event = 0; event < graph.reads_from.size(); ++event) {
    if (graph.reads_from[event] == kNoEvent) continue;
    text += " " + event_to_text(program, graph.reads_from[event]) + "→" +
            event_to_text(program, static_cast<EventNumber>(event));
  }
  text += "; modification order";
  for (const auto& order : graph.modification_order) {
    text += " [";
    for (const EventNumber& event : order) {
      text += (&event == order.data() ? "" : " ") + event_to_text(program, event);
    }
    text += "]";
  }
  return text;
}

}  // namespace trama::testing

// For tests: an explorer's outcomes against an oracle's, and the first difference in words.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "memory/memory_model.hpp"
#include "memory/testing/execution_graph.hpp"

namespace trama::testing {

using Explorer = std::function<Outcomes(const TinyProgram&, MemoryModel)>;

template <typename Element, typename ToText>
std::string first_difference(const std::set<Element>& expected, const std::set<Element>& found,
                             const std::string& what, ToText text_of) {
  for (const Element& element : expected) {
    if (!found.contains(element)) return "missing " + what + ": " + text_of(element);
  }
  for (const Element& element : found) {
    if (!expected.contains(element)) return "impossible " + what + ": " + text_of(element);
  }
  return {};
}

/// Empty where they agree; else the program and the first difference. Graphs are compared if
/// both sides kept theirs.
inline std::string compare(const TinyProgram& program, MemoryModel model, const Outcomes& expected,
                           const Outcomes& found) {
  std::string difference =
      first_difference(expected.final_states, found.final_states, "final state",
                       [](const FinalState& state) { return to_text(state); });
  if (difference.empty() && !expected.graphs.empty() && !found.graphs.empty()) {
    difference =
        first_difference(expected.graphs, found.graphs, "graph",
                         [&](const ExecutionGraph& graph) { return to_text(program, graph); });
  }
  if (expected.graph_count != found.graph_count) {
    difference += (difference.empty() ? "" : "\n") + std::to_string(expected.graph_count) +
                  " graphs expected, " + std::to_string(found.graph_count) + " found";
  }
  if (difference.empty()) return {};
  return std::string(to_text(model)) + ": " + to_text(program) + "\n" + difference + "\n";
}

}  // namespace trama::testing

// What the executions of a program come to, for `verify --list`: by outcome, how many, and what
// the first of them look like.
//
// The text that goes to the command line: a line `trama-outcomes 1`, then for each outcome a line
// `outcome COUNT STATUS CODE "detail" "output"` (CODE: a finding's, or `-`) and for its executions
// lines `graph "…"`, in which `@M+0xOFFSET` stands for memory of module M.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "memory/execution_graph.hpp"

namespace trama::runtime {

class OutcomeList {
 public:
  OutcomeList();
  /// After an execution, before it is rewound.
  void add(const ExecutionGraph& graph, bool raced, bool failed);
  [[nodiscard]] std::string text() const;

 private:
  struct Outcome {
    std::string head;  // all of its line behind the count
    std::uint64_t count = 0;
    std::vector<std::string> graphs;
  };
  [[nodiscard]] std::string output() const;

  int descriptor_;                 // where the program's standard output goes
  std::vector<Outcome> outcomes_;  // sorted by head
};

}  // namespace trama::runtime

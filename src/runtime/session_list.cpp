#include "runtime/session_list.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>

#include "explore/graph_line.hpp"
#include "runtime/engine.hpp"
#include "runtime/modules.hpp"
#include "runtime/real.hpp"
#include "runtime/rewind.hpp"
#include "runtime/syscall.hpp"
#include "runtime/text.hpp"
#include "trace/text.hpp"

namespace trama::runtime {
namespace {

constexpr std::size_t kOutputMax = 65536;
constexpr std::size_t kGraphsMax = 1000;  // of one outcome

void append_name(std::string& out, std::uint64_t address) {
  out += '@';
  const std::uint32_t module = module_of(address);
  if (module != kNoIndex) {
    append_number(out, module);
    out += '+';
    address -= modules()[module].description.base;
  }
  trace_text::put_hex(out, address);
}

}  // namespace

OutcomeList::OutcomeList() : descriptor_(keep_own(1)) {
  // What the program says of its failure is no output, and both may be one file.
  const long nowhere = raw_syscall(SYS_open, reinterpret_cast<long>("/dev/null"), O_WRONLY);
  if (nowhere < 0) return;
  raw_syscall(SYS_dup2, nowhere, 2);
  if (nowhere != 2) raw_syscall(SYS_close, nowhere);
}

std::string OutcomeList::output() const {
  // An execution that was broken off left the stream as it was, maybe locked.
  fflush_unlocked(stdout);
  std::string text(kOutputMax, '\0');
  const long got =
      raw_syscall(SYS_pread64, descriptor_, reinterpret_cast<long>(text.data()), kOutputMax, 0);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

void OutcomeList::add(const ExecutionGraph& graph, bool raced, bool failed) {
  std::string head;
  trace_text::put_number(head, static_cast<std::uint32_t>(engine().exit_status));
  head += ' ';
  head += failed ? to_text(engine().failure.code) : raced ? to_text(FindingCode::race) : "-";
  head += ' ';
  trace_text::put_quoted(head, failed ? std::string_view(engine().failure.detail) : "");
  head += ' ';
  trace_text::put_quoted(head, output());
  auto at = std::lower_bound(
      outcomes_.begin(), outcomes_.end(), head,
      [](const Outcome& outcome, const std::string& other) { return outcome.head < other; });
  if (at == outcomes_.end() || at->head != head) {
    at = outcomes_.insert(at, Outcome{});
    at->head = head;
  }
  ++at->count;
  if (at->graphs.size() == kGraphsMax) return;
  std::string line;
  append_graph_line(line, graph, &append_name);
  at->graphs.push_back(line);
}

std::string OutcomeList::text() const {
  std::string text = "trama-outcomes 1\n";
  for (const Outcome& outcome : outcomes_) {
    text += "outcome ";
    trace_text::put_number(text, outcome.count);
    text += ' ';
    text += outcome.head;
    text += '\n';
    for (const std::string& graph : outcome.graphs) {
      text += "graph ";
      trace_text::put_quoted(text, graph);
      text += '\n';
    }
  }
  return text;
}

}  // namespace trama::runtime

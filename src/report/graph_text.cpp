#include "report/graph_text.hpp"

#include <map>

#include "report/describe.hpp"
#include "report/text_width.hpp"

namespace trama {
namespace {

constexpr std::size_t kTextWidth = 48;

bool writes(const Event& event) {
  if (!is_atomic(event.operation) || event.operation == Operation::load) return false;
  return event.operation != Operation::compare_exchange || event.outcome != Outcome::failed;
}

/// The edges between steps. Traces of verify have them; in any other a load reads the store that
/// comes last before it.
class Edges {
 public:
  explicit Edges(const Trace& trace)
      : from_(trace.steps.size(), kNoIndex), behind_(trace.steps.size(), kNoIndex) {
    const bool known = trace.version == kGraphTraceVersion;
    std::map<std::uint64_t, std::uint32_t> last;
    for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
      const TraceStep& step = trace.steps[i];
      const Event& event = step.event;
      if (known) {
        from_[i] = step.from;
        behind_[i] = step.behind;
      } else if (is_atomic(event.operation)) {
        const auto at = last.try_emplace(event.address, kInitialValue).first;
        if (event.operation != Operation::store) from_[i] = at->second;
        if (!writes(event)) continue;
        behind_[i] = at->second;
        at->second = i;
      }
    }
  }

  [[nodiscard]] std::uint32_t from(std::uint32_t step) const { return from_[step]; }
  [[nodiscard]] std::uint32_t behind(std::uint32_t step) const { return behind_[step]; }

  /// The stores that follow a first one, with it.
  [[nodiscard]] std::vector<std::uint32_t> order(std::uint32_t first) const {
    std::vector<std::uint32_t> next(behind_.size(), kNoIndex);
    for (std::uint32_t i = 0; i < behind_.size(); ++i) {
      if (behind_[i] < next.size()) next[behind_[i]] = i;
    }
    std::vector<std::uint32_t> stores;
    for (std::uint32_t at = first; at != kNoIndex && stores.size() <= next.size(); at = next[at]) {
      stores.push_back(at);
    }
    return stores;
  }

 private:
  std::vector<std::uint32_t> from_;
  std::vector<std::uint32_t> behind_;
};

bool is_shown(const TraceStep& step) { return !is_of_task(step.event.operation); }

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

/// "T1:4", the step as others are told of it.
std::string step_name(const Trace& trace, std::uint32_t step, Language language) {
  if (step == kInitialValue) return std::string(text_of(Message::graph_initial, language));
  return fmt::format("{}:{}", thread_name(trace, trace.steps[step].event.thread), step);
}

}  // namespace

std::string graph_text(const Trace& trace, Language language) {
  const Edges edges(trace);
  std::string text;
  for (std::size_t t = 0; t < trace.threads.size(); ++t) {
    const auto thread = static_cast<ThreadId>(t);
    text += thread_name(trace, thread) + "\n";
    for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
      const TraceStep& step = trace.steps[i];
      if (step.event.thread != thread || !is_shown(step)) continue;
      std::string line = fmt::format("{:>6}  {}", i, step_text(trace, step, language, kTextWidth));
      if (edges.from(i) != kNoIndex) {
        while (display_width(line) < kTextWidth - 8) line += ' ';
        line +=
            "  ← " + say(language, Message::graph_reads, step_name(trace, edges.from(i), language));
      }
      text += line + "\n";
    }
  }
  text += say(language, Message::graph_order) + "\n";
  for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
    if (edges.behind(i) != kInitialValue) continue;
    const Event& event = trace.steps[i].event;
    text += fmt::format("  {}: {}", object_name(trace, event.object),
                        text_of(Message::graph_initial, language));
    for (const std::uint32_t store : edges.order(i)) {
      const Event& wrote = trace.steps[store].event;
      text += fmt::format(" → {} ({})", step_name(trace, store, language),
                          value_text(wrote.after, wrote.size));
    }
    text += "\n";
  }
  return text;
}

std::string graph_dot(const Trace& trace, Language language) {
  const Edges edges(trace);
  std::string text = "digraph trama {\n  node [shape=box, fontname=\"monospace\", fontsize=10];\n";
  for (std::size_t t = 0; t < trace.threads.size(); ++t) {
    const auto thread = static_cast<ThreadId>(t);
    text += fmt::format("  subgraph cluster_{} {{\n    label={};\n", t,
                        quoted(thread_name(trace, thread)));
    std::uint32_t last = kNoIndex;
    for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
      const TraceStep& step = trace.steps[i];
      if (step.event.thread != thread || !is_shown(step)) continue;
      text += fmt::format("    s{} [label={}];\n", i,
                          quoted(fmt::format("{}: {}", i, step_text(trace, step, language, 60))));
      if (last != kNoIndex) text += fmt::format("    s{} -> s{};\n", last, i);
      last = i;
    }
    text += "  }\n";
  }
  // What stood in an atomic at first, where something reads it.
  std::map<std::uint64_t, std::string> initials;
  for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
    const Event& event = trace.steps[i].event;
    if (edges.from(i) != kInitialValue && edges.behind(i) != kInitialValue) continue;
    const auto [at, is_new] =
        initials.try_emplace(event.address, fmt::format("i{}", initials.size()));
    if (!is_new) continue;
    text += fmt::format("  {} [style=dashed, label={}];\n", at->second,
                        quoted(object_name(trace, event.object) + ": " +
                               std::string(text_of(Message::graph_initial, language))));
  }
  std::map<std::uint32_t, std::uint32_t> ends;    // by thread: its last step
  std::map<std::uint32_t, std::uint32_t> births;  // by thread: its creation
  std::map<ObjectId, std::uint32_t> users;  // by object that is no atomic: the last step on it
  for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
    const TraceStep& step = trace.steps[i];
    const Event& event = step.event;
    const auto edge = [&](std::uint32_t from, std::string_view label, std::string_view color) {
      const std::string source =
          from == kInitialValue ? initials[event.address] : fmt::format("s{}", from);
      text += fmt::format("  {} -> s{} [label=\"{}\", color={}, fontcolor={}, constraint=false];\n",
                          source, i, label, color, color);
    };
    if (edges.from(i) != kNoIndex) edge(edges.from(i), "rf", "darkgreen");
    if (edges.behind(i) != kNoIndex) edge(edges.behind(i), "mo", "brown");
    if (event.operation == Operation::create) births[event.other] = i;
    if (event.operation == Operation::start && births.contains(event.thread)) {
      edge(births[event.thread], "", "gray");
    }
    if (event.operation == Operation::join && ends.contains(event.other)) {
      edge(ends[event.other], "", "gray");
    }
    if (event.object != kNoObject && !is_atomic(event.operation) && is_shown(step) &&
        step.alternatives != 0) {
      const auto before = users.find(event.object);
      if (before != users.end() && trace.steps[before->second].event.thread != event.thread) {
        edge(before->second, "", "blue");
      }
      users[event.object] = i;
    }
    if (is_shown(step)) ends[event.thread] = i;
  }
  return text + "}\n";
}

}  // namespace trama

#include "explore/graph_line.hpp"

#include <string_view>
#include <vector>

#include "explore/graph_object.hpp"
#include "trace/text.hpp"

namespace trama {
namespace {

void append_thread(std::string& out, ThreadId thread) {
  if (thread == kMainThread) {
    out += "main";
    return;
  }
  out += 'T';
  trace_text::put_number(out, thread);
}

/// As a signed number, if it is a small one below zero.
void append_value(std::string& out, const Word& value, unsigned size) {
  const unsigned bits = size >= 8 ? 64 : size * 8;
  const std::uint64_t below = bits == 64 ? 0 : std::uint64_t{1} << bits;
  const std::uint64_t magnitude = below - value.low;
  if (size >= 4 && size <= 8 && magnitude != 0 && magnitude <= 0x10000) {
    out += '-';
    trace_text::put_number(out, magnitude);
  } else {
    trace_text::put_number(out, value.low);
  }
}

class Line {
 public:
  Line(std::string& out, const ExecutionGraph& graph, AppendName append_name)
      : out_(out), graph_(graph), append_name_(append_name), numbers_(graph.size(), 0) {}

  void append() {
    number();
    for (unsigned t = 0; t < graph_.thread_count(); ++t) thread(static_cast<ThreadId>(t));
    for (std::uint32_t i = 0; i < graph_.location_count(); ++i) location(graph_.location(i));
    for (std::uint32_t i = 0; i < graph_.chain_count(); ++i) chain(graph_.chain(i));
  }

 private:
  /// Atomic accesses within their threads, from 1; the halves of one have one number.
  void number() {
    for (unsigned t = 0; t < graph_.thread_count(); ++t) {
      unsigned count = 0;
      for (const NodeId id : graph_.thread(static_cast<ThreadId>(t))) {
        const NodeKind kind = graph_[id].kind;
        if (is_read(kind) || kind == NodeKind::store) ++count;
        numbers_[id] = count;
      }
    }
  }

  void separate(std::string_view by) {
    if (!out_.empty()) out_ += by;
  }

  void event(NodeId id) {
    if (id == kInitialStore) {
      out_ += "initial";
      return;
    }
    append_thread(out_, graph_[id].thread);
    out_ += '.';
    trace_text::put_number(out_, numbers_[id]);
  }

  void thread(ThreadId thread) {
    bool first = true;
    for (const NodeId id : graph_.thread(thread)) {
      const GraphNode& node = graph_[id];
      const bool reads = is_read(node.kind);
      if (!reads && node.kind != NodeKind::store) continue;
      if (first) {
        separate(" | ");
        append_thread(out_, thread);
        out_ += ": ";
      } else {
        out_ += ", ";
      }
      first = false;
      trace_text::put_number(out_, numbers_[id]);
      out_ += ' ';
      const GraphLocation& location = graph_.location(node.location);
      append_name_(out_, location.address);
      if (reads) {
        out_ += "→";
        append_value(out_, graph_.value_of(node.from, node.location), location.size);
        out_ += " (";
        event(node.from);
        out_ += ')';
      }
      const NodeId after = graph_.after_in_thread(id);
      const bool writes = reads && after != kNoNode && graph_[after].kind == NodeKind::rmw_store;
      if (!reads || writes) {
        out_ += '=';
        append_value(out_, graph_[writes ? after : id].value, location.size);
      }
    }
  }

  void location(const GraphLocation& location) {
    if (location.stores.size() < 2) return;
    separate(" | ");
    append_name_(out_, location.address);
    out_ += ':';
    for (const NodeId store : location.stores) {
      out_ += ' ';
      event(store);
    }
  }

  /// Who had it, one after the other.
  void chain(const GraphChain& chain) {
    ThreadId last = kNoThread;
    unsigned changes = 0;
    for (const NodeId id : chain.operations) {
      if (graph_[id].thread != last) ++changes;
      last = graph_[id].thread;
    }
    if (changes < 2 || chain.object < 16) return;  // below: what the program prints and reads
    separate(" | ");
    if (chain.object >= kEnds) {
      out_ += "end(";
      append_thread(out_, static_cast<ThreadId>(chain.object - kEnds));
      out_ += ')';
    } else {
      append_name_(out_, chain.object / 16);
    }
    out_ += ':';
    last = kNoThread;
    for (const NodeId id : chain.operations) {
      if (graph_[id].thread == last) continue;
      last = graph_[id].thread;
      out_ += ' ';
      append_thread(out_, last);
    }
  }

  std::string& out_;
  const ExecutionGraph& graph_;
  AppendName append_name_;
  std::vector<unsigned> numbers_;
};

}  // namespace

void append_graph_line(std::string& out, const ExecutionGraph& graph, AppendName append_name) {
  std::string line;
  Line(line, graph, append_name).append();
  out += line;
}

}  // namespace trama

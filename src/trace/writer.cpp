// The writer of trace files: the same trace is always the same bytes.
#include "trace/format.hpp"
#include "trace/format_step.hpp"
#include "trace/places.hpp"
#include "trace/text.hpp"

namespace trama {
namespace {

using trace_text::put_hex;
using trace_text::put_number;
using trace_text::put_quoted;
using trace_text::put_word;

/// Appends records to the text; a field with its default value is left out.
class Writer {
 public:
  Writer(const Trace& trace, std::string& out) : trace_(trace), out_(out) {}

  void write() {
    const std::size_t begin = out_.size();
    write_head();
    write_tables();
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) write_step(i);
    for (const Finding& finding : trace_.findings) write_finding(finding);
    const std::uint64_t sum = trace_text::check_sum({out_.data() + begin, out_.size() - begin});
    out_ += "end sum=";
    put_hex(out_, sum);
    out_ += '\n';
  }

 private:
  void text_line(std::string_view key, std::string_view text) {
    out_ += key;
    out_ += ' ';
    put_quoted(out_, text);
    out_ += '\n';
  }
  void number_line(std::string_view key, std::uint64_t value) {
    out_ += key;
    out_ += ' ';
    put_number(out_, value);
    out_ += '\n';
  }
  void field(std::string_view key) {
    out_ += ' ';
    out_ += key;
    out_ += '=';
  }
  void number(std::string_view key, std::uint64_t value, std::uint64_t absent) {
    if (value == absent) return;
    field(key);
    put_number(out_, value);
  }
  void hex(std::string_view key, std::uint64_t value) {
    if (value == 0) return;
    field(key);
    put_hex(out_, value);
  }
  void text(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    field(key);
    put_quoted(out_, value);
  }
  void entry(std::string_view record, std::size_t index) {
    out_ += record;
    out_ += ' ';
    put_number(out_, index);
  }

  void write_head() {
    number_line("trama-trace", trace_.version);
    text_line("program", trace_.program);
    for (const std::string& argument : trace_.arguments) text_line("argument", argument);
    text_line("build-id", trace_.build_id);
    if (!trace_.check.empty()) text_line("check", trace_.check);
    text_line("strategy", trace_.strategy);
    text_line("model", trace_.model);
    number_line("seed", trace_.seed);
    number_line("execution", trace_.execution);
    text_line("visible", trace_.visible);
    out_ += trace_.complete ? "complete yes\n" : "complete no\n";
  }

  void write_tables() {
    for (std::size_t i = 0; i < trace_.modules.size(); ++i) write_module(i);
    for (std::size_t i = 0; i < trace_.places.size(); ++i) write_place(i);
    for (std::size_t i = 0; i < trace_.stacks.size(); ++i) {
      entry("stack", i);
      for (const std::uint32_t place : trace_.stacks[i]) {
        out_ += ' ';
        put_number(out_, place);
      }
      out_ += '\n';
    }
    for (std::size_t i = 0; i < trace_.threads.size(); ++i) {
      const TraceThread& thread = trace_.threads[i];
      entry("thread", i);
      out_ += ' ';
      put_quoted(out_, thread.name);
      number("creator", thread.creator, kNoThread);
      number("stack", thread.create_stack, kNoIndex);
      out_ += '\n';
    }
    for (std::size_t i = 0; i < trace_.tasks.size(); ++i) write_task(i);
    for (std::size_t i = 1; i < trace_.objects.size(); ++i) write_object(i);
  }

  void write_module(std::size_t i) {
    const TraceModule& module = trace_.modules[i];
    entry("module", i);
    out_ += ' ';
    put_quoted(out_, module.path);
    hex("base", module.base);
    text("build-id", module.build_id);
    if (module.instrumented) out_ += " instrumented";
    out_ += '\n';
  }

  void write_place(std::size_t i) {
    const TracePlace& place = trace_.places[i];
    entry("place", i);
    out_ += ' ';
    if (place.module == kNoIndex) {
      out_ += '?';
    } else {
      put_number(out_, place.module);
    }
    out_ += '+';
    put_hex(out_, place.offset);
    for (const SourceFrame& frame : place.frames) {
      out_ += &frame == place.frames.data() ? " " : " | ";
      put_quoted(out_, frame.function);
      out_ += ' ';
      put_quoted(out_, frame.file);
      out_ += ' ';
      put_number(out_, frame.line);
      out_ += ' ';
      put_number(out_, frame.column);
    }
    out_ += '\n';
  }

  void write_task(std::size_t i) {
    const TraceTask& task = trace_.tasks[i];
    entry("task", i);
    out_ += ' ';
    put_quoted(out_, task.name);
    number("function", task.function, kNoIndex);
    number("creator", task.creator, kNoThread);
    number("parent", task.parent, kNoTask);
    number("stack", task.create_stack, kNoIndex);
    out_ += '\n';
  }

  void write_object(std::size_t i) {
    const TraceObject& object = trace_.objects[i];
    entry("object", i);
    out_ += ' ';
    out_ += to_text(object.kind);
    out_ += ' ';
    put_hex(out_, object.address);
    out_ += ' ';
    put_quoted(out_, object.name);
    text("symbol", object.symbol);
    out_ += '\n';
  }

  void write_step(std::size_t i) {
    const TraceStep& step = trace_.steps[i];
    const Event& event = step.event;
    entry("step", i);
    out_ += ' ';
    trace_text::put_readable_step(out_, trace_, step);
    out_ += " |";
    number("thread", event.thread, kNoThread);
    number("other", event.other, kNoThread);
    number("object", event.object, kNoObject);
    number("mutex", event.mutex, kNoObject);
    // The innermost place of the stack, the object's address: only what differs is written.
    if (step.place != trace_text::usual_place(trace_, step.stack)) {
      field("place");
      if (step.place == kNoIndex) {
        out_ += '?';
      } else {
        put_number(out_, step.place);
      }
    }
    number("stack", step.stack, kNoIndex);
    number("of", step.alternatives, 1);
    number("time", step.time_ns, 0);
    if (event.address != trace_text::usual_address(trace_, event.object)) {
      field("address");
      put_hex(out_, event.address);
    }
    number("size", event.size, 0);
    number("before", event.before, 0);
    number("after", event.after, 0);
    if (event.order != MemoryOrder::seq_cst) {
      field("order");
      out_ += trace_text::kOrderNames[static_cast<unsigned>(event.order) % 6];
    }
    if (event.outcome != Outcome::ok) {
      field("outcome");
      out_ += trace_text::kOutcomeNames[static_cast<unsigned>(event.outcome) % 3];
    }
    number("deadline", event.deadline_ns, 0);
    text("text", step.text);
    number("task", step.task, kNoTask);
    number("other-task", step.other_task, kNoTask);
    write_source("from", step.from);
    write_source("behind", step.behind);
    number("newer", step.newer, kNoIndex);
    for (const std::uint32_t value : step.chosen) number("chose", value, kNoIndex);
    for (const TraceCure& cure : step.cures) {
      field("cure");
      out_ += trace_text::kOrderNames[static_cast<unsigned>(cure.order) % 6];
      out_ += '@';
      put_number(out_, cure.step);
    }
    out_ += '\n';
  }

  void write_source(std::string_view key, std::uint32_t step) {
    if (step == kNoIndex) return;
    field(key);
    if (step == kInitialValue) {
      out_ += trace_text::kInitialName;
    } else {
      put_number(out_, step);
    }
  }

  void write_finding(const Finding& finding) {
    out_ += "finding ";
    out_ += to_text(finding.code);
    text("reason", finding.reason);
    number("thread", finding.thread, kNoThread);
    number("stack", finding.stack, kNoIndex);
    number("step", finding.step, kNoIndex);
    text("detail", finding.detail);
    if (finding.memory != MemoryKind::unknown) {
      field("memory");
      out_ += trace_text::kMemoryNames[static_cast<unsigned>(finding.memory) % 4];
    }
    hex("block", finding.memory_base);
    number("block-size", finding.memory_size, 0);
    number("memory-thread", finding.memory_thread, kNoThread);
    number("memory-stack", finding.memory_stack, kNoIndex);
    out_ += '\n';
    for (const FindingAccess& access : finding.accesses) write_access(access);
  }

  void write_access(const FindingAccess& access) {
    out_ += "access ";
    out_ += to_text(access.operation);
    number("thread", access.thread, kNoThread);
    if (access.atomic) out_ += " atomic";
    hex("address", access.address);
    number("size", access.size, 0);
    number("stack", access.stack, kNoIndex);
    number("step", access.step, kNoIndex);
    number("object", access.object, kNoObject);
    number("holder", access.holder, kNoThread);
    number("task", access.task, kNoTask);
    number("holder-task", access.holder_task, kNoTask);
    out_ += '\n';
  }

  const Trace& trace_;
  std::string& out_;
};

}  // namespace

namespace trace_text {

std::uint32_t usual_place(const Trace& trace, std::uint32_t stack) {
  if (stack >= trace.stacks.size() || trace.stacks[stack].empty()) return kNoIndex;
  return trace.stacks[stack].front();
}

std::uint64_t usual_address(const Trace& trace, ObjectId object) {
  return object < trace.objects.size() ? trace.objects[object].address : 0;
}

void put_readable_step(std::string& out, const Trace& trace, const TraceStep& step) {
  const Event& event = step.event;
  const auto thread_name = [&](ThreadId id) {
    if (id < trace.threads.size()) {
      put_word(out, trace.threads[id].name);
    } else {
      out += '?';
    }
  };
  thread_name(event.thread);
  out += ' ';
  out += to_text(event.operation);
  if (event.other != kNoThread) {
    out += ' ';
    thread_name(event.other);
  }
  if (event.object != kNoObject && event.object < trace.objects.size()) {
    const TraceObject& object = trace.objects[event.object];
    out += ' ';
    put_word(out, object.symbol.empty() ? object.name : object.symbol);
  }
  if (const SourceFrame* frame = user_frame(trace, step.place, step.stack)) {
    out += " at ";
    put_word(out, base_name(frame->file));
    out += ':';
    put_number(out, frame->line);
  }
}

}  // namespace trace_text

void write_trace(const Trace& trace, std::string& out) { Writer(trace, out).write(); }

}  // namespace trama

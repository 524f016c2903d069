// The reader of trace files: one line after the other, every one checked.
#include <optional>

#include "trace/fields.hpp"
#include "trace/format.hpp"
#include "trace/format_step.hpp"
#include "trace/text.hpp"

namespace trama {
namespace {

using trace_text::Field;
using trace_text::LineReader;
using trace_text::next_field;
using trace_text::parse_bounded;
using trace_text::set_access_field;
using trace_text::set_step_field;
using trace_text::set_task_field;

/// Reads records one by one. Every index is checked against the table that it points
/// into, which stands before it in the file, so a Trace that was read is safe to walk;
/// and tables grow by one entry a line, so memory is bounded by the input.
class Reader {
 public:
  explicit Reader(std::string_view text) : all_(text), rest_(text) {}

  Result<Trace> read(std::size_t* consumed) {
    const char* problem = read_records();
    if (problem != nullptr) return Error{message(problem)};
    if (consumed != nullptr) *consumed = all_.size() - rest_.size();
    return std::move(trace_);
  }

 private:
  // Each reading function returns nullptr, or what is wrong with the line.
  using Problem = const char*;

  std::string message(Problem problem) const {
    std::string text = "line ";
    trace_text::put_number(text, line_number_);
    text += ": ";
    text += problem;
    return text;
  }

  /// False when no complete line is left.
  bool next_line() {
    ++line_number_;
    line_begin_ = all_.size() - rest_.size();
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return false;
    line_ = {rest_.data(), end};
    rest_.remove_prefix(end + 1);
    return true;
  }

  Problem read_records() {
    constexpr Problem kCut = "the trace is cut off: its last line, `end`, is missing";
    if (all_.empty()) {
      line_number_ = 1;
      return "the file is empty, not a trace";
    }
    if (!next_line()) return "this is not a complete Trama trace: its first line is unfinished";
    if (Problem problem = read_version()) return problem;
    while (next_line()) {
      LineReader line(line_);
      const std::string_view record = line.word();
      if (record == "end") return read_end(line);
      if (Problem problem = read_record(record, line)) return problem;
      if (!line.done()) return "there is more on the line than this record has";
    }
    return kCut;
  }

  Problem read_version() {
    LineReader line(line_);
    std::uint64_t version = 0;
    if (line.word() != "trama-trace" || !line.number(version) || !line.done()) {
      return "this is not a Trama trace: it should begin with `trama-trace 2`";
    }
    trace_.version = static_cast<std::uint32_t>(version);
    if (version != kTraceVersion && version != kGraphTraceVersion) {
      problem_text_ = "this trace is of version ";
      trace_text::put_number(problem_text_, version);
      problem_text_ += "; this trama reads versions ";
      trace_text::put_number(problem_text_, kTraceVersion);
      problem_text_ += " and ";
      trace_text::put_number(problem_text_, kGraphTraceVersion);
      return problem_text_.c_str();
    }
    return nullptr;
  }

  /// A store may stand behind one that is made later, so these are looked at when all are there.
  Problem check_sources() const {
    const std::size_t count = trace_.steps.size();
    const auto is_there = [&](std::uint32_t step) {
      return step < count || step == kInitialValue || step == kNoIndex;
    };
    for (std::size_t i = 0; i < count; ++i) {
      const TraceStep& step = trace_.steps[i];
      if (!is_there(step.behind)) return "a step stands behind one that is not there";
      if (step.from < kInitialValue && step.from >= i) return "a step reads from a later one";
      if (step.newer != kNoIndex && step.newer >= i) return "a newer store comes later";
      for (const TraceCure& cure : step.cures) {
        if (cure.step >= count) return "a cure names a step that is not there";
      }
    }
    return nullptr;
  }

  Problem read_end(LineReader& line) {
    if (trace_.objects.empty()) trace_.objects.emplace_back();
    if (Problem problem = check_sources()) return problem;
    if ((fields_seen_ & ~kCheckField) != kAllHeadFields)
      return "a line of the head is missing before this one";
    if (line.done()) return nullptr;  // edited by hand: nothing to compare with
    std::uint64_t sum = 0;
    const std::string_view word = line.word();
    constexpr std::string_view kKey = "sum=";
    if (word.size() < kKey.size() || std::string_view(word.data(), kKey.size()) != kKey ||
        !trace_text::parse_hex({word.data() + kKey.size(), word.size() - kKey.size()}, sum) ||
        !line.done()) {
      return "`end` is followed by something else than its sum";
    }
    if (sum != trace_text::check_sum({all_.data(), line_begin_})) {
      return "the sum does not fit the lines above: the file is damaged or was edited "
             "(to use it all the same, make this line just `end`)";
    }
    return nullptr;
  }

  Problem read_record(std::string_view record, LineReader& line) {
    if (record == "step") return read_step(line);
    if (record == "place") return read_place(line);
    if (record == "stack") return read_stack(line);
    if (record == "module") return read_module(line);
    if (record == "thread") return read_thread(line);
    if (record == "object") return read_object(line);
    if (record == "task") return read_task(line);
    if (record == "finding") return read_finding(line);
    if (record == "access") return read_access(line);
    return read_head(record, line);
  }

  // --- the head: each once, all required (arguments and the check's name aside) ---

  static constexpr unsigned kAllHeadFields = 0xff;
  static constexpr unsigned kCheckField = 0x100;

  bool first_time(unsigned bit) {
    const bool fresh = (fields_seen_ & (1U << bit)) == 0;
    fields_seen_ |= 1U << bit;
    return fresh;
  }

  Problem read_head(std::string_view key, LineReader& line) {
    constexpr Problem kText = "a text in quotes is expected here";
    constexpr Problem kNumber = "a number is expected here";
    constexpr Problem kTwice = "this line of the head stands here for the second time";
    if (key == "argument") {
      trace_.arguments.emplace_back();
      return line.quoted(trace_.arguments.back()) ? nullptr : kText;
    }
    struct TextField {
      std::string_view key;
      std::string* target;
    };
    const TextField texts[] = {{"program", &trace_.program},
                               {"build-id", &trace_.build_id},
                               {"strategy", &trace_.strategy},
                               {"model", &trace_.model},
                               {"visible", &trace_.visible}};
    unsigned bit = 0;
    for (const TextField& field : texts) {
      if (key == field.key) {
        if (!first_time(bit)) return kTwice;
        return line.quoted(*field.target) ? nullptr : kText;
      }
      ++bit;
    }
    if (key == "check") {
      if (!first_time(8)) return kTwice;
      return line.quoted(trace_.check) ? nullptr : kText;
    }
    if (key == "seed")
      return !first_time(5) ? kTwice : line.number(trace_.seed) ? nullptr : kNumber;
    if (key == "execution") {
      return !first_time(6) ? kTwice : line.number(trace_.execution) ? nullptr : kNumber;
    }
    if (key == "complete") {
      if (!first_time(7)) return kTwice;
      trace_.complete = line.peek() == "yes";
      return line.accept("yes") || line.accept("no") ? nullptr : "`yes` or `no` is expected here";
    }
    return "no record of a trace has this name";
  }

  // --- the tables ---

  static Problem read_index(LineReader& line, std::size_t expected) {
    std::uint64_t index = 0;
    if (!line.number(index)) return "the number of the record is missing";
    return index == expected ? nullptr : "the numbers of these records are not consecutive";
  }

  Problem read_module(LineReader& line) {
    if (Problem problem = read_index(line, trace_.modules.size())) return problem;
    TraceModule module;
    if (!line.quoted(module.path)) return "the module's path is missing";
    while (!line.done()) {
      if (line.accept("instrumented")) {
        module.instrumented = true;
        continue;
      }
      const Field field = next_field(line);
      const bool ok = field.key == "base"       ? trace_text::parse_hex(field.value, module.base)
                      : field.key == "build-id" ? trace_text::unquote(field.value, module.build_id)
                                                : false;
      if (!ok) return kBadField;
    }
    trace_.modules.push_back(std::move(module));
    return nullptr;
  }

  Problem read_place(LineReader& line) {
    constexpr Problem kBad = "a place is written module+0xoffset, then its frames";
    if (Problem problem = read_index(line, trace_.places.size())) return problem;
    TracePlace place;
    const std::string_view where = line.word();
    const std::size_t plus = where.find('+');
    if (plus == std::string_view::npos) return kBad;
    const std::string_view module{where.data(), plus};
    if (!trace_text::parse_hex({where.data() + plus + 1, where.size() - plus - 1}, place.offset)) {
      return kBad;
    }
    if (module != "?" && !parse_bounded(module, trace_.modules.size(), place.module)) return kBad;
    while (!line.done()) {
      if (!place.frames.empty() && !line.accept("|")) return kBad;
      SourceFrame frame;
      if (!line.quoted(frame.function) || !line.quoted(frame.file) ||
          !parse_bounded(line.word(), kNoIndex, frame.line) ||
          !parse_bounded(line.word(), kNoIndex, frame.column)) {
        return kBad;
      }
      place.frames.push_back(std::move(frame));
    }
    trace_.places.push_back(std::move(place));
    return nullptr;
  }

  Problem read_stack(LineReader& line) {
    if (Problem problem = read_index(line, trace_.stacks.size())) return problem;
    TraceStack stack;
    while (!line.done()) {
      std::uint32_t place = 0;
      if (!parse_bounded(line.word(), trace_.places.size(), place)) {
        return "a stack names a place that is not there";
      }
      stack.push_back(place);
    }
    trace_.stacks.push_back(std::move(stack));
    return nullptr;
  }

  Problem read_thread(LineReader& line) {
    if (Problem problem = read_index(line, trace_.threads.size())) return problem;
    if (trace_.threads.size() >= kNoThread) return "there are too many threads";
    TraceThread thread;
    if (!line.quoted(thread.name)) return "the thread's name is missing";
    while (!line.done()) {
      const Field field = next_field(line);
      const bool ok = field.key == "creator" ? parse_bounded(field.value, kNoThread, thread.creator)
                      : field.key == "stack"
                          ? parse_bounded(field.value, trace_.stacks.size(), thread.create_stack)
                          : false;
      if (!ok) return kBadField;
    }
    trace_.threads.push_back(std::move(thread));
    return nullptr;
  }

  Problem read_task(LineReader& line) {
    if (Problem problem = read_index(line, trace_.tasks.size())) return problem;
    TraceTask task;
    if (!line.quoted(task.name)) return "the task's name is missing";
    while (!line.done()) {
      if (!set_task_field(next_field(line), trace_, task)) return kBadField;
    }
    trace_.tasks.push_back(std::move(task));
    return nullptr;
  }

  Problem read_object(LineReader& line) {
    if (trace_.objects.empty()) trace_.objects.emplace_back();
    if (Problem problem = read_index(line, trace_.objects.size())) return problem;
    TraceObject object;
    if (!read_kind(line.word(), object.kind)) return "no kind of object has this name";
    if (!trace_text::parse_hex(line.word(), object.address)) return "the address is missing";
    if (!line.quoted(object.name)) return "the object's name is missing";
    if (!line.done()) {
      const Field field = next_field(line);
      if (field.key != "symbol" || !trace_text::unquote(field.value, object.symbol)) {
        return kBadField;
      }
    }
    trace_.objects.push_back(std::move(object));
    return nullptr;
  }

  static bool read_kind(std::string_view text, ObjectKind& kind) {
#define TRAMA_X(identifier, spelling, letter) \
  if (text == (spelling)) {                   \
    kind = ObjectKind::identifier;            \
    return true;                              \
  }
    TRAMA_OBJECT_KINDS(TRAMA_X)
#undef TRAMA_X
    return false;
  }

  // --- steps and findings ---

  Problem read_step(LineReader& line) {
    if (Problem problem = read_index(line, trace_.steps.size())) return problem;
    std::string_view readable;
    if (!line.up_to("|", readable)) return "the bar before the step's fields is missing";
    TraceStep step;
    LineReader words(readable);
    words.word();  // the thread's name; the field counts
    const std::optional<Operation> operation = operation_from(words.word());
    if (!operation) return "no operation has this name";
    step.event.operation = *operation;
    bool has_place = false;
    bool has_address = false;
    while (!line.done()) {
      const Field field = next_field(line);
      if (!set_step_field(field, trace_, step)) return kBadField;
      has_place = has_place || field.key == "place";
      has_address = has_address || field.key == "address";
    }
    if (!has_place) step.place = trace_text::usual_place(trace_, step.stack);
    if (!has_address) step.event.address = trace_text::usual_address(trace_, step.event.object);
    scratch_.clear();
    trace_text::put_readable_step(scratch_, trace_, step);
    if (scratch_ != readable) return "the words before the bar and the fields behind it differ";
    trace_.steps.push_back(std::move(step));
    return nullptr;
  }

  Problem read_finding(LineReader& line) {
    const std::optional<FindingCode> code = finding_code_from(line.word());
    if (!code) return "no finding has this code";
    Finding finding;
    finding.code = *code;
    while (!line.done()) {
      if (!trace_text::set_finding_field(next_field(line), trace_, finding)) return kBadField;
    }
    trace_.findings.push_back(std::move(finding));
    return nullptr;
  }

  Problem read_access(LineReader& line) {
    if (trace_.findings.empty()) return "an access stands before any finding";
    const std::optional<Operation> operation = operation_from(line.word());
    if (!operation) return "no operation has this name";
    FindingAccess access;
    access.operation = *operation;
    while (!line.done()) {
      if (line.accept("atomic")) {
        access.atomic = true;
      } else if (!set_access_field(next_field(line), trace_, access)) {
        return kBadField;
      }
    }
    trace_.findings.back().accesses.push_back(access);
    return nullptr;
  }

  // --- fields: key=value ---

  static constexpr Problem kBadField =
      "a field is unknown, has no proper value, or names something that is not there";

  const std::string_view all_;
  std::string_view rest_;
  std::string_view line_;
  std::size_t line_begin_ = 0;
  std::uint64_t line_number_ = 0;
  unsigned fields_seen_ = 0;
  std::string scratch_;
  std::string problem_text_;  ///< of a problem that names a number
  Trace trace_;
};

}  // namespace

Result<Trace> read_trace(std::string_view text, std::size_t* consumed) {
  return Reader(text).read(consumed);
}

}  // namespace trama

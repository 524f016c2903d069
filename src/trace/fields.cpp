#include "trace/fields.hpp"

#include "trace/format_step.hpp"

namespace trama::trace_text {
namespace {

template <typename Enum, std::size_t count>
bool parse_name(std::string_view text, const std::string_view (&names)[count], Enum& target) {
  for (std::size_t i = 0; i < count; ++i) {
    if (text != names[i]) continue;
    target = static_cast<Enum>(i);
    return true;
  }
  return false;
}

/// A step, maybe one that comes later in the file: the reader looks again when it has all.
bool parse_source(std::string_view text, std::uint32_t& target) {
  if (text != kInitialName) return parse_bounded(text, kInitialValue, target);
  target = kInitialValue;
  return true;
}

bool parse_cure(std::string_view text, TraceCure& cure) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return false;
  return parse_name({text.data(), at}, kOrderNames, cure.order) &&
         parse_bounded({text.data() + at + 1, text.size() - at - 1}, kInitialValue, cure.step);
}

}  // namespace

Field next_field(LineReader& line) {
  const std::string_view word = line.word();
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) return {};
  return {{word.data(), equals}, {word.data() + equals + 1, word.size() - equals - 1}};
}

bool set_task_field(const Field& field, const Trace& trace, TraceTask& task) {
  const auto [key, value] = field;
  if (key == "function") return parse_bounded(value, trace.places.size(), task.function);
  if (key == "creator") return parse_bounded(value, trace.threads.size(), task.creator);
  if (key == "parent") return parse_bounded(value, trace.tasks.size(), task.parent);
  if (key == "stack") return parse_bounded(value, trace.stacks.size(), task.create_stack);
  return false;
}

bool set_step_field(const Field& field, const Trace& trace, TraceStep& step) {
  Event& event = step.event;
  const auto [key, value] = field;
  if (key == "thread") return parse_bounded(value, trace.threads.size(), event.thread);
  if (key == "place") return parse_bounded(value, trace.places.size(), step.place) || value == "?";
  if (key == "stack") return parse_bounded(value, trace.stacks.size(), step.stack);
  if (key == "object") return parse_bounded(value, trace.objects.size(), event.object);
  if (key == "of") return parse_bounded(value, kNoIndex, step.alternatives);
  if (key == "time") return parse_number(value, step.time_ns);
  if (key == "address") return parse_hex(value, event.address);
  if (key == "size") return parse_bounded(value, 256, event.size);
  if (key == "before") return parse_number(value, event.before);
  if (key == "after") return parse_number(value, event.after);
  if (key == "other") return parse_bounded(value, trace.threads.size(), event.other);
  if (key == "mutex") return parse_bounded(value, trace.objects.size(), event.mutex);
  if (key == "order") return parse_name(value, kOrderNames, event.order);
  if (key == "outcome") return parse_name(value, kOutcomeNames, event.outcome);
  if (key == "deadline") return parse_number(value, event.deadline_ns);
  if (key == "text") return unquote(value, step.text);
  if (key == "task") return parse_bounded(value, trace.tasks.size(), step.task);
  if (key == "other-task") return parse_bounded(value, trace.tasks.size(), step.other_task);
  if (key == "from") return parse_source(value, step.from);
  if (key == "behind") return parse_source(value, step.behind);
  if (key == "newer") return parse_bounded(value, kInitialValue, step.newer);
  if (key == "chose") {
    step.chosen.push_back(0);
    return parse_bounded(value, kNoIndex, step.chosen.back());
  }
  if (key == "cure") {
    step.cures.emplace_back();
    return parse_cure(value, step.cures.back());
  }
  return false;
}

bool set_finding_field(const Field& field, const Trace& trace, Finding& finding) {
  const auto [key, value] = field;
  if (key == "reason") return unquote(value, finding.reason);
  if (key == "detail") return unquote(value, finding.detail);
  if (key == "thread") return parse_bounded(value, trace.threads.size(), finding.thread);
  if (key == "stack") return parse_bounded(value, trace.stacks.size(), finding.stack);
  if (key == "step") return parse_bounded(value, trace.steps.size(), finding.step);
  if (key == "memory") return parse_name(value, kMemoryNames, finding.memory);
  if (key == "block") return parse_hex(value, finding.memory_base);
  if (key == "block-size") return parse_number(value, finding.memory_size);
  if (key == "memory-thread") {
    return parse_bounded(value, trace.threads.size(), finding.memory_thread);
  }
  if (key == "memory-stack") return parse_bounded(value, trace.stacks.size(), finding.memory_stack);
  return false;
}

bool set_access_field(const Field& field, const Trace& trace, FindingAccess& access) {
  const auto [key, value] = field;
  if (key == "thread") return parse_bounded(value, trace.threads.size(), access.thread);
  if (key == "address") return parse_hex(value, access.address);
  if (key == "size") return parse_bounded(value, kNoIndex, access.size);
  if (key == "stack") return parse_bounded(value, trace.stacks.size(), access.stack);
  if (key == "step") return parse_bounded(value, trace.steps.size(), access.step);
  if (key == "object") return parse_bounded(value, trace.objects.size(), access.object);
  if (key == "holder") return parse_bounded(value, trace.threads.size(), access.holder);
  if (key == "task") return parse_bounded(value, trace.tasks.size(), access.task);
  if (key == "holder-task") return parse_bounded(value, trace.tasks.size(), access.holder_task);
  return false;
}

}  // namespace trama::trace_text

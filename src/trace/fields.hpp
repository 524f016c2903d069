// The fields of a trace's records: words of the form key=value.
#pragma once

#include <string_view>

#include "trace/text.hpp"
#include "trace/trace.hpp"

namespace trama::trace_text {

struct Field {
  std::string_view key;
  std::string_view value;
};

/// Takes the next word of a line apart; both parts are empty if it is no field.
Field next_field(LineReader& line);

/// A number below `bound`.
template <typename Number>
bool parse_bounded(std::string_view text, std::uint64_t bound, Number& target) {
  std::uint64_t value = 0;
  if (!parse_number(text, value) || value >= bound) return false;
  target = static_cast<Number>(value);
  return true;
}

/// Set one field of a task, a step, a finding or an access. False where there is none of that name, its value
/// is none, or it refers to an entry that `trace` does not have.
bool set_task_field(const Field& field, const Trace& trace, TraceTask& task);
bool set_step_field(const Field& field, const Trace& trace, TraceStep& step);
bool set_finding_field(const Field& field, const Trace& trace, Finding& finding);
bool set_access_field(const Field& field, const Trace& trace, FindingAccess& access);

}  // namespace trama::trace_text

#include "cli/outcome.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <charconv>
#include <optional>
#include <sstream>

#include "base/check.hpp"
#include "report/describe.hpp"
#include "report/symbols.hpp"
#include "report/text_width.hpp"
#include "trace/format.hpp"
#include "trace/places.hpp"
#include "trace/text.hpp"

namespace trama {
namespace {

std::string_view next_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::optional<std::uint64_t> offset_from(std::string_view text) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The first frame of the user's own; else the innermost with a line.
const SourceFrame* user_frame_of(const std::vector<SourceFrame>& frames) {
  const SourceFrame* best = nullptr;
  for (const SourceFrame& frame : frames) {
    if (frame.line == 0) continue;
    if (!is_library_file(frame.file)) return &frame;
    if (best == nullptr) best = &frame;
  }
  return best;
}

/// One line `symbol module offset`, the module by its number.
BlindCall read_blind_call(std::string_view line, const std::vector<std::string>& modules) {
  BlindCall call;
  call.symbol = next_word(line);
  std::uint64_t module = 0;
  const std::string_view number = next_word(line);
  const char* end = number.data() + number.size();
  const auto offset = offset_from(line);
  if (std::from_chars(number.data(), end, module).ptr != end || !offset) return call;
  if (module >= modules.size()) {
    call.address = fmt::format("{:#x}", *offset);
    return call;
  }
  call.address = fmt::format("{}+{:#x}", base_name(modules[module]), *offset);
  const std::vector<SourceFrame> frames = resolve_address(modules[module], *offset);
  if (const SourceFrame* frame = user_frame_of(frames)) {
    call.file = frame->file;
    call.line = frame->line;
    call.function = frame->function;
  }
  return call;
}

std::vector<BlindCall> read_blind(std::string_view text, const std::vector<std::string>& modules) {
  std::vector<BlindCall> calls;
  for (;;) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return calls;  // done, or cut where the block was full
    calls.push_back(read_blind_call(text.substr(0, end), modules));
    text.remove_prefix(end + 1);
  }
}

/// All complete traces of a session's output; nothing is said of an unfinished last one
/// unless the session claims to have ended well.
std::vector<Trace> read_traces(std::string_view text, std::string& problem) {
  std::vector<Trace> traces;
  while (!text.empty()) {
    std::size_t consumed = 0;
    Result<Trace> trace = read_trace(text, &consumed);
    if (!trace) {
      problem = trace.error().message;
      break;
    }
    traces.push_back(std::move(trace.value()));
    text.remove_prefix(consumed);
  }
  return traces;
}

constexpr std::string_view kOutcomesHead = "trama-outcomes 1\n";

/// "@0+0x4010" in a graph's line: the variable there, where it has a name.
std::string named(std::string_view graph, const std::vector<std::string>& modules,
                  VariableNames& names) {
  std::string text;
  while (!graph.empty()) {
    const std::size_t at = graph.find('@');
    text += graph.substr(0, at);
    if (at == std::string_view::npos) break;
    graph.remove_prefix(at);
    const std::size_t end = graph.find_first_of("→=: ,(", 1);
    const std::string_view word = graph.substr(0, end);
    graph.remove_prefix(word.size());
    const std::size_t plus = word.find('+');
    std::uint64_t module = modules.size();
    if (plus != std::string_view::npos) {
      std::from_chars(word.data() + 1, word.data() + plus, module);
    }
    const auto offset =
        plus == std::string_view::npos ? std::nullopt : offset_from(word.substr(plus + 1));
    std::string name;
    if (module < modules.size() && offset) name = names.at(modules[module], *offset);
    text += name.empty() ? std::string(word) : name;
  }
  return text;
}

/// What session_list.hpp of the runtime describes; false where it is something else.
bool read_outcomes(std::string_view text, const std::vector<std::string>& modules,
                   std::vector<ListedOutcome>& outcomes) {
  VariableNames names;
  text.remove_prefix(kOutcomesHead.size());
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return false;
    trace_text::LineReader line(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (line.accept("outcome")) {
      ListedOutcome outcome;
      if (!line.number(outcome.count) || !line.number(outcome.status)) return false;
      outcome.code = line.word();
      if (outcome.code == "-") outcome.code.clear();
      if (!line.quoted(outcome.detail) || !line.quoted(outcome.output)) return false;
      outcomes.push_back(std::move(outcome));
    } else {
      std::string graph;
      if (!line.accept("graph") || outcomes.empty() || !line.quoted(graph)) return false;
      outcomes.back().graphs.push_back(named(graph, modules, names));
    }
  }
  return true;
}

Verdict verdict_of(SessionVerdict verdict) {
  switch (verdict) {
    case SessionVerdict::finding: return Verdict::finding;
    case SessionVerdict::sampled: return Verdict::sampled;
    case SessionVerdict::error: return Verdict::error;
    case SessionVerdict::diverged: return Verdict::diverged;
    case SessionVerdict::replayed: return Verdict::replayed;
    case SessionVerdict::verified: return Verdict::verified;
    case SessionVerdict::none:
    case SessionVerdict::incomplete: break;
  }
  return Verdict::incomplete;
}

std::string death_of(int wait_status, Language language) {
  if (WIFSIGNALED(wait_status)) return say(language, Message::ended_signal, WTERMSIG(wait_status));
  return say(language, Message::ended_status, WEXITSTATUS(wait_status));
}

constexpr int kLoaderFailed = 127;  // exit status of ld.so

/// The process ended without a verdict: whose fault was it?
void explain_death(const LaunchOutcome& outcome, const Invocation& invocation,
                   const LaunchRequest& request, SessionReport& report) {
  const Language language = invocation.language;
  const bool never_began = outcome.heartbeat == 0 && outcome.executions == 0 &&
                           WIFEXITED(outcome.wait_status) &&
                           WEXITSTATUS(outcome.wait_status) != kExitInternal;
  report.summary.verdict = Verdict::error;
  if (never_began) {
    std::string complaint = last_line(outcome.captured);
    if (complaint.starts_with(request.name + ": ")) complaint.erase(0, request.name.size() + 2);
    if (WEXITSTATUS(outcome.wait_status) != kLoaderFailed ||
        (request.capture && complaint.empty())) {
      report.summary.message = say(language, Message::error_runtime_mute, request.name);
    } else if (request.capture) {
      report.summary.message = say(language, Message::error_loader, request.name, complaint);
    } else {
      report.summary.message = say(language, Message::error_loader_above, request.name);
    }
    return;
  }
  report.internal = true;
  report.captured = outcome.captured;
  report.summary.message =
      say(language, Message::error_internal, death_of(outcome.wait_status, language),
          outcome.executions + 1, invocation.options.seed);
}

bool same_place(const Trace& a, std::uint32_t stack_a, const Trace& b, std::uint32_t stack_b) {
  const bool none_a = stack_a >= a.stacks.size();
  const bool none_b = stack_b >= b.stacks.size();
  if (none_a || none_b) return none_a == none_b;
  const TraceStack& in_a = a.stacks[stack_a];
  const TraceStack& in_b = b.stacks[stack_b];
  if (in_a.size() != in_b.size()) return false;
  for (std::size_t i = 0; i < in_a.size(); ++i) {
    const TracePlace& place_a = a.places[in_a[i]];
    const TracePlace& place_b = b.places[in_b[i]];
    if (place_a.offset != place_b.offset) return false;
  }
  return true;
}

constexpr std::string_view kExpectedPlace = "expected-place";

std::string line_text(const SourceFrame& frame) {
  return fmt::format("{}:{}", base_name(frame.file), frame.line);
}

/// A place of the trace that was replayed, by its number there.
std::string expected_place(std::string_view number, const Trace& known) {
  std::uint32_t place = kNoIndex;
  std::from_chars(number.data(), number.data() + number.size(), place);
  const std::string text = place_text(known, place, kNoIndex);
  return text.empty() ? "?" : text;
}

/// "@0+0x1234", module and offset in the program as it is now.
std::string found_place(std::string_view word, const Trace& known) {
  const std::size_t plus = word.find('+');
  const auto offset =
      plus == std::string_view::npos ? std::nullopt : offset_from(word.substr(plus + 1));
  std::uint64_t module = 0;
  const char* end = word.data() + std::min(plus, word.size());
  const bool complete = offset && std::from_chars(word.data() + 1, end, module).ptr == end;
  if (!complete || module >= known.modules.size()) return std::string(word);
  const std::string& path = known.modules[module].path;
  const std::vector<SourceFrame> frames = resolve_address(path, *offset);
  if (const SourceFrame* frame = user_frame_of(frames)) return line_text(*frame);
  return fmt::format("{}+{:#x}", base_name(path), *offset);
}

constexpr std::string_view kMixedSizes = "mixed-sizes ";

/// What the runtime says of an error, which it says in numbers where people read lines.
std::string message_of(const LaunchOutcome& outcome, Language language) {
  if (!outcome.message.starts_with(kMixedSizes)) return outcome.message;
  Trace places;
  for (const LoadedModule& module : outcome.modules) {
    places.modules.emplace_back().path = module.path;
  }
  std::istringstream words(outcome.message.substr(kMixedSizes.size()));
  std::string size;
  std::string place;
  std::string other_size;
  std::string other_place;
  words >> size >> place >> other_size >> other_place;
  return say(language, Message::error_mixed_sizes, size, found_place(place, places), other_size,
             found_place(other_place, places));
}

}  // namespace

SessionReport read_outcome(const Invocation& invocation, const LaunchOutcome& outcome,
                           const LaunchRequest& request, const Trace* known) {
  const std::string& program = request.name;
  const std::string& path = request.path;
  SessionReport report;
  Summary& summary = report.summary;
  summary.command = invocation.command;
  summary.program = program;
  summary.verdict = verdict_of(outcome.verdict);
  summary.strategy = invocation.options.strategy;
  summary.seed = invocation.options.seed;
  summary.executions = outcome.executions;
  summary.model = invocation.options.model;
  summary.distinct = outcome.distinct;
  summary.complete = outcome.complete;
  summary.blocked = outcome.blocked;
  summary.cut = outcome.cut;
  summary.pruned = outcome.pruned;
  summary.explored = outcome.explored;
  summary.estimate = outcome.estimate;
  summary.preemptions = invocation.options.preemptions;
  summary.unroll = invocation.options.unroll;
  summary.jobs = invocation.options.jobs;
  summary.resumed = !invocation.resume.empty();
  summary.steps = outcome.steps;
  summary.step_limited = outcome.step_limited;
  summary.max_steps = invocation.options.max_steps;
  summary.seconds = static_cast<double>(outcome.elapsed_ns) / 1e9;
  summary.stopped = outcome.stopped;
  summary.time_up = outcome.verdict == SessionVerdict::incomplete && !outcome.stopped &&
                    invocation.options.time_s != 0 &&
                    summary.seconds + 0.5 >= static_cast<double>(invocation.options.time_s);
  summary.forked = outcome.forked;
  summary.isolation_reason = outcome.isolation_reason;
  summary.message = known == nullptr ? message_of(outcome, invocation.language)
                                     : name_places(outcome.message, *known);
  std::string problem;
  Resolver resolver;
  std::vector<std::string> modules;
  for (const LoadedModule& module : outcome.modules) modules.push_back(module.path);
  if (modules.empty()) modules.push_back(path);
  std::string_view traces = outcome.traces;
  if (traces.starts_with(kOutcomesHead)) {
    summary.listed = true;
    if (!read_outcomes(traces, modules, summary.outcomes)) problem = "outcomes";
    traces = {};
  }
  for (Trace& trace : read_traces(traces, problem)) {
    summary.model = trace.model;
    modules.clear();
    for (const TraceModule& module : trace.modules) modules.push_back(module.path);
    if (trace.findings.empty()) continue;
    trace.program = program;
    trace.arguments = request.arguments;
    resolver.resolve(trace);
    report.traces.push_back({std::move(trace), {}});
  }
  if (outcome.verdict == SessionVerdict::none && !outcome.stopped) {
    explain_death(outcome, invocation, request, report);
    if (!report.traces.empty()) {
      // What it had found before it died is as true as ever; the message goes with it.
      summary.verdict = Verdict::finding;
      report.internal = false;
    }
  }
  summary.blind = read_blind(outcome.blind, modules);
  const bool ended_well = outcome.verdict != SessionVerdict::none;
  if (!problem.empty() && ended_well) {
    report.internal = true;
    summary.message = say(invocation.language, Message::error_trace_mute, problem);
  }
  return report;
}

std::string last_line(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const std::size_t before = text.rfind('\n');
  return printable(before == std::string_view::npos ? text : text.substr(before + 1));
}

bool same_finding(const Trace& a, const Trace& b) {
  if (a.findings.empty() || b.findings.empty()) return a.findings.empty() == b.findings.empty();
  const Finding& one = a.findings.front();
  const Finding& two = b.findings.front();
  if (one.code != two.code || one.reason != two.reason || one.thread != two.thread ||
      one.detail != two.detail || one.accesses.size() != two.accesses.size() ||
      !same_place(a, one.stack, b, two.stack)) {
    return false;
  }
  for (std::size_t i = 0; i < one.accesses.size(); ++i) {
    const FindingAccess& in_one = one.accesses[i];
    const FindingAccess& in_two = two.accesses[i];
    // Who goes round was stopped somewhere on its way, and might as well have been before.
    if (one.code == FindingCode::livelock && in_one.thread == in_two.thread) continue;
    if (in_one.thread != in_two.thread || in_one.operation != in_two.operation ||
        in_one.address != in_two.address || !same_place(a, in_one.stack, b, in_two.stack)) {
      return false;
    }
  }
  return true;
}

std::string name_places(const std::string& message, const Trace& known) {
  std::string result;
  std::string_view rest = message;
  while (!rest.empty()) {
    // Word by word; the separators stay as they are.
    const std::size_t end = std::min(rest.find_first_of(" \n"), rest.size());
    const std::string_view word = rest.substr(0, end);
    if (word == kExpectedPlace && end < rest.size()) {
      rest.remove_prefix(end + 1);
      const std::size_t number_end = std::min(rest.find_first_of(" \n"), rest.size());
      result += expected_place(rest.substr(0, number_end), known);
      rest.remove_prefix(number_end);
      continue;
    }
    result += word.starts_with('@') ? found_place(word, known) : std::string(word);
    rest.remove_prefix(end);
    if (rest.empty()) break;
    result += rest.front();
    rest.remove_prefix(1);
  }
  while (result.ends_with('\n')) result.pop_back();
  return result;
}

int exit_code_of(const SessionReport& report) {
  const Summary& summary = report.summary;
  if (report.internal) return kExitInternal;
  if (summary.stopped) return kExitUsage;
  if (summary.verdict == Verdict::diverged) return kExitDiverged;
  if (summary.verdict == Verdict::error) return kExitUsage;
  if (!report.traces.empty() || summary.verdict == Verdict::finding) return kExitFinding;
  const bool none_completed = summary.executions <= summary.step_limited;
  if (summary.verdict == Verdict::incomplete && none_completed) return kExitUsage;
  return kExitNothingFound;
}

}  // namespace trama

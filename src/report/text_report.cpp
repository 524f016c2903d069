#include "report/text_report.hpp"

#include <algorithm>
#include <optional>

#include "report/blind.hpp"
#include "report/demangle.hpp"
#include "report/describe.hpp"
#include "report/lane.hpp"
#include "report/lost_update.hpp"
#include "report/outcomes.hpp"
#include "report/rows.hpp"
#include "report/source_lines.hpp"
#include "report/table.hpp"
#include "report/test_name.hpp"
#include "report/text_width.hpp"
#include "report/weak_memory.hpp"
#include "trace/places.hpp"

namespace trama {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kOthersMax = 3;   // further findings named below the first
constexpr std::size_t kWaitersMax = 6;  // of a deadlock
constexpr std::size_t kRowsMin = 4;
constexpr std::size_t kDetailMax = 3;  // lines of what an exception says
constexpr std::size_t kBlindMax = 3;

std::string join(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line;
    text += '\n';
  }
  return text;
}

/// The function and line of each user frame of a stack, innermost first.
std::string call_chain(const Trace& trace, const TraceStack& stack) {
  std::string text;
  for (const std::uint32_t place : stack) {
    for (const SourceFrame& frame : trace.places[place].frames) {
      if (frame.line == 0 || is_library_file(frame.file)) continue;
      if (!text.empty()) text += " ← ";
      text += fmt::format("{} {}:{}", short_function(frame.function), base_name(frame.file),
                          frame.line);
    }
  }
  return printable(text);
}

/// Of a task that awaits: its own coroutines alone, not who resumed it.
TraceStack coroutines_of(const Trace& trace, std::uint32_t stack) {
  TraceStack own;
  if (stack >= trace.stacks.size()) return own;
  const TraceStack& whole = trace.stacks[stack];
  std::size_t end = std::min<std::size_t>(whole.size(), 1);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto& frames = trace.places[whole[i]].frames;
    if (!frames.empty() && is_coroutine(frames.back().function)) end = i + 1;
  }
  own.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(end));
  return own;
}

class Screen {
 public:
  Screen(const Trace& trace, const TextStyle& style)
      : trace_(trace),
        finding_(trace.findings.empty() ? nullptr : &trace.findings.front()),
        style_(style) {}

  /// The finding's head, without a picture.
  Lines head(const std::string& second_line) const {
    if (finding_ == nullptr) return {cut(second_line)};
    const std::string code(to_text(finding_->code));
    std::string message = finding_message(trace_, *finding_, style_.language);
    if (has_memory_line()) {
      message = finding_title(*finding_, style_.language);  // the memory has a line of its own
    }
    const std::size_t room = style_.width - display_width(code) - 2;
    Lines details;
    if (display_width(message) > room && finding_->code == FindingCode::uncaught) {
      // What the exception says has lines of its own.
      details = wrap(printable(finding_->detail));
      if (details.size() > kDetailMax && !style_.full) {
        details.resize(kDetailMax);
        details.back() = cut(details.back() + " …");
      }
      message = finding_title(*finding_, style_.language);
    }
    const std::string rest = shorten(message, room);
    Lines lines{paint(style_, Paint::alarm, code) + "  " + paint(style_, Paint::bold, rest)};
    for (const std::string& line : details) lines.push_back(paint(style_, Paint::bold, cut(line)));
    lines.push_back(paint(style_, Paint::dim, cut(second_line)));
    const std::string test = test_name(trace_, *finding_);
    if (!test.empty()) {
      lines.push_back(cut(say(style_.language, Message::label_test, printable(test))));
    }
    return lines;
  }

  /// The accesses of a race, the waiters of a deadlock, or the stack of anything else.
  Lines facts() const {
    Lines lines;
    if (finding_ == nullptr) return lines;
    if (has_memory_line()) {
      const std::string memory = memory_text(trace_, *finding_, style_.language);
      const std::uint64_t address = finding_->accesses.back().address;
      lines.push_back(cut(say(style_.language, Message::label_memory,
                              address_name(trace_, address, style_.language), memory)));
    }
    for (const FindingAccess& access : finding_->accesses) {
      if (lines.size() >= kWaitersMax && !style_.full) break;
      const bool awaits =
          access.operation == Operation::task_await || access.operation == Operation::task_throw;
      fact(lines, access.thread, fact_text(access), access.stack, awaits);
    }
    if (finding_->accesses.empty() && finding_->stack != kNoIndex) {
      fact(lines, finding_->thread, thread_name(trace_, finding_->thread), finding_->stack);
    }
    for (const std::string& weak : weak_memory_texts(trace_, style_.language, style_.full)) {
      for (std::string& line : wrap(weak)) lines.push_back(std::move(line));
    }
    const std::string lost = lost_update_text(trace_, *finding_, style_.language);
    if (!lost.empty()) {
      for (std::string& line : wrap(lost)) lines.push_back(std::move(line));
      const TraceStep& write = trace_.steps[find_lost_update(trace_, *finding_)->write];
      quote(lines, user_frame(trace_, write.place, write.stack));
    }
    return lines;
  }

  Lines why() const {
    if (finding_ == nullptr) return {};
    return wrap(say(style_.language, Message::label_why, why_text()));
  }

  Lines picture(std::size_t line_count) const {
    const std::size_t row_count = std::max(line_count, kRowsMin + 1) - 1;
    const std::vector<Row> rows =
        style_.full ? all_rows(trace_, finding_) : choose_rows(trace_, finding_, row_count);
    if (rows.empty()) return {};
    const std::size_t columns = style_.width >= 80 ? 4 : 2;
    return draw_table(trace_, rows, choose_columns(trace_, finding_, rows, columns), style_);
  }

  std::string cut(std::string_view text) const { return shorten(text, style_.width); }

  /// Breaks between words; continuation lines are indented.
  Lines wrap(const std::string& text) const {
    Lines lines(1);
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = std::min(text.find(' ', begin), text.size());
      const std::string word = text.substr(begin, end - begin);
      const std::size_t used = display_width(lines.back());
      if (used != 0 && used + 1 + display_width(word) > style_.width) lines.emplace_back("    ");
      if (!lines.back().empty() && lines.back().back() != ' ') lines.back() += ' ';
      lines.back() += word;
      begin = end + 1;
    }
    return lines;
  }

 private:
  /// A heap block takes too many words for the title.
  bool has_memory_line() const {
    return finding_ != nullptr && finding_->memory_size != 0 &&
           !memory_text(trace_, *finding_, style_.language).empty();
  }

  /// A status that says "wrong" is explained by the update that was lost, if one was.
  std::string why_text() const {
    const auto lost = find_lost_update(trace_, *finding_);
    if (lost && finding_->code == FindingCode::exit_status) {
      return say(style_.language,
                 lost->looked_again ? Message::why_outdated_check : Message::why_lost_update);
    }
    return finding_why(*finding_, style_.language);
  }

  /// Of a deadlock: it is not among those who wait.
  bool has_ended(ThreadId thread) const {
    for (const FindingAccess& access : finding_->accesses) {
      if (access.thread == thread) return false;
    }
    return true;
  }

  /// Of a deadlock: it is among those who wait.
  bool task_waits(TaskId task) const {
    for (const FindingAccess& access : finding_->accesses) {
      if (access.task == task) return true;
    }
    return false;
  }

  /// A task, other than the one that a thread runs.
  std::string task_fact(const FindingAccess& access) const {
    const Language language = style_.language;
    if (access.operation == Operation::task_forget) {
      return say(language, Message::task_never_ran, task_name(trace_, access.task, language));
    }
    const std::string task = task_label(trace_, access.task, language);
    if (access.operation == Operation::task_throw) {
      const std::string after = awaited(trace_, access);
      return after.empty() ? say(language, Message::task_threw, task)
                           : say(language, Message::task_threw_after, task, after);
    }
    if (access.operation == Operation::task_create) {
      return say(language, Message::task_not_begun, task);
    }
    if (access.holder_task != kNoTask) {
      const Message held =
          task_waits(access.holder_task) ? Message::task_awaits_held : Message::task_awaits_ended;
      return say(language, held, task, object_name(trace_, access.object),
                 task_label(trace_, access.holder_task, language));
    }
    const std::string what = awaited(trace_, access);
    return what.empty() ? say(language, Message::task_awaits_something, task)
                        : say(language, Message::task_awaits, task, what);
  }

  /// Of a deadlock: the thread waits for what its tasks await.
  bool runs_a_loop(const FindingAccess& access) const {
    if (access.operation != Operation::poll) return false;
    for (const FindingAccess& other : finding_->accesses) {
      if (is_of_task(other.operation) && other.thread == access.thread) return true;
    }
    return false;
  }

  std::string fact_text(const FindingAccess& access) const {
    if (is_of_task(access.operation)) return task_fact(access);
    const std::string thread = worker_name(trace_, access.thread, access.task, style_.language);
    const Language language = style_.language;
    if (runs_a_loop(access)) return say(language, Message::waits_loop, thread);
    if (finding_->code == FindingCode::leak) {
      const std::string what = access.operation == Operation::create
                                   ? thread_name(trace_, access.holder)
                                   : say(language, Message::access_bytes, access.size);
      return fmt::format("{} {} {}", thread, verb(access.operation, language), what);
    }
    if (is_about_memory(finding_->code)) {
      if (access.size == 0) {  // a whole object, a lock for one
        return fmt::format("{} {} {}", thread, verb(access.operation, language),
                           address_name(trace_, access.address, language));
      }
      const std::string size = access.atomic ? say(language, Message::access_atomic)
                                             : say(language, Message::access_bytes, access.size);
      return fmt::format("{} {} {} ({})", thread, verb(access.operation, language),
                         address_name(trace_, access.address, language), size);
    }
    const bool joins = access.operation == Operation::join;
    if (joins && access.holder != kNoThread) {
      return say(language, Message::waits_for_thread, thread, thread_name(trace_, access.holder));
    }
    if (goes_round(access.operation)) {
      return access.object == kNoObject
                 ? say(language, Message::goes_round, thread)
                 : say(language, Message::looks_at, thread, object_name(trace_, access.object));
    }
    if (access.operation == Operation::wait_signal) {
      return say(language, Message::waits_signal, thread);
    }
    if (access.operation == Operation::wait_process) {
      return say(language, Message::waits_process, thread);
    }
    if (access.object == kNoObject) return say(language, Message::waits, thread);
    const std::string object = object_name(trace_, access.object);
    switch (access.operation) {
      case Operation::fd_read: return say(language, Message::waits_read, thread, object);
      case Operation::fd_write: return say(language, Message::waits_write, thread, object);
      case Operation::fd_accept: return say(language, Message::waits_accept, thread, object);
      case Operation::fd_connect: return say(language, Message::waits_connect, thread, object);
      case Operation::fd_open: return say(language, Message::waits_open, thread, object);
      case Operation::poll: return say(language, Message::waits_poll, thread, object);
      default: break;
    }
    if (access.holder == kNoThread) return say(language, Message::waits_for, thread, object);
    if (has_ended(access.holder)) {
      return say(language, Message::waits_for_ended, thread, object,
                 thread_name(trace_, access.holder));
    }
    return say(language, Message::waits_for_held, thread, object,
               thread_name(trace_, access.holder));
  }

  void fact(Lines& lines, ThreadId thread, const std::string& text, std::uint32_t stack,
            bool awaits = false) const {
    std::string chain;
    if (stack < trace_.stacks.size()) {
      chain = call_chain(trace_, awaits ? coroutines_of(trace_, stack) : trace_.stacks[stack]);
      if (chain.empty()) chain = stack_text(trace_, stack);
    }
    if (chain.empty() && finding_->accesses.empty()) return;  // a bare name tells nothing
    const std::string start = shorten(text, style_.width);
    std::string line = paint_thread(style_, thread, start);
    const std::size_t used = display_width(start);
    if (!chain.empty() && used + 12 < style_.width) {
      line += "  " + shorten(chain, style_.width - used - 2);
    }
    lines.push_back(line);
    if (finding_->accesses.size() <= 2 || style_.full) {
      quote(lines, user_frame(trace_, kNoIndex, stack));
    }
  }

  /// The source line itself, where the file is at hand.
  void quote(Lines& lines, const SourceFrame* frame) const {
    if (frame == nullptr) return;
    const std::string source = source_line(frame->file, frame->line);
    if (source.empty()) return;
    const std::string gutter = fmt::format("{:>6} │ ", frame->line);
    const std::size_t room = style_.width - display_width(gutter);
    lines.push_back(paint(style_, Paint::dim, gutter) + shorten(printable(source), room));
  }

  const Trace& trace_;
  const Finding* finding_;
  const TextStyle& style_;
};

void append(Lines& to, const Lines& from) { to.insert(to.end(), from.begin(), from.end()); }

Lines blind_lines(const Summary& summary, const TextStyle& style, std::size_t count) {
  Lines lines;
  std::vector<Message> advice;
  std::size_t said = 0;
  for (const BlindCall& call : summary.blind) {
    if (said == count && !style.full) break;
    ++said;
    lines.push_back(shorten(blind_text(call, style.language), style.width));
    const Message what_to_do = blind_advice(call);
    if (std::find(advice.begin(), advice.end(), what_to_do) == advice.end()) {
      advice.push_back(what_to_do);
    }
  }
  if (said < summary.blind.size()) {
    lines.push_back(say(style.language, Message::blind_more, summary.blind.size() - said));
  }
  for (const Message what_to_do : advice) {
    lines.push_back(shorten(text_of(what_to_do, style.language), style.width));
  }
  return lines;
}

std::string replay_line(const Trace& trace, const std::string& path, const TextStyle& style) {
  if (path.empty()) return say(style.language, Message::label_not_saved);
  if (!trace.check.empty()) {
    return say(style.language, Message::label_replay_check, c_text(path), c_text(trace.check));
  }
  // Never shortened: it is to be copied.
  return say(style.language, Message::label_replay,
             paint(style, Paint::bold, "trama replay " + shell_word(path)));
}

/// One line for each finding after the first, with its own way to replay it.
Lines other_lines(const std::vector<ReportedTrace>& traces, const TextStyle& style) {
  Lines lines;
  for (std::size_t i = 1; i < traces.size(); ++i) {
    const Trace& trace = traces[i].trace;
    if (trace.findings.empty()) continue;
    if (lines.size() >= kOthersMax && !style.full) {
      lines.push_back(say(style.language, Message::label_also_more, traces.size() - i));
      break;
    }
    const Finding& finding = trace.findings.front();
    const std::string command =
        traces[i].path.empty() ? "" : "  trama replay " + shell_word(traces[i].path);
    const std::string text = say(style.language, Message::label_also, to_text(finding.code),
                                 finding_brief(trace, finding, style.language));
    const std::size_t used = display_width(command);
    const std::size_t room = used + 30 < style.width ? style.width - used : style.width;
    lines.push_back(shorten(text, room) + (room < style.width ? command : ""));
    if (room == style.width && !command.empty()) lines.push_back(" " + command);
  }
  return lines;
}

/// "PROG: what": where that is too long, the beginning of the program's path goes.
std::string program_line(const std::string& program, const std::string& what, std::size_t width) {
  const std::size_t used = display_width(what) + 2;
  const std::size_t room = std::max<std::size_t>(width > used ? width - used : 0, 12);
  return fmt::format("{}: {}", shorten_left(printable(program), room), what);
}

std::string second_line(const Summary& summary, const Trace& trace, Language language,
                        std::size_t width) {
  if (summary.command == "replay") return verdict_line(summary, language);
  const Finding& finding = trace.findings.front();
  return program_line(summary.program,
                      say(language, Message::verdict_finding, to_text(finding.code),
                          trace.execution, summary.executions, summary.seed),
                      width);
}

Lines finding_report(const Summary& summary, const std::vector<ReportedTrace>& traces,
                     const TextStyle& style) {
  const ReportedTrace& first = traces.front();
  const Screen screen(first.trace, style);
  Lines above = screen.head(second_line(summary, first.trace, style.language, style.width));
  above.emplace_back();
  Lines below{""};
  append(below, screen.facts());
  append(below, screen.why());
  if (lacks_lines(first.trace))
    below.emplace_back(screen.cut(text_of(Message::label_no_debug, style.language)));
  if (summary.stopped) below.push_back(say(style.language, Message::note_stopped));
  append(below, other_lines(traces, style));
  append(below, blind_lines(summary, style, 1));
  below.push_back(replay_line(first.trace, first.path, style));
  const std::size_t used = above.size() + below.size();
  const std::size_t room = style.lines > used ? style.lines - used : 0;
  Lines lines = std::move(above);
  const Lines picture = screen.picture(room);
  append(lines, picture);
  if (picture.empty()) lines.pop_back();  // one blank line is enough
  if (picture.size() < room && !style.full && !first.path.empty()) {
    below.insert(below.end() - 1, say(style.language, Message::label_again,
                                      "trama show --full " + shell_word(first.path)));
  }
  append(lines, below);
  return lines;
}

}  // namespace

std::string text_report(const Summary& summary, const std::vector<ReportedTrace>& traces,
                        const TextStyle& style) {
  if (summary.listed) return list_text(summary, style);
  if (!traces.empty() && !traces.front().trace.findings.empty()) {
    return join(finding_report(summary, traces, style));
  }
  const bool good = summary.verdict == Verdict::sampled || summary.verdict == Verdict::verified ||
                    summary.verdict == Verdict::replayed;
  Lines lines{
      paint(style, good ? Paint::good : Paint::bold, verdict_line(summary, style.language))};
  if (summary.verdict == Verdict::diverged && !summary.message.empty()) {
    lines.push_back(summary.message);
  }
  if (!summary.checkpoint.empty()) {
    lines.push_back(say(style.language, Message::label_checkpoint, summary.checkpoint));
    lines.push_back(say(style.language, Message::label_resume, summary.resume_command));
  }
  append(lines, blind_lines(summary, style, kBlindMax));
  return join(lines);
}

std::string text_show(const Trace& trace, const std::string& path, const TextStyle& style) {
  const Screen screen(trace, style);
  const std::string what =
      trace.findings.empty()
          ? say(style.language, Message::no_finding, trace.steps.size(), trace.threads.size())
          : say(style.language, Message::head_where, trace.execution, trace.seed);
  const std::string where = program_line(trace.program, what, style.width);
  Lines above = screen.head(where);
  above.emplace_back();
  Lines below{""};
  append(below, screen.facts());
  append(below, screen.why());
  if (lacks_lines(trace) && trace.check.empty())
    below.emplace_back(screen.cut(text_of(Message::label_no_debug, style.language)));
  if (!trace.complete)
    below.emplace_back(screen.cut(text_of(Message::label_incomplete, style.language)));
  if (!style.full) {
    below.push_back(
        say(style.language, Message::label_again, "trama show --full " + shell_word(path)));
  }
  below.push_back(replay_line(trace, path, style));
  const std::size_t used = above.size() + below.size();
  Lines lines = std::move(above);
  const Lines picture = screen.picture(style.lines > used ? style.lines - used : 0);
  append(lines, picture);
  if (picture.empty()) lines.pop_back();
  append(lines, below);
  return join(lines);
}

}  // namespace trama

// Session: the whole program explored, on behalf of the command line.
//
// __libc_start_main hands us the program's main. Instead of calling it once, the session
// runs it again and again, each time from the same state, and tells the command line what it
// found (trace/session.hpp says how they talk). It never returns to libc.
#include "runtime/session.hpp"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <unwind.h>

#include "event/io_fault.hpp"
#include "explore/strategies.hpp"
#include "explore/trace_guide.hpp"
#include "runtime/engine.hpp"
#include "runtime/exit_handlers.hpp"
#include "runtime/late_statics.hpp"
#include "runtime/modules.hpp"
#include "runtime/output.hpp"
#include "runtime/program_memory.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/quiet_streams.hpp"
#include "runtime/real.hpp"
#include "runtime/recorder.hpp"
#include "runtime/rewind.hpp"
#include "runtime/saved_schedule.hpp"
#include "runtime/session_fork.hpp"
#include "runtime/session_replay.hpp"
#include "runtime/signals.hpp"
#include "runtime/survey.hpp"
#include "runtime/text.hpp"
#include "runtime/weak_atomic.hpp"
#include "trace/format.hpp"

namespace trama::runtime {
namespace {

using Main = int (*)(int, char**, char**);

struct Program {
  Main main = nullptr;
  int argument_count = 0;
  char** arguments = nullptr;
};
Program g_program;

/// The arguments as they were given: programs permute them, and take theirs out.
std::vector<std::string>& given_arguments() {
  static auto* given = new std::vector<std::string>;
  return *given;
}

/// Answers from a schedule as far as it goes, then asks a strategy: an execution that was
/// broken off is taken to where it was, and on from there.
class Resumed final : public Strategy {
 public:
  Resumed(const Schedule& prefix, Strategy& rest) : prefix_(prefix), rest_(rest) {}
  [[nodiscard]] const char* name() const override { return rest_.name(); }
  bool begin() override { return true; }
  Alternative choose(const ChoicePoint& point) override {
    return next_ < prefix_.size() ? Alternative{prefix_[next_++]} : rest_.choose(point);
  }

 private:
  const Schedule& prefix_;
  Strategy& rest_;
  std::uint64_t next_ = 0;
};

/// What is known of a trace's steps beyond what they do holds for their replay.
void copy_cures(const Trace& from, Trace& to) {
  for (std::size_t i = 0; i < from.steps.size() && i < to.steps.size(); ++i) {
    to.steps[i].cures = from.steps[i].cures;
  }
}

}  // namespace

void* run_program(void*) {
  construct_late(g_program.argument_count, g_program.arguments, environ);
  const int status = g_program.main(g_program.argument_count, g_program.arguments, environ);
  exit_execution(status, 0);
}

Session::Session(Link& link)
    : link_(link),
      forked_(link.options().isolate == "fork"),
      schedule_(map_schedule(link.options().max_steps)) {
  if (forked_) use_fork("--isolate=fork");
}

void Session::run() {
  if (link_.replay() != nullptr) {
    replay(*link_.replay());
  } else if (link_.options().verify) {
    verify();
  } else {
    explore();
  }
}

ExecutionResult Session::execute(Strategy& strategy) {
  engine().history.learn();
  if (record_at_once()) {
    ExecutionResult result = take_recorded(strategy);
    if (must_fork()) {
      const SavedSchedule prefix(schedule_);
      Resumed resumed(prefix.get(), strategy);
      result = take_recorded(resumed);
    }
    recorded_ = true;
    rewind();
    return result;
  }
  ExecutionResult result = take(strategy, mode(nullptr));
  if (result.end == EndReason::busy) {
    rewind();
    engine().visible.turn = Visible::kTurn;
    result = take(strategy, mode(nullptr));
  }
  if (must_fork()) {
    const SavedSchedule prefix(schedule_);
    Resumed resumed(prefix.get(), strategy);
    result = take(resumed, mode(nullptr));
  }
  if (g_stalled) ++stall_count_;
  g_stalled = false;
  // By libc itself, for a call that blind.cpp does not know; the loader cannot be rewound.
  if (!forked_ && modules_were_added()) {
    link_.fail(
        "the program made libc load a library while it ran, which cannot be rewound within "
        "one process: use --isolate=%s",
        "fork");
  }
  rewind();
  return result;
}

void Session::report(std::uint64_t execution, const char* strategy, bool race) {
  if (recorded_) return;
  const SavedSchedule saved(schedule_);
  ScheduleReplay again(saved.get());
  again.begin();
  const QuietStreams quiet;
  if (forked_) {
    fork_recorded([&] { record(again, execution, strategy, race); });
  } else {
    record(again, execution, strategy, race);
    rewind();
  }
  saved.give_back(schedule_);  // an execution may be reported twice: its race, and its end
}

RunMode Session::mode(Recorder* recorder) const {
  RunMode mode;
  mode.recorder = recorder;
  mode.step_count_max = link_.options().max_steps;
  mode.seed = link_.options().seed;
  mode.allowances = allowances_of(link_.options());
  mode.loop_limit_ns = link_.options().loop_limit_ms * 1000000;
  return mode;
}

bool Session::record_at_once() const {
  return link_.record_always() || (link_.options().executions == 1 && link_.input_is_terminal());
}

ExecutionResult Session::take(Strategy& strategy, const RunMode& mode) {
  if (forked_) {
    return fork_execution(
        schedule_, [&] { return run_execution(strategy, schedule_, mode, &run_program, nullptr); });
  }
  return run_execution(strategy, schedule_, mode, &run_program, nullptr);
}

ExecutionResult Session::take_recorded(Strategy& strategy) {
  const auto once = [&] {
    Recorder recorder;
    RunMode how = mode(&recorder);
    how.log_blocks = true;  // there is no second run, made for what was found
    const ExecutionResult result = run_execution(strategy, schedule_, how, &run_program, nullptr);
    if (fork_needed() != nullptr && !forked_) return result;  // broken off: taken again
    add_finding(recorder, result.raced && !result.failed);
    if (link_.record_always() || result.failed || result.raced) {
      write(recorder, 1, strategy.name());
    }
    return result;
  };
  return forked_ ? fork_execution(schedule_, once) : once();
}

bool Session::must_fork() {
  if (fork_needed() == nullptr || forked_) return false;
  rewind();
  if (link_.options().isolate == "snapshot") {
    link_.fail(
        "the program calls %s, which cannot be rewound within one process: use "
        "--isolate=fork",
        fork_needed());
  }
  use_fork(fork_needed());
  return true;
}

void Session::rewind() {
  if (!forked_)
    restore_process();
  else
    rewind_streams();
}

void Session::use_fork(const char* reason) {
  forked_ = true;
  set_forked();
  link_.tell_isolation(reason);
}

std::uint64_t Session::telling_memory(Strategy& again) {
  const Failure failed = engine().failure;
  Survey survey;
  RunMode how = mode(nullptr);
  how.survey = &survey;
  run_execution(again, schedule_, how, &run_program, nullptr);
  rewind();
  again.begin();
  engine().failure = failed;
  return survey.best();
}

void Session::record(Strategy& again, std::uint64_t execution, const char* strategy, bool race) {
  const FindingCode code = engine().failure.code;
  const bool by_value = code == FindingCode::exit_status || code == FindingCode::assert_failed;
  std::uint64_t telling = 0;
  if (!race && by_value && !engine().first_race.present && !forked_) {
    telling = telling_memory(again);
  }
  Recorder recorder;
  RunMode how = mode(&recorder);
  const RaceSeen seen = engine().first_race;
  how.watched_address = telling;
  // Also where a failure is told that came with a race: what the race did is its story.
  if (seen.present) how.watched_address = seen.race.address & ~(Visible::kGranule - 1);
  if (!race && engine().failure.address != 0) {
    how.watched_address = engine().failure.address & ~(Visible::kGranule - 1);
  }
  how.stop_at_race = race;
  how.log_blocks = !race && engine().failure.code == FindingCode::leak;
  const Failure failed = engine().failure;
  run_execution(again, schedule_, how, &run_program, nullptr);
  add_finding(recorder, race);
  if (!race && failed.code == FindingCode::leak && recorder.trace().findings.empty()) {
    // What recording leaves on the stacks of threads that live looked like a pointer to it.
    Finding finding;
    finding.code = failed.code;
    finding.reason = failed.reason;
    finding.detail = failed.detail;
    finding.thread = failed.thread;
    recorder.trace().findings.push_back(finding);
  }
  if (recorder.trace().findings.empty()) {
    link_.fail(
        "a finding of %s did not come again when its execution was repeated: the program "
        "depends on something that Trama does not control; see trama doctor",
        link_.program());
  }
  learn_places(recorder.trace());
  write(recorder, execution, strategy);
}

void Session::learn_places(const Trace& trace) {
  if (trace.findings.empty() || trace.findings[0].code != FindingCode::race) return;
  for (const FindingAccess& access : trace.findings[0].accesses) {
    if (access.atomic || access.step == kNoIndex) continue;
    const std::uint64_t pc = trace.steps[access.step].event.pc;
    if (pc != 0) link_.add_race_place(pc);
  }
}

void Session::write(Recorder& recorder, std::uint64_t execution, const char* strategy) {
  Trace& trace = recorder.trace();
  trace.program = link_.program();
  trace.arguments = given_arguments();
  trace.build_id = modules()[0].description.build_id;
  trace.strategy = strategy;
  trace.seed = link_.options().seed;
  trace.execution = execution;
  trace.visible = visible_to_text();
  for (TraceStep& step : trace.steps) step.event.pc = 0;
  std::string text;
  write_trace(trace, text);
  link_.write_output(text);
}

void Session::explore() {
  const auto strategy = make_strategy(link_.options());
  if (strategy == nullptr) {
    link_.fail("there is no strategy \"%s\": use portfolio, random, pct or round-robin",
               link_.options().strategy.c_str());
  }
  set_memory_model(memory_model_from_text(link_.options().model).value_or(MemoryModel::rc11));
  HuntProgress progress;
  hunt(*this, *strategy, link_.options(), progress, [&](const HuntProgress& now) {
    link_.tell_progress(now);
    for (const std::uint64_t pc : link_.take_race_places()) engine().visible.places.insert(pc);
  });
  link_.tell_progress(progress);
  link_.tell_exit_status(engine().exit_status);
  const bool short_of_all = progress.stopped || progress.step_limited_count != 0;
  link_.end(progress.finding_count != 0 ? SessionVerdict::finding
            : short_of_all              ? SessionVerdict::incomplete
                                        : SessionVerdict::sampled);
}

bool Session::ended_early(TraceReplay& follow, const Trace& trace) {
  const TraceStep* next = follow.expected();
  if (next == nullptr || !trace.complete) return false;
  std::string message = "expected: ";
  append_thread(message, next->event.thread);
  message += ' ';
  message += to_text(next->event.operation);
  message += " at expected-place ";
  append_number(message, next->place);
  message += "\nfound: the end of the execution\n";
  link_.tell_message(message);
  return true;
}

void Session::replay(const Trace& trace) {
  visible_from_text(trace.visible);
  const bool same_build = trace.build_id == modules()[0].description.build_id;
  TraceReplay follow(trace, same_build);
  follow.begin();
  TraceCheck check(follow);
  TraceGuide guide(trace, follow, &read_memory);
  if (TraceGuide::is_needed(trace)) {
    scheduler().set_guide(&guide);
  } else {
    set_memory_model(memory_model_from_text(trace.model).value_or(MemoryModel::sc));
    engine().history.watch_all(true);
  }
  engine().find_leaks = !trace.findings.empty() && trace.findings[0].code == FindingCode::leak;
  const bool race = !trace.findings.empty() && trace.findings[0].code == FindingCode::race;
  const auto once = [&] {
    Recorder recorder;
    recorder.follow(&check);
    RunMode how = mode(&recorder);
    how.seed = trace.seed;
    how.allowances = Allowances::unlimited();
    how.loop_limit_ns = loop_limit_in(trace);
    how.watched_address = watched_in(trace);
    how.stop_at_race = race;
    how.log_blocks = engine().find_leaks;
    const ExecutionResult result = run_execution(follow, schedule_, how, &run_program, nullptr);
    link_.tell_exit_status(engine().exit_status);
    if (!recorder.divergence().empty()) {
      link_.tell_message(recorder.divergence());
      link_.tell_verdict(SessionVerdict::diverged);
    } else if (ended_early(follow, trace)) {
      link_.tell_verdict(SessionVerdict::diverged);
    } else if (result.failed || (race && result.raced)) {
      add_finding(recorder, race);
      recorder.trace().model = trace.model;
      copy_cures(trace, recorder.trace());
      write(recorder, trace.execution, trace.strategy.c_str());
      link_.tell_verdict(SessionVerdict::finding);
    } else {
      link_.tell_verdict(SessionVerdict::replayed);
    }
  };
  if (forked_) {
    fork_recorded(once);
  } else {
    once();
    // A trace made by forked executions may do what needs a process of its own.
    if (fork_needed() != nullptr) {
      restore_process();
      use_fork(fork_needed());
      follow.begin();
      guide.begin();
      fork_recorded(once);
    }
  }
  link_.finish();
}

namespace {

/// The unwinder fills a table at its first use, once. Who records an execution uses it before the
/// program does, which must make no difference: so it is done before all executions.
void begin_unwinder() {
  using Visit = _Unwind_Reason_Code (*)(_Unwind_Context*, void*);
  using Backtrace = _Unwind_Reason_Code (*)(Visit, void*);
  static auto* backtrace = reinterpret_cast<Backtrace>(find_unwinder("_Unwind_Backtrace"));
  if (backtrace == nullptr) return;
  backtrace([](_Unwind_Context*, void*) { return _URC_END_OF_STACK; }, nullptr);
}

int explore_program(int count, char** arguments, char** environment) {
  static_cast<void>(environment);
  statics_are_constructed();
  g_program.argument_count = count;
  g_program.arguments = arguments;
  for (int i = 1; i < count; ++i) given_arguments().emplace_back(arguments[i]);
  start_engine();
  engine().session = true;
  Link link;
  engine().find_leaks = link.options().leaks;
  engine().network_real = link.options().network == "real";
  engine().fault_kinds = io_faults_from(link.options().io_faults).value_or(IoFaults{}).kinds;
  start_signals(link.options().stall_s);
  // The strings of the arguments and the environment stand on the stack the process began
  // with; the program may write there.
  char** last = environ;
  char* high = reinterpret_cast<char*>(arguments + count + 1);
  for (; *last != nullptr; ++last) {
    if (*last > high && *last < high + (1U << 21U)) high = *last + strlen(*last) + 1;
  }
  add_segment(arguments, high);
  engine().fibers.reserve(16);
  const bool graphs =
      link.options().verify || (link.replay() != nullptr && TraceGuide::is_needed(*link.replay()));
  if (graphs) begin_unwinder();
  snapshot_process();
  Session session(link);
  session.run();
  __builtin_unreachable();
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;

extern "C" __attribute__((visibility("default"))) int __libc_start_main(
    int (*main)(int, char**, char**), int count, char** arguments, void (*init)(), void (*fini)(),
    void (*loader_fini)(), void* stack_end) {
  using Signature =
      int (*)(int (*)(int, char**, char**), int, char**, void (*)(), void (*)(), void (*)(), void*);
  static auto* real = reinterpret_cast<Signature>(find_real("__libc_start_main"));
  if (getenv(trama::kSessionVariable) == nullptr) {
    return real(main, count, arguments, init, fini, loader_fini, stack_end);
  }
  g_program.main = main;
  begin_statics(arguments);
  return real(&explore_program, count, arguments, init, fini, loader_fini, stack_end);
}

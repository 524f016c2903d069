// Session: the whole program explored, on behalf of the command line.
//
// __libc_start_main hands us the program's main. Instead of calling it once, the session
// runs it again and again, each time from the same state, and tells the command line what it
// found (trace/session.hpp says how they talk). It never returns to libc.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <unwind.h>

#include <algorithm>

#include "base/check.hpp"
#include "event/io_fault.hpp"
#include "explore/graph_guide.hpp"
#include "explore/hunt.hpp"
#include "explore/strategies.hpp"
#include "explore/strengthen.hpp"
#include "explore/trace_guide.hpp"
#include "runtime/engine.hpp"
#include "runtime/exit_handlers.hpp"
#include "runtime/heap.hpp"
#include "runtime/late_statics.hpp"
#include "runtime/modules.hpp"
#include "runtime/output.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/real.hpp"
#include "runtime/recorder.hpp"
#include "runtime/rewind.hpp"
#include "runtime/run.hpp"
#include "runtime/saved_schedule.hpp"
#include "runtime/session_fork.hpp"
#include "runtime/session_link.hpp"
#include "runtime/session_list.hpp"
#include "runtime/session_refusal.hpp"
#include "runtime/session_replay.hpp"
#include "runtime/session_workers.hpp"
#include "runtime/signals.hpp"
#include "runtime/survey.hpp"
#include "runtime/syscall.hpp"
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

Word read_memory(std::uint64_t address, unsigned size) {
  Word word;
  memcpy(static_cast<void*>(&word), reinterpret_cast<const void*>(address), size);
  return word;
}

void* run_program(void*) {
  construct_late(g_program.argument_count, g_program.arguments, environ);
  const int status = g_program.main(g_program.argument_count, g_program.arguments, environ);
  exit_execution(status, 0);
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

/// Says of each load that read an older store, of each store that came behind a newer one, which
/// orders would forbid it.
void add_cures(Recorder& recorder, const GraphGuide& guide, MemoryModel model) {
  constexpr unsigned kMost = 4;  // those that a report has room for
  Trace& trace = recorder.trace();
  unsigned count = 0;
  for (const Recorder::NodeStep& at : recorder.node_steps()) {
    if (at.node >= kInitialStore || trace.steps[at.step].newer == kNoIndex) continue;
    if (++count > kMost) return;
    TraceStep& step = trace.steps[at.step];
    for (const Strengthening& one : find_strengthening(guide.search().graph(), model, at.node)) {
      for (const Recorder::NodeStep& other : recorder.node_steps()) {
        if (other.node == one.node) step.cures.push_back({other.step, one.order});
      }
    }
    std::sort(step.cures.begin(), step.cures.end(),
              [](const TraceCure& a, const TraceCure& b) { return a.step < b.step; });
  }
}

/// Whether a failure that was recorded is the one that was found. Only of recorded executions it is
/// said whether a wake-up was lost.
bool is_same(const Failure& found, const Failure& recorded) {
  const auto waits = [](FindingCode code) {
    return code == FindingCode::deadlock || code == FindingCode::lost_wakeup;
  };
  if (waits(found.code)) return waits(recorded.code);
  return found.code == recorded.code && found.thread == recorded.thread;
}

/// What is known of a trace's steps beyond what they do holds for their replay.
void copy_cures(const Trace& from, Trace& to) {
  for (std::size_t i = 0; i < from.steps.size() && i < to.steps.size(); ++i) {
    to.steps[i].cures = from.steps[i].cures;
  }
}

class Session final : public HuntHost {
 public:
  explicit Session(Link& link)
      : link_(link),
        forked_(link.options().isolate == "fork"),
        schedule_(map_schedule(link.options().max_steps)) {
    if (forked_) use_fork("--isolate=fork");
  }

  void run() {
    if (link_.replay() != nullptr) {
      replay(*link_.replay());
    } else if (link_.options().verify) {
      verify();
    } else {
      explore();
    }
  }

  ExecutionResult execute(Strategy& strategy) override {
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

  void report(std::uint64_t execution, const char* strategy, bool race) override {
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

  void make_races_visible() override { make_race_places_visible(); }
  /// Three executions that stood still for good reason to think that all will: they wait
  /// somewhere that is not under control.
  bool should_stop() override { return link_.should_stop() || stall_count_ >= kStallCountMax; }

 private:
  /// While an execution is only repeated, its output goes nowhere.
  class QuietStreams {
   public:
    QuietStreams() {
      const int nowhere =
          static_cast<int>(raw_syscall(SYS_open, reinterpret_cast<long>("/dev/null"), O_WRONLY));
      for (int i = 1; i <= 2; ++i) {
        kept_[i] = keep_own(i);
        if (nowhere >= 0) raw_syscall(SYS_dup2, nowhere, i);
      }
      if (nowhere >= 0) raw_syscall(SYS_close, nowhere);
    }
    ~QuietStreams() {
      for (int i = 1; i <= 2; ++i) {
        if (kept_[i] < 0) continue;
        raw_syscall(SYS_dup2, kept_[i], i);
        close_own(kept_[i]);
      }
    }
    QuietStreams(const QuietStreams&) = delete;
    QuietStreams& operator=(const QuietStreams&) = delete;

   private:
    int kept_[3] = {-1, -1, -1};
  };

  RunMode mode(Recorder* recorder) const {
    RunMode mode;
    mode.recorder = recorder;
    mode.step_count_max = link_.options().max_steps;
    mode.seed = link_.options().seed;
    mode.allowances = allowances_of(link_.options());
    mode.loop_limit_ns = link_.options().loop_limit_ms * 1000000;
    return mode;
  }

  /// Input that cannot be read twice: the one execution is recorded as it happens.
  [[nodiscard]] bool record_at_once() const {
    return link_.record_always() || (link_.options().executions == 1 && link_.input_is_terminal());
  }

  ExecutionResult take(Strategy& strategy, const RunMode& mode) {
    if (forked_) {
      return fork_execution(schedule_, [&] {
        return run_execution(strategy, schedule_, mode, &run_program, nullptr);
      });
    }
    return run_execution(strategy, schedule_, mode, &run_program, nullptr);
  }

  /// The same, recorded as it happens.
  ExecutionResult take_recorded(Strategy& strategy) {
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

  /// After an execution that was broken off, since one process cannot take it back: from here on
  /// each has a process of its own.
  bool must_fork() {
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

  void rewind() {
    if (!forked_)
      restore_process();
    else
      rewind_streams();
  }

  void use_fork(const char* reason) {
    forked_ = true;
    set_forked();
    link_.tell_isolation(reason);
  }

  /// The memory of an execution that went wrong without a race, if one granule stands out.
  std::uint64_t telling_memory(Strategy& again) {
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

  void record(Strategy& again, std::uint64_t execution, const char* strategy, bool race) {
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

  /// Both sides of the race are choice points in the search for its consequence.
  void learn_places(const Trace& trace) {
    if (trace.findings.empty() || trace.findings[0].code != FindingCode::race) return;
    for (const FindingAccess& access : trace.findings[0].accesses) {
      if (access.atomic || access.step == kNoIndex) continue;
      const std::uint64_t pc = trace.steps[access.step].event.pc;
      if (pc != 0) link_.add_race_place(pc);
    }
  }

  void write(Recorder& recorder, std::uint64_t execution, const char* strategy) {
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

  /// The execution was over before the trace was: tells what should have come.
  bool ended_early(TraceReplay& follow, const Trace& trace);

  void explore();
  void verify();
  [[noreturn]] void tell_divergence(const GraphGuide::Divergence& divergence);
  void tell_counterexample(GraphGuide& guide, MemoryModel model, const ExecutionResult& result,
                           std::uint64_t execution);
  void replay(const Trace& trace);

  static constexpr unsigned kStallCountMax = 3;

  Link& link_;
  unsigned stall_count_ = 0;
  bool forked_;
  bool recorded_ = false;
  Schedule schedule_;
};

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

void Session::tell_divergence(const GraphGuide::Divergence& divergence) {
  std::string what;
  append_thread(what, divergence.thread);
  what += divergence.impossible    ? " cannot do what it did when it was there before ("
          : divergence.other_place ? " does it to something else than before ("
                                   : " did something else when it was there before (";
  what += to_text(divergence.planned);
  if (divergence.planned != divergence.found) {
    what += "; now ";
    what += to_text(divergence.found);
  }
  what += ")";
  link_.fail(
      "the program is not the same in every execution: %s. It depends on something that "
      "Trama does not control: addresses, real time, random numbers; see trama doctor",
      what.c_str());
}

PreemptionBound preemption_bound_of(const Options& options) {
  Options number;  // read as any number is; "all" is none
  if (!set_option(number, "unroll", options.preemptions)) return PreemptionBound();
  return PreemptionBound(number.unroll);
}

void Session::verify() {
  const std::optional<MemoryModel> model = memory_model_from_text(link_.options().model);
  if (!model) {
    link_.fail("there is no memory model \"%s\": use sc, tso or rc11",
               link_.options().model.c_str());
  }
  if (forked_) {
    link_.fail("verify rewinds executions within one process, which %s does not allow",
               "--isolate=fork");
  }
  GraphGuide guide(*model, &read_memory, preemption_bound_of(link_.options()));
  guide.set_unroll(link_.options().unroll);
  scheduler().set_guide(&guide);
  std::optional<OutcomeList> outcomes;
  if (link_.options().list) outcomes.emplace();
  // Who asks for a list asks for one process: see cli/arguments.cpp.
  Workers workers(link_, guide, outcomes ? 1U : static_cast<unsigned>(link_.options().jobs));
  if (!workers.is_first()) schedule_ = map_schedule(link_.options().max_steps);
  Tally own;
  bool found = false;
  while ((!found || outcomes) && !workers.should_stop()) {
    if (workers.renew(guide)) own = Tally();
    if (!guide.begin()) {
      own.set(guide.search().counts());
      workers.note(own, guide.search());
      if (!workers.wait_for_part(guide.search())) break;
      continue;
    }
    if (!workers.may_run()) {
      guide.search().put_back();
      break;
    }
    const ExecutionResult result =
        run_execution(guide, schedule_, mode(nullptr), &run_program, nullptr);
    if (fork_needed() != nullptr) {
      link_.fail("verify cannot rewind a program that calls %s: use trama hunt", fork_needed());
    }
    const bool wrong = (result.raced || result.failed) && !guide.begins_again() &&
                       !guide.uncovered() && !guide.search().forbidden();
    if (!wrong && !guide.begins_again() && result.end == EndReason::stopped &&
        workers.should_stop()) {
      guide.search().put_back();
      rewind();
      break;
    }
    const std::uint64_t complete = guide.search().counts().complete;
    guide.finish(scheduler());
    if (outcomes && (wrong || guide.search().counts().complete != complete)) {
      outcomes->add(guide.search().graph(), result.raced, result.failed);
    }
    rewind();
    if (guide.begins_again()) {
      workers.begin_again(guide);
      found = false;
      if (outcomes) outcomes.emplace();
      continue;
    }
    ++own.executions;
    own.steps += result.step_count;
    if (result.end == EndReason::step_limit) ++own.step_limited;
    if (const std::string why = refusal_of(guide); !why.empty()) link_.fail("%s", why.c_str());
    if (guide.diverged()) tell_divergence(guide.divergence());
    own.set(guide.search().counts());
    workers.note(own, guide.search());
    if (workers.is_first()) link_.tell_tally(workers.total());
    found = found || wrong;
    if (!wrong || outcomes || !workers.claim_finding()) continue;
    tell_counterexample(guide, *model, result, workers.total().executions);
  }
  scheduler().set_guide(nullptr);
  workers.leave(guide);
  const Tally total = workers.total();
  link_.tell_tally(total);
  link_.tell_exit_status(engine().exit_status);
  if (outcomes) link_.write_output(outcomes->text());
  const bool short_of_all =
      workers.stopped() || total.broken != 0 || total.complete + total.blocked == 0;
  link_.end(found || workers.found() ? SessionVerdict::finding
            : short_of_all           ? SessionVerdict::incomplete
                                     : SessionVerdict::verified);
}

void Session::tell_counterexample(GraphGuide& guide, MemoryModel model,
                                  const ExecutionResult& result, std::uint64_t execution) {
  const QuietStreams quiet;
  const bool race = result.raced && !result.failed;
  const Failure failed = engine().failure;
  const RaceSeen seen = engine().first_race;
  // In the order that is simplest to follow; should the finding not come of it (memory that races
  // may hold something else then), in the order that it was found in.
  for (const bool simply : {true, false}) {
    if (simply) {
      guide.repeat_simply(race ? seen.race.current : failed.thread);
    } else {
      guide.repeat();
    }
    Recorder recorder;
    RunMode how = mode(&recorder);
    if (seen.present) how.watched_address = seen.race.address & ~(Visible::kGranule - 1);
    if (!race && failed.address != 0) {
      how.watched_address = failed.address & ~(Visible::kGranule - 1);
    }
    how.stop_at_race = race;
    how.log_blocks = !race && failed.code == FindingCode::leak;
    const ExecutionResult again = run_execution(guide, schedule_, how, &run_program, nullptr);
    const bool same = race ? again.raced : again.failed && is_same(failed, engine().failure);
    const bool told = same && !guide.diverged();
    if (told) {
      add_finding(recorder, race);
      recorder.trace().model = std::string(to_text(model));
      add_cures(recorder, guide, model);
    }
    rewind();
    if (told) return write(recorder, execution, "verify");
  }
  link_.fail(
      "a finding of %s did not come again when its execution was repeated: the program "
      "depends on something that Trama does not control; see trama doctor",
      link_.program());
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

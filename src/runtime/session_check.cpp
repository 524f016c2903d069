// trama::check and trama::verify: a function explored within a process that otherwise runs on its own.
//
// Executions are not rewound: the function begins from the same state because it makes its
// own. Only the calling thread's TLS is put back, since the function's thread_local objects
// are destroyed at the end of each execution.
#include <sys/mman.h>
#include <time.h>

#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "explore/graph_guide.hpp"
#include "explore/hunt.hpp"
#include "explore/strategies.hpp"
#include "explore/trace_guide.hpp"
#include "runtime/engine.hpp"
#include "runtime/memory_state.hpp"
#include "runtime/modules.hpp"
#include "runtime/program_memory.hpp"
#include "runtime/real.hpp"
#include "runtime/recorder.hpp"
#include "runtime/run.hpp"
#include "runtime/saved_schedule.hpp"
#include "runtime/session_refusal.hpp"
#include "runtime/session_replay.hpp"
#include "runtime/signals.hpp"
#include "runtime/syscall.hpp"
#include "runtime/tasks.hpp"
#include "runtime/weak_atomic.hpp"
#include "trace/format.hpp"
#include "trace/session.hpp"
#include "trama/detail/check_abi.hpp"

namespace trama::runtime {

void forget_claims();

namespace {

bool g_checking = false;
volatile bool g_time_up = false;
std::uint64_t g_deadline_ns = 0;

std::uint64_t wall_ns() {
  timespec now = {};
  raw_syscall(SYS_clock_gettime, CLOCK_MONOTONIC, reinterpret_cast<long>(&now));
  return static_cast<std::uint64_t>(now.tv_sec) * 1000000000U +
         static_cast<std::uint64_t>(now.tv_nsec);
}

void tick() {
  if (g_deadline_ns == 0 || wall_ns() < g_deadline_ns) return;
  g_time_up = true;
  if (g_active) scheduler().request_stop();
}

const char* name_of(FindingCode code) { return to_text(code).data(); }  // literals: terminated

class Check final : public HuntHost {
 public:
  Check(const trama_check_request& request, const Options& options, trama_check_report& report)
      : request_(request),
        options_(options),
        report_(report),
        schedule_(map_schedule(options.max_steps)),
        unrecorded_(mode(nullptr)) {}
  ~Check() override {
    munmap(const_cast<std::uint16_t*>(schedule_.data()),
           schedule_.capacity() * sizeof(std::uint16_t));
  }
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;

  ExecutionResult execute(Strategy& strategy) override {
    engine().history.learn();
    const ExecutionResult result = run(strategy, unrecorded_);
    if (result.end != EndReason::busy) return result;
    engine().visible.turn = Visible::kTurn;
    return run(strategy, unrecorded_);
  }

  void report(std::uint64_t execution, const char* strategy, bool race) override {
    const SavedSchedule saved(schedule_);
    ScheduleReplay again(saved.get());
    again.begin();
    record(again, execution, strategy, race);
    saved.give_back(schedule_);  // an execution may be reported twice: its race, and its end
  }

  void make_races_visible() override {
    for (const std::uint64_t pc : race_places_) engine().visible.places.insert(pc);
    race_places_.clear();
    make_race_places_visible();
  }
  bool should_stop() override { return g_time_up; }

  /// Every execution that the memory model allows, each once, until one fails.
  void verify(MemoryModel model) {
    set_memory_model(MemoryModel::sc);  // what loads read is the guide's to say
    GraphGuide guide(model, &read_memory, unseen_changes());
    scheduler().set_guide(&guide);
    SessionVerdict verdict = SessionVerdict::verified;
    for (;;) {
      const std::uint64_t most = request_.executions;
      if (should_stop() || (most != 0 && report_.executions >= most)) {
        verdict = SessionVerdict::incomplete;
        break;
      }
      if (!guide.begin()) break;
      const ExecutionResult result = run(guide, unrecorded_);
      if (result.end == EndReason::busy) {
        engine().visible.turn = Visible::kTurn;  // see Session::verify
        guide.search().put_back();
        continue;
      }
      guide.finish(scheduler());
      if (guide.begins_again()) continue;
      if (const std::string why = plain_refusal_of(guide); !why.empty()) {
        tell(why.c_str());
        verdict = SessionVerdict::error;
        break;
      }
      if (guide.diverged()) {
        tell(
            "the function did something else when it was in the same situation again: it must "
            "begin from the same state each time, and depend on nothing but its schedule");
        verdict = SessionVerdict::diverged;
        break;
      }
      ++report_.executions;
      report_.steps += result.step_count;
      if (result.end == EndReason::step_limit) ++report_.step_limited;
      if (!result.raced && !result.failed) continue;
      verdict = SessionVerdict::finding;
      guide.repeat();
      record(guide, report_.executions, "verify", tells_race(result), to_text(model));
      break;
    }
    scheduler().set_guide(nullptr);
    const GraphSearch::Counts& counts = guide.search().counts();
    report_.complete = counts.complete;
    report_.blocked = counts.blocked;
    const bool short_of_all = verdict == SessionVerdict::verified && counts.broken != 0;
    end(short_of_all ? SessionVerdict::incomplete : verdict);
  }

  void replay(const Trace& trace) {
    visible_from_text(trace.visible);
    set_memory_model(memory_model_from_text(trace.model).value_or(MemoryModel::sc));
    engine().history.watch_all(true);
    TraceReplay follow(trace, trace.build_id == modules()[0].description.build_id);
    follow.begin();
    TraceCheck check(follow);
    TraceGuide guide(trace, follow, &read_memory);
    if (TraceGuide::is_needed(trace)) scheduler().set_guide(&guide);
    Recorder recorder;
    recorder.follow(&check);
    const bool race = !trace.findings.empty() && trace.findings[0].code == FindingCode::race;
    RunMode how = mode(&recorder);
    how.seed = trace.seed;
    how.allowances = Allowances::unlimited();
    how.loop_limit_ns = loop_limit_in(trace);
    how.stop_at_race = race;
    how.watched_address = watched_in(trace);
    const ExecutionResult result = run(follow, how);
    report_.executions = 1;
    engine().history.watch_all(false);
    if (!recorder.divergence().empty()) {
      tell(recorder.divergence().c_str());
      end(SessionVerdict::diverged);
    } else if (result.failed || (race && result.raced)) {
      add_finding(recorder, race);
      recorder.trace().model = trace.model;
      hand_over(recorder, trace.execution, trace.strategy.c_str());
      end(SessionVerdict::finding);
    } else {
      end(SessionVerdict::replayed);
    }
    scheduler().set_guide(nullptr);  // not before: the finding's steps are looked up in it
  }

  void end(SessionVerdict verdict) { report_.verdict = static_cast<std::uint32_t>(verdict); }
  void tell(const char* message) {
    std::strncpy(report_.message, message, sizeof report_.message - 1);
  }

 private:
  RunMode mode(Recorder* recorder) const {
    RunMode mode;
    mode.recorder = recorder;
    mode.step_count_max = options_.max_steps;
    mode.seed = options_.seed;
    mode.allowances = allowances_of(options_);
    mode.loop_limit_ns = options_.loop_limit_ms * 1000000;
    return mode;
  }

  ExecutionResult run(Strategy& strategy, const RunMode& mode) {
    const ExecutionResult result = run_execution(
        strategy, schedule_, mode,
        [](void* request) -> void* {
          const auto* call = static_cast<const trama_check_request*>(request);
          call->function(call->argument);
          fail_on_forgotten(0);
          return nullptr;
        },
        const_cast<trama_check_request*>(&request_));
    engine().fibers.release_all();
    if (result.failed) forget_claims();
    return result;
  }

  /// The same execution once more, with full recording; its trace goes to the user.
  void record(Strategy& again, std::uint64_t execution, const char* strategy, bool race,
              std::string_view model = {}) {
    Recorder recorder;
    RunMode how = mode(&recorder);
    const RaceSeen seen = engine().first_race;
    const Failure failure = engine().failure;
    if (seen.present) how.watched_address = seen.race.address & ~(Visible::kGranule - 1);
    if (!race && failure.address != 0) {
      how.watched_address = failure.address & ~(Visible::kGranule - 1);
    }
    how.stop_at_race = race;
    run(again, how);
    if (race ? !engine().first_race.present : !engine().failure.present) {
      // It depends on what the function found when it was called: tell what is known.
      Finding finding;
      finding.code = race ? FindingCode::race : failure.code;
      finding.reason = race ? "data-race" : failure.reason;
      finding.detail = failure.detail;
      recorder.finish().findings.push_back(finding);
      tell(
          "the finding did not come again when the same schedule was repeated: the function "
          "must begin from the same state each time");
    } else {
      add_finding(recorder, race);
    }
    // Collected before the trace is handed over, made visible after it: the trace tells what
    // was visible in its own execution.
    for (const FindingAccess& access : recorder.trace().findings[0].accesses) {
      if (access.atomic || access.step == kNoIndex) continue;
      const std::uint64_t pc = recorder.trace().steps[access.step].event.pc;
      if (pc != 0) race_places_.push_back(pc);
    }
    if (!model.empty()) recorder.trace().model = model;
    hand_over(recorder, execution, strategy);
  }

  void hand_over(Recorder& recorder, std::uint64_t execution, const char* strategy) {
    Trace& trace = recorder.trace();
    trace.program = modules()[0].description.path;
    trace.check = request_.name;
    trace.build_id = modules()[0].description.build_id;
    trace.strategy = strategy;
    trace.seed = options_.seed;
    trace.execution = execution;
    trace.visible = visible_to_text();
    for (TraceStep& step : trace.steps) step.event.pc = 0;
    std::string text;
    write_trace(trace, text);
    const Finding& finding = trace.findings[0];
    request_.on_trace(request_.context, name_of(finding.code), finding.detail.c_str(), text.data(),
                      text.size());
  }

  const trama_check_request& request_;
  const Options& options_;
  trama_check_report& report_;
  Schedule schedule_;
  const RunMode unrecorded_;                ///< of all executions but those that are told of
  std::vector<std::uint64_t> race_places_;  ///< of reported races, not yet visible
};

/// Appends to the message what the function called that is not under control.
void tell_blind(const char* list, trama_check_report& report) {
  std::string text(report.message);
  for (std::string_view rest(list); !rest.empty();) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) break;
    text += text.empty() ? "BLIND: it calls " : "; BLIND: it calls ";
    text += rest.substr(0, rest.find(' '));
    text += ", which Trama does not control";
    rest.remove_prefix(end + 1);
  }
  std::strncpy(report.message, text.c_str(), sizeof report.message - 1);
}

void explore(Check& check, const Options& options, trama_check_report& report) {
  const auto strategy = make_strategy(options);
  if (strategy == nullptr) {
    check.tell("there is no such strategy: use portfolio, random, pct or round-robin");
    return check.end(SessionVerdict::error);
  }
  set_memory_model(memory_model_from_text(options.model).value_or(MemoryModel::rc11));
  HuntProgress progress;
  hunt(check, *strategy, options, progress, [](const HuntProgress&) {});
  report.executions = progress.execution_count;
  report.distinct = progress.distinct.estimate();
  report.steps = progress.step_count;
  report.step_limited = progress.step_limited_count;
  const bool short_of_all = progress.stopped || progress.step_limited_count != 0;
  check.end(progress.finding_count != 0 ? SessionVerdict::finding
            : short_of_all              ? SessionVerdict::incomplete
                                        : SessionVerdict::sampled);
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Event;
using trama::FindingCode;
using trama::Operation;
using trama::SessionVerdict;

TRAMA_EXPORT void trama_check_run(const trama_check_request* request, trama_check_report* report) {
  std::memset(report, 0, sizeof *report);
  report->verdict = static_cast<std::uint32_t>(SessionVerdict::error);
  const auto refuse = [&](const char* message) {
    std::strncpy(report->message, message, sizeof report->message - 1);
  };
  if (request->version != TRAMA_CHECK_ABI_VERSION) {
    return refuse("trama/check.hpp and the runtime library are of different versions: rebuild");
  }
  if (g_active || g_checking) return refuse("a check cannot run within another one");
  g_checking = true;
  start_engine();
  engine().fibers.adopt_main();
  engine().fibers.reserve(8);
  start_signals(10);
  char blind[256] = {};
  set_blind_list(blind, sizeof blind);
  const std::uint64_t started = wall_ns();
  g_time_up = false;
  g_deadline_ns = request->seconds == 0 ? 0 : started + request->seconds * 1000000000U;
  g_on_tick = &tick;
  engine().visible = Visible();
  trama::Options options;
  options.executions = request->executions;
  options.seed = request->seed;
  options.depth = request->depth;
  options.max_steps = request->max_steps;
  options.consequence = request->consequence;
  if (request->strategy != nullptr) options.strategy = request->strategy;
  const std::optional<trama::MemoryModel> model =
      trama::memory_model_from_text(request->model == nullptr ? "rc11" : request->model);
  if (model) options.model = to_text(*model);
  {
    Check check(*request, options, *report);
    if (request->replay != nullptr) {
      trama::Result<trama::Trace> trace = trama::read_trace(request->replay);
      if (trace.ok()) {
        check.replay(trace.value());
      } else {
        refuse(trace.error().message.c_str());
      }
    } else if (!model) {
      refuse("there is no such memory model: use sc, tso or rc11");
    } else if (request->every != 0) {
      check.verify(*model);
    } else {
      explore(check, options, *report);
    }
  }
  report->elapsed_ns = wall_ns() - started;
  set_blind_list(nullptr, 0);
  tell_blind(blind, *report);
  engine().fibers.leave_main();
  g_on_tick = nullptr;
  stop_signals();
  g_checking = false;
}

TRAMA_EXPORT unsigned trama_choose(unsigned count) {
  if (!g_active || count < 2) return 0;
  Event event = make_event(Operation::choose, nullptr, TRAMA_PC);
  if (count > 65536) fail(FindingCode::misuse, "choose-too-many", event.pc);
  point(event);
  return scheduler().choose_value(event, count);
}

TRAMA_EXPORT void trama_assume(int condition) {
  if (!g_active || condition != 0) return;
  if (scheduler().guide() != nullptr) {
    // What others still do may be what another execution needs to make the condition true.
    go(scheduler().give_up_current());
  }
  scheduler().end(trama::EndReason::abandoned);
  leave();
}

TRAMA_EXPORT void trama_expect_failed(const char* expression, const char*, unsigned) {
  if (!g_active) return;
  fail(FindingCode::assert_failed, "expect", reinterpret_cast<std::uint64_t>(TRAMA_PC), expression);
}

TRAMA_EXPORT int trama_is_controlled() { return g_active ? 1 : 0; }

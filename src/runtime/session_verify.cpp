// Session: verify, which runs every execution of a memory model, each once.
#include <algorithm>
#include <optional>
#include <string>

#include "explore/strengthen.hpp"
#include "runtime/engine.hpp"
#include "runtime/memory_state.hpp"
#include "runtime/program_memory.hpp"
#include "runtime/quiet_streams.hpp"
#include "runtime/recorder.hpp"
#include "runtime/rewind.hpp"
#include "runtime/saved_schedule.hpp"
#include "runtime/session.hpp"
#include "runtime/session_list.hpp"
#include "runtime/session_refusal.hpp"
#include "runtime/session_workers.hpp"
#include "runtime/text.hpp"

namespace trama::runtime {
namespace {

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

PreemptionBound preemption_bound_of(const Options& options) {
  Options number;  // read as any number is; "all" is none
  if (!set_option(number, "unroll", options.preemptions)) return PreemptionBound();
  return PreemptionBound(number.unroll);
}

}  // namespace

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
  GraphGuide guide(*model, &read_memory, unseen_changes(), preemption_bound_of(link_.options()));
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
    if (result.end == EndReason::busy) {
      // A loop over plain memory: once more, and from now on with turns for the others.
      engine().visible.turn = Visible::kTurn;
      guide.search().put_back();
      rewind();
      continue;
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
  const bool race = tells_race(result);
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

}  // namespace trama::runtime

#include "runtime/run.hpp"

#include <sys/mman.h>

#include "base/check.hpp"
#include "base/prng.hpp"
#include "event/io_fault.hpp"
#include "runtime/annotations.hpp"
#include "runtime/child_process.hpp"
#include "runtime/descriptors.hpp"
#include "runtime/heap.hpp"
#include "runtime/idle_watch.hpp"
#include "runtime/io_wait.hpp"
#include "runtime/leaks.hpp"
#include "runtime/libc_epoll.hpp"
#include "runtime/loop_watch.hpp"
#include "runtime/memory_state.hpp"
#include "runtime/modules.hpp"
#include "runtime/network.hpp"
#include "runtime/recorder.hpp"
#include "runtime/saved_schedule.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/tasks.hpp"
#include "runtime/text.hpp"
#include "runtime/timerfd.hpp"
#include "runtime/timers.hpp"

namespace trama::runtime {

Schedule map_schedule(std::uint64_t step_count_max) {
  // A step gives at most a few answers (a thread, whom it wakes).
  const std::uint64_t capacity = step_count_max * 3 + 4096;
  void* storage = mmap(nullptr, capacity * sizeof(std::uint16_t), PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  TRAMA_CHECK(storage != MAP_FAILED);
  return {static_cast<std::uint16_t*>(storage), capacity};
}

Allowances allowances_of(const Options& options) {
  Allowances allowances;
  allowances.set(Chance::spurious_wake, options.spurious);
  allowances.set(Chance::deadline, options.delay_ms * 1000000);
  allowances.set(Chance::weak_exchange, options.weak);
  allowances.set(Chance::try_lock, options.spurious_try_lock);
  allowances.set(Chance::io_fault, io_faults_from(options.io_faults).value_or(IoFaults{}).count);
  return allowances;
}

ExecutionResult run_execution(Strategy& strategy, Schedule& schedule, const RunMode& mode,
                              void* (*function)(void*), void* argument) {
  Engine& e = engine();
  ++e.execution_count;
  e.failure.present = false;
  e.failure.address = 0;
  e.first_race.present = false;
  e.race_places.clear();
  e.race_granules.clear();
  e.recorder = mode.recorder;
  e.survey = mode.survey;
  e.watched_address = mode.watched_address;
  if (mode.recorder != nullptr && mode.log_blocks) mode.recorder->log_all_blocks();
  e.stop_at_race = mode.stop_at_race;
  e.random_state = mode.seed;
  e.ignoring_count = 0;
  forget_annotations();
  e.spin_watched = false;
  e.turn_step = ~std::uint64_t{0};
  e.exit_status = 0;
  e.scheduler.allow(mode.allowances);
  set_loop_limit(mode.loop_limit_ns);
  begin_descriptors();
  begin_network();
  begin_epoll();
  begin_io_waits();
  begin_idle_watch();
  begin_signal_state();
  begin_timers();
  begin_timerfds();
  begin_loop_watch();
  begin_children();
  begin_tasks();
  e.scheduler.begin(strategy, schedule, mode.step_count_max, mode.recorder);
  e.history.begin_execution(mode.recorder != nullptr);
  g_program_heap.begin_lanes();
  g_program_heap.free_retired();  // where nothing is rewound, by the execution before
  // The search for leaks finds in stacks what was left there, so nothing of other executions.
  const Guide* guide = e.scheduler.guide();
  const bool compares = guide != nullptr && guide->compares_states();
  e.fibers.wipe_stacks(mode.recorder != nullptr || mode.survey != nullptr || e.find_leaks
                           ? FiberPool::Wipe::all
                       : compares ? FiberPool::Wipe::top
                                  : FiberPool::Wipe::none);
  Fiber* main = e.fibers.acquire(kMainThread, function, argument);
  TRAMA_CHECK(main != nullptr);
  enter();
  unseen_changes().forget();
  ExecutionResult result;
  result.end = e.scheduler.end_reason();
  result.raced = e.first_race.present;
  result.failed = e.failure.present;
  result.step_count = e.scheduler.step_count();
  result.fingerprint = e.scheduler.fingerprint();
  return result;
}

namespace {

bool writes(Operation operation, Outcome outcome) {
  switch (operation) {
    case Operation::write:
    case Operation::free:
    case Operation::store:
    case Operation::exchange:
    case Operation::fetch_add:
    case Operation::fetch_sub:
    case Operation::fetch_and:
    case Operation::fetch_or:
    case Operation::fetch_xor:
    case Operation::fetch_nand: return true;
    case Operation::compare_exchange: return outcome == Outcome::ok;
    default: return false;
  }
}

bool reads_or_writes(Operation operation) {
  return operation == Operation::read || operation == Operation::write ||
         operation == Operation::free || is_atomic(operation);
}

FindingAccess access_of(const Trace& trace, std::uint32_t step) {
  const Event& event = trace.steps[step].event;
  FindingAccess access;
  access.thread = event.thread;
  access.operation = event.operation;
  access.atomic = is_atomic(event.operation);
  access.address = event.address;
  access.size = event.size;
  access.stack = trace.steps[step].stack;
  access.step = step;
  access.task = trace.steps[step].task;
  return access;
}

/// The recorded access that the race detector means by "previous": the latest of that thread
/// on those bytes that is of the kind it says.
std::uint32_t find_previous(const Trace& trace, const Race& race, std::uint32_t before) {
  for (std::uint32_t i = before; i-- > 0;) {
    const Event& event = trace.steps[i].event;
    if (event.thread != race.previous || !reads_or_writes(event.operation)) continue;
    const bool overlaps =
        event.address < race.address + race.size && race.address < event.address + event.size;
    if (overlaps && writes(event.operation, event.outcome) == race.previous_is_write) return i;
  }
  return kNoIndex;
}

Finding race_finding(const Trace& trace, const RaceSeen& seen) {
  Finding finding;
  finding.code = FindingCode::race;
  finding.reason = "data-race";
  finding.thread = seen.race.current;
  if (trace.steps.empty()) return finding;
  const auto last = static_cast<std::uint32_t>(trace.steps.size() - 1);
  finding.step = last;
  finding.stack = trace.steps[last].stack;
  const std::uint32_t previous = find_previous(trace, seen.race, last);
  if (previous != kNoIndex) finding.accesses.push_back(access_of(trace, previous));
  finding.accesses.push_back(access_of(trace, last));
  return finding;
}

/// Of a use after free: who freed the block, then who uses it.
void add_uses(Recorder& recorder, const Trace& trace, const Failure& failure, Finding& finding) {
  recorder.locate(finding, failure.address);
  const BlockRecord* block = recorder.block_at(failure.address);
  std::uint32_t end = kNoIndex;  // noted as a step, where the memory was watched
  for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
    const Event& event = trace.steps[i].event;
    const std::uint64_t granule = failure.address & ~(Visible::kGranule - 1);
    const bool here =
        event.address < granule + Visible::kGranule && granule < event.address + event.size;
    if (event.operation == Operation::free && here) end = i;
  }
  if (block != nullptr && block->freed.thread != kNoThread) {
    FindingAccess freed;
    freed.thread = block->freed.thread;
    freed.operation = Operation::free;
    freed.address = block->base;
    freed.size = static_cast<std::uint32_t>(block->size);
    freed.stack = recorder.stack_of(block->freed.stack);
    freed.step = end;
    finding.accesses.push_back(freed);
  }
  FindingAccess use;
  use.thread = failure.thread;
  use.operation = failure.operation;
  use.atomic = is_atomic(failure.operation);
  use.address = failure.address;
  use.size = failure.size;
  use.stack = finding.stack;
  use.task = running_task(failure.thread);
  if (!trace.steps.empty()) {
    const Event& last = trace.steps.back().event;
    const bool noted = last.thread == use.thread && last.operation == use.operation &&
                       last.address <= use.address && use.address < last.address + last.size;
    if (noted) use.step = static_cast<std::uint32_t>(trace.steps.size() - 1);
  }
  finding.accesses.push_back(use);
}

/// Of a leak: the threads with where they were created, or the blocks, one for each place where
/// some were allocated.
void add_leaks(Recorder& recorder, const Trace& trace, const Failure& failure, Finding& finding) {
  if (std::string_view(failure.reason) == "thread-leak") {
    for (unsigned i = 0; i < trace.threads.size(); ++i) {
      if (!is_leaked(static_cast<ThreadId>(i))) continue;
      FindingAccess creation;
      creation.thread = trace.threads[i].creator;
      creation.operation = Operation::create;
      creation.holder = static_cast<ThreadId>(i);
      creation.stack = trace.threads[i].create_stack;
      for (std::uint32_t step = 0; step < trace.steps.size(); ++step) {
        const Event& event = trace.steps[step].event;
        if (event.operation == Operation::create && event.other == creation.holder) {
          creation.step = step;
        }
      }
      finding.accesses.push_back(creation);
    }
    return;
  }
  for (const LeakedBlock& leaked : leaked_blocks()) {
    const BlockRecord* block = recorder.blocks().find_between(leaked.low, leaked.high);
    if (!leaked.direct || block == nullptr) continue;
    const std::uint32_t stack = recorder.stack_of(block->allocated.stack);
    bool known = false;
    for (FindingAccess& other : finding.accesses) {
      if (other.stack != stack || other.thread != block->allocated.thread) continue;
      other.size += static_cast<std::uint32_t>(block->size);
      known = true;
    }
    if (known) continue;
    FindingAccess allocation;
    allocation.thread = block->allocated.thread;
    allocation.operation = Operation::allocate;
    allocation.address = block->base;
    allocation.size = static_cast<std::uint32_t>(block->size);
    allocation.stack = stack;
    finding.accesses.push_back(allocation);
  }
}

Finding failure_finding(Recorder& recorder, const Trace& trace, const Failure& failure) {
  Finding finding;
  finding.code = failure.code;
  finding.reason = failure.reason;
  finding.detail = failure.detail;
  finding.thread = failure.thread;
  finding.stack = recorder.announced_stack(failure.thread);
  if (!trace.steps.empty()) finding.step = static_cast<std::uint32_t>(trace.steps.size() - 1);
  if (failure.code == FindingCode::exit_status) {
    // What exit handlers and static objects did afterwards shows nothing.
    for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
      if (trace.steps[i].event.operation == Operation::exit) finding.step = i;
    }
  }
  if (failure.address != 0) add_uses(recorder, trace, failure, finding);
  if (failure.code == FindingCode::blocked_loop) {
    finding.stack = blocked_stack();
    finding.step = blocked_step(trace, failure.thread);
  }
  if (failure.code == FindingCode::uncaught) add_thrower(trace, finding);
  if (failure.code == FindingCode::leak) add_leaks(recorder, trace, failure, finding);
  if (failure.code == FindingCode::forgotten) add_forgotten(trace, finding);
  if (failure.code != FindingCode::deadlock && failure.code != FindingCode::lost_wakeup &&
      failure.code != FindingCode::livelock) {
    return finding;
  }
  const Scheduler& s = scheduler();
  for (unsigned i = 0; i < s.thread_count(); ++i) {
    const auto thread = static_cast<ThreadId>(i);
    const ThreadState& state = s.state(thread);
    if (state.is_over()) continue;
    FindingAccess waiter;
    waiter.thread = thread;
    waiter.operation = state.pending.operation;
    waiter.object =
        state.pending.operation == Operation::wake ? state.pending.mutex : state.pending.object;
    if (waiter.operation == Operation::poll) waiter.object = awaited_object(waiter.object);
    waiter.address = state.pending.address;
    waiter.holder = s.blocker_of(thread);
    waiter.stack = recorder.announced_stack(thread);
    finding.accesses.push_back(waiter);
  }
  add_waiting_tasks(finding);
  return finding;
}

}  // namespace

bool tells_race(const ExecutionResult& result) {
  return result.raced && (!result.failed || engine().failure.code == FindingCode::livelock);
}

void add_finding(Recorder& recorder, bool race) {
  Engine& e = engine();
  Trace& trace = recorder.finish();
  if (race && e.first_race.present) {
    trace.complete = false;
    trace.findings.push_back(race_finding(trace, e.first_race));
    recorder.locate(trace.findings.back(), e.first_race.race.address);
  } else if (!race && e.failure.present) {
    trace.findings.push_back(failure_finding(recorder, trace, e.failure));
  }
}

std::string visible_to_text() {
  std::string text;
  engine().visible.places.for_each([&](std::uint64_t pc) {
    const std::uint32_t module = module_of(pc);
    if (module == kNoIndex) return;
    if (!text.empty()) text += ' ';
    append_number(text, module);
    text += "+0x";
    append_hex(text, pc - modules()[module].description.base);
  });
  engine().visible.granules.for_each([&](std::uint64_t granule) {
    text += text.empty() ? "@0x" : " @0x";
    append_hex(text, granule);
  });
  if (engine().visible.turn != 0) {
    text += text.empty() ? "%" : " %";
    append_number(text, engine().visible.turn);
  }
  return text;
}

void visible_from_text(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&](unsigned base) {
    std::uint64_t value = 0;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      unsigned digit = 16;
      if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
      if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10;
      if (digit >= base) break;
      value = value * base + digit;
    }
    return value;
  };
  while (at < text.size()) {
    if (text[at] == '%') {
      ++at;
      engine().visible.turn = digits(10);
    } else if (text.substr(at, 3) == "@0x") {
      at += 3;
      if (const std::uint64_t granule = digits(16); granule != 0) {
        engine().visible.granules.insert(granule);
      }
    } else {
      const std::uint64_t module = digits(10);
      if (text.substr(at, 3) == "+0x") at += 3;
      const std::uint64_t offset = digits(16);
      if (module < modules().size() && offset != 0) {
        engine().visible.places.insert(modules()[module].description.base + offset);
      }
    }
    ++at;  // the blank
  }
}

std::uint64_t watched_in(const Trace& trace) {
  // A wide access may begin before the granule that it was noted for: all reach the last one in
  // which one begins.
  std::uint64_t watched = 0;
  for (const TraceStep& step : trace.steps) {
    const bool note = step.alternatives == 0;
    if (note && reads_or_writes(step.event.operation) && step.event.address > watched) {
      watched = step.event.address & ~(Visible::kGranule - 1);
    }
  }
  if (watched != 0) return watched;
  if (trace.findings.empty() || trace.findings[0].accesses.empty()) return 0;
  const FindingCode code = trace.findings[0].code;
  if (code != FindingCode::race && code != FindingCode::use_after_free) return 0;
  return trace.findings[0].accesses.back().address & ~(Visible::kGranule - 1);
}

std::uint64_t loop_limit_in(const Trace& trace) {
  if (trace.findings.empty() || trace.findings[0].code != FindingCode::blocked_loop) return 0;
  std::uint64_t blocked_ms = 0;
  for (const char c : trace.findings[0].detail) {
    if (c < '0' || c > '9') break;
    blocked_ms = blocked_ms * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return blocked_ms == 0 ? 0 : blocked_ms * 1000000 - 1;
}

void make_race_places_visible() {
  Engine& e = engine();
  for (const std::uint64_t pc : e.race_places) e.visible.places.insert(pc);
  for (const std::uint64_t granule : e.race_granules) e.visible.granules.insert(granule);
}

}  // namespace trama::runtime

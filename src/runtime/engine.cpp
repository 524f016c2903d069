#include "runtime/engine.hpp"

#include <elf.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include <new>

#include "base/check.hpp"
#include "runtime/annotations.hpp"
#include "runtime/arch.hpp"
#include "runtime/modules.hpp"
#include "runtime/recorder.hpp"

extern "C" {
bool trama_has_fsgsbase = false;
}

namespace trama::runtime {

constinit bool g_active = false;
constinit PlainMode g_plain = PlainMode::ignore;
constinit bool g_started = false;
alignas(Engine) constinit unsigned char g_engine_storage[sizeof(Engine)] = {};

namespace {

constexpr std::uint64_t kShadowAt = 0x100000000000;
constexpr unsigned long kHwcap2Fsgsbase = 2;

void clear_shadow(void* base, std::size_t bytes) {
  TRAMA_CHECK(madvise(base, bytes, MADV_DONTNEED) == 0);
}

void* map_shadow() {
  void* wanted = reinterpret_cast<void*>(kShadowAt);
  void* got = mmap(wanted, kShadowBytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  TRAMA_CHECK(got == wanted);
  // Shadow is touched sparsely: huge pages would cost megabytes for a few cells.
  madvise(got, kShadowBytes, MADV_NOHUGEPAGE);
  madvise(got, kShadowBytes, MADV_DONTDUMP);
  return got;
}

}  // namespace

Engine::Engine(void* shadow, std::size_t shadow_bytes)
    : detector(shadow, shadow_bytes, &clear_shadow, *this), scheduler(detector) {}

void start_engine() {
  if (g_started) return;
  g_started = true;
  trama_has_fsgsbase = (getauxval(AT_HWCAP2) & kHwcap2Fsgsbase) != 0;
  read_modules();
  // Never destroyed: it lives as long as the process.
  new (g_engine_storage) Engine(map_shadow(), kShadowBytes);
}

std::uint64_t caller_outside_runtime() {
  auto* frame = static_cast<std::uint64_t*>(__builtin_frame_address(0));
  for (int depth = 0; depth < 32 && frame != nullptr; ++depth) {
    const std::uint64_t pc = frame[1];
    if (!is_runtime_code(pc)) return pc;
    frame = reinterpret_cast<std::uint64_t*>(frame[0]);
  }
  return 0;
}

void announce_to_recorder() { engine().recorder->announce(); }

PlainMode plain_mode() {
  const Engine& e = engine();
  const bool look = e.recorder != nullptr || !e.visible.empty() || e.watched_address != 0 ||
                    e.ignoring_count != 0;
  return look ? PlainMode::look : PlainMode::detect;
}

void enter() {
  Engine& e = engine();
  Fiber* main = &e.fibers.of(kMainThread);
  e.running = main;
  g_plain = plain_mode();
  g_active = true;
  trama_switch(&e.explorer_stack, main->stack_pointer, main->thread_pointer);
}

void leave() {
  Engine& e = engine();
  g_active = false;
  g_plain = PlainMode::ignore;
  void* gone = nullptr;
  trama_switch(&gone, e.explorer_stack, e.fibers.of(kMainThread).thread_pointer);
  __builtin_unreachable();
}

void fail(FindingCode code, const char* reason, std::uint64_t pc, std::string detail) {
  Engine& e = engine();
  if (!e.failure.present) {
    e.failure.present = true;
    e.failure.code = code;
    e.failure.reason = reason;
    e.failure.detail = static_cast<std::string&&>(detail);
    e.failure.thread = self();
    e.failure.pc = pc;
    if (e.recorder != nullptr) e.recorder->announce();
  }
  scheduler().end(EndReason::finished);
  leave();
}

namespace {

/// Tells a deadlock apart: a cycle of locks and joins, a notify that came too early, or
/// threads that simply wait for ever.
void diagnose_deadlock() {
  Engine& e = engine();
  Scheduler& s = e.scheduler;
  const char* reason = "deadlock-blocked";
  FindingCode code = FindingCode::deadlock;
  ThreadId blamed = kNoThread;
  for (unsigned i = 0; i < s.thread_count(); ++i) {
    const auto start = static_cast<ThreadId>(i);
    if (s.state(start).status == ThreadStatus::finished) continue;
    if (blamed == kNoThread) blamed = start;
    ThreadId at = start;
    for (unsigned hops = 0; hops <= s.thread_count() && at != kNoThread; ++hops) {
      at = s.blocker_of(at);
      if (at == start) {
        reason = "deadlock-cycle";
        blamed = start;
      }
    }
  }
  if (reason[9] == 'b') {
    for (unsigned i = 0; i < s.thread_count(); ++i) {
      if (s.missed_its_wakeup(static_cast<ThreadId>(i))) {
        reason = "lost-wakeup";
        code = FindingCode::lost_wakeup;
        blamed = static_cast<ThreadId>(i);
      }
    }
  }
  e.failure.present = true;
  e.failure.code = code;
  e.failure.reason = reason;
  e.failure.detail.clear();
  e.failure.thread = blamed;
  e.failure.pc = blamed == kNoThread ? 0 : s.state(blamed).pending.pc;
}

}  // namespace

void go(ThreadId next) {
  Engine& e = engine();
  if (next == kNoThread) {
    if (e.scheduler.end_reason() == EndReason::deadlock && !e.failure.present) diagnose_deadlock();
    leave();
  }
  Fiber* from = e.running;
  Fiber* to = &e.fibers.of(next);
  if (from == to) return;
  if (e.recorder != nullptr) e.recorder->settle_write();
  e.running = to;
  trama_switch(&from->stack_pointer, to->stack_pointer, to->thread_pointer);
}

void Engine::on_race(const Race& race) {
  if (is_foreign_data(race.address) || is_benign(race.address, race.size)) return;
  const std::uint64_t pc = caller_outside_runtime();
  race_places.push_back(pc);
  race_granules.push_back(race.address & ~(Visible::kGranule - 1));
  if (first_race.present) return;
  first_race.present = true;
  first_race.race = race;
  first_race.pc = pc;
  if (stop_at_race) {
    scheduler.end(EndReason::finished);
    leave();
  }
}

}  // namespace trama::runtime

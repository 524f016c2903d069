#include "runtime/signals.hpp"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/check.hpp"
#include "runtime/engine.hpp"
#include "runtime/idle_watch.hpp"
#include "runtime/real.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/syscall.hpp"
#include "runtime/text.hpp"

namespace trama::runtime {

void (*g_on_tick)() = nullptr;
bool g_stalled = false;

namespace {

constexpr int kCrashSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
/// For the timer: far above what programs use (SIGRTMAX is 64).
constexpr int kTickSignal = 62;
constexpr std::uint64_t kTicksPerSecond = 4;
constexpr long kTickNs = 1000000000 / static_cast<long>(kTicksPerSecond);
constexpr std::size_t kSignalStackBytes = std::size_t{256} << 10U;

std::uint64_t g_stall_ticks_max = 10;
/// A step that takes so long may be a loop that waits for another thread.
constexpr std::uint64_t kBusyTicks = kTicksPerSecond;
/// … and one that takes so long after that, without an access to memory, is one that never ends.
constexpr std::uint64_t kStuckTicks = 3 * kTicksPerSecond;
std::uint64_t g_last_steps = 0;
std::uint64_t g_last_execution = 0;
std::uint64_t g_ticks_without_step = 0;

/// Of the kernel's own: writes without a reader, children that end. What the program makes of
/// them is told to it as of any other signal.
void on_world(int signal, siginfo_t*, void*) {
  if (signal != SIGPIPE) note_outside_signal(signal);
}
constexpr int kWorldSignals[] = {SIGPIPE, SIGCHLD};

void on_crash(int signal, siginfo_t* info, void* context) {
  const auto* machine = static_cast<ucontext_t*>(context);
  const auto pc = static_cast<std::uint64_t>(machine->uc_mcontext.gregs[REG_RIP]);
  const auto address = reinterpret_cast<std::uint64_t>(info->si_addr);
  if (!g_active && engine().unwinding) {
    Engine& e = engine();
    e.unwinding = false;
    if (!e.failure.present) {
      e.failure = {
          true, FindingCode::crash, "crash-signal", std::string(signal_name(signal)), self(), 0};
    }
    scheduler().end(EndReason::finished);
    leave();
  }
  if (!g_active) {
    trama::check_failed(signal_name(signal), "outside the program", static_cast<int>(signal));
  }
  const struct sigaction& action = action_of(signal);
  if (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN) {
    // The program deals with its crashes itself.
    if ((action.sa_flags & SA_SIGINFO) != 0) return action.sa_sigaction(signal, info, context);
    return action.sa_handler(signal);
  }
  std::string detail(signal_name(signal));
  // The processor's own, which has an address; what was raised by a call has a sender.
  if ((signal == SIGSEGV || signal == SIGBUS) && info->si_code > 0) {
    if (engine().fibers.guard_hit(address) != nullptr) {
      fail(FindingCode::crash, "stack-overflow", pc, static_cast<std::string&&>(detail));
    }
    detail += " 0x";
    append_hex(detail, address);
  }
  fail(FindingCode::crash, "crash-signal", pc, static_cast<std::string&&>(detail));
}

void on_tick(int, siginfo_t*, void*) {
  const int saved = errno;
  g_in_tick = true;
  if (g_on_tick != nullptr) g_on_tick();
  if (g_active) {
    const std::uint64_t steps = scheduler().step_count();
    const std::uint64_t execution = engine().execution_count;
    const bool stands = steps == g_last_steps && execution == g_last_execution;
    g_ticks_without_step = stands ? g_ticks_without_step + 1 : 0;
    g_last_steps = steps;
    g_last_execution = execution;
    // Who was asked to stop, and stands still, will not get to its next step by itself.
    const bool stop = scheduler().stop_requested() && g_ticks_without_step >= 2;
    if (!stop && g_ticks_without_step >= kBusyTicks && engine().visible.turn == 0 &&
        engine().recorder == nullptr) {
      g_ticks_without_step = 0;
      scheduler().end(EndReason::busy);
      leave();
    }
    if (!stop && g_ticks_without_step >= kStuckTicks && engine().visible.turn != 0) {
      // Not even plain memory is looked at: `while (!flag) ;`, of which the compiler made a loop
      // around nothing. The others go on, and show the race on the flag. This stack is left for
      // good.
      g_ticks_without_step = 0;
      g_stalled = true;
      if (Guide* guide = scheduler().guide(); guide != nullptr) guide->note_given_up();
      go(scheduler().give_up_current());
    }
    if (stop || g_ticks_without_step >= g_stall_ticks_max) {
      g_ticks_without_step = 0;
      g_stalled = !stop;
      scheduler().end(stop ? EndReason::stopped : EndReason::step_limit);
      leave();
    }
  } else {
    g_ticks_without_step = 0;
  }
  g_in_tick = false;
  errno = saved;
}

/// What stood before us, for stop_signals; what executions begin with.
struct sigaction g_before[65];
std::uint64_t g_mask_before = 0;
stack_t g_stack_before;
int g_timer = -1;

void install(int signal, void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action = {};
  action.sa_sigaction = handler;
  // Not deferred: the handler may leave for the explorer and never return.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
  sigemptyset(&action.sa_mask);
  TRAMA_CHECK(TRAMA_REAL(sigaction)(signal, &action, &g_before[signal]) == 0);
}

}  // namespace

void restart_timer() {
  sigevent event = {};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = kTickSignal;
  if (raw_syscall(SYS_timer_create, CLOCK_MONOTONIC, reinterpret_cast<long>(&event),
                  reinterpret_cast<long>(&g_timer)) == 0) {
    const itimerspec quarter = {{0, kTickNs}, {0, kTickNs}};
    raw_syscall(SYS_timer_settime, g_timer, 0, reinterpret_cast<long>(&quarter), 0);
  }
}

void start_signals(std::uint64_t stall_s) {
  forget_actions();
  g_stall_ticks_max = (stall_s < 1 ? 1 : stall_s) * kTicksPerSecond;
  static void* stack = nullptr;
  if (stack == nullptr) {
    stack = mmap(nullptr, kSignalStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                 -1, 0);
    TRAMA_CHECK(stack != MAP_FAILED);
  }
  stack_t alternative = {};
  alternative.ss_sp = stack;
  alternative.ss_size = kSignalStackBytes;
  TRAMA_CHECK(TRAMA_REAL(sigaltstack)(&alternative, &g_stack_before) == 0);
  for (int signal = 1; signal <= 64; ++signal) {
    TRAMA_REAL(sigaction)(signal, nullptr, &g_before[signal]);
  }
  raw_syscall(SYS_rt_sigprocmask, SIG_BLOCK, 0, reinterpret_cast<long>(&g_mask_before),
              sizeof g_mask_before);
  for (const int signal : kCrashSignals) install(signal, &on_crash);
  for (const int signal : kWorldSignals) install(signal, &on_world);
  install(kTickSignal, &on_tick);
  restart_timer();
}

void stop_signals() {
  if (g_timer >= 0) raw_syscall(SYS_timer_delete, g_timer);
  g_timer = -1;
  TRAMA_REAL(sigaction)(kTickSignal, &g_before[kTickSignal], nullptr);
  for (const int signal : kCrashSignals) TRAMA_REAL(sigaction)(signal, &g_before[signal], nullptr);
  for (const int signal : kWorldSignals) TRAMA_REAL(sigaction)(signal, &g_before[signal], nullptr);
  if ((g_stack_before.ss_flags & SS_DISABLE) == 0) {
    TRAMA_REAL(sigaltstack)(&g_stack_before, nullptr);
  }
}

const struct sigaction& initial_action(int signal) { return g_before[signal]; }
std::uint64_t initial_mask() { return g_mask_before; }

}  // namespace trama::runtime

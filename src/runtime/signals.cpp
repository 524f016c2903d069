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
#include "runtime/real.hpp"
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
std::uint64_t g_last_steps = 0;
std::uint64_t g_last_execution = 0;
std::uint64_t g_ticks_without_step = 0;

// What the program asked for; it is its own only while it runs.
struct ProgramHandlers {
  struct sigaction action[65];
  bool set[65];
};
ProgramHandlers g_program;

bool is_crash(int signal) {
  for (const int crash : kCrashSignals) {
    if (signal == crash) return true;
  }
  return false;
}

const char* name_of(int signal) {
  switch (signal) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGILL: return "SIGILL";
    case SIGTRAP: return "SIGTRAP";
    default: return "signal";
  }
}

void on_crash(int signal, siginfo_t* info, void* context) {
  const auto* machine = static_cast<ucontext_t*>(context);
  const auto pc = static_cast<std::uint64_t>(machine->uc_mcontext.gregs[REG_RIP]);
  const auto address = reinterpret_cast<std::uint64_t>(info->si_addr);
  if (!g_active && engine().unwinding) {
    Engine& e = engine();
    e.unwinding = false;
    if (!e.failure.present) {
      e.failure = {true, FindingCode::crash, "crash-signal", std::string(name_of(signal)), self(),
                   0};
    }
    scheduler().end(EndReason::finished);
    leave();
  }
  if (!g_active) {
    trama::check_failed(name_of(signal), "outside the program", static_cast<int>(signal));
  }
  if (g_program.set[signal] && g_program.action[signal].sa_handler != SIG_DFL &&
      g_program.action[signal].sa_handler != SIG_IGN) {
    // The program deals with its crashes itself.
    if ((g_program.action[signal].sa_flags & SA_SIGINFO) != 0) {
      return g_program.action[signal].sa_sigaction(signal, info, context);
    }
    return g_program.action[signal].sa_handler(signal);
  }
  std::string detail(name_of(signal));
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
    if (stop || g_ticks_without_step >= g_stall_ticks_max) {
      g_ticks_without_step = 0;
      g_stalled = !stop;
      scheduler().end(stop ? EndReason::stopped : EndReason::step_limit);
      leave();
    }
  } else {
    g_ticks_without_step = 0;
  }
  errno = saved;
}

/// What stood before us, for stop_signals.
struct sigaction g_before[65];
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

void start_signals(std::uint64_t stall_s) {
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
  for (const int signal : kCrashSignals) install(signal, &on_crash);
  install(kTickSignal, &on_tick);
  sigevent event = {};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = kTickSignal;
  if (raw_syscall(SYS_timer_create, CLOCK_MONOTONIC, reinterpret_cast<long>(&event),
                  reinterpret_cast<long>(&g_timer)) == 0) {
    const itimerspec quarter = {{0, kTickNs}, {0, kTickNs}};
    raw_syscall(SYS_timer_settime, g_timer, 0, reinterpret_cast<long>(&quarter), 0);
  }
}

void stop_signals() {
  if (g_timer >= 0) raw_syscall(SYS_timer_delete, g_timer);
  g_timer = -1;
  TRAMA_REAL(sigaction)(kTickSignal, &g_before[kTickSignal], nullptr);
  for (const int signal : kCrashSignals) TRAMA_REAL(sigaction)(signal, &g_before[signal], nullptr);
  if ((g_stack_before.ss_flags & SS_DISABLE) == 0) {
    TRAMA_REAL(sigaltstack)(&g_stack_before, nullptr);
  }
}

void snapshot_signals() { memset(&g_program, 0, sizeof g_program); }

void restore_signals() {
  for (int signal = 1; signal <= 64; ++signal) {
    if (!g_program.set[signal]) continue;
    g_program.set[signal] = false;
    g_program.action[signal] = {};  // the next execution asks what it replaces
    if (is_crash(signal) || signal == kTickSignal) continue;
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    TRAMA_REAL(sigaction)(signal, &action, nullptr);
  }
}

}  // namespace trama::runtime

using namespace trama::runtime;

TRAMA_EXPORT int sigaction(int signal, const struct sigaction* action, struct sigaction* old) {
  if (!g_active) return TRAMA_REAL(sigaction)(signal, action, old);
  if (signal < 1 || signal > 64) {
    errno = EINVAL;
    return -1;
  }
  if (old != nullptr) *old = g_program.action[signal];
  if (action == nullptr) return 0;
  g_program.action[signal] = *action;
  g_program.set[signal] = true;
  if (is_crash(signal) || signal == kTickSignal) return 0;
  return TRAMA_REAL(sigaction)(signal, action, nullptr);
}

TRAMA_EXPORT sighandler_t signal(int signal, sighandler_t handler) {
  if (!g_active) {
    using Signature = sighandler_t (*)(int, sighandler_t);
    static auto* real = reinterpret_cast<Signature>(find_real("signal"));
    return real(signal, handler);
  }
  struct sigaction action = {};
  struct sigaction old = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  if (sigaction(signal, &action, &old) != 0) return SIG_ERR;
  return old.sa_handler;
}

TRAMA_EXPORT int sigaltstack(const stack_t* stack, stack_t* old) {
  if (!g_active) return TRAMA_REAL(sigaltstack)(stack, old);
  // Ours stays: one kernel thread runs all, and it has but one.
  if (old != nullptr) *old = {};
  return 0;
}

TRAMA_EXPORT int raise(int signal) {
  if (g_active && signal == SIGABRT) abort();
  return TRAMA_REAL(raise)(signal);
}

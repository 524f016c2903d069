// The calls that set handlers and masks, send signals and wait for them.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/real.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/syscall.hpp"
#include "runtime/time.hpp"

namespace trama::runtime {
namespace {

int failed(int error) {
  errno = error;
  return -1;
}
int settled(int result) { return result < 0 ? failed(-result) : result; }

siginfo_t info_of(int signal, int code) {
  siginfo_t info = {};
  info.si_signo = signal;
  info.si_code = code;
  info.si_pid = getpid();
  info.si_uid = getuid();
  return info;
}
siginfo_t queued_info(int signal, sigval value) {
  siginfo_t info = info_of(signal, SI_QUEUE);
  info.si_value = value;
  return info;
}

int change_mask(int how, const sigset_t* set, sigset_t* old) {
  const SignalBits before = signal_mask();
  if (set != nullptr) {
    const SignalBits bits = bits_of(*set);
    switch (how) {
      case SIG_BLOCK: set_signal_mask(before | bits); break;
      case SIG_UNBLOCK: set_signal_mask(before & ~bits); break;
      case SIG_SETMASK: set_signal_mask(bits); break;
      default: return EINVAL;
    }
  }
  if (old != nullptr) set_bits(*old, before);
  return 0;
}

/// The thread with this gettid; kNoThread where there is none.
ThreadId thread_of(pid_t id) {
  const long number = id - raw_syscall(SYS_gettid);
  if (number < 0 || number >= static_cast<long>(scheduler().thread_count())) return kNoThread;
  return static_cast<ThreadId>(number);
}

int send_to_thread(pthread_t handle, int signal, const siginfo_t& info, void* pc) {
  const Fiber* fiber = engine().fibers.find(handle);
  if (fiber == nullptr || !fiber->in_use) return ESRCH;
  return -send_signal(signal, fiber->thread, info, pc);
}

}  // namespace

/// tgkill and tkill, which programs also reach by syscall().
long kill_thread(pid_t id, int signal, void* pc) {
  const ThreadId to = thread_of(id);
  if (to == kNoThread) return failed(ESRCH);
  return settled(send_signal(signal, to, info_of(signal, SI_TKILL), pc));
}

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::kNoThread;

// -- Handlers and masks --------------------------------------------------------------------

TRAMA_EXPORT int sigaction(int signal, const struct sigaction* action, struct sigaction* old) {
  if (!g_active) return TRAMA_REAL(sigaction)(signal, action, old);
  if (signal < 1 || signal > 64) return failed(EINVAL);
  if (old != nullptr) *old = action_of(signal);
  if (action == nullptr) return 0;
  if (signal == SIGKILL || signal == SIGSTOP) return failed(EINVAL);
  set_action(signal, *action);
  return 0;
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

// Headers call it outdated; programs still call it.
TRAMA_EXPORT int stand_in_siginterrupt(int, int) asm("siginterrupt");
TRAMA_EXPORT int stand_in_siginterrupt(int signal, int interrupts) {
  if (!g_active) {
    static auto* real = reinterpret_cast<int (*)(int, int)>(find_real("siginterrupt"));
    return real(signal, interrupts);
  }
  struct sigaction action = {};
  if (sigaction(signal, nullptr, &action) != 0) return -1;
  action.sa_flags = interrupts != 0 ? action.sa_flags & ~SA_RESTART : action.sa_flags | SA_RESTART;
  return sigaction(signal, &action, nullptr);
}

TRAMA_EXPORT int sigaltstack(const stack_t* stack, stack_t* old) {
  if (!g_active) return TRAMA_REAL(sigaltstack)(stack, old);
  // Ours stays: one kernel thread runs all, and it has but one.
  if (old != nullptr) *old = {};
  return 0;
}

TRAMA_EXPORT int pthread_sigmask(int how, const sigset_t* set, sigset_t* old) {
  if (!g_active) return TRAMA_REAL(pthread_sigmask)(how, set, old);
  return change_mask(how, set, old);
}
TRAMA_EXPORT int sigprocmask(int how, const sigset_t* set, sigset_t* old) {
  if (!g_active) return TRAMA_REAL(sigprocmask)(how, set, old);
  const int error = change_mask(how, set, old);
  return error == 0 ? 0 : failed(error);
}
TRAMA_EXPORT int sigpending(sigset_t* set) {
  if (!g_active) return TRAMA_REAL(sigpending)(set);
  set_bits(*set, pending_signals());
  return 0;
}

// -- Sending -------------------------------------------------------------------------------

TRAMA_EXPORT int raise(int signal) {
  if (!g_active) return TRAMA_REAL(raise)(signal);
  const struct sigaction* action = signal == SIGABRT ? &action_of(signal) : nullptr;
  if (action != nullptr && action->sa_handler == SIG_DFL) abort();
  return settled(send_signal(signal, self(), info_of(signal, SI_TKILL), TRAMA_PC));
}
TRAMA_EXPORT int kill(pid_t process, int signal) {
  if (!g_active) return TRAMA_REAL(kill)(process, signal);
  // Of its group the program is all that it may mean: the others there are not its own.
  const bool group = process == 0 || process == -1 || process == -getpgrp();
  if (group) note_blind("kill", TRAMA_PC);
  if (!group && process != getpid()) return TRAMA_REAL(kill)(process, signal);
  return settled(send_signal(signal, kNoThread, info_of(signal, SI_USER), TRAMA_PC));
}
TRAMA_EXPORT int sigqueue(pid_t process, int signal, sigval value) {
  if (!g_active || process != getpid()) return TRAMA_REAL(sigqueue)(process, signal, value);
  return settled(send_signal(signal, kNoThread, queued_info(signal, value), TRAMA_PC));
}
TRAMA_EXPORT int pthread_kill(pthread_t handle, int signal) {
  if (!g_active) return TRAMA_REAL(pthread_kill)(handle, signal);
  return send_to_thread(handle, signal, info_of(signal, SI_TKILL), TRAMA_PC);
}
TRAMA_EXPORT int pthread_sigqueue(pthread_t handle, int signal, sigval value) {
  if (!g_active) return TRAMA_REAL(pthread_sigqueue)(handle, signal, value);
  return send_to_thread(handle, signal, queued_info(signal, value), TRAMA_PC);
}
TRAMA_EXPORT int tgkill(pid_t process, pid_t thread, int signal) {
  if (!g_active || process != getpid()) return TRAMA_REAL(tgkill)(process, thread, signal);
  return static_cast<int>(kill_thread(thread, signal, TRAMA_PC));
}

// -- Waiting -------------------------------------------------------------------------------

TRAMA_EXPORT int sigwait(const sigset_t* set, int* signal) {
  if (!g_active) return TRAMA_REAL(sigwait)(set, signal);
  int taken = 0;
  do {
    taken = wait_signal(bits_of(*set), 0, nullptr, TRAMA_PC);
  } while (taken == -EINTR);
  *signal = taken;
  return 0;
}
TRAMA_EXPORT int sigwaitinfo(const sigset_t* set, siginfo_t* info) {
  if (!g_active) return TRAMA_REAL(sigwaitinfo)(set, info);
  return settled(wait_signal(bits_of(*set), 0, info, TRAMA_PC));
}
TRAMA_EXPORT int sigtimedwait(const sigset_t* set, siginfo_t* info, const timespec* timeout) {
  if (!g_active) return TRAMA_REAL(sigtimedwait)(set, info, timeout);
  if (timeout != nullptr && !is_valid(*timeout)) return failed(EINVAL);
  const std::uint64_t deadline =
      timeout == nullptr ? 0 : scheduler().now_ns() + to_ns(*timeout) + 1;
  return settled(wait_signal(bits_of(*set), deadline, info, TRAMA_PC));
}
TRAMA_EXPORT int pause() {
  if (!g_active) return TRAMA_REAL(pause)();
  wait_next_handler(TRAMA_PC);
  return failed(EINTR);
}
TRAMA_EXPORT int sigsuspend(const sigset_t* mask) {
  if (!g_active) return TRAMA_REAL(sigsuspend)(mask);
  const TemporaryMask masked(mask);
  if (!masked.interrupted()) wait_handler(masked.handled_before(), TRAMA_PC);
  return failed(EINTR);
}

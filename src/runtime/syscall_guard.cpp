#include "runtime/syscall_guard.hpp"

#include <signal.h>
#include <ucontext.h>

#include "runtime/idle_watch.hpp"
#include "runtime/modules.hpp"
#include "runtime/syscall.hpp"

extern "C" void trama_signal_return();

namespace trama::runtime {
namespace {

// As the kernel has them; libc's headers are older than some kernels.
constexpr int kSetUserDispatch = 59;
constexpr int kDispatchOff = 0;
constexpr int kDispatchOn = 1;
constexpr char kAllow = 0;
constexpr char kBlock = 1;
constexpr unsigned long kRestorer = 0x04000000;

struct KernelAction {
  void (*handler)(int, siginfo_t*, void*);
  unsigned long flags;
  void (*restorer)();
  unsigned long mask;
};

volatile char g_selector = kAllow;
volatile bool g_asked = false;
bool g_set = false;
KernelAction g_action_before;

void on_call(int, siginfo_t* info, void* context) {
  auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const long number = info->si_syscall;
  if (number == SYS_rt_sigreturn) {  // a handler of ours is done
    registers[REG_RIP] = reinterpret_cast<long>(&trama_signal_return);
    return;
  }
  if (g_in_tick) {
    registers[REG_RAX] =
        raw_syscall(number, registers[REG_RDI], registers[REG_RSI], registers[REG_RDX],
                    registers[REG_R10], registers[REG_R8], registers[REG_R9]);
    return;
  }
  // Once more, and this time it is let through, with all that follow.
  g_asked = true;
  g_selector = kAllow;
  constexpr long kCallBytes = 2;
  registers[REG_RIP] -= kCallBytes;
}

long dispatch(int mode, const Range& range, const volatile char* selector) {
  return raw_syscall(SYS_prctl, kSetUserDispatch, mode, static_cast<long>(range.low),
                     static_cast<long>(range.high - range.low), reinterpret_cast<long>(selector));
}

}  // namespace

bool set_syscall_guard() {
  lift_syscall_guard();
  for (const Module& module : modules()) {
    if (!module.is_runtime) continue;
    const KernelAction action = {&on_call, SA_SIGINFO | SA_ONSTACK | SA_NODEFER | kRestorer,
                                 &trama_signal_return, 0};
    if (raw_syscall(SYS_rt_sigaction, SIGSYS, reinterpret_cast<long>(&action),
                    reinterpret_cast<long>(&g_action_before), sizeof action.mask) != 0) {
      return false;
    }
    g_set = true;
    g_asked = false;
    g_selector = kBlock;
    if (dispatch(kDispatchOn, module.whole, &g_selector) == 0) return true;
    lift_syscall_guard();
    return false;
  }
  return false;
}

bool is_guarding() { return g_set; }

bool lift_syscall_guard() {
  if (!g_set) return false;
  g_set = false;
  g_selector = kAllow;
  dispatch(kDispatchOff, Range{}, nullptr);
  raw_syscall(SYS_rt_sigaction, SIGSYS, reinterpret_cast<long>(&g_action_before), 0,
              sizeof g_action_before.mask);
  return g_asked;
}

}  // namespace trama::runtime

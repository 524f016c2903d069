#include "runtime/signal_state.hpp"

#include <errno.h>
#include <string.h>
#include <ucontext.h>

#include "runtime/child_process.hpp"
#include "runtime/io_wait.hpp"
#include "runtime/signals.hpp"
#include "runtime/text.hpp"

namespace trama::runtime {

unsigned g_signalled_count = 0;

namespace {

constexpr std::uint64_t kSignalsAt = 0xd100000000000000;
constexpr std::uint64_t kSignalStep = 64;
constexpr int kLastSignal = 64;
constexpr int kFirstQueued = 32;  // real-time signals come as often as they are sent

struct Pending {
  int signal = 0;
  siginfo_t info{};
};
using Queue = std::vector<Pending>;

struct ThreadSignals {
  SignalBits mask = 0;
  SignalBits waited = 0;  ///< by sigwait
  bool signalled = false;
  bool resumes = false;  ///< `resumed` is to be announced again
  bool blocked = false;  ///< when the signal came
  Interruption interruption = Interruption::none;
  std::uint64_t handled = 0;  ///< handlers run
  Event resumed;              ///< read only where `resumes` says so
  Queue pending;

  void reset() {
    mask = waited = 0;
    signalled = resumes = blocked = false;
    interruption = Interruption::none;
    handled = 0;
    pending.clear();
  }
};

std::vector<ThreadSignals>& threads() {
  static std::vector<ThreadSignals>* list = new std::vector<ThreadSignals>(kThreadCountMax);
  return *list;
}
bool g_process_touched = false;  // by the execution
Queue& process_pending() {
  g_process_touched = true;
  static Queue* list = new Queue;
  return *list;
}
unsigned g_touched_end = 0;
struct sigaction g_actions[kLastSignal + 1];
bool g_actions_changed = true;  // since the execution began
volatile SignalBits g_from_outside = 0;

ThreadSignals& of(ThreadId thread) {
  if (thread >= g_touched_end) g_touched_end = thread + 1U;
  return threads()[thread];
}
ThreadSignals& mine() { return of(self()); }

bool handled(int signal) {
  const auto handler = action_of(signal).sa_handler;
  return handler != SIG_DFL && handler != SIG_IGN;
}

bool harmless(int signal) {
  return signal == SIGCHLD || signal == SIGURG || signal == SIGWINCH || signal == SIGCONT;
}
bool ignored(int signal) {
  const auto handler = action_of(signal).sa_handler;
  return handler == SIG_IGN || (handler == SIG_DFL && harmless(signal));
}
bool stops(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

void put(Queue& queue, int signal, const siginfo_t& info) {
  if (signal < kFirstQueued) {
    for (const Pending& one : queue) {
      if (one.signal == signal) return;  // once is all that is remembered
    }
  }
  queue.push_back({signal, info});
}

/// The lowest pending signal of `set`; 0 when there is none.
int take(Queue& queue, SignalBits set, siginfo_t& info) {
  std::size_t best = queue.size();
  for (std::size_t i = 0; i < queue.size(); ++i) {
    if ((set & bit_of(queue[i].signal)) == 0) continue;
    if (best == queue.size() || queue[i].signal < queue[best].signal) best = i;
  }
  if (best == queue.size()) return 0;
  const int signal = queue[best].signal;
  info = queue[best].info;
  queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(best));
  return signal;
}
int take_pending(SignalBits set, siginfo_t& info) {
  const int signal = take(mine().pending, set, info);
  return signal != 0 ? signal : take(process_pending(), set, info);
}

Event signal_event(Operation operation, int signal, void* pc) {
  Event event = make_event(operation, nullptr, pc);
  if (signal != 0) {
    event.address = kSignalsAt + static_cast<std::uint64_t>(signal) * kSignalStep;
    object_of(event, ObjectKind::signal);
  }
  return event;
}

SyncVar& clock_of(int signal) {
  const Event event = signal_event(Operation::send_signal, signal, nullptr);
  return scheduler().objects()[event.object].clock;
}

/// The default action: it ends the process.
[[noreturn]] void die(int signal, std::uint64_t pc) {
  std::string detail;
  switch (signal) {
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGTRAP: fail(FindingCode::crash, "crash-signal", pc, std::string(signal_name(signal)));
    case SIGABRT: fail(FindingCode::abort, "abort", pc);
    default: break;
  }
  // As a shell sees it.
  engine().exit_status = 128 + signal;
  append_number(detail, static_cast<unsigned>(128 + signal));
  detail += " (";
  detail += signal_name(signal);
  detail += ")";
  fail(FindingCode::exit_status, "exit-signal", pc, static_cast<std::string&&>(detail));
}

/// Runs the handler as a call; `announced`: its step was the one that was chosen.
void run_handler(int signal, siginfo_t& info, Interruption& came) {
  const struct sigaction action = action_of(signal);
  if (action.sa_handler == SIG_IGN) return;
  if (action.sa_handler == SIG_DFL) {
    if (harmless(signal)) return;
    die(signal, 0);
  }
  const auto code = reinterpret_cast<std::uint64_t>(action.sa_handler) + 1;
  const Event event = signal_event(Operation::handle_signal, signal, reinterpret_cast<void*>(code));
  scheduler().step(event);
  see_signal(signal);
  if ((action.sa_flags & SA_RESTART) == 0) {
    came = Interruption::fail;
  } else if (came == Interruption::none) {
    came = Interruption::restart;
  }
  const ThreadId me = self();
  const SignalBits before = of(me).mask;
  ++of(me).handled;
  of(me).mask |= bits_of(action.sa_mask);
  if ((action.sa_flags & SA_NODEFER) == 0) of(me).mask |= bit_of(signal);
  if ((action.sa_flags & SA_RESETHAND) != 0) {
    g_actions[signal].sa_handler = SIG_DFL;
    g_actions_changed = true;
  }
  const int error = errno;
  if ((action.sa_flags & SA_SIGINFO) != 0) {
    ucontext_t context = {};
    set_bits(context.uc_sigmask, before);
    action.sa_sigaction(signal, &info, &context);
  } else {
    action.sa_handler(signal);
  }
  errno = error;
  of(me).mask = before;
}

/// Runs the handlers of all that the current thread may take now.
Interruption run_pending() {
  Interruption came = Interruption::none;
  siginfo_t info = {};
  while (const int signal = take_pending(~mine().mask, info)) run_handler(signal, info, came);
  return came;
}

/// A wait that a handler ends: what the thread does then looks at how it ended. All other steps
/// are announced again.
bool ends_early(const Event& was) {
  return was.operation == Operation::sleep || was.operation == Operation::futex_woken ||
         (was.operation == Operation::wake && was.mutex == kNoObject);
}

/// `thread` runs its handlers next.
void interrupt(ThreadId thread, int signal) {
  ThreadSignals& it = of(thread);
  if (it.signalled) return;
  it.signalled = true;
  ++g_signalled_count;
  // One that has not begun takes its signals when it does.
  it.blocked = !scheduler().may_go_on(thread);
  it.resumes = scheduler().state(thread).pending.operation != Operation::start;
  if (!it.resumes) return;
  forget_wait(thread);
  Event event = signal_event(Operation::handle_signal, signal, nullptr);
  event.thread = thread;
  it.resumed = scheduler().interrupt(thread, event);
}

bool alive(ThreadId thread) { return scheduler().state(thread).status != ThreadStatus::finished; }

bool wants(ThreadId thread, int signal) {
  const ThreadSignals& it = of(thread);
  return alive(thread) && ((it.mask & bit_of(signal)) == 0 || (it.waited & bit_of(signal)) != 0);
}

/// The signal is there; `thread` gets on with it, if it may.
void arrive(ThreadId thread, int signal, const siginfo_t& info) {
  ThreadSignals& it = of(thread);
  if ((it.waited & bit_of(signal)) != 0) {
    put(it.pending, signal, info);
    scheduler().rouse(thread, self());
    return;
  }
  if ((it.mask & bit_of(signal)) != 0) {
    put(it.pending, signal, info);
    return;
  }
  if (ignored(signal)) return;
  if (!handled(signal)) {
    if (stops(signal)) return;
    die(signal, 0);
  }
  put(it.pending, signal, info);
  if (thread != self()) {
    interrupt(thread, signal);
  }
}

/// Who gets what is sent to the process; kNoThread when all block it.
ThreadId find_taker(int signal, Event& event, bool& recorded) {
  if (wants(kMainThread, signal)) return kMainThread;
  std::vector<ThreadId> takers;
  for (unsigned i = 0; i < scheduler().thread_count(); ++i) {
    if (wants(static_cast<ThreadId>(i), signal)) takers.push_back(static_cast<ThreadId>(i));
  }
  if (takers.empty()) return kNoThread;
  if (takers.size() == 1) return takers[0];
  recorded = true;
  return takers[scheduler().choose_value(event, static_cast<std::uint32_t>(takers.size()))];
}

}  // namespace

void forget_actions() { g_actions_changed = true; }

void begin_signal_state() {
  for (unsigned i = 0; i < g_touched_end; ++i) threads()[i].reset();
  g_touched_end = 0;
  g_signalled_count = 0;
  g_from_outside = 0;
  if (g_process_touched) process_pending().clear();
  g_process_touched = false;
  if (g_actions_changed) {
    for (int signal = 1; signal <= kLastSignal; ++signal) {
      g_actions[signal] = initial_action(signal);
    }
    g_actions_changed = false;
  }
  // Most programs never touch a mask, and then nobody's state is touched either.
  if (const SignalBits mask = initial_mask(); mask != 0) of(kMainThread).mask = mask;
}

void inherit_signal_mask(ThreadId child) {
  if (g_touched_end == 0) return;
  const SignalBits mask = mine().mask;
  ThreadSignals& made = of(child);
  made.reset();
  made.mask = mask;
}

void block_signals(ThreadId thread) { of(thread).mask = ~SignalBits{0}; }

void mark_signal(int signal) { engine().detector.release(self(), clock_of(signal)); }
void see_signal(int signal) { engine().detector.acquire(self(), clock_of(signal)); }

const struct sigaction& action_of(int signal) { return g_actions[signal]; }
void set_action(int signal, const struct sigaction& action) {
  g_actions[signal] = action;
  g_actions_changed = true;
  if (!ignored(signal)) return;
  // What is pending and ignored is gone.
  const auto drop = [signal](Queue& queue) {
    siginfo_t info = {};
    while (take(queue, bit_of(signal), info) != 0) {
    }
  };
  drop(process_pending());
  for (unsigned i = 0; i < g_touched_end; ++i) drop(threads()[i].pending);
}

void take_signals() {
  ThreadSignals& it = mine();
  if (!it.signalled) return;
  it.signalled = false;
  --g_signalled_count;
  const bool resumes = it.resumes;
  const Event resumed = it.resumed;
  const bool blocked = it.blocked;
  const std::uint64_t before = it.handled;
  const Interruption came = run_pending();
  if (!resumes) return;
  ThreadSignals& now = mine();
  // Its turn was a choice, so it is a step, even if another thread has the handler removed.
  if (now.handled == before) scheduler().step(make_event(Operation::yield, nullptr, nullptr));
  if (ends_early(resumed)) {
    now.interruption = came == Interruption::none ? Interruption::restart : came;
    return;
  }
  if (resumed.operation == Operation::acquire && blocked && came == Interruption::fail) {
    now.interruption = came;
    return;
  }
  point(resumed);
}

Interruption take_interruption() {
  if (g_touched_end == 0) return Interruption::none;
  ThreadSignals& it = mine();
  const Interruption came = it.interruption;
  it.interruption = Interruption::none;
  return came;
}

void note_outside_signal(int signal) { g_from_outside = g_from_outside | bit_of(signal); }

bool take_outside_signals() {
  const SignalBits came = __atomic_exchange_n(&g_from_outside, 0, __ATOMIC_SEQ_CST);
  if (came == 0) return false;
  bool any = false;
  for (int signal = 1; signal <= kLastSignal; ++signal) {
    if ((came & bit_of(signal)) == 0) continue;
    siginfo_t info = {};
    info.si_signo = signal;
    for (unsigned i = 0; i < scheduler().thread_count(); ++i) {
      const auto thread = static_cast<ThreadId>(i);
      if (!wants(thread, signal)) continue;
      // Who is about to go on without a switch could not be told.
      if (thread == self() && scheduler().state(thread).status == ThreadStatus::ready) continue;
      if ((of(thread).waited & bit_of(signal)) == 0 && !handled(signal)) break;
      put(of(thread).pending, signal, info);
      if ((of(thread).waited & bit_of(signal)) != 0) {
        scheduler().rouse(thread, kNoThread);
      } else {
        interrupt(thread, signal);
      }
      any = true;
      break;
    }
  }
  return any;
}

int send_signal(int signal, ThreadId to, const siginfo_t& info, void* pc) {
  if (signal < 0 || signal > kLastSignal) return -EINVAL;
  if (signal == 0) return 0;
  Event event = signal_event(Operation::send_signal, signal, pc);
  event.other = to;
  point(event);
  mark_signal(signal);
  bool recorded = false;
  ThreadId taker = to;
  if (to == kNoThread) taker = find_taker(signal, event, recorded);
  event.other = taker;
  if (!recorded) scheduler().step(event);
  if (stops(signal) && !handled(signal)) note_blind("kill(SIGSTOP)", pc);
  if (taker == kNoThread) {
    put(process_pending(), signal, info);
    return 0;
  }
  if (!alive(taker)) return -ESRCH;
  if (!handled(signal) && !ignored(signal) && !stops(signal) &&
      (of(taker).mask & bit_of(signal)) == 0 && (of(taker).waited & bit_of(signal)) == 0) {
    die(signal, reinterpret_cast<std::uint64_t>(pc));
  }
  arrive(taker, signal, info);
  if (taker == self()) run_pending();
  return 0;
}

void raise_for_program(int signal, void* pc) {
  siginfo_t info = {};
  info.si_signo = signal;
  info.si_code = SI_TKILL;
  send_signal(signal, self(), info, pc);
}

SignalBits signal_mask() { return mine().mask; }
void set_signal_mask(SignalBits mask) {
  mine().mask = mask & ~(bit_of(SIGKILL) | bit_of(SIGSTOP));
  run_pending();
}

SignalBits pending_signals() {
  SignalBits bits = 0;
  for (const Pending& one : mine().pending) bits |= bit_of(one.signal);
  for (const Pending& one : process_pending()) bits |= bit_of(one.signal);
  return bits;
}

int wait_signal(SignalBits set, std::uint64_t deadline_ns, siginfo_t* info, void* pc) {
  Event event = signal_event(Operation::wait_signal, 0, pc);
  point(event);
  siginfo_t taken = {};
  for (;;) {
    const int signal = take_pending(set, taken);
    if (signal != 0) {
      event = signal_event(Operation::wait_signal, signal, pc);
      scheduler().step(event);
      see_signal(signal);
      if (info != nullptr) *info = taken;
      return signal;
    }
    event.deadline_ns = deadline_ns;
    mine().waited = set;
    IoWait how;
    how.outside = has_children();
    const WaitEnd end = wait_for(event, how);
    mine().waited = 0;
    if (end == WaitEnd::ready || (pending_signals() & set) != 0) continue;
    return end == WaitEnd::timed_out ? -EAGAIN : -EINTR;
  }
}

std::uint64_t handled_count() { return mine().handled; }

namespace {
void wait_while_handled(std::uint64_t before, const Event& event) {
  while (mine().handled == before) {
    IoWait how;
    how.outside = has_children();
    wait_for(event, how);
  }
  scheduler().step(event);
}
}  // namespace

void wait_handler(std::uint64_t before, void* pc) {
  const Event event = signal_event(Operation::wait_signal, 0, pc);
  point(event);
  wait_while_handled(before, event);
}
void wait_next_handler(void* pc) {
  const Event event = signal_event(Operation::wait_signal, 0, pc);
  point(event);
  // What came before the call is no help.
  wait_while_handled(mine().handled, event);
}

TemporaryMask::TemporaryMask(const sigset_t* mask) : set_(mask != nullptr) {
  if (!set_) return;
  before_ = mine().mask;
  handled_ = mine().handled;
  set_signal_mask(bits_of(*mask));
}
TemporaryMask::~TemporaryMask() {
  if (set_) set_signal_mask(before_);
}

const char* signal_name(int signal) {
  static char name[24];
  const char* known = sigabbrev_np(signal);
  std::string text(known != nullptr ? "SIG" : "signal ");
  if (known != nullptr) {
    text += known;
  } else {
    append_number(text, static_cast<unsigned>(signal));
  }
  memcpy(name, text.c_str(), text.size() < sizeof name ? text.size() + 1 : sizeof name);
  name[sizeof name - 1] = '\0';
  return name;
}

int signal_at(std::uint64_t address) {
  if (address < kSignalsAt) return 0;
  const std::uint64_t signal = (address - kSignalsAt) / kSignalStep;
  return signal <= kLastSignal ? static_cast<int>(signal) : 0;
}

}  // namespace trama::runtime

// The program's signals: masks, what is pending, who takes what, and when handlers run.
//
// The kernel has no part in it: a signal that the program sends to itself stays here. Its
// handler runs as a call on the fiber of the thread that takes it. Where another thread sent
// it, that thread's next step is the handler (Scheduler::interrupt), before what it was about to
// do; a wait or sleep is over then. So where a handler comes between is the scheduler's choice.
//
// Who takes a signal that is sent to the process: as Linux has it, the main thread if it can;
// of the others, any (a choice).
#pragma once

#include <signal.h>

#include <cstdint>

#include "runtime/engine.hpp"

namespace trama::runtime {

using SignalBits = std::uint64_t;

constexpr SignalBits bit_of(int signal) { return SignalBits{1} << (signal - 1); }
inline SignalBits bits_of(const sigset_t& set) {
  return *reinterpret_cast<const SignalBits*>(&set);
}
inline void set_bits(sigset_t& set, SignalBits bits) {
  sigemptyset(&set);
  *reinterpret_cast<SignalBits*>(&set) = bits;
}

/// What came while a call was waiting.
enum class Interruption : std::uint8_t {
  none,
  restart,  ///< handlers all of which have SA_RESTART
  fail,     ///< one that has not: EINTR
};

/// Masks as the process began with them, nothing pending: an execution begins.
void begin_signal_state();
/// What stood before the program may be another now: it is read again.
void forget_actions();
/// `child` has its creator's mask.
void inherit_signal_mask(ThreadId child);
/// `thread` takes none.
void block_signals(ThreadId thread);

/// What the last wait or sleep of the current thread was ended by; asked once.
Interruption take_interruption();

/// In a real handler: the kernel sends this.
void note_outside_signal(int signal);
/// Sends from outside the program, by the kernel, that have come meanwhile. True when one
/// lets a thread go on.
bool take_outside_signals();

/// The current thread gets this signal, now: as raise does.
void raise_for_program(int signal, void* pc);
/// Sends to one thread, or to the process (kNoThread). A negative errno on failure.
int send_signal(int signal, ThreadId to, const siginfo_t& info, void* pc);

/// The same for the thread that gettid names: what tgkill answers.
long kill_thread(pid_t id, int signal, void* pc);

/// Handlers that the program set; see signals.cpp.
const struct sigaction& action_of(int signal);
void set_action(int signal, const struct sigaction& action);

/// The current thread comes before whatever handles the signal.
void mark_signal(int signal);
/// The current thread comes after what was marked.
void see_signal(int signal);

/// Changes the current thread's mask; what may come now comes.
SignalBits signal_mask();
void set_signal_mask(SignalBits mask);
/// Of the current thread and the process.
SignalBits pending_signals();

/// Waits for one of `set`, which becomes the answer; a negative errno on failure.
int wait_signal(SignalBits set, std::uint64_t deadline_ns, siginfo_t* info, void* pc);
/// How many handlers the current thread has run.
std::uint64_t handled_count();
/// Waits until it has run more than `before`; pause begins to count when it is called.
void wait_handler(std::uint64_t before, void* pc);
void wait_next_handler(void* pc);

/// ppoll, pselect: another mask for the time of one call.
class TemporaryMask {
 public:
  explicit TemporaryMask(const sigset_t* mask);
  ~TemporaryMask();
  TemporaryMask(const TemporaryMask&) = delete;
  TemporaryMask& operator=(const TemporaryMask&) = delete;
  /// A handler has run since.
  [[nodiscard]] bool interrupted() const { return set_ && handled_count() != handled_; }
  [[nodiscard]] std::uint64_t handled_before() const { return handled_; }

 private:
  bool set_;
  std::uint64_t handled_ = 0;
  SignalBits before_ = 0;
};

/// "SIGUSR1"; "signal 40" where there is no such name. Valid until the next call.
const char* signal_name(int signal);
/// The number behind a signal's object, or 0.
int signal_at(std::uint64_t address);

}  // namespace trama::runtime

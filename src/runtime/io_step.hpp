// One call on a descriptor as a step: announced, waited for where it would block, taken, and
// ordered after what it sees.
#pragma once

#include "event/io_fault.hpp"
#include "runtime/io_wait.hpp"

namespace trama::runtime {

/// Whether a call on this descriptor is a step: others may see it.
bool is_shared(int descriptor, Operation operation);

/// Whether a fault (--io-faults) befalls the current step: a choice. The step's `before` is then to
/// say so.
bool fault_comes(IoFault fault);

/// The steps of one call.
class IoStep {
 public:
  /// Announces the step and waits for its turn. To a guide it is one that waits for `events`, if any
  /// are told, where it has to wait.
  IoStep(Operation operation, int descriptor, void* pc, short events = 0);
  /// The same for what has no descriptor yet.
  IoStep(Operation operation, ChannelId id, void* pc, int descriptor, short events);

  /// Returns when the descriptor is ready for `events`, or will never block. False where a
  /// signal's handler came between, or a fault that looks like one: EINTR.
  bool wait_ready(short events);
  /// Waits of this call end after so long, where it is not 0; wait_ready is then false too.
  void set_timeout(std::uint64_t timeout_ns);
  [[nodiscard]] bool timed_out() const { return timed_out_; }
  /// Waits for any step on the channel. False where a signal's handler came between.
  bool wait_retry() { return wait_retry(channel_); }
  /// The same for another channel.
  bool wait_retry(ChannelId id);
  /// Waits until another descriptor is ready. False where a signal's handler came between.
  bool wait_other(int descriptor, short events);
  /// Nothing will ever end this wait but a signal's handler.
  bool wait_in_vain() { return wait(IoWait{}); }

  /// Waits until `look` finds that the world outside has done something. False where a signal's
  /// handler came between.
  bool wait_outside(bool (*look)(void* context), void* context);

  /// The step is done with the kernel's answer, a negative errno on failure. Returns what libc
  /// returns.
  long done(long result);

  /// Whether a fault (--io-faults) befalls this step. `of`: how much it could have had.
  bool meets(IoFault fault, std::uint64_t of = 0);
  /// The same for EINTR, asked once in a call: by the call where it might have to wait whatever
  /// is there already, else when it does have to wait.
  bool meets_interruption();

  [[nodiscard]] ChannelId id() const { return channel_; }

 private:
  void announce(short events);
  bool wait(const IoWait& wait);
  [[nodiscard]] bool is_too_late() const;

  Event event_;
  int descriptor_;
  ChannelId channel_;
  bool waited_ = false;
  bool interruption_asked_ = false;
  std::uint64_t timeout_at_ns_ = 0;  // 0: none
  bool timed_out_ = false;
};

/// libc's answer for the kernel's: -1 and errno for a negative one.
long answer(long result);

/// What a step on the channel concerns, for a guide.
IoReach reach_of(ChannelId id);

/// Under a guide it is a step as well to take a descriptor's number, or to give it back: `operation`
/// is fd_open or fd_close. `reach`: of what it stands for.
void descriptor_step(Operation operation, void* pc, IoReach reach = IoReach::one);

/// Happens-before, by the current thread: it sees what was written there; it leaves something.
void see_channel(ChannelId id);
void mark_channel(ChannelId id);

}  // namespace trama::runtime

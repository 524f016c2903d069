#include "runtime/io_step.hpp"

#include <errno.h>
#include <fcntl.h>

#include "runtime/modules.hpp"
#include "runtime/ready_cause.hpp"
#include "runtime/recorder.hpp"
#include "runtime/syscall.hpp"
#include "runtime/timerfd.hpp"

namespace trama::runtime {
namespace {

bool never_blocks(int descriptor) {
  const long flags = raw_syscall(SYS_fcntl, descriptor, F_GETFL);
  return flags < 0 || (flags & O_NONBLOCK) != 0;
}

Event event_of(Operation operation, ChannelId id, void* pc) {
  Event event = make_event(operation, nullptr, pc);
  set_channel(event, id);
  if (scheduler().guide() != nullptr) event.size = static_cast<std::uint8_t>(reach_of(id));
  return event;
}

SyncObject& object_at(ChannelId id) {
  Event event;
  set_channel(event, id);
  return scheduler().objects()[event.object];
}

}  // namespace

bool is_shared(int descriptor, Operation operation) {
  // To a guide even a descriptor that is closed by now is one: it might have been open still.
  if (scheduler().guide() != nullptr) return descriptor >= 0;
  const ChannelId id = channel_of(descriptor);
  if (id == 0) return false;
  const Channel& it = channel(id);
  // A file that nobody writes reads the same whenever it is read.
  return it.kind != ObjectKind::file || it.written || operation != Operation::fd_read;
}

IoReach reach_of(ChannelId id) {
  // Not open: who else closes it, or opens one of that number, matters.
  if (id == 0) return IoReach::many;
  const Channel& it = channel(id);
  return it.outside ? IoReach::outside
         : it.kept  ? IoReach::kept
         : it.meets ? IoReach::many
                    : IoReach::one;
}

void descriptor_step(Operation operation, void* pc, IoReach reach) {
  if (scheduler().guide() == nullptr) return;
  Event event = make_event(operation, nullptr, pc);
  event.size = static_cast<std::uint8_t>(reach);
  point(event);
  scheduler().step(event);
}

long answer(long result) {
  if (result >= 0) return result;
  errno = static_cast<int>(-result);
  return -1;
}

void see_channel(ChannelId id) {
  if (id != 0) engine().detector.acquire(self(), object_at(id).clock);
}
void mark_channel(ChannelId id) {
  if (id != 0) engine().detector.release(self(), object_at(id).clock);
}

IoStep::IoStep(Operation operation, int descriptor, void* pc, short events)
    : IoStep(operation, channel_of(descriptor), pc, descriptor, events) {}

void IoStep::announce(short events) {
  const bool waits = scheduler().guide() != nullptr && events != 0 && channel_ != 0 &&
                     channel(channel_).kind != ObjectKind::file && !is_timerfd(channel_) &&
                     !scheduler().allows(Chance::io_fault) && !never_blocks(descriptor_);
  if (!waits) return point(event_);
  event_.size |= kMayWait;
  const pollfd one = {descriptor_, events, 0};
  IoWait how;
  how.list = &one;
  how.count = 1;
  point_when_ready(event_, how);
}

IoStep::IoStep(Operation operation, ChannelId id, void* pc, int descriptor, short events)
    : event_(event_of(operation, id, pc)), descriptor_(descriptor), channel_(id) {
  announce(events);
  if (scheduler().guide() == nullptr || descriptor < 0) return;
  // Meanwhile others may have closed it, or opened another of that number.
  channel_ = channel_of(descriptor);
  if (channel_ == id) return;
  event_.object = kNoObject;
  event_.address = 0;
  set_channel(event_, channel_);
}

bool fault_comes(IoFault fault) {
  return (engine().fault_kinds & bit_of(fault)) != 0 &&
         scheduler().chance(Chance::io_fault, static_cast<std::uint64_t>(fault));
}

bool IoStep::meets(IoFault fault, std::uint64_t of) {
  if (!fault_comes(fault)) return false;
  event_.before = fault_word(fault, of);
  return true;
}

bool IoStep::meets_interruption() {
  if (interruption_asked_ || !may_meet_fault(event_.operation)) return false;
  interruption_asked_ = true;
  return meets(IoFault::interrupted);
}

bool IoStep::wait(const IoWait& wait) {
  if (meets_interruption()) return false;
  waited_ = true;
  const std::uint64_t timer_ns = timerfd_deadline(channel_);
  event_.deadline_ns = timeout_at_ns_;
  if (timer_ns != 0 && (timeout_at_ns_ == 0 || timer_ns < timeout_at_ns_)) {
    event_.deadline_ns = timer_ns;  // then it is ready, and the call has not failed
  }
  const WaitEnd end = wait_for(event_, wait);
  timed_out_ = end == WaitEnd::timed_out && event_.deadline_ns == timeout_at_ns_;
  return end != WaitEnd::interrupted && !timed_out_;
}

/// What came after the deadline of the call came too late; under a guide, times tell.
bool IoStep::is_too_late() const { return timed_out_ && scheduler().guide() != nullptr; }

void IoStep::set_timeout(std::uint64_t timeout_ns) {
  if (timeout_ns != 0) timeout_at_ns_ = scheduler().now_ns() + timeout_ns;
}

bool IoStep::wait_ready(short events) {
  if (channel_ == 0) return true;
  const Channel& it = channel(channel_);
  if (it.kind == ObjectKind::file && !it.outside) return true;
  pollfd one = {descriptor_, events, 0};
  // What is there from outside depends on the moment: the others go first, always.
  bool look = !channel(channel_).outside || events != POLLIN;
  for (;;) {
    settle_timerfds();
    if (look && look_now(&one, 1) != 0) return true;
    if (never_blocks(descriptor_)) return true;
    IoWait how;
    how.list = &one;
    how.count = 1;
    how.outside = channel(channel_).outside;
    one.revents = 0;
    if (!wait(how) && (is_too_late() || look_now(&one, 1) == 0)) return false;
    look = true;
  }
}

bool IoStep::wait_retry(ChannelId id) {
  IoWait how;
  how.retry = id;
  return wait(how);
}

bool IoStep::wait_other(int descriptor, short events) {
  pollfd one = {descriptor, events, 0};
  IoWait how;
  how.list = &one;
  how.count = 1;
  return wait(how) || (!is_too_late() && look_now(&one, 1) != 0);
}

bool IoStep::wait_outside(bool (*look)(void* context), void* context) {
  IoWait how;
  how.outside = true;
  how.look = look;
  how.context = context;
  return wait(how) || look(context);
}

long IoStep::done(long result) {
  event_.deadline_ns = 0;  // of a wait
  if (result < 0) event_.outcome = timed_out_ ? Outcome::timed_out : Outcome::failed;
  // A process's number differs from run to run.
  const bool is_process = event_.operation == Operation::wait_process;
  if (!is_process) event_.after = static_cast<std::uint64_t>(result);
  scheduler().step(event_);
  if (channel_ != 0 && result >= 0) {
    // A FIFO's bytes, a counter, a lock: who takes what another gave sees what came before.
    // Two who write one file see nothing of each other.
    const bool takes = event_.operation == Operation::fd_read ||
                       event_.operation == Operation::fd_lock ||
                       event_.operation == Operation::fd_accept || waited_;
    if (takes) see_channel(channel_);
    const bool gives = event_.operation != Operation::fd_read;
    if (gives) mark_channel(channel_);
  }
  if (channel_ != 0 && channel(channel_).in_set) {
    note_cause(channel_, event_.operation != Operation::fd_read && result >= 0, descriptor_);
  }
  if (channel_ != 0) readiness_changed(channel_, event_.operation != Operation::fd_read);
  return answer(result);
}

}  // namespace trama::runtime

// poll, select and their relatives: one step, which waits for any of several descriptors.
#include "runtime/libc_poll.hpp"

#include <errno.h>
#include <poll.h>
#include <sys/select.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/io_step.hpp"
#include "runtime/real.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/syscall.hpp"
#include "runtime/time.hpp"
#include "runtime/timerfd.hpp"

namespace trama::runtime {
namespace {

bool has_outside(const pollfd* list, nfds_t count) {
  for (nfds_t i = 0; i < count; ++i) {
    const ChannelId id = list[i].fd < 0 ? 0 : channel_of(list[i].fd);
    if (id != 0 && channel(id).outside) return true;
  }
  return false;
}

/// How many are ready now; those of the outside are not asked where `inside_only`.
int look(pollfd* list, nfds_t count, bool inside_only) {
  if (!inside_only) return look_now(list, static_cast<unsigned>(count));
  std::vector<pollfd> inside(list, list + count);
  for (pollfd& one : inside) {
    const ChannelId id = one.fd < 0 ? 0 : channel_of(one.fd);
    if (id != 0 && channel(id).outside) one.fd = -1;
  }
  const int ready = look_now(inside.data(), static_cast<unsigned>(count));
  if (ready > 0) {
    for (nfds_t i = 0; i < count; ++i) list[i].revents = inside[i].revents;
  }
  return ready;
}

}  // namespace

namespace {

/// What the call concerns, for a guide.
IoReach reach_of_all(const pollfd* list, nfds_t count) {
  IoReach reach = IoReach::one;
  ChannelId only = 0;
  for (nfds_t i = 0; i < count; ++i) {
    if (list[i].fd < 0) continue;
    const ChannelId id = channel_of(list[i].fd);
    reach = std::max(reach, reach_of(id));
    if (only != 0 && only != id) reach = std::max(reach, IoReach::many);
    only = id;
  }
  return reach;
}

}  // namespace

int poll_step(pollfd* list, nfds_t count, std::uint64_t timeout_ns, void* pc,
              const TemporaryMask* masked) {
  Event event = make_event(Operation::poll, nullptr, pc);
  for (nfds_t i = 0; i < count && event.object == kNoObject; ++i) {
    if (list[i].fd >= 0) set_channel(event, channel_of(list[i].fd));
  }
  if (scheduler().guide() != nullptr) {
    event.size = static_cast<std::uint8_t>(reach_of_all(list, count));
  }
  const bool waits = scheduler().guide() != nullptr && timeout_ns == kForEver &&
                     masked == nullptr && !any_timerfd() && !scheduler().allows(Chance::io_fault);
  if (waits) {
    event.size |= kMayWait;
    IoWait how;
    how.list = list;
    how.count = static_cast<unsigned>(count);
    point_when_ready(event, how);
  } else {
    point(event);
  }
  const bool outside = has_outside(list, count);
  settle_timerfds();
  int ready = look(list, count, outside && timeout_ns != 0);
  // What the call itself let in has interrupted it.
  if (ready == 0 && masked != nullptr && masked->interrupted()) ready = -EINTR;
  if (ready == 0 && timeout_ns != 0 && fault_comes(IoFault::interrupted)) {
    event.before = fault_word(IoFault::interrupted);
    ready = -EINTR;
  }
  if (ready == 0 && timeout_ns != 0) {
    Event waiting = event;
    const std::uint64_t end_ns = timeout_ns == kForEver ? 0 : scheduler().now_ns() + timeout_ns;
    IoWait how;
    how.list = list;
    how.count = static_cast<unsigned>(count);
    how.outside = outside;
    while (ready == 0) {
      const std::uint64_t timer_ns = timerfd_deadline(list, static_cast<unsigned>(count));
      const bool timer_first = timer_ns != 0 && (end_ns == 0 || timer_ns < end_ns);
      waiting.deadline_ns = timer_first ? timer_ns : end_ns;
      const WaitEnd end = wait_for(waiting, how);
      settle_timerfds();
      // What came after the deadline came too late; under a guide, times tell.
      const bool too_late =
          end == WaitEnd::timed_out && !timer_first && scheduler().guide() != nullptr;
      ready = too_late ? 0 : look(list, count, false);
      if (ready != 0 || end == WaitEnd::ready) continue;
      if (end == WaitEnd::timed_out && timer_first) continue;
      if (end != WaitEnd::timed_out) {
        ready = -EINTR;  // poll and select go on after no handler
      } else {
        event.outcome = Outcome::timed_out;
        break;
      }
    }
  }
  if (ready < 0) event.outcome = Outcome::failed;
  event.after = static_cast<std::uint64_t>(ready);
  scheduler().step(event);
  for (nfds_t i = 0; i < count && ready > 0; ++i) {
    if (list[i].revents != 0 && list[i].fd >= 0) see_channel(channel_of(list[i].fd));
  }
  return ready;
}

namespace {

std::uint64_t timeout_of(const timespec* timeout) {
  return timeout == nullptr ? kForEver : to_ns(*timeout);
}

int select_step(int count, fd_set* reads, fd_set* writes, fd_set* others, std::uint64_t timeout_ns,
                void* pc, const TemporaryMask* masked = nullptr) {
  std::vector<pollfd> list;
  const auto wants = [](const fd_set* set, int descriptor) {
    return set != nullptr && FD_ISSET(descriptor, set);
  };
  for (int i = 0; i < count; ++i) {
    short events = 0;
    if (wants(reads, i)) events |= POLLIN;
    if (wants(writes, i)) events |= POLLOUT;
    if (wants(others, i)) events |= POLLPRI;
    if (events != 0) list.push_back({i, events, 0});
  }
  for (pollfd& one : list) {
    if (raw_syscall(SYS_fcntl, one.fd, 1 /* F_GETFD */) < 0) return -EBADF;
  }
  const int ready = poll_step(list.data(), list.size(), timeout_ns, pc, masked);
  if (ready < 0) return ready;
  int bits = 0;
  const auto keep = [&](fd_set* set, int descriptor, bool is_ready) {
    if (!wants(set, descriptor)) return;
    if (is_ready) {
      ++bits;
    } else {
      FD_CLR(descriptor, set);
    }
  };
  for (const pollfd& one : list) {
    const int is = ready == 0 ? 0 : one.revents;
    keep(reads, one.fd, (is & (POLLIN | POLLHUP | POLLERR)) != 0);
    keep(writes, one.fd, (is & (POLLOUT | POLLERR)) != 0);
    keep(others, one.fd, (is & POLLPRI) != 0);
  }
  return bits;
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;

TRAMA_EXPORT int poll(pollfd* list, nfds_t count, int timeout_ms) {
  if (!g_active) return TRAMA_REAL(poll)(list, count, timeout_ms);
  const std::uint64_t timeout =
      timeout_ms < 0 ? kForEver : static_cast<std::uint64_t>(timeout_ms) * 1000000;
  return static_cast<int>(answer(poll_step(list, count, timeout, TRAMA_PC)));
}
TRAMA_EXPORT int __poll_chk(pollfd* list, nfds_t count, int timeout_ms, std::size_t) {
  return poll(list, count, timeout_ms);
}
TRAMA_EXPORT int ppoll(pollfd* list, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  if (!g_active) return TRAMA_REAL(ppoll)(list, count, timeout, mask);
  const TemporaryMask masked(mask);
  return static_cast<int>(answer(poll_step(list, count, timeout_of(timeout), TRAMA_PC, &masked)));
}
TRAMA_EXPORT int select(int count, fd_set* reads, fd_set* writes, fd_set* others,
                        timeval* timeout) {
  if (!g_active) return TRAMA_REAL(select)(count, reads, writes, others, timeout);
  std::uint64_t timeout_ns = kForEver;
  if (timeout != nullptr) {
    if (timeout->tv_sec < 0 || timeout->tv_usec < 0) return static_cast<int>(answer(-EINVAL));
    timeout_ns = to_ns({timeout->tv_sec, timeout->tv_usec * 1000});
  }
  const std::uint64_t start = scheduler().now_ns();
  const int result = select_step(count, reads, writes, others, timeout_ns, TRAMA_PC);
  if (timeout != nullptr) {  // Linux tells what is left
    const std::uint64_t passed = scheduler().now_ns() - start;
    const std::uint64_t left = passed < timeout_ns ? timeout_ns - passed : 0;
    timeout->tv_sec = static_cast<time_t>(left / kNsPerSecond);
    timeout->tv_usec = static_cast<suseconds_t>(left % kNsPerSecond / 1000);
  }
  return static_cast<int>(answer(result));
}
TRAMA_EXPORT int pselect(int count, fd_set* reads, fd_set* writes, fd_set* others,
                         const timespec* timeout, const sigset_t* mask) {
  if (!g_active) return TRAMA_REAL(pselect)(count, reads, writes, others, timeout, mask);
  const TemporaryMask masked(mask);
  return static_cast<int>(
      answer(select_step(count, reads, writes, others, timeout_of(timeout), TRAMA_PC, &masked)));
}

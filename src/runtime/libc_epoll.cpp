// epoll: a set of descriptors, waited for as one. The set is itself a descriptor, ready when any
// of its own is; so a thread waits for that, and the kernel then says which.
#include "runtime/libc_epoll.hpp"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <time.h>

#include <vector>

#include "runtime/io_step.hpp"
#include "runtime/libc_poll.hpp"
#include "runtime/real.hpp"
#include "runtime/rewind.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/time.hpp"

namespace trama::runtime {
namespace {

struct Member {
  int set = -1;
  int descriptor = -1;
  std::uint64_t data = 0;  // by which the kernel names it
};

std::vector<Member>& members() {
  static auto* list = new std::vector<Member>;
  return *list;
}

void note_member(int set, int operation, int descriptor, const epoll_event* wanted) {
  for (Member& member : members()) {
    if (member.set != set || member.descriptor != descriptor) continue;
    if (operation == EPOLL_CTL_DEL) {
      member = members().back();
      members().pop_back();
    } else {
      member.data = wanted->data.u64;
    }
    return;
  }
  if (operation == EPOLL_CTL_DEL) return;
  members().push_back({set, descriptor, wanted->data.u64});
  // What the world may do to a member it does to the set.
  const ChannelId id = channel_of(set);
  const ChannelId inner = channel_of(descriptor);
  if (id != 0 && inner != 0 && channel(inner).outside) channel(id).outside = true;
}

/// Who is told of a descriptor sees what made it ready.
void see_members(int set, const epoll_event* events, int count) {
  for (int i = 0; i < count; ++i) {
    for (const Member& member : members()) {
      if (member.set == set && member.data == events[i].data.u64) {
        see_channel(channel_of(member.descriptor));
      }
    }
  }
}

int wait(int set, epoll_event* events, int count_max, std::uint64_t timeout_ns, void* pc,
         const TemporaryMask* masked) {
  // The kernel finds fault with the arguments, and takes what is there, without waiting.
  if (count_max <= 0 || channel_of(set) == 0) {
    return TRAMA_REAL(epoll_wait)(set, events, count_max, 0);
  }
  for (;;) {
    pollfd one = {set, POLLIN, 0};
    const int ready = poll_step(&one, 1, timeout_ns, pc, masked);
    if (ready < 0) return static_cast<int>(answer(ready));
    if (ready == 0) return 0;
    const int count = TRAMA_REAL(epoll_wait)(set, events, count_max, 0);
    if (count > 0) see_members(set, events, count);
    if (count != 0 || timeout_ns == 0) return count;
  }
}

std::uint64_t timeout_of_ms(int timeout_ms) {
  return timeout_ms < 0 ? kForEver : static_cast<std::uint64_t>(timeout_ms) * 1000000;
}

}  // namespace

void begin_epoll() { members().clear(); }

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::ObjectKind;
using trama::Operation;

TRAMA_EXPORT int epoll_create(int size) {
  const int set = TRAMA_REAL(epoll_create)(size);
  if (g_active && set >= 0) {
    note_descriptors_changed();
    note_made(ObjectKind::event, set);
  }
  return set;
}
TRAMA_EXPORT int epoll_create1(int flags) {
  const int set = TRAMA_REAL(epoll_create1)(flags);
  if (g_active && set >= 0) {
    note_descriptors_changed();
    note_made(ObjectKind::event, set);
  }
  return set;
}

TRAMA_EXPORT int epoll_ctl(int set, int operation, int descriptor, epoll_event* wanted) {
  if (!g_active || channel_of(set) == 0) {
    return TRAMA_REAL(epoll_ctl)(set, operation, descriptor, wanted);
  }
  IoStep step(Operation::fd_write, set, TRAMA_PC);
  const int result = TRAMA_REAL(epoll_ctl)(set, operation, descriptor, wanted);
  if (result != 0) return static_cast<int>(step.done(-errno));
  note_member(set, operation, descriptor, wanted);
  return static_cast<int>(step.done(0));
}

TRAMA_EXPORT int epoll_wait(int set, epoll_event* events, int count_max, int timeout_ms) {
  if (!g_active) return TRAMA_REAL(epoll_wait)(set, events, count_max, timeout_ms);
  return wait(set, events, count_max, timeout_of_ms(timeout_ms), TRAMA_PC, nullptr);
}
TRAMA_EXPORT int epoll_pwait(int set, epoll_event* events, int count_max, int timeout_ms,
                             const sigset_t* mask) {
  if (!g_active) return TRAMA_REAL(epoll_pwait)(set, events, count_max, timeout_ms, mask);
  const TemporaryMask masked(mask);
  return wait(set, events, count_max, timeout_of_ms(timeout_ms), TRAMA_PC, &masked);
}
TRAMA_EXPORT int epoll_pwait2(int set, epoll_event* events, int count_max, const timespec* timeout,
                              const sigset_t* mask) {
  if (!g_active) return TRAMA_REAL(epoll_pwait2)(set, events, count_max, timeout, mask);
  const TemporaryMask masked(mask);
  const std::uint64_t timeout_ns = timeout == nullptr ? kForEver : to_ns(*timeout);
  return wait(set, events, count_max, timeout_ns, TRAMA_PC, &masked);
}

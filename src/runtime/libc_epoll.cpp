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
#include "runtime/loop_watch.hpp"
#include "runtime/ready_cause.hpp"
#include "runtime/real.hpp"
#include "runtime/rewind.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/syscall.hpp"
#include "runtime/time.hpp"
#include "runtime/timerfd.hpp"

namespace trama::runtime {
namespace {

struct Member {
  ChannelId set = 0;
  int descriptor = -1;
  ChannelId channel = 0;
  epoll_event wanted{};   // whose data the kernel names it by
  bool withheld = false;  // once: the next time it comes
};

bool g_touched = false;  // by the execution
std::vector<Member>& members() {
  g_touched = true;
  static auto* list = new std::vector<Member>;
  return *list;
}

/// Not closed since, and another opened in its place.
bool is_current(const Member& member) { return channel_of(member.descriptor) == member.channel; }

void note_member(int set, int operation, int descriptor, const epoll_event* wanted) {
  const ChannelId id = channel_of(set);
  const ChannelId inner = channel_of(descriptor);
  for (Member& member : members()) {
    if (member.set != id || member.descriptor != descriptor) continue;
    if (operation == EPOLL_CTL_ADD) member.channel = inner;  // the one before was closed
    if (operation == EPOLL_CTL_DEL) {
      member = members().back();
      members().pop_back();
    } else {
      member.wanted = *wanted;
      member.withheld = false;
    }
    return;
  }
  if (operation == EPOLL_CTL_DEL) return;
  members().push_back({id, descriptor, inner, *wanted, false});
  // What the world may do to a member it does to the set.
  if (id != 0 && inner != 0 && channel(inner).outside) channel(id).outside = true;
}

Member* find_member(ChannelId set, const epoll_event& event) {
  for (Member& member : members()) {
    if (member.set == set && member.wanted.data.u64 == event.data.u64 && is_current(member)) {
      return &member;
    }
  }
  return nullptr;
}

/// Who is told of a descriptor sees what made it ready.
void see_members(int set, const epoll_event* events, int count) {
  const ChannelId id = channel_of(set);
  for (int i = 0; i < count; ++i) {
    for (const Member& member : members()) {
      if (member.set == id && member.wanted.data.u64 == events[i].data.u64 && is_current(member)) {
        see_channel(member.channel);
      }
    }
  }
}

/// The events that a call found due, and which of them it may return alone.
///
/// An event may be held back where what caused it might as well have come after the call; with it
/// all that surely came later. So what is returned is what Linux returns in some order of the
/// steps that caused it. An event that is held back stays in the kernel's list: one that is
/// edge-triggered, or came once and for all, is put there again by EPOLL_CTL_MOD, which queues a
/// descriptor only if it is still ready.
class Due {
 public:
  static constexpr int kCountMax = 64;

  Due(int set, epoll_event* events, int count) : set_(set), events_(events), count_(count) {
    for (int i = 0; i < count; ++i) members_[i] = find_member(channel_of(set), events[i]);
  }

  /// Asks the strategy and holds back what it says; how many are left.
  int choose(void* pc) {
    std::uint64_t late = 0;
    for (int i = 0; i < count_; ++i) late |= may_be_held(i) ? bit(i) : 0;
    if (late == 0) return count_;
    // The first alternative is all of them; then each that could come without some others.
    std::uint64_t ways[kCountMax + 1] = {all()};
    std::uint32_t way_count = 1;
    for (int i = 0; i < count_; ++i) {
      const std::uint64_t way = with_earlier((all() & ~late) | bit(i));
      bool known = false;
      for (std::uint32_t k = 0; k < way_count && !known; ++k) known = ways[k] == way;
      if (!known) ways[way_count++] = way;
    }
    if (way_count == 1) return count_;
    Event event = make_event(Operation::pick_ready, nullptr, pc);
    set_channel(event, channel_of(set_));
    return keep(ways[scheduler().choose_value(event, way_count)]);
  }

 private:
  static std::uint64_t bit(int i) { return std::uint64_t{1} << static_cast<unsigned>(i); }
  [[nodiscard]] std::uint64_t all() const { return bit(count_ - 1) * 2 - 1; }

  [[nodiscard]] bool may_be_held(int i) const {
    constexpr std::uint32_t kInput = EPOLLIN | EPOLLRDNORM | EPOLLHUP | EPOLLRDHUP;
    const Member* member = members_[i];
    return member != nullptr && !member->withheld && (events_[i].events & ~kInput) == 0 &&
           (member->wanted.events & EPOLLEXCLUSIVE) == 0 && may_come_later(member->channel);
  }

  /// `way` and all that surely came before one of it.
  [[nodiscard]] std::uint64_t with_earlier(std::uint64_t way) const {
    for (bool grew = true; grew;) {
      grew = false;
      for (int i = 0; i < count_; ++i) {
        if ((way & bit(i)) != 0) continue;
        for (int k = 0; k < count_ && (way & bit(i)) == 0; ++k) {
          if ((way & bit(k)) == 0 || members_[k] == nullptr) continue;
          if (!came_before(members_[i]->channel, members_[k]->channel)) continue;
          way |= bit(i);
          grew = true;
        }
      }
    }
    return way;
  }

  int keep(std::uint64_t way) {
    int kept = 0;
    for (int i = 0; i < count_; ++i) {
      Member* member = members_[i];
      const bool stays = (way & bit(i)) == 0;
      if (member != nullptr) member->withheld = stays;
      if (!stays) {
        events_[kept++] = events_[i];
      } else if ((member->wanted.events & (EPOLLET | EPOLLONESHOT)) != 0) {
        TRAMA_REAL(epoll_ctl)(set_, EPOLL_CTL_MOD, member->descriptor, &member->wanted);
      }
    }
    if (kept < count_) readiness_changed(channel_of(set_));
    return kept;
  }

  int set_;
  epoll_event* events_;
  int count_;
  Member* members_[kCountMax] = {};
};

/// What is due now, by the kernel.
long take(int set, epoll_event* events, int count_max) {
  return raw_syscall(SYS_epoll_pwait, set, reinterpret_cast<long>(events), count_max, 0, 0, 8);
}

int wait(int set, epoll_event* events, int count_max, std::uint64_t timeout_ns, void* pc,
         const TemporaryMask* masked) {
  // The kernel finds fault with the arguments, and takes what is there, without waiting.
  if (count_max <= 0 || channel_of(set) == 0) {
    return static_cast<int>(answer(take(set, events, count_max)));
  }
  const std::uint64_t start_ns = scheduler().now_ns();
  for (;;) {
    const std::uint64_t passed_ns = scheduler().now_ns() - start_ns;
    const std::uint64_t left_ns = timeout_ns == kForEver   ? kForEver
                                  : passed_ns < timeout_ns ? timeout_ns - passed_ns
                                                           : 0;
    pollfd one = {set, POLLIN, 0};
    const int ready = poll_step(&one, 1, left_ns, pc, masked);
    if (ready < 0) return static_cast<int>(answer(ready));
    if (ready == 0) return 0;
    int count = static_cast<int>(answer(take(set, events, count_max)));
    if (count >= 2 && count <= Due::kCountMax) count = Due(set, events, count).choose(pc);
    if (count > 0) see_members(set, events, count);
    if (count != 0 || left_ns == 0) return count;
  }
}

/// The same for a thread of which this may be the loop. `frame` is that of epoll_wait.
int wait_in_loop(int set, epoll_event* events, int count_max, std::uint64_t timeout_ns,
                 const void* frame, const TemporaryMask* masked) {
  enter_loop_wait(set);
  void* pc = static_cast<void* const*>(frame)[1];
  const int count = wait(set, events, count_max, timeout_ns, pc, masked);
  if (count >= 0) leave_loop_wait(set, frame);
  return count;
}

std::uint64_t timeout_of_ms(int timeout_ms) {
  return timeout_ms < 0 ? kForEver : static_cast<std::uint64_t>(timeout_ms) * 1000000;
}

}  // namespace

void begin_epoll() {
  if (!g_touched) return;
  members().clear();
  g_touched = false;
}

bool epoll_holds(int descriptor, ChannelId id) {
  if (!g_touched) return false;
  const ChannelId set = channel_of(descriptor);
  for (const Member& member : members()) {
    if (member.set != set || !is_current(member)) continue;
    if (member.channel == id || epoll_holds(member.descriptor, id)) return true;
  }
  return false;
}

ObjectId awaited_object(ObjectId set) {
  if (!g_touched) return set;
  ObjectId best = set;
  int best_rank = 0;
  for (const Member& member : members()) {
    const ObjectId object = object_of_channel(member.channel);
    if (object_of_channel(member.set) != set || object == kNoObject || !is_current(member))
      continue;
    const ObjectKind kind = channel(member.channel).kind;
    const int rank = kind == ObjectKind::socket   ? 4
                     : kind != ObjectKind::event  ? 3
                     : is_timerfd(member.channel) ? 2
                                                  : 1;
    if (rank <= best_rank) continue;
    best_rank = rank;
    best = object;
  }
  return best;
}

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::IoReach;
using trama::ObjectKind;
using trama::Operation;

TRAMA_EXPORT int epoll_create(int size) {
  if (g_active) descriptor_step(Operation::fd_open, TRAMA_PC, IoReach::many);
  const int set = TRAMA_REAL(epoll_create)(size);
  if (g_active && set >= 0) {
    note_descriptors_changed();
    channel(note_made(ObjectKind::event, set)).meets = true;
  }
  return set;
}
TRAMA_EXPORT int epoll_create1(int flags) {
  if (g_active) descriptor_step(Operation::fd_open, TRAMA_PC, IoReach::many);
  const int set = TRAMA_REAL(epoll_create1)(flags);
  if (g_active && set >= 0) {
    note_descriptors_changed();
    channel(note_made(ObjectKind::event, set)).meets = true;
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
  if (operation == EPOLL_CTL_ADD) begin_cause(channel_of(descriptor), descriptor);
  return static_cast<int>(step.done(0));
}

TRAMA_EXPORT int epoll_wait(int set, epoll_event* events, int count_max, int timeout_ms) {
  if (!g_active) return TRAMA_REAL(epoll_wait)(set, events, count_max, timeout_ms);
  return wait_in_loop(set, events, count_max, timeout_of_ms(timeout_ms), TRAMA_FRAME, nullptr);
}
TRAMA_EXPORT int epoll_pwait(int set, epoll_event* events, int count_max, int timeout_ms,
                             const sigset_t* mask) {
  if (!g_active) return TRAMA_REAL(epoll_pwait)(set, events, count_max, timeout_ms, mask);
  const TemporaryMask masked(mask);
  return wait_in_loop(set, events, count_max, timeout_of_ms(timeout_ms), TRAMA_FRAME, &masked);
}
TRAMA_EXPORT int epoll_pwait2(int set, epoll_event* events, int count_max, const timespec* timeout,
                              const sigset_t* mask) {
  if (!g_active) return TRAMA_REAL(epoll_pwait2)(set, events, count_max, timeout, mask);
  const TemporaryMask masked(mask);
  const std::uint64_t timeout_ns = timeout == nullptr ? kForEver : to_ns(*timeout);
  return wait_in_loop(set, events, count_max, timeout_ns, TRAMA_FRAME, &masked);
}

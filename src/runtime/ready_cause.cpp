#include "runtime/ready_cause.hpp"

#include <poll.h>

#include "runtime/io_wait.hpp"
#include "runtime/timerfd.hpp"

namespace trama::runtime {
namespace {

bool is_readable(int descriptor) {
  pollfd one = {descriptor, POLLIN, 0};
  return look_now(&one, 1) > 0;
}

/// The two ends of a socket pair are one channel, whose steps do not tell which end they concern.
bool is_followed(ChannelId id) {
  const ObjectKind kind = channel(id).kind;
  return kind == ObjectKind::pipe || kind == ObjectKind::event;
}

}  // namespace

void begin_cause(ChannelId id, int descriptor) {
  if (id == 0 || !is_followed(id)) return;
  Channel& it = channel(id);
  it.in_set = true;
  it.due = is_readable(descriptor);
  it.cause_known = false;
}

void note_cause(ChannelId id, bool gave, int descriptor) {
  Channel& it = channel(id);
  if (!gave) {
    it.due = is_readable(descriptor);
    it.cause_known = false;  // what is left came at some time before
  } else if (!it.due) {
    it.due = true;
    it.cause_known = true;
    it.cause_ns = scheduler().now_ns();
    engine().detector.release_store(self(), it.cause);
  }
}

bool may_come_later(ChannelId id) {
  if (id == 0) return false;
  const std::uint64_t now_ns = scheduler().now_ns();
  if (is_timerfd(id)) return timerfd_due_since(id) == now_ns;
  const Channel& it = channel(id);
  if (!it.due || !it.cause_known || it.cause_ns != now_ns || it.outside) return false;
  SyncVar now;
  engine().detector.release_store(self(), now);
  return !it.cause.clock().less_or_equal(now.clock());
}

bool came_before(ChannelId first, ChannelId second) {
  const bool by_time = is_timerfd(first) || is_timerfd(second);
  const std::uint64_t first_ns =
      is_timerfd(first) ? timerfd_due_since(first) : channel(first).cause_ns;
  const std::uint64_t second_ns =
      is_timerfd(second) ? timerfd_due_since(second) : channel(second).cause_ns;
  if (first_ns != second_ns) return first_ns < second_ns;
  return !by_time && channel(first).cause.clock().less_or_equal(channel(second).cause.clock());
}

}  // namespace trama::runtime

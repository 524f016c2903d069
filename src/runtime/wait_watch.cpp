#include "runtime/wait_watch.hpp"

#include <cstring>

#include "runtime/engine.hpp"

namespace trama::runtime {
namespace {

constexpr std::size_t kLooksMax = 1024;
constexpr std::size_t kWritesMax = std::size_t{1} << 16U;
/// How far behind a pointer the member that it leads to may stand.
constexpr std::uint64_t kObjectBytes = 4096;

// Steps have even moments; what a thread does by plain accesses lies between two of them.
std::uint64_t moment_of_step(std::uint64_t step) { return 2 * step; }
std::uint64_t now() { return moment_of_step(scheduler().step_count()) + 1; }

/// What tells a thread nothing of what others have done.
bool tells_nothing(Operation operation) {
  switch (operation) {
    case Operation::start:
    case Operation::create:
    case Operation::detach:
    case Operation::destroy:
    case Operation::unlock:
    case Operation::notify_one:
    case Operation::notify_all:
    case Operation::futex_wake:
    case Operation::fence:
    case Operation::yield:
    case Operation::sleep:
    case Operation::output: return true;
    default: return is_of_task(operation);
  }
}

bool overlap(std::uint64_t a, std::uint64_t a_size, std::uint64_t b, std::uint64_t b_size) {
  return a < b + b_size && b < a + a_size;
}

}  // namespace

void WaitWatch::begin_window(ThreadId thread) {
  Thread& state = of(thread);
  state.looks.clear();
  state.forgot_looks = false;
}

void WaitWatch::add_look(const Access& look) {
  Thread& state = of(look.thread);
  state.looks.push_back(look);
  if (state.looks.size() <= kLooksMax) return;
  state.looks.pop_front();
  state.forgot_looks = true;
}

void WaitWatch::add_write(const Access& write) {
  writes_.push_back(write);
  if (writes_.size() > kWritesMax) writes_.pop_front();
}

void WaitWatch::on_access(std::uint64_t address, unsigned size, bool writes) {
  Access access{address, size, 0, now(), self()};
  if (writes) return add_write(access);
  if (size == 8) std::memcpy(&access.value, reinterpret_cast<const void*>(address), 8);
  add_look(access);
}

void WaitWatch::on_step(const Event& event) {
  Thread& state = of(event.thread);
  const Access access{event.address, event.size, 0, moment_of_step(scheduler().step_count()),
                      event.thread};
  switch (event.operation) {
    case Operation::lock:
    case Operation::try_lock:
    case Operation::timed_lock:
    case Operation::read_lock:
    case Operation::try_read_lock:
      if (event.outcome != Outcome::ok) return;
      if (state.held_count++ == 0) begin_window(event.thread);
      return;
    case Operation::unlock:
      if (state.held_count != 0) --state.held_count;
      return;
    case Operation::wait: state.slept_through = misses(event); [[fallthrough]];
    case Operation::timed_wait:
      if (state.held_count != 0) --state.held_count;
      return;
    case Operation::wake:
      ++state.held_count;
      begin_window(event.thread);
      return;
    case Operation::store: return add_write(access);
    default: break;
  }
  if (tells_nothing(event.operation)) return;
  add_look(access);
  const bool changes = is_atomic(event.operation) && event.operation != Operation::load &&
                       event.outcome == Outcome::ok;
  if (changes) add_write(access);
}

bool WaitWatch::changed_between(const Access& look, std::uint64_t end) const {
  for (std::size_t i = writes_.size(); i-- > 0;) {
    const Access& write = writes_[i];
    if (write.moment < look.moment) return false;
    if (write.moment > end || write.thread == look.thread) continue;
    if (overlap(look.address, look.size, write.address, write.size)) return true;
  }
  return false;
}

/// `wait` begins, and the last notification found nobody.
bool WaitWatch::misses(const Event& wait) {
  const ObjectTable& objects = scheduler().objects();
  const std::uint64_t notify = moment_of_step(objects[wait.object].missed_notify_step);
  if (notify == 0) return false;
  const Thread& state = of(wait.thread);
  std::vector<std::uint64_t> ways{wait.address, objects[wait.mutex].address};
  std::vector<Access> looked_at;
  bool looked = state.forgot_looks;
  for (std::size_t i = state.looks.size(); i-- > 0;) {  // the way is read before it is gone
    const Access& look = state.looks[i];
    bool leads_there = false;
    for (const std::uint64_t place : ways) {
      leads_there = leads_there ||
                    (look.value != 0 && look.value <= place && place - look.value < kObjectBytes);
    }
    if (leads_there) {
      ways.push_back(look.address);
      continue;
    }
    if (look.moment > notify) return false;
    looked = true;
    bool looked_later = false;
    for (const Access& later : looked_at) {
      looked_later = looked_later || overlap(look.address, look.size, later.address, later.size);
    }
    if (looked_later) continue;
    if (changed_between(look, notify)) return true;
    looked_at.push_back(look);
  }
  return !looked;
}

}  // namespace trama::runtime

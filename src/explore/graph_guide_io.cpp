// GraphGuide's steps on descriptors: on which chains they stand, and how time orders them. See
// docs/decisions for why.
#include <algorithm>

#include "event/operation_set.hpp"
#include "explore/graph_guide.hpp"
#include "explore/graph_object.hpp"

namespace trama {
namespace {

/// Steps on descriptors.
constexpr OperationSet kIo = {Operation::fd_open,   Operation::fd_read,    Operation::fd_write,
                              Operation::fd_close,  Operation::fd_connect, Operation::fd_accept,
                              Operation::fd_bind,   Operation::fd_listen,  Operation::fd_lock,
                              Operation::fd_unlock, Operation::poll};
/// Those after which a thread knows what others did before what it found there.
constexpr OperationSet kTaking = {Operation::fd_read, Operation::fd_accept, Operation::fd_lock,
                                  Operation::poll, Operation::wake};
/// Which numbers are free for descriptors.
constexpr std::uint64_t kDescriptors = 2;
/// All descriptors, where some step concerns several of them.
constexpr std::uint64_t kAllIo = 3;

/// Who is later by more than that is not behind by chance: see GraphGuide::is_late.
constexpr std::uint64_t kNearNs = Scheduler::kNearNs;

bool is_channel(ObjectKind kind) {
  return kind == ObjectKind::pipe || kind == ObjectKind::event || kind == ObjectKind::socket ||
         kind == ObjectKind::file;
}

}  // namespace

/// A step on descriptors, or the end of a wait that was one.
bool GraphGuide::is_io(const Scheduler& scheduler, const Event& event) {
  if (event.operation != Operation::wake) return kIo.contains(event.operation);
  return event.mutex == kNoObject &&
         (event.object == kNoObject || is_channel(scheduler.objects()[event.object].kind));
}

void GraphGuide::describe_io(const Scheduler& scheduler, ThreadId thread, Action& action) {
  const Event& event = scheduler.state(thread).pending;
  action.kind = NodeKind::object;
  action.acquires = kTaking.contains(event.operation);
  action.releases = event.operation != Operation::fd_read && event.operation != Operation::poll;
  action.waker = threads_[thread].waker;
  const auto reach = static_cast<IoReach>(event.size & ~kMayWait);
  const std::uint8_t needs = (event.size & kMayWait) != 0 ? kPerhaps : 0;
  action.links[0].needs = needs;
  if (reach == IoReach::outside || reach == IoReach::kept) {
    uncovered_ = event.operation;
    uncovered_reach_ = reach;
  } else if (reach == IoReach::many && !one_chain_) {
    learn_fact(Lesson::one_chain);
    begin_again_ = true;
  }
  if (!in_time_) {
    learn_fact(Lesson::in_time);
    begin_again_ = true;
  }
  const bool numbers =
      event.operation == Operation::fd_open || event.operation == Operation::fd_close;
  if (one_chain_) {
    action.links[0].object = kAllIo;
  } else if (event.object == kNoObject) {
    action.links[0].object = kDescriptors;
  } else {
    action.links[0].object = key_of(scheduler.objects()[event.object]);
    objects_[0] = event.object;
    if (numbers) action.links[1].object = kDescriptors;
  }
}

/// Steps on descriptors come in the order of time, where that tells: not behind one that was made long
/// after, and not while somebody waits whose deadline is long over. In whatever order they may come
/// otherwise, the earliest goes first, so that what follows by itself is never late.
bool GraphGuide::is_late(const Scheduler& scheduler, ThreadId thread, NodeId node) const {
  const GraphNode& step = search_.graph()[node];
  std::uint64_t own_ns = threads_[thread].now_ns;
  if (step.from < kInitialStore) own_ns = std::max(own_ns, times_[step.from]);
  std::uint64_t chain_ns = 0;
  for (const ChainLink& link : step.links) {
    if (link.from < kInitialStore) chain_ns = std::max(chain_ns, times_[link.from]);
  }
  // Who waits for something may have waited all that time.
  if (step.links[0].needs == 0 && own_ns + kNearNs < chain_ns) return true;
  for (unsigned t = 0; t < scheduler.thread_count(); ++t) {
    const auto other = static_cast<ThreadId>(t);
    if (other == thread || !waits_until_time(scheduler, other)) continue;
    const Event& wait = scheduler.state(other).pending;
    const bool meets = one_chain_ || wait.object == scheduler.state(thread).pending.object;
    if (meets && wait.deadline_ns + kNearNs < std::max(own_ns, chain_ns)) return true;
  }
  return false;
}

/// In a call on descriptors, until a deadline that is not near: it comes when its time comes.
bool GraphGuide::waits_until_time(const Scheduler& scheduler, ThreadId thread) const {
  const ThreadState& state = scheduler.state(thread);
  return state.status == ThreadStatus::waiting && state.pending.deadline_ns != 0 &&
         !state.may_come_early && kIo.contains(state.pending.operation);
}

/// In a program that uses descriptors: of those that can go on the first in time, and those that
/// wait there until a deadline among them.
ThreadId GraphGuide::first_in_time(const Scheduler& scheduler) const {
  ThreadId first = kNoThread;
  std::uint64_t first_ns = 0;
  bool first_ends = false;
  for (unsigned t = 0; t < scheduler.thread_count(); ++t) {
    const auto thread = static_cast<ThreadId>(t);
    const ThreadState& state = scheduler.state(thread);
    std::uint64_t time_ns = threads_[thread].now_ns;
    if (waits_until_time(scheduler, thread)) {
      time_ns = std::max(time_ns, state.pending.deadline_ns);
    } else if (!scheduler.may_go_on(thread) || is_cut(scheduler, thread)) {
      continue;
    }
    const bool ends = state.pending.operation == Operation::exit;
    const NodeId waker = threads_[thread].waker;
    if (waker < kInitialStore) time_ns = std::max(time_ns, times_[waker]);
    if (first != kNoThread && (ends || (!first_ends && time_ns >= first_ns))) continue;
    first = thread;
    first_ns = time_ns;
    first_ends = ends;
  }
  return first;
}

}  // namespace trama

#include "explore/graph_guide.hpp"

#include <algorithm>

#include "event/operation_set.hpp"
#include "schedule/readiness.hpp"

namespace trama {
namespace {

// What may be possible on an object, as bits of Action::Link::needs and gates.
constexpr std::uint8_t kLockable = 1;
constexpr std::uint8_t kReadable = 2;
constexpr std::uint8_t kAvailable = 4;  // a semaphore's count is not 0

/// Steps that nobody else can tell from none.
constexpr OperationSet kLocal = {Operation::yield, Operation::sleep, Operation::clock,
                                 Operation::read,  Operation::write, Operation::free,
                                 Operation::choose};
constexpr OperationSet kReleasing = {Operation::unlock,  Operation::release,
                                     Operation::wait,    Operation::timed_wait,
                                     Operation::abandon, Operation::once_leave};
constexpr OperationSet kConditions = {Operation::wait, Operation::timed_wait, Operation::notify_one,
                                      Operation::notify_all};

std::uint8_t gates_of(const SyncObject& object) {
  std::uint8_t gates = 0;
  if (object.owner == kNoThread && object.readers.empty()) gates |= kLockable;
  if (object.owner == kNoThread) gates |= kReadable;
  if (object.depth != 0) gates |= kAvailable;
  return gates;
}

std::uint8_t needs_of(const Event& event) {
  // With a deadline it can always go on, if only to fail.
  if (expires(event)) return 0;
  switch (event.operation) {
    case Operation::lock:
    case Operation::wake:
    case Operation::once_enter: return kLockable;
    case Operation::read_lock: return kReadable;
    case Operation::acquire: return kAvailable;
    default: return 0;
  }
}

/// All that goes in and out of the program is one object: its order is what is seen of it.
constexpr std::uint64_t kWorld = 1;

}  // namespace

bool GraphGuide::begin() {
  ++execution_;
  places_taken_ = 0;
  last_ = kNoThread;
  diverged_ = false;
  if (!search_.begin()) return false;
  threads_.resize(std::max(threads_.size(), std::size_t{search_.graph().thread_count()} + 1));
  forget_steps();
  thread_count_ = static_cast<ThreadId>(std::max(1U, search_.graph().thread_count()));
  for (NodeId id = 0; id < search_.graph().size(); ++id) {
    const GraphNode& node = search_.graph()[id];
    if (node.kind != NodeKind::create) continue;
    thread_count_ = std::max<ThreadId>(thread_count_, node.other + 1U);
  }
  return true;
}

void GraphGuide::forget_steps() {
  for (Thread& thread : threads_) thread.node = thread.waker = kNoNode;
}

// -- Places in memory --------------------------------------------------------------------------

GraphGuide::Place& GraphGuide::place_of(std::uint64_t address) {
  if (places_taken_ * 2 >= places_.size()) grow_places();
  std::size_t at = (address * 0x9e3779b97f4a7c15U) >> 32U;
  for (;; ++at) {
    Place& place = places_[at & (places_.size() - 1)];
    if (place.execution != execution_) {
      ++places_taken_;
      place = {address, execution_, 0, {}};
      return place;
    }
    if (place.address == address) return place;
  }
}

void GraphGuide::grow_places() {
  const std::vector<Place> old = std::move(places_);
  places_ = std::vector<Place>(old.size() * 2);
  places_taken_ = 0;
  for (const Place& place : old) {
    if (place.execution == execution_) place_of(place.address) = place;
  }
}

// -- Steps ---------------------------------------------------------------------------------------

void GraphGuide::announce(ThreadId thread, const AtomicAccess& access) {
  if (thread >= threads_.size()) threads_.resize(thread + 1U);
  Action& action = threads_[thread].atomic;
  action = Action{};
  action.order = access.order;
  action.failure_order = access.failure_order;
  action.compares = access.compares;
  action.size = access.size;
  action.address = access.address;
  action.value = access.value;
}

Action GraphGuide::action_of(const Scheduler& scheduler, ThreadId thread) {
  const Event& event = scheduler.state(thread).pending;
  Action action;
  if (is_atomic(event.operation)) {
    action = threads_[thread].atomic;
    action.kind = event.operation == Operation::load    ? NodeKind::load
                  : event.operation == Operation::store ? NodeKind::store
                                                        : NodeKind::rmw_load;
    // The memory may have begun another life: written to by other means since the last store, which
    // is all that a program without races could tell of it.
    const std::size_t known = places_taken_;
    Place& place = place_of(action.address);
    const Word content = read_memory_(action.address, action.size);
    action.fresh = places_taken_ != known;
    if (!action.fresh && place.content != content) {
      ++place.life;
      action.fresh = true;
    }
    place.content = content;
    action.life = place.life;
    action.initial = content;
    action.operation = event.operation;
    return action;
  }
  action.operation = event.operation;
  action.order = event.order;
  switch (event.operation) {
    case Operation::fence: action.kind = NodeKind::fence; return action;
    case Operation::start: action.kind = NodeKind::start; return action;
    case Operation::create: action.kind = NodeKind::create; return action;
    case Operation::finish: action.kind = NodeKind::finish; return action;
    case Operation::join:
      action.kind = NodeKind::join;
      action.other = event.other;
      return action;
    default: break;
  }
  if (kLocal.contains(event.operation)) return action;
  action.kind = NodeKind::object;
  objects_ = {};
  action.acquires = !kReleasing.contains(event.operation);
  action.releases = kReleasing.contains(event.operation);
  action.waker = threads_[thread].waker;
  const auto link = [&](unsigned i, ObjectId id, std::uint8_t needs) {
    const SyncObject& object = scheduler.objects()[id];
    action.links[i] = {object.address * 16 + static_cast<unsigned>(object.kind) + 1, needs,
                       gates_of(object)};
    objects_[i] = id;
  };
  if (event.operation == Operation::wake) {
    link(0, event.mutex, needs_of(event));
  } else if (event.operation == Operation::futex_woken) {
    // It follows from who woke it.
  } else if (event.object != kNoObject) {
    link(0, event.object, needs_of(event));
    if (kConditions.contains(event.operation) && event.mutex != kNoObject) link(1, event.mutex, 0);
  } else {
    action.links[0].object = kWorld;
  }
  return action;
}

void GraphGuide::settle_gates(const Scheduler& scheduler) {
  if (last_ == kNoThread) return;
  const NodeId id = threads_[last_].node;
  last_ = kNoThread;
  for (unsigned i = 0; i < 2; ++i) {
    if (last_objects_[i] == kNoObject) continue;
    search_.set_gates(id, i, gates_of(scheduler.objects()[last_objects_[i]]));
  }
}

void GraphGuide::act(Scheduler& scheduler, ThreadId thread) {
  Action action = action_of(scheduler, thread);
  if (action.kind == NodeKind::local) return;
  if (action.kind == NodeKind::create) action.other = thread_count_;
  const NodeId node = search_.perform(thread, action);
  if (node == kNoNode) {
    diverged_ = true;
    return;
  }
  threads_[thread].node = node;
  threads_[thread].waker = kNoNode;
  if (action.kind == NodeKind::object) {
    last_ = thread;
    last_objects_ = objects_;
  }
  if (action.kind == NodeKind::store && search_.is_latest(node)) {
    place_of(action.address).content = action.value;
  }
}

ThreadId GraphGuide::pick(Scheduler& scheduler) {
  settle_gates(scheduler);
  if (diverged_ || search_.forbidden()) return kNoThread;
  if (threads_.size() < scheduler.thread_count()) threads_.resize(scheduler.thread_count());
  ThreadId next = search_.planned(scheduler.current());
  if (next != kNoThread) {
    if (next >= scheduler.thread_count() || !scheduler.may_go_on(next)) {
      diverged_ = true;
      return kNoThread;
    }
  } else {
    // The process ends when nobody else can do anything: what others do before is then seen too.
    for (unsigned t = 0; t < scheduler.thread_count(); ++t) {
      const auto thread = static_cast<ThreadId>(t);
      if (!scheduler.may_go_on(thread)) continue;
      const bool ends = scheduler.state(thread).pending.operation == Operation::exit;
      if (next == kNoThread || !ends) next = thread;
      if (!ends) break;
    }
    if (next == kNoThread) return kNoThread;
  }
  act(scheduler, next);
  return diverged_ ? kNoThread : next;
}

std::uint32_t GraphGuide::choose(ThreadId thread, std::uint32_t count) {
  Action action;
  action.kind = NodeKind::choice;
  action.operation = Operation::choose;
  action.count = count;
  const NodeId node = search_.perform(thread, action);
  if (node == kNoNode) {
    diverged_ = true;
    return 0;
  }
  return search_.graph()[node].choice;
}

void GraphGuide::note_wake(ThreadId by, ThreadId woken) {
  if (woken >= threads_.size()) threads_.resize(woken + 1U);
  threads_[woken].waker = by == kNoThread ? kNoNode : threads_[by].node;
}

ThreadId GraphGuide::number_of_child(ThreadId creator) {
  const ThreadId number = search_.graph()[threads_[creator].node].other;
  thread_count_ = std::max<ThreadId>(thread_count_, number + 1U);
  return number;
}

Word GraphGuide::value_read(NodeId load) const {
  const GraphNode& node = search_.graph()[load];
  return search_.graph().value_of(node.from, node.location);
}

NodeId GraphGuide::write(NodeId load, const Word& value) {
  const NodeId node = search_.write(load, value);
  if (node == kNoNode) {
    diverged_ = true;
    return load;
  }
  if (search_.is_latest(node)) {
    const GraphNode& store = search_.graph()[node];
    place_of(search_.graph().location(store.location).address).content = value;
  }
  return node;
}

void GraphGuide::read_only(NodeId load) { search_.read_only(load); }

void GraphGuide::finish(Scheduler& scheduler) {
  settle_gates(scheduler);
  if (diverged_) return search_.end(GraphEnd::broken);
  if (search_.forbidden()) return search_.end(GraphEnd::forbidden);
  const EndReason reason = scheduler.end_reason();
  bool blocked = false;
  for (unsigned t = 0; t < scheduler.thread_count(); ++t) {
    const auto thread = static_cast<ThreadId>(t);
    const ThreadState& state = scheduler.state(thread);
    if (state.status == ThreadStatus::finished || state.status == ThreadStatus::unused) continue;
    if (state.status != ThreadStatus::ready || scheduler.may_go_on(thread)) {
      blocked =
          blocked || state.status == ThreadStatus::waiting || state.status == ThreadStatus::stuck;
      continue;
    }
    blocked = true;
    if (reason != EndReason::finished) search_.add_blocked(thread, action_of(scheduler, thread));
  }
  search_.end(reason == EndReason::step_limit || reason == EndReason::stopped ? GraphEnd::broken
              : blocked                                                       ? GraphEnd::blocked
                                                                              : GraphEnd::complete);
}

void GraphGuide::repeat() {
  ++execution_;
  places_taken_ = 0;
  last_ = kNoThread;
  diverged_ = false;
  forget_steps();
  search_.repeat();
}

}  // namespace trama

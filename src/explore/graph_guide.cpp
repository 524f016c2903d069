#include "explore/graph_guide.hpp"

#include <algorithm>

#include "event/operation_set.hpp"
#include "explore/graph_object.hpp"
#include "schedule/readiness.hpp"

namespace trama {
namespace {

// What may be possible on an object, as bits of Action::Link::needs and gates.
constexpr std::uint8_t kLockable = 1;
constexpr std::uint8_t kReadable = 2;
constexpr std::uint8_t kAvailable = 4;  // a semaphore's count is not 0

/// Steps that nobody else can tell from none.
constexpr OperationSet kLocal = {Operation::yield, Operation::sleep, Operation::clock,
                                 Operation::read,  Operation::write, Operation::free};
constexpr OperationSet kReleasing = {
    Operation::unlock,  Operation::release,    Operation::wait,  Operation::timed_wait,
    Operation::abandon, Operation::once_leave, Operation::arrive};
/// These take over what their object was released with, unless they fail.
constexpr OperationSet kAcquiring = {
    Operation::lock,        Operation::timed_lock, Operation::try_lock, Operation::read_lock,
    Operation::acquire,     Operation::wake,       Operation::arrive,   Operation::try_read_lock,
    Operation::try_acquire, Operation::once_enter};
constexpr OperationSet kAttempts = {Operation::try_lock, Operation::try_read_lock,
                                    Operation::try_acquire};
/// The kernel's own lock orders these, and what was stored before a wake is seen by a wait behind it.
constexpr OperationSet kFutexes = {Operation::futex_wait, Operation::futex_wake};
/// Objects whose operations are taken into graphs. What is neither among these nor of descriptors is
/// refused, and not guessed at: signals, timers, children, cancellation.
constexpr OperationSet kCovered = {
    Operation::futex_wait,  Operation::futex_wake, Operation::futex_woken, Operation::lock,
    Operation::try_lock,    Operation::timed_lock, Operation::read_lock,   Operation::try_read_lock,
    Operation::unlock,      Operation::destroy,    Operation::abandon,     Operation::acquire,
    Operation::try_acquire, Operation::release,    Operation::arrive,      Operation::wait,
    Operation::timed_wait,  Operation::wake,       Operation::notify_one,  Operation::notify_all,
    Operation::once_enter,  Operation::once_leave, Operation::output,      Operation::input,
    Operation::exit,        Operation::detach,     Operation::open,        Operation::close,
    Operation::send_signal};
constexpr OperationSet kConditions = {Operation::wait, Operation::timed_wait, Operation::notify_one,
                                      Operation::notify_all};

std::uint8_t gates_of(const SyncObject& object) {
  std::uint8_t gates = kPerhaps;
  if (object.owner == kNoThread && object.readers.empty()) gates |= kLockable;
  if (object.owner == kNoThread) gates |= kReadable;
  if (object.depth != 0) gates |= kAvailable;
  return gates;
}

bool is_reader(const SyncObject& object, ThreadId thread) {
  return std::find(object.readers.begin(), object.readers.end(), thread) != object.readers.end();
}

/// Whether the operation, taken now, succeeds.
bool succeeds(Operation operation, const SyncObject& object, ThreadId thread) {
  const std::uint8_t gates = gates_of(object);
  switch (operation) {
    case Operation::try_lock:
    case Operation::timed_lock:
      return (gates & kLockable) != 0 ||
             (object.owner == thread && object.lock_kind == LockKind::recursive);
    case Operation::read_lock:
    case Operation::try_read_lock: return (gates & kReadable) != 0;
    case Operation::acquire:
    case Operation::try_acquire: return (gates & kAvailable) != 0;
    default: return true;
  }
}

std::uint8_t needs_of(const ThreadState& state) {
  const Event& event = state.pending;
  // With a deadline that may come it can always go on, if only to fail.
  if (expires(event) && state.may_come_early) return 0;
  switch (event.operation) {
    case Operation::lock:
    case Operation::timed_lock:
    case Operation::wake:
    case Operation::once_enter: return kLockable;
    case Operation::read_lock: return kReadable;
    case Operation::acquire: return kAvailable;
    default: return 0;
  }
}

/// Locks that a loop takes to look at what they guard, and gives back; and looks at who has ended.
constexpr OperationSet kAround = {Operation::lock,          Operation::try_lock,
                                  Operation::unlock,        Operation::read_lock,
                                  Operation::try_read_lock, Operation::try_join};

/// What a loop that waits is made of. (What it writes is noted by itself.)
bool is_look(const GraphNode& node) {
  if (is_read(node.kind) || node.kind == NodeKind::rmw_store || node.kind == NodeKind::fence) {
    return true;
  }
  const auto operation = static_cast<Operation>(node.operation);
  return node.kind == NodeKind::object &&
         (kAround.contains(operation) || (operation == Operation::try_acquire && !node.acquires));
}

/// All that goes in and out of the program is one object: its order is what is seen of it.
constexpr std::uint64_t kWorld = 1;

}  // namespace

void GraphGuide::learn(std::uint64_t number) {
  const Lesson lesson = Lesson::of(number);
  switch (lesson.kind) {
    case Lesson::Kind::fact: return learn_fact(lesson.code);
    case Lesson::Kind::place:
    case Lesson::Kind::doubted_place: return await_.learn(lesson);
    case Lesson::Kind::retried_exchange:
    case Lesson::Kind::counted_exchange: return exchanges_.learn(lesson);
    case Lesson::Kind::bounded_spin: return spins_.learn(lesson.code);
  }
}

void GraphGuide::learn_fact(std::uint64_t fact) {
  one_chain_ = one_chain_ || fact == Lesson::one_chain;
  in_time_ = in_time_ || fact == Lesson::in_time;
  ends_matter_ = ends_matter_ || fact == Lesson::ends_matter;
  if (fact == Lesson::trusts_none) static_cast<void>(await_.trust_none());
}

std::vector<std::uint64_t> GraphGuide::learned() const {
  std::vector<std::uint64_t> all;
  const auto add_fact = [&](bool known, std::uint64_t fact) {
    if (known) all.push_back(Lesson{Lesson::Kind::fact, fact}.number());
  };
  add_fact(one_chain_, Lesson::one_chain);
  add_fact(in_time_, Lesson::in_time);
  add_fact(ends_matter_, Lesson::ends_matter);
  await_.append_learned(all);
  exchanges_.append_learned(all);
  spins_.append_learned(all);
  return all;
}

void GraphGuide::start_over(bool all) {
  begin_again_ = false;
  search_ = GraphSearch(model_, bound_);
  if (!all) static_cast<void>(search_.load({}));
}

bool GraphGuide::begin() {
  ++execution_;
  places_taken_ = 0;
  last_ = kNoThread;
  last_yielder_ = kNoThread;
  diverged_ = false;
  picks_.clear();
  next_pick_ = 0;
  repeats_ = follows_picks_ = given_up_ = false;
  if (begin_again_) start_over(true);
  await_.begin_execution();
  exchanges_.begin_execution();
  spins_.begin_execution();
  looks_.begin_execution();
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
  for (Thread& thread : threads_) {
    thread.node = thread.waker = kNoNode;
    thread.looks_from = 0;
    thread.chooses_weakly = false;
    thread.now_ns = 0;
  }
}

// -- Steps ---------------------------------------------------------------------------------------

void GraphGuide::announce(ThreadId thread, const AtomicAccess& access) {
  if (thread >= threads_.size()) threads_.resize(thread + 1U);
  threads_[thread].atomic = access;
}

Action GraphGuide::action_of(const Scheduler& scheduler, ThreadId thread) {
  const Event& event = scheduler.state(thread).pending;
  Action action;
  if (is_word(event)) {
    const AtomicAccess& access = threads_[thread].atomic;
    action.order = access.order;
    action.failure_order = access.failure_order;
    action.compares = access.compares;
    action.size = access.size;
    action.address = access.address;
    action.value = access.value;
    action.kind = event.operation == Operation::load    ? NodeKind::load
                  : event.operation == Operation::store ? NodeKind::store
                                                        : NodeKind::rmw_load;
    look_at_memory(action, thread, event.pc);
    action.operation = event.operation;
    return action;
  }
  action.operation = event.operation;
  action.order = event.order;
  switch (event.operation) {
    case Operation::choose: action.kind = NodeKind::choice; return action;
    case Operation::fence: action.kind = NodeKind::fence; return action;
    case Operation::start: action.kind = NodeKind::start; return action;
    case Operation::create: action.kind = NodeKind::create; return action;
    case Operation::finish:
      action.kind = NodeKind::finish;
      if (ends_matter_) describe_end(scheduler, thread, action);
      return action;
    case Operation::join:
      action.kind = NodeKind::join;
      action.other = event.other;
      if (expires(event)) describe_end(scheduler, thread, action);
      return action;
    case Operation::try_join: describe_end(scheduler, thread, action); return action;
    default: break;
  }
  if (kLocal.contains(event.operation)) return action;
  objects_ = {};
  if (is_io(scheduler, event)) {
    describe_io(scheduler, thread, action);
    return action;
  }
  const bool wide = is_atomic(event.operation);
  if (!wide && !kCovered.contains(event.operation)) uncovered_ = event.operation;
  // What comes to another thread comes between any two of its steps.
  if (event.operation == Operation::send_signal && event.other != thread) {
    uncovered_ = event.operation;
  }
  action.kind = NodeKind::object;
  const SyncObject& on = scheduler.objects()[event.object];
  action.acquires = kAcquiring.contains(event.operation) && succeeds(event.operation, on, thread);
  action.releases = kReleasing.contains(event.operation);
  action.shared = event.operation == Operation::read_lock ||
                  event.operation == Operation::try_read_lock ||
                  (event.operation == Operation::unlock && is_reader(on, thread));
  if (wide) {
    action.acquires = is_acquire(event.order);
    action.releases = is_release(event.order);
  }
  if (kFutexes.contains(event.operation)) action.acquires = action.releases = true;
  action.waker = threads_[thread].waker;
  const auto link = [&](unsigned i, ObjectId id, std::uint8_t needs) {
    const SyncObject& object = scheduler.objects()[id];
    action.links[i] = {key_of(object), needs, gates_of(object)};
    objects_[i] = id;
  };
  if (event.operation == Operation::futex_wait) {
    // What the word holds is part of the step.
    action.kind = NodeKind::load;
    action.order = action.failure_order = MemoryOrder::relaxed;
    action.size = event.size;
    action.address = event.address;
    look_at_memory(action, thread, event.pc);
  }
  if (event.operation == Operation::wake && event.mutex != kNoObject) {
    link(0, event.mutex, needs_of(scheduler.state(thread)));
  } else if (event.operation == Operation::wake || event.operation == Operation::futex_woken) {
    // It follows from who woke it: in a barrier the last to arrive.
  } else if (event.object != kNoObject && event.operation != Operation::close) {
    link(0, event.object, needs_of(scheduler.state(thread)));
    if (kConditions.contains(event.operation) && event.mutex != kNoObject) link(1, event.mutex, 0);
  } else {
    action.links[0].object = kWorld;
  }
  return action;
}

/// Who asks whether a thread has ended, or waits for that only so long, may find that it has not: an
/// attempt at an object, which the thread's end makes possible. A join without a limit depends on the
/// end itself.
void GraphGuide::describe_end(const Scheduler& scheduler, ThreadId thread, Action& action) {
  if (!ends_matter_) {
    ends_matter_ = begin_again_ = true;
    return;
  }
  const ThreadState& state = scheduler.state(thread);
  const bool ends = state.pending.operation == Operation::finish;
  const ThreadId which = ends ? thread : state.pending.other;
  const bool ended = scheduler.state(which).is_over();
  const bool waits = state.pending.operation == Operation::join && !state.may_come_early;
  action.kind = NodeKind::object;
  action.releases = ends;
  action.acquires = !ends && ended;
  action.links[0] = {kEnds + which, waits ? kAvailable : std::uint8_t{0},
                     static_cast<std::uint8_t>(ended ? kPerhaps | kAvailable : kPerhaps)};
  objects_ = {};
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

void GraphGuide::diverge(ThreadId thread, Operation found, bool impossible) {
  diverged_ = true;
  divergence_ = {thread, found, found, impossible, false};
  const NodeId planned = impossible ? search_.next_of(thread) : search_.expected();
  if (planned == kNoNode) return;
  divergence_.planned = static_cast<Operation>(search_.graph()[planned].operation);
  divergence_.other_place = !impossible && divergence_.planned == found;
}

void GraphGuide::act(Scheduler& scheduler, ThreadId thread) {
  Action action = action_of(scheduler, thread);
  if (action.operation == Operation::yield) spins_.note_yield(thread);
  if (action.kind == NodeKind::local || uncovered_ || mixed_sizes_ || begin_again_) return;
  if (action.kind == NodeKind::create) action.other = thread_count_;
  const NodeId node = search_.perform(thread, action);
  if (node == kNoNode) return diverge(thread, action.operation, false);
  const bool of_exchange = action.kind == NodeKind::choice && threads_[thread].chooses_weakly;
  if (!is_look(search_.graph()[node]) && !of_exchange) note_effect(thread);
  if (looks_.active() && is_read(action.kind)) {
    looks_.looked(thread, scheduler.state(thread).pending.pc, action.address);
  }
  if (action.operation == Operation::load || action.operation == Operation::compare_exchange) {
    spins_.note_look(thread, node);
  } else {
    end_spin(thread);
  }
  Thread& self = threads_[thread];
  if (is_io(scheduler, scheduler.state(thread).pending) && is_late(scheduler, thread, node)) {
    search_.forbid();
  }
  self.node = node;
  self.waker = kNoNode;
  self.chooses_weakly = of_exchange;
  // Time never goes back from a step to one that follows from it.
  if (node >= times_.size()) times_.resize(node + 64U);
  const GraphNode& done_node = search_.graph()[node];
  const auto after = [&](NodeId id) {
    if (id < kInitialStore) self.now_ns = std::max(self.now_ns, times_[id]);
  };
  after(done_node.from);
  for (const ChainLink& link : done_node.links) after(link.from);
  times_[node] = self.now_ns;
  scheduler.set_now_ns(self.now_ns);
  if (action.links[0].object >= kEnds) {
    const bool ended = action.operation == Operation::finish || action.acquires;
    search_.set_gates(node, 0, ended ? kPerhaps | kAvailable : kPerhaps);
  } else if (action.links[0].object != 0) {
    last_ = thread;
    last_objects_ = objects_;
  }
  if (action.kind == NodeKind::store && search_.is_latest(node)) {
    place_of(action.address, action.size).content = action.value;
  }
}

void GraphGuide::expire(Scheduler& scheduler, ThreadId thread) {
  if (thread >= scheduler.thread_count() || scheduler.may_go_on(thread)) return;
  scheduler.set_now_ns(threads_[thread].now_ns);
  scheduler.expire(thread);
  threads_[thread].now_ns = scheduler.now_ns();
}

/// Nobody can go on: time passes to the first deadline, if there is any.
ThreadId GraphGuide::wait_for_deadline(Scheduler& scheduler) {
  ThreadId first = kNoThread;
  for (unsigned t = 0; t < scheduler.thread_count(); ++t) {
    const auto thread = static_cast<ThreadId>(t);
    if (!scheduler.has_deadline(thread)) continue;
    // What could have come earlier has been left to other executions.
    const ThreadState& state = scheduler.state(thread);
    if (state.status == ThreadStatus::waiting && state.may_come_early) continue;
    if (first == kNoThread ||
        state.pending.deadline_ns < scheduler.state(first).pending.deadline_ns) {
      first = thread;
    }
  }
  if (first != kNoThread) expire(scheduler, first);
  return first != kNoThread && scheduler.may_go_on(first) ? first : kNoThread;
}

bool GraphGuide::is_cut(const Scheduler& scheduler, ThreadId thread) const {
  if (!looks_.active()) return false;
  const Event& event = scheduler.state(thread).pending;
  const bool looks = is_atomic(event.operation) && event.operation != Operation::store;
  return looks && looks_.cuts(thread, event.pc, threads_[thread].atomic.address);
}

bool GraphGuide::leaves_something_out(const Scheduler& scheduler) const {
  for (unsigned t = 0; t < scheduler.thread_count(); ++t) {
    const auto thread = static_cast<ThreadId>(t);
    // By an assumption, by --unroll, by a deadline that came in another execution.
    const bool assumed =
        scheduler.state(thread).status == ThreadStatus::stuck && !await_.waits(thread);
    const bool cut = scheduler.may_go_on(thread) && is_cut(scheduler, thread);
    if (assumed || cut || scheduler.has_deadline(thread)) return true;
  }
  return false;
}

/// Of those that can go on any: whose turn it is decides only which execution comes first. But who
/// yields may wait for what another does in plain memory, and the process ends when nobody else can
/// do anything: what others do before is then seen too.
ThreadId GraphGuide::first_in_turn(const Scheduler& scheduler) const {
  ThreadId first = kNoThread;
  unsigned first_rank = 3;
  for (unsigned t = 0; t < scheduler.thread_count(); ++t) {
    const auto thread = static_cast<ThreadId>(t);
    if (!scheduler.may_go_on(thread) || is_cut(scheduler, thread)) continue;
    const Operation operation = scheduler.state(thread).pending.operation;
    if (operation != Operation::yield && operation != Operation::exit) return thread;
    const unsigned rank = operation == Operation::exit ? 2 : thread <= last_yielder_ ? 1 : 0;
    if (rank >= first_rank) continue;
    first = thread;
    first_rank = rank;
  }
  return first;
}

ThreadId GraphGuide::pick(Scheduler& scheduler) {
  settle_gates(scheduler);
  if (diverged_ || search_.forbidden()) return kNoThread;
  if (threads_.size() < scheduler.thread_count()) threads_.resize(scheduler.thread_count());
  threads_[scheduler.current()].now_ns = scheduler.now_ns();
  if (await_.watches()) look_for_unseen(scheduler.current());
  ThreadId next = follows_picks_ && next_pick_ < picks_.size()
                      ? picks_[next_pick_++]
                      : search_.planned(scheduler.current());
  if (next != kNoThread) {
    expire(scheduler, next);
    if (next < scheduler.thread_count() && scheduler.state(next).held) {
      search_.forbid();  // it cannot overtake what makes it possible
      return kNoThread;
    }
    if (next >= scheduler.thread_count() || !scheduler.may_go_on(next)) {
      diverge(next, scheduler.state(next).pending.operation, true);
      return kNoThread;
    }
  } else {
    next = in_time_ ? first_in_time(scheduler) : first_in_turn(scheduler);
    if (next != kNoThread) {
      expire(scheduler, next);
      if (scheduler.state(next).pending.operation == Operation::yield) last_yielder_ = next;
    } else {
      next = wait_for_deadline(scheduler);
    }
    leaves_out_ = next == kNoThread && leaves_something_out(scheduler);
    if (next == kNoThread) return kNoThread;
  }
  scheduler.set_now_ns(threads_[next].now_ns);
  act(scheduler, next);
  if (!repeats_) picks_.push_back(next);
  if (await_.is_watched(next)) unseen_.begin();
  const bool refused = uncovered_.has_value() || mixed_sizes_.has_value();
  return diverged_ || refused || begin_again_ || search_.forbidden() ? kNoThread : next;
}

std::uint32_t GraphGuide::choose(ThreadId thread, std::uint32_t count) {
  const NodeId node = threads_[thread].node;
  const std::uint32_t answer = search_.choose(thread, node, count);
  const auto operation = static_cast<Operation>(search_.graph()[node].operation);
  if (answer != 0 && threads_[thread].chooses_weakly) exchanges_.note_failure(thread);
  if (answer != 0 && kAttempts.contains(operation)) search_.fails(node);
  return answer;
}

void GraphGuide::note_wake(ThreadId by, ThreadId woken) {
  if (woken >= threads_.size()) threads_.resize(woken + 1U);
  threads_[woken].waker = by == kNoThread ? kNoNode : threads_[by].node;
}

ThreadId GraphGuide::number_of_child(ThreadId creator) {
  const NodeId node = threads_[creator].node;
  if (node >= search_.graph().size() || search_.graph()[node].kind != NodeKind::create) {
    uncovered_ = Operation::create;  // not by the program: a timer's
    return thread_count_++;
  }
  const ThreadId number = search_.graph()[node].other;
  thread_count_ = std::max<ThreadId>(thread_count_, number + 1U);
  return number;
}

bool GraphGuide::found_other_than(ThreadId thread, std::uint64_t address,
                                  std::uint64_t value) const {
  const ExecutionGraph& graph = search_.graph();
  const auto nodes = graph.thread(thread);
  for (std::size_t i = search_.done_count(thread); i-- > 0;) {
    const GraphNode& node = graph[nodes[i]];
    const bool writes = is_store(node.kind);
    if (!writes && !is_read(node.kind)) continue;
    if (graph.location(node.location).address != address) continue;
    return (writes ? node.value : graph.value_of(node.from, node.location)).low != value;
  }
  return false;
}

Word GraphGuide::value_read(NodeId load) const {
  const GraphNode& node = search_.graph()[load];
  return search_.graph().value_of(node.from, node.location);
}

NodeId GraphGuide::write(NodeId load, const Word& value) {
  const NodeId node = search_.write(load, value);
  if (node == kNoNode) {
    diverge(search_.graph()[load].thread, Operation::store, false);
    return load;
  }
  // Both halves are one step, at one time.
  if (node >= times_.size()) times_.resize(node + 64U);
  times_[node] = times_[load];
  const ThreadId writer = search_.graph()[load].thread;
  end_spin(writer);
  if (value != value_read(load)) note_effect(writer);
  if (search_.is_latest(node)) {
    const GraphNode& store = search_.graph()[node];
    const GraphLocation& location = search_.graph().location(store.location);
    // Where it was found when it was read, unless there was need for more room since.
    Place& found = places_[threads_[store.thread].place & (places_.size() - 1)];
    const bool there = found.execution == execution_ && found.address == location.address &&
                       found.size == location.size;
    (there ? found : place_of(location.address, location.size)).content = value;
  }
  return node;
}

AtomicSources GraphGuide::sources_of(NodeId step) const {
  const ExecutionGraph& graph = search_.graph();
  const auto step_of = [&](NodeId store) {
    const bool is_half = store < kInitialStore && graph[store].kind == NodeKind::rmw_store;
    return is_half ? graph.before_in_thread(store) : store;
  };
  const GraphNode& node = graph[step];
  AtomicSources sources;
  if (is_read(node.kind)) sources.from = step_of(node.from);
  NodeId store = is_store(node.kind) ? step : graph.after_in_thread(step);
  if (store != kNoNode && node.kind == NodeKind::load) store = kNoNode;
  if (store == kNoNode || !is_store(graph[store].kind)) return sources;
  if (!is_store(node.kind) && graph[store].kind != NodeKind::rmw_store) return sources;
  const std::uint32_t position = graph.position(store);
  sources.behind = step_of(graph.store_at(node.location, position - 1));
  return sources;
}

void GraphGuide::read_only(NodeId load) { search_.read_only(load); }

void GraphGuide::finish(Scheduler& scheduler) {
  settle_gates(scheduler);
  if (begin_again_) return;
  if (diverged_ || given_up_) return search_.end(GraphEnd::broken);
  if (search_.forbidden()) return search_.end(GraphEnd::forbidden);
  const EndReason reason = scheduler.end_reason();
  bool blocked = false;
  bool cut = false;
  for (unsigned t = 0; t < scheduler.thread_count(); ++t) {
    const auto thread = static_cast<ThreadId>(t);
    const ThreadState& state = scheduler.state(thread);
    cut = cut || (state.status == ThreadStatus::ready && scheduler.may_go_on(thread) &&
                  is_cut(scheduler, thread));
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
              : cut                                                           ? GraphEnd::cut
              : blocked                                                       ? GraphEnd::blocked
                                                                              : GraphEnd::complete);
}

void GraphGuide::repeat() {
  repeats_ = follows_picks_ = true;
  next_pick_ = 0;
  await_.begin_execution();
  exchanges_.begin_execution();
  spins_.begin_execution();
  looks_.begin_execution();
  ++execution_;
  places_taken_ = 0;
  last_ = kNoThread;
  last_yielder_ = kNoThread;
  diverged_ = false;
  forget_steps();
  search_.repeat();
}

void GraphGuide::repeat_simply(ThreadId last) {
  repeat();
  follows_picks_ = false;
  search_.repeat_simply(last);
}

}  // namespace trama

// GraphGuide's part in loops that only look: they wait (await.hpp), or have one round (bounded_spin.hpp);
// weak exchanges in them (weak_exchanges.hpp); and when nothing will ever end them.
#include <algorithm>

#include "explore/graph_guide.hpp"

namespace trama {

/// What the thread has done since its last step ends here.
void GraphGuide::look_for_unseen(ThreadId thread) {
  if (!await_.is_watched(thread) || !unseen_.end()) return;
  await_.note_unseen(thread);
  note_write(thread);
}

GraphGuide::Look GraphGuide::arrive(ThreadId thread, std::uint64_t code) {
  if (await_.watches()) {
    look_for_unseen(thread);
    if (await_.is_watched(thread)) unseen_.begin();
  }
  switch (await_.arrive(thread, code)) {
    case Await::Arrival::first: return Look::go_on;
    case Await::Arrival::closer: return Look::tell_state;
    case Await::Arrival::learned: break;
  }
  begin_again_ = true;
  return Look::begin_again;
}

/// Whether the thread, which is in the state that it was in after `since` nodes, goes round. Where the
/// round's last look at a place found something else than its first, the next round will find that
/// from the start.
bool GraphGuide::goes_round(ThreadId thread, std::uint32_t since) const {
  const ExecutionGraph& graph = search_.graph();
  const auto nodes = graph.thread(thread);
  const std::uint32_t count = search_.done_count(thread);
  for (std::uint32_t first = since; first < count; ++first) {
    const GraphNode& look = graph[nodes[first]];
    if (!is_read(look.kind)) continue;
    const Word found = graph.value_of(look.from, look.location);
    for (std::uint32_t i = first + 1; i < count; ++i) {
      const GraphNode& later = graph[nodes[i]];
      const bool reads = is_read(later.kind);
      if ((!reads && !is_store(later.kind)) || later.location != look.location) continue;
      if ((reads ? graph.value_of(later.from, later.location) : later.value) != found) return false;
    }
  }
  return true;
}

bool GraphGuide::chose_since(ThreadId thread, std::uint32_t since) const {
  const auto nodes = search_.graph().thread(thread);
  for (std::uint32_t i = since; i < search_.done_count(thread); ++i) {
    if (search_.graph()[nodes[i]].kind == NodeKind::choice) return true;
  }
  return false;
}

GraphGuide::AtomicLook GraphGuide::arrive_at_atomic(ThreadId thread, std::uint64_t code,
                                                    const Event& event) {
  const BoundedSpin::Look look{code & Lesson::kCode, event.address,
                               event.operation == Operation::load, kNoNode};
  if (spins_.ends_by(thread, look)) end_spin(thread);
  if (begin_again_) return {Look::begin_again, false, {}};
  const NodeId before = spins_.arrive(thread, look);
  if (before != kNoNode) return {Look::go_on, true, value_read(before)};
  return {arrive(thread, code), false, {}};
}

void GraphGuide::visit_own_atomics(ThreadId thread, void (*visit)(std::uint64_t, unsigned, void*),
                                   void* context) const {
  const ExecutionGraph& graph = search_.graph();
  const auto nodes = graph.thread(thread);
  for (std::uint32_t i = 0; i < search_.done_count(thread); ++i) {
    const GraphNode& node = graph[nodes[i]];
    if (!is_read(node.kind) && !is_store(node.kind)) continue;
    const GraphLocation& location = graph.location(node.location);
    visit(location.address, location.size, context);
  }
}

GraphGuide::Look GraphGuide::come_round(ThreadId thread, std::uint64_t code, std::uint64_t state) {
  const std::uint32_t then = await_.visit(thread, code, state, search_.done_count(thread));
  if (then == Await::kNever || !goes_round(thread, then)) {
    if (await_.is_watched(thread)) unseen_.begin();
    return Look::go_on;
  }
  // An exchange failed for nothing in this round, and the next one is not bound to.
  const bool failed_weakly = chose_since(thread, then) || exchanges_.failed_twice(thread);
  if (failed_weakly) exchanges_.learn_retried(thread);
  if (failed_weakly || !await_.may_stop(thread, code)) {
    begin_again_ = true;
    return Look::begin_again;
  }
  // What the round wrote to its own stack it has put back.
  threads_[thread].looks_from = std::min(threads_[thread].looks_from, then);
  await_.set_waits(thread);
  return Look::wait;
}

GraphGuide::WeakExchange GraphGuide::arrive_at_exchange(ThreadId thread, std::uint64_t code,
                                                        std::uint64_t (*state)()) {
  switch (exchanges_.arrive(thread, code, state)) {
    case WeakExchanges::Arrival::may_fail: threads_[thread].chooses_weakly = true; break;
    case WeakExchanges::Arrival::must_fail: return WeakExchange::must_fail;
    case WeakExchanges::Arrival::is_strong: return WeakExchange::is_strong;
    case WeakExchanges::Arrival::learned: begin_again_ = true; return WeakExchange::begin_again;
  }
  return WeakExchange::may_fail;
}

/// Whether the thread, if it looked again, might find something else than by this look, its last
/// there: another has stored since, or done more to the object than to look itself.
bool GraphGuide::may_look_otherwise(NodeId id) const {
  const ExecutionGraph& graph = search_.graph();
  const GraphNode& look = graph[id];
  const bool failed = !look.acquires && static_cast<Operation>(look.operation) != Operation::unlock;
  for (const ChainLink& link : look.links) {
    if (link.chain == kNoNode) continue;
    const auto& operations = graph.chain(link.chain).operations;
    for (std::size_t i = operations.size(); operations[--i] != id;) {
      const GraphNode& later = graph[operations[i]];
      if (later.thread == look.thread) continue;
      const bool looks =
          await_.waits(later.thread) && later.index >= threads_[later.thread].looks_from;
      if (failed || !looks) return true;
    }
  }
  if (!is_read(look.kind)) return false;
  const auto& stores = graph.location(look.location).stores;
  const NodeId latest = stores.empty() ? kInitialStore : stores.back();
  const bool own = latest < kInitialStore && graph[latest].thread == look.thread;
  return look.from != latest && !own;
}

bool GraphGuide::nothing_ends_a_loop() const {
  const bool given_up = diverged_ || uncovered_ || mixed_sizes_ || begin_again_;
  if (given_up || leaves_out_ || search_.forbidden()) return false;
  bool any = false;
  for (unsigned t = 0; t < threads_.size(); ++t) {
    const auto thread = static_cast<ThreadId>(t);
    if (!await_.waits(thread)) continue;
    any = true;
    const auto nodes = search_.graph().thread(thread);
    for (std::size_t i = threads_[t].looks_from; i < nodes.size(); ++i) {
      if (may_look_otherwise(nodes[i])) return false;
    }
  }
  return any;
}

bool GraphGuide::loops_for_ever() {
  if (!nothing_ends_a_loop()) return false;
  if (await_.trust_none()) {
    begin_again_ = true;
    return false;
  }
  return true;
}

}  // namespace trama

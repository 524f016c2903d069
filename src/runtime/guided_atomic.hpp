// Atomics under a guide (verify): what a load reads is the guide's answer, not what memory holds.
//
// Memory holds the value of the store that is last in modification order among those made so far,
// which is what plain accesses after them must find. Happens-before is drawn from the store that is
// read, so each store of the execution has a SyncVar of its own, by its node.
#pragma once

#include <cstring>

#include "memory/pool.hpp"
#include "runtime/engine.hpp"

namespace trama::runtime {

/// What the stores of this execution have published.
Pool<SyncVar, 8>& guided_stores();

/// A store's, made anew.
inline SyncVar& published_by(NodeId store, bool anew) {
  Pool<SyncVar, 8>& stores = guided_stores();
  while (stores.size() <= store) stores[stores.take()].clear();
  if (anew) stores[store].clear();
  return stores[store];
}

template <typename T>
Word word_of(T value) {
  Word word;
  std::memcpy(static_cast<void*>(&word),
              const_cast<const void*>(static_cast<const volatile void*>(&value)), sizeof value);
  return word;
}
template <typename T>
T value_of(const Word& word) {
  T value;
  std::memcpy(&value, &word, sizeof value);
  return value;
}

/// Announces `event` and returns when it is the thread's turn: the node of its step.
inline NodeId guided_turn(const AtomicAccess& access) {
  Guide& guide = *scheduler().guide();
  const ThreadId me = self();
  guide.announce(me, access);
  point_prepared();
  return guide.node_of(me);
}

/// The thread comes to a look of its program at `frame`'s caller; does not return where it goes
/// round a loop that only another thread's store can end.
void guided_look(const void* frame);
/// The same of a look at an atomic. True where it is one of a loop that is given what its first round
/// found, which stands in `found` then: it is no step.
bool guided_atomic_look(const void* frame, const Event& event, Word& found);
/// A weak exchange comes next: whether it fails though it may find what it expects.
bool fails_weakly(const void* frame);
/// The same as the first where `code` tells its looks from others.
void guided_look_at(std::uint64_t code);

/// A lock may be one of a loop that looks under it, again and again, at what another thread is to
/// change there.
inline void look_if_guided(const void* frame) {
  if (__builtin_expect(scheduler().guide() != nullptr, 0)) guided_look(frame);
}

inline void guided_read_from(NodeId store, MemoryOrder order) {
  if (store == kInitialStore) return;
  engine().detector.read_from(self(), published_by(store, false), order);
}

template <typename T>
AtomicAccess guided_access(const Event& event) {
  AtomicAccess access;
  access.order = access.failure_order = event.order;
  access.size = sizeof(T);
  access.address = event.address;
  return access;
}

template <typename T>
T guided_load(Event& event) {
  const NodeId node = guided_turn(guided_access<T>(event));
  const Guide& guide = *scheduler().guide();
  guided_read_from(guide.source(node), event.order);
  engine().detector.check_atomic(self(), event.address, sizeof(T), false);
  const T value = value_of<T>(guide.value_read(node));
  event.before = guide.value_read(node).low;
  scheduler().step(event);
  return value;
}

template <typename T>
void guided_store(Event& event, volatile T* address, T value) {
  AtomicAccess access = guided_access<T>(event);
  access.value = word_of(value);
  const NodeId node = guided_turn(access);
  engine().detector.check_atomic(self(), event.address, sizeof(T), true);
  engine().detector.publish(self(), published_by(node, true), event.order, false);
  event.before = word_of<T>(*address).low;
  if (scheduler().guide()->is_latest(node)) *address = value;
  event.after = access.value.low;
  scheduler().step(event);
}

/// Its turn has come; it has read `before`, and writes.
template <typename T>
void guided_write(Event& event, NodeId load, volatile T* address, T before, T value) {
  Guide& guide = *scheduler().guide();
  RaceDetector& detector = engine().detector;
  const NodeId source = guide.source(load);
  const SyncVar* from = source == kInitialStore ? nullptr : &published_by(source, false);
  if (from != nullptr) detector.read_from(self(), *from, event.order);
  detector.check_atomic(self(), event.address, sizeof(T), true);
  const NodeId node = guide.write(load, word_of(value));
  SyncVar& published = published_by(node, true);
  if (from != nullptr) published.join(*from);
  detector.publish(self(), published, event.order, true);
  event.before = word_of(before).low;
  if (guide.is_latest(node)) *address = value;
  event.after = word_of(value).low;
  scheduler().step(event);
}

template <typename T, typename Change>
T guided_modify(Event& event, volatile T* address, Change change) {
  const NodeId load = guided_turn(guided_access<T>(event));
  const T before = value_of<T>(scheduler().guide()->value_read(load));
  guided_write<T>(event, load, address, before, change(before));
  return before;
}

template <typename T>
bool guided_compare_exchange(Event& event, volatile T* address, T* expected, T desired,
                             MemoryOrder failure_order) {
  AtomicAccess access = guided_access<T>(event);
  access.compares = true;
  access.failure_order = failure_order;
  access.value = word_of(*expected);
  const NodeId load = guided_turn(access);
  Guide& guide = *scheduler().guide();
  const T before = value_of<T>(guide.value_read(load));
  if (before == *expected) {
    guided_write<T>(event, load, address, before, desired);
    return true;
  }
  guide.read_only(load);
  event.order = failure_order;
  event.outcome = Outcome::failed;
  guided_read_from(guide.source(load), event.order);
  engine().detector.check_atomic(self(), event.address, sizeof(T), false);
  *expected = before;
  event.before = event.after = guide.value_read(load).low;
  scheduler().step(event);
  return false;
}

}  // namespace trama::runtime

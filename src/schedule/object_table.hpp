// ObjectTable: the synchronisation objects of one execution, found by their address.
//
// Objects are made at first use, because static initialisation and std::mutex tell nobody
// that an object begins to exist; so they must also be forgotten when the memory that
// holds them is freed. Several kinds may stand at one address: an atomic is the futex that it
// waits on, and the guard of a static is read as an atomic before it is entered. Clearing for the next execution costs as much as there were objects.
#pragma once

#include <cstdint>
#include <vector>

#include "event/event.hpp"
#include "event/object_kind.hpp"
#include "memory/race_detector.hpp"

namespace trama {

enum class LockKind : std::uint8_t { normal, recursive, error_check };

/// What became of a robust mutex (PTHREAD_MUTEX_ROBUST).
enum class Robustness : std::uint8_t {
  none,  ///< it is an ordinary mutex
  sound,
  abandoned,     ///< its holder ended; the next to lock it is told
  inconsistent,  ///< who locked it was told and has not made it consistent yet
  lost,          ///< unlocked without having been made consistent: never to be had again
};

struct SyncObject {
  ObjectKind kind = ObjectKind::mutex;
  LockKind lock_kind = LockKind::normal;
  ThreadId owner = kNoThread;            ///< mutex: who holds it; once: who runs the initialiser
  bool done = false;                     ///< once: the initialiser ran to its end
  std::uint32_t depth = 0;               ///< mutex: how often its owner locked it
  std::uint32_t pending_count = 0;       ///< threads whose announced step is to lock or enter it
  std::uint32_t waiter_count = 0;        ///< threads in its waiting queue
  std::uint64_t missed_notify_step = 0;  ///< when a notify last found nobody waiting; 0: never
  std::uint64_t address = 0;
  std::vector<ThreadId> readers;  ///< rwlock: who holds it for reading; may name one twice
  SyncVar read_clock;             ///< rwlock: what the readers published
  SyncVar clock;                  ///< what the last unlock published
  Robustness robustness = Robustness::none;
};

class ObjectTable {
 public:
  ObjectTable();

  void clear();
  /// The object at `address`, made with `kind` if there is none of that kind.
  ObjectId find_or_make(std::uint64_t address, ObjectKind kind);
  /// An object at `address`, or kNoObject.
  [[nodiscard]] ObjectId find(std::uint64_t address) const;
  SyncObject& operator[](ObjectId id) { return objects_[id]; }
  const SyncObject& operator[](ObjectId id) const { return objects_[id]; }
  /// Ids run from 1 to size().
  [[nodiscard]] ObjectId size() const { return count_; }

  /// Forgets the objects that stand in freed memory, so that the next object at the same
  /// address starts afresh. Cheap where there are none.
  void forget_range(std::uint64_t address, std::uint64_t size);
  /// Forgets the object, and others of its address.
  void forget(ObjectId id);
  /// The same for what stands at `address`, if anything does: a new object begins there.
  void forget_at(const volatile void* address) {
    if (const ObjectId old = find(reinterpret_cast<std::uint64_t>(address))) forget(old);
  }

 private:
  struct Slot {
    std::uint64_t address = 0;
    std::uint32_t generation = 0;
    ObjectId id = kNoObject;
  };

  void grow();
  [[nodiscard]] std::size_t slot_of(std::uint64_t address) const {
    return static_cast<std::size_t>((address * 0x9e3779b97f4a7c15U) >> 20U) & (slots_.size() - 1);
  }
  static constexpr std::uint32_t filter_bit(std::uint64_t address) {
    return static_cast<std::uint32_t>((address >> 6U) * 0x9e3779b1U) >> 20U;  // 12 bits
  }

  std::vector<Slot> slots_;            // open addressing, size a power of two
  std::vector<SyncObject> objects_;    // objects_[0] unused; kept between executions
  std::vector<std::uint64_t> filter_;  // one bit per 64-byte line that may hold an object
  std::uint32_t generation_ = 1;
  ObjectId count_ = 0;
  std::uint32_t slots_taken_ = 0;
};

}  // namespace trama

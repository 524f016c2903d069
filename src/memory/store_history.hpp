// StoreHistory: what an atomic load may read under a memory model, while an execution goes on step by
// step and nobody keeps it as a graph (the hunt).
//
// rc11. For each location the latest stores are kept in modification order. A load may read each that is
// not hidden from its thread by a newer one, and a store may stand behind each of these. A store
// is seen by whoever it happens before, and so is one that was read by a read that happens before
// (coherence, [intro.races]). What is seq_cst takes effect in the order of the execution: such
// accesses and fences hide what is older than what came before them, as [atomics.order] and RC11
// ("Repairing Sequential Consistency in C/C++11", Lahav et al., PLDI 2017) demand of an order S
// that agrees with the order of steps. A few executions that RC11 explains only by another S are
// thus not met, and none is met that it forbids; store_history_test.cpp holds both against the
// axioms. A store that was made before virtual time last moved on is seen by all: the standard
// wants stores to become visible in reasonable time, and who has slept may rely on it.
//
//     x: 0 ── 1 ── 2          thread 2 has read y, released by thread 1 after it stored x = 1:
//             ▲               1 and 2 may be read, 0 is hidden; a store of thread 2 may stand
//             └ seen by 2     behind 1 or behind 2
//
// tso. A store is made when its step is, and loads of its thread that come behind it may still look
// at memory as it was before: not as it was before their thread's last barrier, before another
// load of the thread or what that read. It is a machine with store buffers ("A Better x86 Memory
// Model", Owens, Sarkar, Sewell, TPHOLs 2009), whose loads are late instead of its stores.
//
// Locations of which only the newest value can ever be read cost nothing: one is watched from its
// first load or store that is weaker than seq_cst, and from the beginning in later executions
// (`learn`). Memory is bounded: of a location that was stored to often the oldest are forgotten,
// which only takes away what could have been read.
//
// Memory itself always holds the newest value in modification order. Pure; one kernel thread.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "event/ids.hpp"
#include "event/memory_order.hpp"
#include "memory/execution_graph.hpp"
#include "memory/happens_before.hpp"
#include "memory/memory_model.hpp"
#include "memory/pool.hpp"
#include "memory/vector_clock.hpp"

namespace trama {

class StoreHistory {
 public:
  static constexpr unsigned kStoresMax = 8;
  /// So often a thread reads the same older store, at most: a loop that waits is not kept waiting.
  static constexpr unsigned kLooksMax = 3;
  static constexpr std::size_t kMarkCount = 1U << 14U;
  static constexpr std::size_t kMarkBytes = kMarkCount + 1;

  struct Reader {
    ThreadId thread;
    std::uint8_t looks;   ///< so often, while it was not the newest
    std::uint32_t clock;  ///< of the first time
  };
  struct Store {
    Word value;
    SyncVar published;
    std::uint64_t time_ns = 0;
    std::uint64_t made_at = 0;  ///< tso: the step
    std::uint32_t clock = 0;
    std::uint32_t fences = 0;  ///< seq_cst: how many such fences came before it
    std::uint32_t step = 0;    ///< whatever the caller calls it by
    ThreadId thread = kNoThread;
    bool seq_cst = false;
    bool follows = false;  ///< a read-modify-write: nothing can stand between it and the one before
    bool seen_by_all = false;
    std::uint8_t reader_count = 0;
    std::array<Reader, 6> readers;
  };
  struct Location {
    std::uint64_t address = 0;
    std::uint8_t size = 0;
    std::uint8_t count = 0;
    bool watched = false;                          ///< older stores may be read
    bool mixed = false;                            ///< accessed in another size too: no history
    std::array<std::uint32_t, kStoresMax> stores;  ///< in modification order
  };
  /// Who makes an access.
  struct Access {
    ThreadId thread = kNoThread;
    const VectorClock* clock = nullptr;
    bool seq_cst = false;
    bool locked = false;  ///< it is a read-modify-write, or would be
    std::uint64_t now_ns = 0;
    std::uint64_t now = 0;      ///< tso: the number of the step; they rise
    std::uint64_t barrier = 0;  ///< tso: of the thread's last step that empties its buffer
    std::uint32_t step = 0;     ///< see Store::step
  };

  /// `marks`: kMarkBytes bytes, zero at first, which outlive executions (and are shared by the
  /// processes that run them, where they are forked).
  explicit StoreHistory(std::uint8_t* marks) : marks_(marks), slots_(1U << 8U) {}

  /// From now on executions are of this model. All that was learned is forgotten.
  void set_model(MemoryModel model) {
    std::memset(marks_, 0, kMarkBytes);
    any_marks_ = false;
    weak_ = model != MemoryModel::sc;
    tso_ = model == MemoryModel::tso;
  }
  [[nodiscard]] MemoryModel model() const {
    return !weak_ ? MemoryModel::sc : tso_ ? MemoryModel::tso : MemoryModel::rc11;
  }
  /// Not sc: older stores may be read.
  [[nodiscard]] bool weak() const { return weak_; }
  /// All that executions have found since is watched from their beginning. Not between an
  /// execution and its repetition, which must meet the same choices.
  void learn() {
    if (marks_[kMarkCount] != 0) learn_found();
  }
  /// Watch everything: for the replay of a trace, which names the stores.
  void watch_all(bool all) { watch_all_ = all; }
  /// `recorded`: histories are kept of all locations, so that each step's store can be named.
  void begin_execution(bool recorded) {
    recorded_ = recorded && weak_;
    if (__builtin_expect(used_, 0)) wipe();
    concerned_ = any_marks_ || recorded_;
  }

  /// Of loads and stores: whether what is not the newest may come of it.
  [[nodiscard]] bool is_weaker(bool loads, MemoryOrder order) const {
    return order != MemoryOrder::seq_cst || (loads && tso_);
  }
  /// Whether an access must go through the history. `weaker`: it is a load or a store, and
  /// `is_weaker`.
  [[nodiscard]] bool concerns(std::uint64_t address, bool weaker) const {
    if (weaker && weak_) return true;
    return concerned_ && concerns_address(address);
  }
  /// Accesses here are to be told of from the beginning.
  void mark(std::uint64_t address) {
    marks_[mark_of(address)] = kKnown;
    any_marks_ = true;
  }

  /// The location, whose memory holds `content`. Null where the access is as in an interleaving.
  /// `begins`: its history begins here, with that content: the caller adds what it knows to have
  /// been published to that of the only store.
  Location* find(std::uint64_t address, unsigned size, bool weaker, const Word& content,
                 bool& begins);
  /// A history at its end, since the last `find` was for an access in another size: what its newest
  /// store published is the caller's affair from here on.
  struct Ended {
    std::uint64_t address = 0;
    std::uint8_t size = 0;
    SyncVar published;
  };
  [[nodiscard]] std::span<const Ended> ended() const { return ended_; }
  Store& store(const Location& at, unsigned i) { return stores_[at.stores[i]]; }
  Store& newest(const Location& at) { return store(at, at.count - 1U); }

  /// What a load may read, by position, newest first. `modifies`: it is the load of a
  /// read-modify-write; with `expected`, of one that writes only where it finds that.
  std::span<const std::uint8_t> readable(const Location& at, const Access& who, bool modifies,
                                         const Word* expected = nullptr);
  /// Behind which positions a store may stand, last first.
  std::span<const std::uint8_t> places(const Location& at, const Access& who);
  void note_read(const Location& at, unsigned i, const Access& who);
  /// A store behind position `behind`. The caller publishes what it releases.
  Store& add(Location& at, unsigned behind, const Access& who, const Word& value, bool follows);
  /// A seq_cst fence. `clock`: of its thread behind it, `own` of the thread itself before it;
  /// `now`: the step.
  void fence(ThreadId thread, const VectorClock& clock, std::uint32_t own, std::uint64_t now);
  /// tso: a load of the thread read the newest value, of an atomic that has no history.
  void note_newest(ThreadId thread, std::uint64_t now) {
    if (tso_) buffer_of(thread).seen = now;
  }
  /// The bytes begin another life.
  void forget(std::uint64_t address, std::size_t bytes) {
    if (__builtin_expect(used_, 0)) forget_some(address, bytes);
  }

 private:
  static constexpr std::uint8_t kKnown = 1;
  static constexpr std::uint8_t kFound = 2;
  static constexpr std::size_t kWatchedMax = 4096;
  static constexpr std::size_t kFencesMax = 64;

  struct Fence {
    VectorClock known;  // all that this and earlier fences come behind
    ThreadId thread = kNoThread;
    std::uint32_t clock = 0;
  };
  struct Slot {
    std::uint64_t address = 0;
    std::uint32_t generation = 0;
    std::uint32_t location = 0;
  };

  static std::size_t mark_of(std::uint64_t address) {
    return ((address >> 3U) * 0x9e3779b97f4a7c15U) >> 50U;
  }
  [[nodiscard]] bool concerns_address(std::uint64_t address) const {
    const std::size_t at = mark_of(address);
    return marks_[at] == kKnown || live_[at] != 0 || recorded_;
  }
  void learn_found();
  void wipe();
  Slot& slot_of(std::uint64_t address);
  void enter(std::uint64_t address, std::uint32_t location);
  [[nodiscard]] std::uint32_t find_exactly(std::uint64_t address);
  bool ends_others(std::uint64_t address, unsigned size);
  void begin_life(Location& at, const Word& content);
  bool has_room_behind(const Location& at, unsigned i);
  void drop(Location& at, unsigned i);
  std::uint32_t take_store();
  struct Buffer {
    std::uint64_t seen = 0;    // memory as of this step has been looked at
    std::uint64_t stored = 0;  // the last store that loads may overtake
  };
  Buffer& buffer_of(ThreadId thread);
  [[nodiscard]] unsigned oldest_in_buffer(const Location& at, const Access& who);
  [[nodiscard]] std::uint32_t fence_before(const Access& who) const;
  [[nodiscard]] unsigned oldest_for(const Location& at, const Access& who);
  [[nodiscard]] bool is_known(ThreadId thread, std::uint32_t clock, const Access& who,
                              std::uint32_t fence) const;
  [[nodiscard]] bool is_seen(const Store& store, const Access& who, std::uint32_t fence) const;
  void forget_some(std::uint64_t address, std::size_t bytes);
  void clear(Location& at);

  static constexpr std::uint32_t kNone = ~0U;

  std::uint8_t* marks_;
  std::array<std::uint8_t, kMarkCount> live_{};  // locations there in this execution
  bool any_marks_ = false;                       // any kKnown in marks_
  bool concerned_ = false;  // some accesses that are not weaker may have a history
  bool used_ = false;       // by this execution
  bool weak_ = false;
  bool tso_ = false;
  bool watch_all_ = false;
  bool recorded_ = false;
  std::uint32_t generation_ = 1;
  std::uint32_t watched_count_ = 0;
  std::vector<Slot> slots_;  // open addressing
  std::vector<Location> locations_;
  Pool<Store, 5> stores_;
  std::vector<std::uint32_t> free_stores_;
  std::vector<Ended> ended_;
  std::vector<Buffer> buffers_;    // tso: by thread
  Pool<Fence, 3> fences_;          // the latest, oldest first
  std::uint32_t fence_count_ = 0;  // of the execution
  std::array<std::uint8_t, kStoresMax> candidates_{};
};

}  // namespace trama

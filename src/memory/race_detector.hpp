// RaceDetector: tells of each access to memory whether it races with an earlier one.
//
// FastTrack (Flanagan and Freund, PLDI 2009). Two accesses race if they touch the same
// byte, one writes, not both are atomic, and neither happens before the other. Since the
// writes to a byte are ordered as long as nothing raced, the last one stands for all: an
// epoch (clock@thread) suffices. The same holds for reads as long as they are ordered;
// only when they are not is one epoch per reader kept. Atomic accesses are kept apart, as
// they may be unordered among each other.
//
//     thread 1: x = 1           cell of x: write 5@1
//     thread 1: m.unlock()      M := C1, clock of 1 becomes 6
//     thread 2: m.lock()        C2 := C2 ⊔ M, so C2[1] = 5
//     thread 2: x = 2           5@1 happens before: C2[1] >= 5. Cell: write 9@2
//     thread 1: x = 3           C1[2] = 0 < 9: a race
//
// Where FastTrack keeps this per variable, this keeps it per byte, exactly: no alarm for a
// neighbour in the same word, no race lost between accesses of different widths. After a
// race the later access stands in the place of the earlier as if ordered, so an execution
// goes on with a plausible state; only the first race on a byte is exact.
//
// Cost: an access that this thread made before at the same clock costs two compares; the
// first of an epoch some nanoseconds. Cells are described in shadow_word.hpp, granules with
// a longer history in detail_table.hpp, synchronisation in happens_before.hpp.
//
// Everything is per execution: `begin_execution` forgets it in O(1). Nothing here is
// thread-safe; all runs on one kernel thread, but not in a signal handler that interrupts
// another call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "event/ids.hpp"
#include "event/memory_order.hpp"
#include "memory/detail_table.hpp"
#include "memory/first_accesses.hpp"
#include "memory/happens_before.hpp"
#include "memory/shadow_word.hpp"

namespace trama {

/// Two unordered accesses to the bytes [address, address + size), all within one granule.
struct Race {
  std::uintptr_t address;
  unsigned size;
  ThreadId current;
  bool current_is_write;
  bool current_is_atomic;
  ThreadId previous;
  std::uint32_t previous_clock;
  bool previous_is_write;
  bool previous_is_atomic;
};

class RaceListener {
 public:
  /// Told once per byte and access at most; must not call the detector back.
  virtual void on_race(const Race& race) = 0;
  /// The current access touches bytes that were freed before, whatever the order between
  /// the two. Told once for each granule of eight bytes; must not call the detector back.
  virtual void on_use_after_free(std::uintptr_t address, unsigned size, AccessKind kind) = 0;

 protected:
  ~RaceListener() = default;
};

class RaceDetector {
 public:
  /// Zeroes the shadow region; called once in a million executions.
  using ClearShadow = void (*)(void* base, std::size_t bytes);

  /// `base` is a zeroed region of `bytes` (kShadowBytes for any address), mapped lazily.
  /// Requires: `begin_execution` before anything else.
  RaceDetector(void* base, std::size_t bytes, ClearShadow clear, RaceListener& listener)
      : base_(static_cast<char*>(base)), bytes_(bytes), clear_(clear), listener_(listener) {}
  RaceDetector(const RaceDetector&) = delete;
  RaceDetector& operator=(const RaceDetector&) = delete;

  // --- Executions and threads -----------------------------------------------------------
  /// Forgets everything; the main thread runs, at clock 1.
  void begin_execution();
  /// The thread that makes the plain accesses from now on.
  void set_current(ThreadId thread) {
    current_ = &order_.thread(thread);
    refresh();
  }
  [[nodiscard]] ThreadId current() const { return current_->id; }
  void thread_begin(ThreadId child, ThreadId parent);
  void thread_join(ThreadId joiner, ThreadId joined) { order_.thread_join(joiner, joined); }
  [[nodiscard]] bool may_reuse(ThreadId old, ThreadId parent) const {
    return order_.may_reuse(old, parent);
  }
  [[nodiscard]] std::uint32_t clock(ThreadId thread) const { return order_.thread(thread).now(); }
  [[nodiscard]] const VectorClock& vector_clock(ThreadId thread) const {
    return order_.thread(thread).clock;
  }
  /// The execution has grown too long to be told apart; end it soon.
  [[nodiscard]] bool exhausted() const { return order_.exhausted(); }

  // --- Plain accesses of the current thread ---------------------------------------------
  void on_read(std::uintptr_t address, unsigned size) {
    const unsigned offset = address % kGranule;
    if (__builtin_expect(offset + size > kGranule, 0)) return on_read_range(address, size);
    const ShadowWord word = word_ | bytes_mask(offset, size);
    ShadowCell& cell = cell_of(address);
    if (says_all_of(cell.read, word) || says_all_of(cell.write, word)) return;
    read_slowly(cell, word, address);
  }
  void on_write(std::uintptr_t address, unsigned size) {
    const unsigned offset = address % kGranule;
    if (__builtin_expect(offset + size > kGranule, 0)) return on_write_range(address, size);
    const ShadowWord word = word_ | bytes_mask(offset, size);
    ShadowCell& cell = cell_of(address);
    if (says_all_of(cell.write, word)) return;
    write_slowly(cell, word, address);
  }
  /// The same for accesses that are aligned to their size, as the compilers promise where they
  /// name it: the path that instrumented loops take.
  template <unsigned kSize>
  void on_aligned_read(std::uintptr_t address) {
    const ShadowWord word = aligned_word<kSize>(address);
    ShadowCell& cell = cell_of(address);
    if (says_all_of(cell.write, word) || says_all_of(cell.read, word)) return;
    read_slowly(cell, word, address);
  }
  template <unsigned kSize>
  void on_aligned_write(std::uintptr_t address) {
    const ShadowWord word = aligned_word<kSize>(address);
    ShadowCell& cell = cell_of(address);
    if (says_all_of(cell.write, word)) return;
    write_slowly(cell, word, address);
  }
  void on_read_range(std::uintptr_t address, std::size_t bytes);
  void on_write_range(std::uintptr_t address, std::size_t bytes);

  // --- The life of memory ---------------------------------------------------------------
  /// The bytes are new: nobody has touched them.
  void on_alloc(std::uintptr_t address, std::size_t bytes);
  /// The bytes end: until on_alloc every access is told of as a use after free. Where the end is
  /// `judged` it is a write by the current thread, which races with whatever it is not ordered
  /// after. The granules belong to one block, so the last one is marked whole.
  void on_free(std::uintptr_t address, std::size_t bytes, bool judged);
  /// Where on_thread_end will be called for; it costs less there.
  void expect_thread_ends(std::uintptr_t low, std::size_t bytes) {
    first_accesses_.watch(low, bytes);
  }
  /// The bytes were `owner`'s, which ends: from now on every access by another thread is told as
  /// a race with `owner` at kClockMax, until on_alloc, however it is ordered. Only what has been
  /// accessed at all is marked. Requires: whole granules.
  void on_thread_end(ThreadId owner, std::uintptr_t address, std::size_t bytes);
  [[nodiscard]] bool is_forbidden(std::uintptr_t address) {
    return is_freed(cell_of(address).write);
  }

  // --- Atomic accesses, where a load reads the last store ---------------------------------
  /// Sizes 1, 2, 4, 8, 16, aligned or not. A failed compare-exchange is a load.
  void atomic_load(ThreadId thread, std::uintptr_t address, unsigned size, MemoryOrder order);
  void atomic_store(ThreadId thread, std::uintptr_t address, unsigned size, MemoryOrder order);
  void atomic_rmw(ThreadId thread, std::uintptr_t address, unsigned size, MemoryOrder order);
  void fence(ThreadId thread, MemoryOrder order);

  // --- Atomic accesses, where a store history says what a load reads ----------------------
  // The history keeps a SyncVar with each store. A load is `read_from` that store's, then
  // `check_atomic`; a store is `check_atomic`, then `publish` to its own; an RMW is
  // `read_from`, `check_atomic`, then `publish` with `is_rmw` to a copy of what it read.
  void check_atomic(ThreadId thread, std::uintptr_t address, unsigned size, bool writes);
  void read_from(ThreadId thread, const SyncVar& store, MemoryOrder order) {
    order_.read_from(thread_of_id(thread), store, order);
  }
  void publish(ThreadId thread, SyncVar& store, MemoryOrder order, bool is_rmw);
  /// The history of these bytes begins: what the last store published goes to it.
  SyncVar take_published(std::uintptr_t address, unsigned size);
  /// It ends: the last store published this.
  void give_published(std::uintptr_t address, unsigned size, const SyncVar& store);

  // --- Locks and their like: SyncVars of the caller ---------------------------------------
  void acquire(ThreadId thread, const SyncVar& sync) { order_.acquire(thread_of_id(thread), sync); }
  /// Adds the thread's clock to what `sync` holds.
  void release(ThreadId thread, SyncVar& sync);
  /// Replaces what `sync` holds by the thread's clock.
  void release_store(ThreadId thread, SyncVar& sync);

  /// For tests: escalated granules of this execution.
  [[nodiscard]] std::uint32_t detail_peak() const { return details_.peak(); }

 private:
  using Thread = HappensBefore::Thread;

  /// The part of an atomic access that lies in one granule.
  struct Piece {
    Detail* detail;
    ShadowCell* cell;
    std::uintptr_t granule;
    ByteMask mask;
  };
  static constexpr unsigned kPiecesMax = 3;  // sixteen unaligned bytes touch three granules

  /// It is the current one in all that matters.
  Thread& thread_of_id(ThreadId thread) {
    return __builtin_expect(thread == current_->id, 1) ? *current_ : order_.thread(thread);
  }
  template <unsigned kSize>
  [[nodiscard]] ShadowWord aligned_word(std::uintptr_t address) const {
    static_assert(kSize <= kGranule);
    return word_ | bytes_mask(kSize == kGranule ? 0 : address % kGranule, kSize);
  }
  ShadowCell& cell_of(std::uintptr_t address) {
    return *reinterpret_cast<ShadowCell*>(base_ + shadow_offset(address));
  }
  [[nodiscard]] bool is_live(ShadowWord word) const {
    return word >> kGenerationShift == generation_;
  }
  [[nodiscard]] bool is_escalated(ShadowWord word) const {
    return (word & kAllButClock) == make_word(generation_, 0, 0);
  }
  [[nodiscard]] ShadowWord freed_word() const { return make_word(generation_, 1, 0); }
  [[nodiscard]] bool is_known_to_all(ShadowWord word) const {
    return order_.is_known_to_all(thread_of(word), clock_of(word));
  }
  [[nodiscard]] bool is_freed(ShadowWord word) const { return word == freed_word(); }
  static bool happened_before(ShadowWord word, const Thread& thread) {
    return clock_of(word) <= thread.clock.at(thread_index_of(word));
  }
  /// The word says nothing, or of one access that the current thread is ordered after.
  [[nodiscard]] bool is_settled(ShadowWord word) const {
    // Its own, in most cases.
    if ((word ^ word_) >> kThreadShift == 0 && mask_of(word) != 0) return true;
    return !is_live(word) || (mask_of(word) != 0 && happened_before(word, *current_));
  }
  [[nodiscard]] ShadowWord word_of(const Thread& thread) const {
    return make_word(generation_, thread.id, thread.now());
  }
  void refresh() { word_ = word_of(*current_); }

  void read_slowly(ShadowCell& cell, ShadowWord word, std::uintptr_t address);
  void write_slowly(ShadowCell& cell, ShadowWord word, std::uintptr_t address);
  void remember_read(ShadowCell& cell, ShadowWord word, std::uintptr_t address);
  void remember_write(ShadowCell& cell, ShadowWord word, std::uintptr_t address);
  void read_racing(ShadowCell& cell, ShadowWord word, std::uintptr_t address);
  void write_racing(ShadowCell& cell, ShadowWord word, std::uintptr_t address);
  void read_in_detail(ShadowCell& cell, ShadowWord word, std::uintptr_t address);
  void write_in_detail(ShadowCell& cell, ShadowWord word, std::uintptr_t address);
  template <AccessKind kKind>
  [[gnu::noinline]] void escalate_with(ShadowCell& cell, ShadowWord word, std::uintptr_t address);
  void tell_freed(ShadowCell& cell, ByteMask bytes, std::uintptr_t address, AccessKind kind);
  std::uint32_t escalate(ShadowCell& cell);
  void begin_atomic(ShadowCell& cell, ByteMask mask, std::uintptr_t address);
  void forget(ShadowCell& cell, ByteMask mask);
  template <AccessKind kKind>
  void record(Detail& detail, const Thread& thread, ShadowWord word, std::uintptr_t address,
              bool report_races = true);
  /// How far an access has been judged against the list of its granule.
  struct Judgement {
    std::uint32_t next = 0;  ///< the entry to be looked at
    std::uint32_t kept = 0;  ///< entries before it that stay
    ShadowWord added = 0;    ///< the entry of the access
    ByteMask reportable = 0;
    bool is_known = false;  ///< the list says it already
  };
  template <AccessKind kKind, bool kTells>
  void judge(Detail& detail, const Thread& thread, ShadowWord word, std::uintptr_t address,
             Judgement judgement);
  template <AccessKind kKind>
  [[gnu::cold, gnu::noinline]] void judge_race(Detail& detail, const Thread& thread,
                                               ShadowWord word, std::uintptr_t address,
                                               Judgement judgement);
  void report(const Thread& thread, AccessKind kind, AccessKind previous_kind, ShadowWord previous,
              ByteMask bytes, std::uintptr_t address);

  Piece piece_of(std::uintptr_t address, unsigned size);
  template <typename Visit>
  void with_pieces(std::uintptr_t address, unsigned size, Visit visit);
  template <typename Visit>
  [[gnu::cold, gnu::noinline]] void with_many_pieces(std::uintptr_t address, unsigned size,
                                                     Visit& visit);
  template <typename Pieces>
  void read_pieces(Thread& thread, Pieces pieces, MemoryOrder order);
  template <AccessKind kKind, typename Pieces>
  void check_pieces(const Thread& thread, Pieces pieces);
  template <typename Pieces>
  void publish_pieces(Thread& thread, Pieces pieces, MemoryOrder order, bool is_rmw);
  AtomicLocation& claim(const Piece& piece, bool is_rmw);
  void unite(std::span<Piece> pieces);
  void tick(Thread& thread) {
    order_.tick(thread);
    refresh();
  }

  char* base_;
  ShadowWord word_ = 0;  // Invariant: word_of(*current_)
  Thread* current_ = nullptr;
  std::uint32_t generation_ = 0;  // Invariant: no word of a later one is in the shadow
  HappensBefore order_;
  DetailTable details_;
  FirstAccesses first_accesses_;
  std::size_t bytes_;
  ClearShadow clear_;
  RaceListener& listener_;
};

}  // namespace trama

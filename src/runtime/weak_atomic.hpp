// Atomics in a hunt under rc11 or tso: a load may read an older store, a store may stand behind a newer
// one. What may be is the StoreHistory's to say, what is, the strategy's.
//
// All is called when it is the current thread's turn. Where there is no history (`found()` is
// false) the access is as in an interleaving.
#pragma once

#include "runtime/engine.hpp"
#include "runtime/guided_atomic.hpp"

namespace trama::runtime {

/// What an access reads, or stands behind.
class WeakSource {
 public:
  WeakSource() = default;
  WeakSource(StoreHistory::Location& at, unsigned chosen, const StoreHistory::Access& who)
      : at_(&at), chosen_(chosen), who_(who) {}

  [[nodiscard]] bool found() const { return at_ != nullptr; }
  [[nodiscard]] Word value() const;
  /// It only reads.
  void read(MemoryOrder order) const;
  /// It writes `value`, and reads where it is a read-modify-write. True where memory is to hold it.
  bool write(MemoryOrder order, const Word& value, bool reads) const;

 private:
  StoreHistory::Location* at_ = nullptr;
  unsigned chosen_ = 0;
  StoreHistory::Access who_;
};

/// Whether the access must look for a history.
inline bool is_weak(const Event& event) {
  const StoreHistory& history = engine().history;
  const bool loads = event.operation == Operation::load;
  const bool weaker =
      (loads || event.operation == Operation::store) && history.is_weaker(loads, event.order);
  return __builtin_expect(history.concerns(event.address, weaker), 0);
}

/// `content`: what memory holds.
WeakSource find_source_of_load(const Event& event, const Word& content);
WeakSource find_place_of_store(const Event& event, const Word& content);
/// `expected`: of a compare-exchange, which is seq_cst where either of its orders is.
WeakSource find_source_of_modify(const Event& event, const Word& content, bool seq_cst,
                                 const Word* expected);

/// All that the thread did is seen by whoever comes to such a place later.
void order_as_by_fence();
/// A load that read the newest value, for want of a history.
void note_plain_load();
/// A fence that the program made.
void note_weak_fence(MemoryOrder order);
/// From now on executions of this process are of the model; see StoreHistory::set_model.
void set_memory_model(MemoryModel model);

}  // namespace trama::runtime

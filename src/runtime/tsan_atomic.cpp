// The instrumentation ABI, part two: atomics.
//
// Under control every atomic operation is a choice point; then it acts on memory (one kernel
// thread runs, so a plain access is enough) and draws its happens-before edges. Memory holds the
// newest value; that another may be read or hidden under the memory model is guided_atomic.hpp's
// affair in a verification, weak_atomic.hpp's in a hunt. Outside control it is the operation itself.
#pragma GCC target("cx16")

#include "runtime/engine.hpp"
#include "runtime/guided_atomic.hpp"
#include "runtime/plain_access.hpp"
#include "runtime/real.hpp"
#include "runtime/spin_watch.hpp"
#include "runtime/waiter_counts.hpp"
#include "runtime/weak_atomic.hpp"
#include "runtime/word_atomic.hpp"

namespace trama::runtime {
namespace {

using u128 = unsigned __int128;

template <typename T>
std::uint64_t low(T value) {
  return static_cast<std::uint64_t>(value);
}

constexpr MemoryOrder order_of(int order) {
  return static_cast<MemoryOrder>(order & 0xff);  // GCC adds flags for lock elision above
}

/// A failed compare-exchange releases nothing.
constexpr MemoryOrder failure_order_of(int order) {
  switch (order_of(order)) {
    case MemoryOrder::release: return MemoryOrder::relaxed;
    case MemoryOrder::acq_rel: return MemoryOrder::acquire;
    default: return order_of(order);
  }
}

bool guided() { return __builtin_expect(scheduler().guide() != nullptr, 0); }

// libstdc++'s std::atomic<std::shared_ptr> is a lock bit beside two plain pointers: a thread sets
// the lowest bit of an even word by an acquiring compare-exchange and takes it away by
// `fetch_sub(1)`. Up to GCC 12 a load does the latter relaxed (later ones tell us of the lock by
// annotations), so that by the letter each load would race with the next store. That is the
// library's affair: for us it is an unlock. Address of the word that each thread has locked so.
struct MarkedWord {
  std::uint64_t address = 0;
  std::uint64_t execution = 0;
};
MarkedWord g_bit_locks[kThreadCountMax];

template <typename T>
void note_bit_lock(std::uint64_t address, T before, T after, MemoryOrder order) {
  if constexpr (sizeof(T) == 8) {
    if ((before & 1U) == 0 && after == (before | 1U) && is_acquire(order)) {
      g_bit_locks[self()] = {address, engine().execution_count};
    }
  }
}

/// The order that taking one away counts as.
template <typename T>
MemoryOrder order_of_decrement(std::uint64_t address, T before, MemoryOrder order) {
  if constexpr (sizeof(T) == 8) {
    MarkedWord& lock = g_bit_locks[self()];
    if (!is_release(order) && (before & 1U) != 0 && lock.address == address &&
        lock.execution == engine().execution_count) {
      lock.address = 0;
      return MemoryOrder::acq_rel;
    }
  }
  return order;
}

// The word from which a thread's last exchange was to take one away, and failed: see failed_take_at.
MarkedWord g_failed_takes[kThreadCountMax];
bool g_takes_failed = false;  // ever: most programs have no such counts

template <typename T>
void note_failed_exchange(std::uint64_t address, T wanted, T desired) {
  const bool takes = wanted != 0 && desired == static_cast<T>(wanted - 1);
  g_takes_failed = g_takes_failed || takes;
  g_failed_takes[self()] = {takes ? address : 0, engine().execution_count};
}
void forget_failed_exchange() {
  if (__builtin_expect(g_takes_failed, 0)) g_failed_takes[self()].address = 0;
}

template <typename T>
[[gnu::always_inline]] inline Event& prepare_atomic(Operation operation, const volatile T* address,
                                                    MemoryOrder order, const void* frame) {
  Event& event = scheduler().prepare();
  event.operation = operation;
  event.order = order;
  event.size = sizeof(T);
  event.address = reinterpret_cast<std::uint64_t>(address);
  event.pc = static_cast<const std::uint64_t*>(frame)[1];
  if (__builtin_expect(scheduler().recording(), 0)) object_of(event, ObjectKind::atomic);
  return event;
}

/// An operation that leaves `now`, the value that stands there, as it is.
template <typename T>
[[gnu::always_inline]] inline void point_atomic_look(T now, const void* frame) {
  if constexpr (sizeof(T) <= 8) {
    point_look(look_code(frame), low(now));
  } else {
    point_prepared();
  }
}

/// In a hunt what is done there is ordered as if by seq_cst fences.
bool is_ordered_by_library(const Event& event) {
  if (!is_in_waiter_counts(event.address)) return false;
  order_as_by_fence();
  return true;
}

template <typename T>
__attribute__((noinline)) T weak_load(Event& event, T newest) {
  if (!is_ordered_by_library(event)) {
    const WeakSource source = find_source_of_load(event, word_of(newest));
    if (source.found()) {
      source.read(event.order);
      return value_of<T>(source.value());
    }
  }
  engine().detector.atomic_load(self(), event.address, sizeof(T), event.order);
  note_plain_load();
  return newest;
}

template <typename T>
__attribute__((noinline)) void weak_store(Event& event, volatile T* address, T value) {
  const WeakSource source = find_place_of_store(event, word_of(*address));
  if (source.found()) {
    if (source.write(event.order, word_of(value), false)) *address = value;
    return;
  }
  engine().detector.atomic_store(self(), event.address, sizeof(T), event.order);
  *address = value;
}

template <typename T>
T load(const volatile T* address, int order, const void* frame) {
  if constexpr (sizeof(T) <= 8) {
    if (!g_active) return __atomic_load_n(address, __ATOMIC_SEQ_CST);
  }
  Event& event = prepare_atomic(Operation::load, address, order_of(order), frame);
  if (guided()) {
    if (sizeof(T) == 4 && counts_waiters(event.address)) return static_cast<T>(1);
    if (Word found; guided_atomic_look(frame, event, found)) return value_of<T>(found);
    return guided_load<T>(event);
  }
  point_atomic_look<T>(*address, frame);
  T value = *address;
  if (!is_weak(event)) {
    engine().detector.atomic_load(self(), event.address, sizeof(T), event.order);
  } else {
    value = weak_load<T>(event, value);
  }
  event.before = low(value);
  scheduler().step(event);
  return value;
}

template <typename T>
void store(volatile T* address, T value, int order, const void* frame) {
  if constexpr (sizeof(T) <= 8) {
    if (!g_active) return __atomic_store_n(address, value, __ATOMIC_SEQ_CST);
  }
  Event& event = prepare_atomic(Operation::store, address, order_of(order), frame);
  if (guided()) return guided_store<T>(event, address, value);
  point_prepared();
  event.before = low(*address);
  if (!is_weak(event)) {
    engine().detector.atomic_store(self(), event.address, sizeof(T), event.order);
    *address = value;
  } else {
    weak_store<T>(event, address, value);
  }
  event.after = low(value);
  scheduler().step(event);
}

template <typename T, typename Change>
T modify(Operation operation, volatile T* address, int order, const void* frame, Change change) {
  forget_failed_exchange();
  Event& event = prepare_atomic(operation, address, order_of(order), frame);
  if (guided()) {
    if (sizeof(T) == 4 && counts_waiters(event.address)) {
      const T before = *address;
      *address = change(before);
      return before;
    }
    guided_look(frame);
    if (operation == Operation::fetch_sub && change(1) == 0) {
      event.order = order_of_decrement<T>(event.address, 1, event.order);
    }
    return guided_modify<T>(event, address, change);
  }
  if (const T now = *address; now == change(now)) {
    point_atomic_look<T>(now, frame);
  } else {
    point_prepared();
  }
  T before = *address;
  WeakSource source;
  if (is_weak(event) && !is_ordered_by_library(event)) {
    const bool seq_cst = event.order == MemoryOrder::seq_cst;
    source = find_source_of_modify(event, word_of(before), seq_cst, nullptr);
    if (source.found()) before = value_of<T>(source.value());
  }
  const T after = change(before);
  MemoryOrder counts_as = event.order;
  if (operation == Operation::fetch_sub && after == static_cast<T>(before - 1)) {
    counts_as = order_of_decrement(event.address, before, counts_as);
  }
  if (source.found()) {
    if (source.write(counts_as, word_of(after), true)) *address = after;
  } else {
    engine().detector.atomic_rmw(self(), event.address, sizeof(T), counts_as);
    *address = after;
  }
  event.before = low(before);
  event.after = low(after);
  scheduler().step(event);
  return before;
}

/// The exchange is a load then. Where that finds something else it fails for cause, which is another
/// execution's.
template <typename T>
void fail_weakly(volatile T* address, T* expected, MemoryOrder order, const void* frame) {
  const T found = guided_load<T>(prepare_atomic(Operation::load, address, order, frame));
  if (found != *expected) scheduler().guide()->forbid();
  *expected = found;
}

/// Under control.
template <typename T>
bool exchange_if_expected(volatile T* address, T* expected, T desired, int order, int failure_order,
                          bool weak, const void* frame) {
  Event& event = prepare_atomic(Operation::compare_exchange, address, order_of(order), frame);
  if (guided()) {
    const T wanted = *expected;
    if (Word found; guided_atomic_look(frame, event, found)) {
      *expected = value_of<T>(found);
      return false;
    }
    if (weak && fails_weakly(frame)) {
      fail_weakly<T>(address, expected, failure_order_of(failure_order), frame);
      return false;
    }
    if (weak) {  // again, for the choice was another step
      prepare_atomic(Operation::compare_exchange, address, order_of(order), frame);
    }
    if (!guided_compare_exchange<T>(event, address, expected, desired,
                                    failure_order_of(failure_order))) {
      note_failed_exchange<T>(event.address, wanted, desired);
      return false;
    }
    note_bit_lock(event.address, wanted, desired, event.order);
    forget_failed_exchange();
    return true;
  }
  if (const T now = *address; now != *expected) {
    point_atomic_look<T>(now, frame);
  } else {
    point_prepared();
  }
  T before = *address;
  WeakSource source;
  if (is_weak(event)) {
    const bool seq_cst =
        event.order == MemoryOrder::seq_cst || order_of(failure_order) == MemoryOrder::seq_cst;
    const Word wanted = word_of(*expected);
    source = find_source_of_modify(event, word_of(before), seq_cst, &wanted);
    if (source.found()) before = value_of<T>(source.value());
  }
  event.before = low(before);
  if (before == *expected && !(weak && scheduler().chance(Chance::weak_exchange))) {
    note_bit_lock(event.address, before, desired, event.order);
    if (!source.found()) {
      engine().detector.atomic_rmw(self(), event.address, sizeof(T), event.order);
      *address = desired;
    } else if (source.write(event.order, word_of(desired), true)) {
      *address = desired;
    }
    forget_failed_exchange();
    event.after = low(desired);
    scheduler().step(event);
    return true;
  }
  note_failed_exchange<T>(event.address, *expected, desired);
  event.order = failure_order_of(failure_order);
  event.outcome = Outcome::failed;
  if (source.found()) {
    source.read(event.order);
  } else {
    engine().detector.atomic_load(self(), event.address, sizeof(T), event.order);
  }
  *expected = before;
  event.after = low(before);
  scheduler().step(event);
  return false;
}

template <typename T>
bool compare_exchange(volatile T* address, T* expected, T desired, int order, int failure_order,
                      bool weak, const void* frame) {
  if (!g_active) {
    if constexpr (sizeof(T) <= 8) {
      return __atomic_compare_exchange_n(address, expected, desired, false, __ATOMIC_SEQ_CST,
                                         __ATOMIC_SEQ_CST);
    } else {
      const T wanted = *expected;
      *expected = __sync_val_compare_and_swap(address, wanted, desired);
      return *expected == wanted;
    }
  }
  void* const pc = static_cast<void* const*>(frame)[1];
  on_expected(expected, sizeof(T), false, pc);
  const T wanted = *expected;
  const bool done =
      exchange_if_expected<T>(address, expected, desired, order, failure_order, weak, frame);
  if (!done && *expected != wanted) on_expected(expected, sizeof(T), true, pc);
  return done;
}

void fence(int order, void* pc) {
  if (!g_active) return __atomic_thread_fence(__ATOMIC_SEQ_CST);
  Event event = make_event(Operation::fence, nullptr, pc);
  event.order = order_of(order);
  point(event);
  engine().detector.fence(self(), event.order);
  note_weak_fence(event.order);
  scheduler().step(event);
}

}  // namespace

namespace {

/// Calls `visit` with a zero of the unsigned type that has so many bytes.
template <typename Visit>
auto with_word(std::size_t bytes, Visit visit) {
  switch (bytes) {
    case 1: return visit(std::uint8_t{});
    case 2: return visit(std::uint16_t{});
    case 4: return visit(std::uint32_t{});
    case 8: return visit(std::uint64_t{});
    default: return visit(u128{});
  }
}
template <typename T>
T word_at(const void* from) {
  T value;
  __builtin_memcpy(&value, from, sizeof value);
  return value;
}

}  // namespace

void load_word(std::size_t bytes, const volatile void* from, void* to, int order,
               const void* frame) {
  with_word(bytes, [&](auto zero) {
    using T = decltype(zero);
    const T value = load<T>(static_cast<const volatile T*>(from), order, frame);
    __builtin_memcpy(to, &value, sizeof value);
  });
}

void store_word(std::size_t bytes, volatile void* to, const void* value, int order,
                const void* frame) {
  with_word(bytes, [&](auto zero) {
    using T = decltype(zero);
    store<T>(static_cast<volatile T*>(to), word_at<T>(value), order, frame);
  });
}

void exchange_word(std::size_t bytes, volatile void* at, const void* value, void* before, int order,
                   const void* frame) {
  with_word(bytes, [&](auto zero) {
    using T = decltype(zero);
    const T wanted = word_at<T>(value);
    const T was = modify<T>(Operation::exchange, static_cast<volatile T*>(at), order, frame,
                            [wanted](T) { return wanted; });
    __builtin_memcpy(before, &was, sizeof was);
  });
}

bool compare_exchange_word(std::size_t bytes, volatile void* at, void* expected,
                           const void* desired, int order, int failure, const void* frame) {
  return with_word(bytes, [&](auto zero) {
    using T = decltype(zero);
    T found = word_at<T>(expected);
    const bool done = compare_exchange<T>(static_cast<volatile T*>(at), &found, word_at<T>(desired),
                                          order, failure, false, frame);
    __builtin_memcpy(expected, &found, sizeof found);
    return done;
  });
}

bool failed_take_at(std::uint64_t address) {
  const MarkedWord& last = g_failed_takes[self()];
  return last.address == address && last.execution == engine().execution_count;
}

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Operation;

#define TRAMA_MODIFY(bits, T, name, operation, builtin, expression)         \
  TRAMA_EXPORT T __tsan_atomic##bits##_##name(volatile T* a, T v, int mo) { \
    if (!g_active) return builtin(a, v, __ATOMIC_SEQ_CST);                  \
    return modify<T>(Operation::operation, a, mo, TRAMA_FRAME,              \
                     [v](T old) { return static_cast<T>(expression); });    \
  }

#define TRAMA_ATOMIC(bits, T)                                                                      \
  TRAMA_EXPORT T __tsan_atomic##bits##_load(const volatile T* a, int mo) {                         \
    return load<T>(a, mo, TRAMA_FRAME);                                                            \
  }                                                                                                \
  TRAMA_EXPORT void __tsan_atomic##bits##_store(volatile T* a, T v, int mo) {                      \
    store<T>(a, v, mo, TRAMA_FRAME);                                                               \
  }                                                                                                \
  TRAMA_MODIFY(bits, T, exchange, exchange, __atomic_exchange_n, (static_cast<void>(old), v))      \
  TRAMA_MODIFY(bits, T, fetch_add, fetch_add, __atomic_fetch_add, old + v)                         \
  TRAMA_MODIFY(bits, T, fetch_sub, fetch_sub, __atomic_fetch_sub, old - v)                         \
  TRAMA_MODIFY(bits, T, fetch_and, fetch_and, __atomic_fetch_and, old& v)                          \
  TRAMA_MODIFY(bits, T, fetch_or, fetch_or, __atomic_fetch_or, old | v)                            \
  TRAMA_MODIFY(bits, T, fetch_xor, fetch_xor, __atomic_fetch_xor, old ^ v)                         \
  TRAMA_MODIFY(bits, T, fetch_nand, fetch_nand, __atomic_fetch_nand, ~(old & v))                   \
  TRAMA_EXPORT int __tsan_atomic##bits##_compare_exchange_strong(volatile T* a, T* c, T v, int mo, \
                                                                 int failure) {                    \
    return compare_exchange<T>(a, c, v, mo, failure, false, TRAMA_FRAME);                          \
  }                                                                                                \
  TRAMA_EXPORT int __tsan_atomic##bits##_compare_exchange_weak(volatile T* a, T* c, T v, int mo,   \
                                                               int failure) {                      \
    return compare_exchange<T>(a, c, v, mo, failure, true, TRAMA_FRAME);                           \
  }                                                                                                \
  TRAMA_EXPORT T __tsan_atomic##bits##_compare_exchange_val(volatile T* a, T c, T v, int mo,       \
                                                            int failure) {                         \
    compare_exchange<T>(a, &c, v, mo, failure, false, TRAMA_FRAME);                                \
    return c;                                                                                      \
  }

TRAMA_ATOMIC(8, unsigned char)
TRAMA_ATOMIC(16, unsigned short)
TRAMA_ATOMIC(32, unsigned int)
TRAMA_ATOMIC(64, unsigned long)

TRAMA_EXPORT void __tsan_atomic_thread_fence(int order) { fence(order, TRAMA_PC); }
TRAMA_EXPORT void __tsan_atomic_signal_fence(int) {}

// Sixteen bytes. Outside control everything is a loop around cmpxchg16b, which every x86-64
// since 2006 has; the compiler's own builtins would call libatomic.
namespace trama::runtime {
namespace {

template <typename Change>
u128 modify_natively(volatile u128* address, Change change) {
  u128 before = *address;
  for (;;) {
    const u128 seen = __sync_val_compare_and_swap(address, before, change(before));
    if (seen == before) return before;
    before = seen;
  }
}

}  // namespace
}  // namespace trama::runtime

#define TRAMA_MODIFY_128(name, operation, expression)                            \
  TRAMA_EXPORT u128 __tsan_atomic128_##name(volatile u128* a, u128 v, int mo) {  \
    const auto change = [v](u128 old) { return static_cast<u128>(expression); }; \
    if (!g_active) return modify_natively(a, change);                            \
    return modify<u128>(Operation::operation, a, mo, TRAMA_FRAME, change);       \
  }
TRAMA_MODIFY_128(exchange, exchange, (static_cast<void>(old), v))
TRAMA_MODIFY_128(fetch_add, fetch_add, old + v)
TRAMA_MODIFY_128(fetch_sub, fetch_sub, old - v)
TRAMA_MODIFY_128(fetch_and, fetch_and, old& v)
TRAMA_MODIFY_128(fetch_or, fetch_or, old | v)
TRAMA_MODIFY_128(fetch_xor, fetch_xor, old ^ v)
TRAMA_MODIFY_128(fetch_nand, fetch_nand, ~(old& v))

TRAMA_EXPORT u128 __tsan_atomic128_load(const volatile u128* a, int mo) {
  if (!g_active) {
    return modify_natively(const_cast<volatile u128*>(a), [](u128 old) { return old; });
  }
  return load<u128>(a, mo, TRAMA_FRAME);
}
TRAMA_EXPORT void __tsan_atomic128_store(volatile u128* a, u128 v, int mo) {
  if (!g_active) {
    modify_natively(a, [v](u128) { return v; });
    return;
  }
  store<u128>(a, v, mo, TRAMA_FRAME);
}
TRAMA_EXPORT u128 __tsan_atomic128_compare_exchange_val(volatile u128* a, u128 c, u128 v, int mo,
                                                        int failure) {
  compare_exchange<u128>(a, &c, v, mo, failure, false, TRAMA_FRAME);
  return c;
}
TRAMA_EXPORT int __tsan_atomic128_compare_exchange_strong(volatile u128* a, u128* c, u128 v, int mo,
                                                          int failure) {
  return compare_exchange<u128>(a, c, v, mo, failure, false, TRAMA_FRAME);
}
TRAMA_EXPORT int __tsan_atomic128_compare_exchange_weak(volatile u128* a, u128* c, u128 v, int mo,
                                                        int failure) {
  return compare_exchange<u128>(a, c, v, mo, failure, true, TRAMA_FRAME);
}

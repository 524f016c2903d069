// libatomic's functions for atomics of any size, which compilers call, instrumented or not, for
// objects of more than sixteen bytes: std::atomic of a larger structure.
//
// Those that a word can hold are atomics like others (word_atomic.hpp). Under control each of the rest
// is one step, as the other atomics are (tsan_atomic.cpp); the locks inside
// libatomic are not reached. Outside control they are libatomic's own.
#include <cstring>

#include "runtime/engine.hpp"
#include "runtime/plain_access.hpp"
#include "runtime/real.hpp"
#include "runtime/word_atomic.hpp"

namespace trama::runtime {
namespace {

using Load = void (*)(std::size_t, const volatile void*, void*, int);
using Store = void (*)(std::size_t, volatile void*, void*, int);
using Exchange = void (*)(std::size_t, volatile void*, void*, void*, int);
using CompareExchange = bool (*)(std::size_t, volatile void*, void*, void*, int, int);

/// Copied by libc itself: ours would look upon it as the program's plain accesses.
void copy(void* to, const volatile void* from, std::size_t bytes) {
  TRAMA_REAL(memcpy)(to, const_cast<const void*>(from), bytes);
}

std::uint64_t low(const volatile void* from, std::size_t bytes) {
  std::uint64_t value = 0;
  copy(&value, from, bytes < sizeof value ? bytes : sizeof value);
  return value;
}

Event announce(Operation operation, const volatile void* address, std::size_t bytes, int order,
               void* pc) {
  Event event = make_event(operation, const_cast<const void*>(address), pc);
  event.order = static_cast<MemoryOrder>(order & 0xff);
  event.size = static_cast<std::uint8_t>(bytes < 255 ? bytes : 255);
  // To a guide it is an operation on an object: libatomic's lock orders those on one.
  if (scheduler().recording() || scheduler().guide() != nullptr) {
    object_of(event, ObjectKind::atomic);
  }
  point(event);
  return event;
}

/// The detector's atomics have one, two, four or eight bytes.
template <typename Visit>
void each_part(std::uint64_t address, std::size_t bytes, Visit visit) {
  for (unsigned size = 8; bytes != 0; address += size, bytes -= size) {
    while (size > bytes) size /= 2;
    visit(address, size);
  }
}

void load_from(const Event& event, std::size_t bytes) {
  each_part(event.address, bytes, [&](std::uint64_t address, unsigned size) {
    engine().detector.atomic_load(self(), address, size, event.order);
  });
}

void modify(Event& event, volatile void* address, const void* value, std::size_t bytes) {
  each_part(event.address, bytes, [&](std::uint64_t part, unsigned size) {
    if (event.operation == Operation::store) {
      engine().detector.atomic_store(self(), part, size, event.order);
    } else {
      engine().detector.atomic_rmw(self(), part, size, event.order);
    }
  });
  event.before = low(address, bytes);
  copy(const_cast<void*>(address), value, bytes);
  event.after = low(address, bytes);
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Event;
using trama::MemoryOrder;
using trama::Operation;
using trama::Outcome;

// Under names of ours, given the symbols' names for the linker only: to the compiler those are
// builtins of another form.
TRAMA_EXPORT void generic_load(std::size_t bytes, const volatile void* from, void* to,
                               int order) asm("__atomic_load");
TRAMA_EXPORT void generic_store(std::size_t bytes, volatile void* to, void* value,
                                int order) asm("__atomic_store");
TRAMA_EXPORT void generic_exchange(std::size_t bytes, volatile void* at, void* value, void* before,
                                   int order) asm("__atomic_exchange");
TRAMA_EXPORT bool generic_compare_exchange(std::size_t bytes, volatile void* at, void* expected,
                                           void* desired, int order,
                                           int failure) asm("__atomic_compare_exchange");

void generic_load(std::size_t bytes, const volatile void* from, void* to, int order) {
  if (!g_active) {
    static auto* real = reinterpret_cast<Load>(find_real("__atomic_load"));
    return real(bytes, from, to, order);
  }
  if (is_aligned_word(bytes, from)) return load_word(bytes, from, to, order, TRAMA_FRAME);
  Event event = announce(Operation::load, from, bytes, order, TRAMA_PC);
  load_from(event, bytes);
  event.before = low(from, bytes);
  copy(to, from, bytes);
  scheduler().step(event);
}

void generic_store(std::size_t bytes, volatile void* to, void* value, int order) {
  if (!g_active) {
    static auto* real = reinterpret_cast<Store>(find_real("__atomic_store"));
    return real(bytes, to, value, order);
  }
  if (is_aligned_word(bytes, to)) return store_word(bytes, to, value, order, TRAMA_FRAME);
  Event event = announce(Operation::store, to, bytes, order, TRAMA_PC);
  modify(event, to, value, bytes);
  scheduler().step(event);
}

void generic_exchange(std::size_t bytes, volatile void* at, void* value, void* before, int order) {
  if (!g_active) {
    static auto* real = reinterpret_cast<Exchange>(find_real("__atomic_exchange"));
    return real(bytes, at, value, before, order);
  }
  if (is_aligned_word(bytes, at)) {
    return exchange_word(bytes, at, value, before, order, TRAMA_FRAME);
  }
  Event event = announce(Operation::exchange, at, bytes, order, TRAMA_PC);
  copy(before, at, bytes);
  modify(event, at, value, bytes);
  scheduler().step(event);
}

bool generic_compare_exchange(std::size_t bytes, volatile void* at, void* expected, void* desired,
                              int order, int failure) {
  if (!g_active) {
    static auto* real = reinterpret_cast<CompareExchange>(find_real("__atomic_compare_exchange"));
    return real(bytes, at, expected, desired, order, failure);
  }
  if (is_aligned_word(bytes, at)) {
    return compare_exchange_word(bytes, at, expected, desired, order, failure, TRAMA_FRAME);
  }
  on_expected(expected, bytes, false, TRAMA_PC);
  Event event = announce(Operation::compare_exchange, at, bytes, order, TRAMA_PC);
  const bool same = TRAMA_REAL(memcmp)(const_cast<const void*>(at), expected, bytes) == 0;
  if (same) {
    modify(event, at, desired, bytes);
  } else {
    event.order = static_cast<MemoryOrder>(failure & 0xff);
    event.outcome = Outcome::failed;
    load_from(event, bytes);
    event.before = event.after = low(at, bytes);
    copy(expected, at, bytes);
  }
  scheduler().step(event);
  if (!same) on_expected(expected, bytes, true, TRAMA_PC);
  return same;
}

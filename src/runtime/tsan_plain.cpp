// The instrumentation ABI: ranges of plain memory, functions, start-up, and the slow way that
// a plain access takes while some of them are choice points or recorded.
#include <cstddef>

#include "runtime/annotations.hpp"
#include "runtime/asio_tasks.hpp"
#include "runtime/engine.hpp"
#include "runtime/guided_atomic.hpp"
#include "runtime/idle_watch.hpp"
#include "runtime/modules.hpp"
#include "runtime/plain_access.hpp"
#include "runtime/real.hpp"
#include "runtime/recorder.hpp"
#include "runtime/spin_watch.hpp"
#include "runtime/survey.hpp"
#include "runtime/tasks.hpp"

namespace trama::runtime {

namespace {

/// Counts the accesses of a thread that takes no step, and has it yield in time.
void give_turn(Engine& e, void* pc) {
  if (e.turn_step != e.scheduler.step_count()) {
    e.turn_step = e.scheduler.step_count();
    e.turn_left = e.visible.turn;
  }
  if (--e.turn_left != 0) return;
  // Who goes round in the same state waits for what another thread writes. It need not see that:
  // the write races with what it has read.
  if (e.scheduler.guide() != nullptr) guided_look_at(e.visible.turn);
  const Event event = make_event(Operation::yield, nullptr, pc);
  point_look(event, e.visible.turn, 0);  // all turns are one look: nothing tells them apart
  e.scheduler.step(event);
}

}  // namespace

/// A plain access while some are choice points or recorded.
[[gnu::noinline, gnu::cold]] static void look_closely(std::uint64_t address, unsigned size,
                                                      bool writes, void* pc) {
  Engine& e = engine();
  if (e.visible.turn != 0) give_turn(e, pc);
  Event event =
      make_event(writes ? Operation::write : Operation::read, reinterpret_cast<void*>(address), pc);
  event.size = static_cast<std::uint8_t>(size < 255 ? size : 255);
  const bool watched = e.watched_address != 0 && e.recorder != nullptr &&
                       address < e.watched_address + 8 && e.watched_address < address + size;
  const bool noted = e.recorder != nullptr || e.survey != nullptr;
  if (noted) look_for_asio_tasks(address, pc);
  if (e.recorder != nullptr) {
    e.recorder->settle_write();
    e.recorder->wait_watch().on_access(address, size, writes);
  }
  if (e.survey != nullptr && !is_foreign_data(address) && !is_tasks_frame(self(), address) &&
      !is_asios_own(pc)) {
    e.survey->note(address, worker(self()), writes);
  }
  if (e.ignoring_count != 0 && ignores(writes)) return;
  if (e.visible.contains(event.pc, address, size)) {
    object_of(event, ObjectKind::memory);
    if (writes) {
      point(event);
    } else {
      std::uint64_t value = 0;
      __builtin_memcpy(&value, reinterpret_cast<const void*>(address), size < 8 ? size : 8);
      point_look(event, event.pc, value);
    }
    e.scheduler.step(event);
  } else if (watched) {
    e.recorder->note(event);
  }
  if (noted && writes) note_asio_write(address, size);
  if (writes) {
    const bool outside = !e.running->has_on_stack(reinterpret_cast<const void*>(address));
    e.running->loop.wrote |= outside;
    if (Guide* guide = e.scheduler.guide(); guide != nullptr) {
      e.running->loop.wrote = false;
      outside ? guide->note_write(self()) : guide->note_own_write(self());
    }
    if (size <= 16) {
      e.detector.on_write(address, size);
    } else {
      e.detector.on_write_range(address, size);
    }
  } else if (size <= 16) {
    e.detector.on_read(address, size);
  } else {
    e.detector.on_read_range(address, size);
  }
}

[[gnu::noinline, gnu::cold]] void look_at_access(std::uint64_t address, unsigned size, bool writes,
                                                 void* pc) {
  look_closely(address, size, writes, pc);
  tidy_stack();
}

void on_range(const void* address, std::size_t bytes, bool writes, void* pc) {
  if (g_plain == PlainMode::ignore || bytes == 0) return;
  const auto at = reinterpret_cast<std::uint64_t>(address);
  if (g_plain == PlainMode::look) {
    look_at_access(at, static_cast<unsigned>(bytes), writes, pc);
  } else if (writes) {
    engine().detector.on_write_range(at, bytes);
  } else {
    engine().detector.on_read_range(at, bytes);
  }
}

void on_expected(const void* address, std::size_t bytes, bool writes, void* pc) {
  if (g_plain != PlainMode::ignore && !engine().running->has_on_stack(address)) {
    on_range(address, bytes, writes, pc);
  }
}

}  // namespace trama::runtime

using trama::runtime::on_range;

TRAMA_EXPORT void __tsan_read_range(void* a, unsigned long n) { on_range(a, n, false, TRAMA_PC); }
TRAMA_EXPORT void __tsan_write_range(void* a, unsigned long n) { on_range(a, n, true, TRAMA_PC); }
// Stacks are unwound when an execution is recorded, so entries and exits cost nothing.
TRAMA_EXPORT void __tsan_init() {}
TRAMA_EXPORT void __tsan_func_entry(void*) {}
TRAMA_EXPORT void __tsan_func_exit() {}

// By hand, for another caller.
#define TRAMA_FOR_CALLER(size)                                                                  \
  TRAMA_EXPORT void __tsan_read##size##_pc(void* a, void* pc) { on_range(a, size, false, pc); } \
  TRAMA_EXPORT void __tsan_write##size##_pc(void* a, void* pc) { on_range(a, size, true, pc); }
TRAMA_FOR_CALLER(1)
TRAMA_FOR_CALLER(2)
TRAMA_FOR_CALLER(4)
TRAMA_FOR_CALLER(8)
TRAMA_FOR_CALLER(16)
TRAMA_EXPORT void __tsan_read_range_pc(void* a, unsigned long n, void* pc) {
  on_range(a, n, false, pc);
}
TRAMA_EXPORT void __tsan_write_range_pc(void* a, unsigned long n, void* pc) {
  on_range(a, n, true, pc);
}
// A library declares its objects: an access to one is an access to its first byte.
TRAMA_EXPORT void* __tsan_external_register_tag(const char* name) {
  return const_cast<char*>(name);
}
TRAMA_EXPORT void __tsan_external_register_header(void*, const char*) {}
TRAMA_EXPORT void __tsan_external_assign_tag(void*, void*) {}
TRAMA_EXPORT void __tsan_external_read(void* a, void* pc, void*) { on_range(a, 1, false, pc); }
TRAMA_EXPORT void __tsan_external_write(void* a, void* pc, void*) { on_range(a, 1, true, pc); }

TRAMA_EXPORT void* __tsan_memcpy(void* to, const void* from, unsigned long n) {
  on_range(from, n, false, TRAMA_PC);
  on_range(to, n, true, TRAMA_PC);
  return __builtin_memcpy(to, from, n);
}
TRAMA_EXPORT void* __tsan_memmove(void* to, const void* from, unsigned long n) {
  on_range(from, n, false, TRAMA_PC);
  on_range(to, n, true, TRAMA_PC);
  return __builtin_memmove(to, from, n);
}
TRAMA_EXPORT void* __tsan_memset(void* to, int value, unsigned long n) {
  on_range(to, n, true, TRAMA_PC);
  return __builtin_memset(to, value, n);
}

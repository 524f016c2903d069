#include "runtime/fiber.hpp"

#include <link.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>

#include <cstring>

#include "base/check.hpp"
#include "runtime/arch.hpp"
#include "runtime/engine.hpp"
#include "runtime/heap.hpp"
#include "runtime/modules.hpp"
#include "runtime/real.hpp"
#include "runtime/syscall.hpp"

namespace trama::runtime {
namespace {

/// The frames of the parked pthread itself live above the fiber's stack.
constexpr std::size_t kParkedFramesBytes = 16384;

std::uint32_t g_parked_count = 0;
std::uint32_t g_never = 0;

/// How far below the thread pointer the static TLS of the loaded modules reaches.
std::size_t static_tls_bytes() {
  struct Lowest {
    std::uint64_t thread_pointer;
    std::size_t bytes;
  } lowest{runtime::thread_pointer(), 0};
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* out) {
        auto* low = static_cast<Lowest*>(out);
        const auto data = reinterpret_cast<std::uint64_t>(info->dlpi_tls_data);
        if (data != 0 && data < low->thread_pointer && low->thread_pointer - data > low->bytes &&
            low->thread_pointer - data < kStackBytes) {
          low->bytes = low->thread_pointer - data;
        }
        return 0;
      },
      &lowest);
  return lowest.bytes;
}

std::uint64_t top_of(const Fiber& fiber) {
  return reinterpret_cast<std::uint64_t>(fiber.stack_top);
}

/// The part of it that belongs to instrumented code: the program's own stands nearest the thread
/// pointer. Of libraries that are instrumented as well it is not known where it stands.
std::size_t instrumented_tls_bytes(std::size_t all) {
  unsigned instrumented = 0;
  for (const Module& module : modules()) instrumented += module.description.instrumented ? 1 : 0;
  if (instrumented > 1) return all;
  std::size_t bytes = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* out) {
        for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
          const auto& header = info->dlpi_phdr[i];
          if (header.p_type != PT_TLS) continue;
          const std::size_t align = header.p_align < 1 ? 1 : header.p_align;
          *static_cast<std::size_t*>(out) = (header.p_memsz + align - 1) / align * align;
        }
        return 1;  // the first is the program
      },
      &bytes);
  return bytes < all ? bytes : all;
}

}  // namespace

char* FiberPool::stack_address(unsigned slot) {
  return reinterpret_cast<char*>(kStacksAt + slot * (kStackBytes + kGuardBytes));
}

FiberPool::FiberPool()
    : by_thread_(kThreadCountMax, nullptr),
      tls_bytes_(static_tls_bytes()),
      instrumented_tls_bytes_(instrumented_tls_bytes(tls_bytes_)) {
  slots_.push_back(new Fiber);
  Fiber& main = *slots_[0];
  main.thread_pointer = thread_pointer();
  char* mapped = stack_address(0);
  void* got = mmap(mapped, kStackBytes + kGuardBytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  TRAMA_CHECK(got == mapped);
  TRAMA_CHECK(mprotect(mapped, kGuardBytes, PROT_NONE) == 0);
  main.stack_low = mapped + kGuardBytes;
  main.stack_top = mapped + kGuardBytes + kStackBytes - 256;
  snapshot_main_tls();
}

void FiberPool::snapshot_main_tls() {
  const auto* low = reinterpret_cast<const char*>(slots_[0]->thread_pointer - tls_bytes_);
  main_tls_image_.assign(low, low + tls_bytes_);
}

void FiberPool::adopt_main() {
  slots_[0]->thread_pointer = thread_pointer();
  snapshot_main_tls();
}

void FiberPool::leave_main() {
  if (main_tls_image_.empty()) return;
  std::memcpy(reinterpret_cast<char*>(slots_[0]->thread_pointer - tls_bytes_),
              main_tls_image_.data(), tls_bytes_);
}

void* FiberPool::park(void* argument) {
  auto* fiber = static_cast<Fiber*>(argument);
  fiber->thread_pointer = thread_pointer();
  char here = 0;
  fiber->stack_top = reinterpret_cast<char*>(
      (reinterpret_cast<std::uint64_t>(&here) - kParkedFramesBytes) & ~std::uint64_t{63});
  __atomic_add_fetch(&g_parked_count, 1, __ATOMIC_RELEASE);
  for (;;) {
    raw_syscall(SYS_futex, reinterpret_cast<long>(&g_never), FUTEX_WAIT_PRIVATE, 0, 0);
  }
}

void FiberPool::make(unsigned slot) {
  const OutOfControl outside;  // what is mapped here outlives the execution
  auto* fiber = new Fiber;
  char* mapped = stack_address(slot);
  void* got = mmap(mapped, kStackBytes + kGuardBytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  TRAMA_CHECK(got == mapped);
  TRAMA_CHECK(mprotect(mapped, kGuardBytes, PROT_NONE) == 0);
  fiber->stack_low = mapped + kGuardBytes;

  // The parked thread takes no signal: all of them belong to the one kernel thread at work.
  sigset_t all;
  sigset_t old;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &old);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, fiber->stack_low, kStackBytes);
  // What libc allocates for the thread must outlive this execution.
  const PermanentAllocation permanent;
  const std::uint32_t parked = __atomic_load_n(&g_parked_count, __ATOMIC_ACQUIRE);
  pthread_t handle{};
  TRAMA_CHECK(TRAMA_REAL(pthread_create)(&handle, &attributes, &park, fiber) == 0);
  while (__atomic_load_n(&g_parked_count, __ATOMIC_ACQUIRE) == parked) {
    raw_syscall(SYS_sched_yield);
  }
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
  if (tls_image_.empty() && tls_bytes_ != 0) {
    const auto* low = reinterpret_cast<const char*>(fiber->thread_pointer - tls_bytes_);
    tls_image_.assign(low, low + tls_bytes_);
  }
  slots_.push_back(fiber);
}

void FiberPool::reserve(unsigned count) {
  const auto before = static_cast<unsigned>(slots_.size());
  for (unsigned slot = before; slot <= count; ++slot) {
    make(slot);
    free_.insert(static_cast<std::uint16_t>(slot));
  }
}

void FiberPool::release_all() {
  for (const std::uint16_t slot : touched_) {
    Fiber& fiber = *slots_[slot];
    fiber.in_use = false;
    fiber.touched = false;
    fiber.ended_bytes = 0;
    fiber.destructors.clear();
    fiber.specific.clear();
    if (slot != 0) free_.insert(slot);
  }
  touched_.clear();
}

unsigned FiberPool::free_slot(ThreadId thread) {
  // The lowest, so that every run of a schedule has the same; but not one whose last thread's
  // end the creator has not seen: its stack and TLS would seem to race with the new thread's.
  const auto fresh = [&](unsigned slot) {
    const Fiber& fiber = *slots_[slot];
    return !fiber.touched || fiber.thread == thread ||
           engine().detector.may_reuse(fiber.thread, self());
  };
  if (fresh(free_.first())) return free_.first();
  unsigned best = 0;
  free_.for_each([&](ThreadId slot) {
    if (best == 0 && fresh(slot)) best = slot;
  });
  if (best != 0) return best;
  const auto made = static_cast<unsigned>(slots_.size()) - 1;
  if (made + 1 < kThreadCountMax) {
    reserve(made + 1);
    return made + 1;
  }
  best = free_.first();
  begin_memory(reinterpret_cast<std::uint64_t>(slots_[best]->stack_low), kStackBytes);
  return best;
}

Fiber* FiberPool::acquire(ThreadId thread, void* (*function)(void*), void* argument) {
  unsigned slot = 0;
  if (thread != kMainThread) {
    if (free_.count() == 0) {
      const auto made = static_cast<unsigned>(slots_.size()) - 1;
      if (made + 1 >= kThreadCountMax) return nullptr;
      const unsigned wanted = made == 0 ? 8 : made * 2;
      reserve(wanted < kThreadCountMax - 1 ? wanted : kThreadCountMax - 1);
    }
    slot = free_slot(thread);
    free_.erase(static_cast<std::uint16_t>(slot));
  }
  Fiber& fiber = *slots_[slot];
  by_thread_[thread] = &fiber;
  fiber.in_use = true;
  if (!fiber.touched) {
    fiber.touched = true;
    touched_.push_back(static_cast<std::uint16_t>(slot));
  }
  fiber.thread = thread;
  fiber.function = function;
  fiber.argument = argument;
  fiber.result = nullptr;
  fiber.name[0] = '\0';
  fiber.cancellation = {};
  const std::vector<char>& image = slot == 0 ? main_tls_image_ : tls_image_;
  if (!image.empty()) {
    TRAMA_REAL(memcpy)
    (reinterpret_cast<char*>(fiber.thread_pointer - tls_bytes_), image.data(),
     tls_bytes_);  // the exported one would ask who calls
  }
  if (fiber.ended_bytes != 0) {
    begin_memory(top_of(fiber) - fiber.ended_bytes, fiber.ended_bytes);
    begin_memory(fiber.thread_pointer - instrumented_tls_bytes_, instrumented_tls_bytes_);
    fiber.ended_bytes = 0;
  }
  if (wipe_stacks_ != Wipe::none) wipe(fiber);
  fiber.stack_pointer = prepare_stack(fiber.stack_top);
  return &fiber;
}

void FiberPool::wipe(Fiber& fiber) const {
  if (wipe_stacks_ == Wipe::top) {
    constexpr std::size_t kTop = std::size_t{16} << 10U;
    std::memset(fiber.stack_top - kTop, 0, kTop);
    return;
  }
  const auto low = reinterpret_cast<std::uint64_t>(fiber.stack_low);
  const auto top = reinterpret_cast<std::uint64_t>(fiber.stack_top);
  const std::uint64_t page = top & ~std::uint64_t{4095};
  madvise(fiber.stack_low, page - low, MADV_DONTNEED);
  std::memset(reinterpret_cast<void*>(page), 0, top - page);
}

void FiberPool::end_stack(Fiber& fiber) {
  // Where the thread stood when it was last switched from tells how deep its lasting frames go.
  constexpr std::size_t kLeast = 512;
  constexpr std::size_t kMost = std::size_t{4} << 10U;
  constexpr std::size_t kOurs = 256;  // of frames below the program's
  const std::uint64_t top = top_of(fiber);
  const std::size_t deep = top - reinterpret_cast<std::uint64_t>(fiber.stack_pointer);
  fiber.ended_bytes =
      deep < kLeast + kOurs ? kLeast : (deep > kMost ? kMost : (deep - kOurs) & ~std::size_t{7});
  engine().detector.on_thread_end(fiber.thread, top - fiber.ended_bytes, fiber.ended_bytes);
}

void FiberPool::end_storage(Fiber& fiber) {
  end_stack(fiber);
  const std::uint64_t tls = (fiber.thread_pointer - instrumented_tls_bytes_) & ~std::uint64_t{7};
  engine().detector.on_thread_end(fiber.thread, tls, fiber.thread_pointer - tls);
}

void FiberPool::release(Fiber& fiber) {
  if (!fiber.in_use || &fiber == slots_[0]) return;
  fiber.in_use = false;
  const auto slot = static_cast<std::uint16_t>(
      (reinterpret_cast<std::uint64_t>(fiber.stack_low) - kStacksAt) / (kStackBytes + kGuardBytes));
  free_.insert(slot);
}

Fiber* FiberPool::find(pthread_t handle) {
  // The handle is the thread pointer, which lies near the top of the slot's stack.
  if (handle == slots_[0]->thread_pointer) return slots_[0];
  const std::uint64_t at = handle - kStacksAt;
  const std::uint64_t slot = at / (kStackBytes + kGuardBytes);
  if (handle < kStacksAt || slot >= slots_.size()) return nullptr;
  Fiber* fiber = slots_[slot];
  return fiber->thread_pointer == handle ? fiber : nullptr;
}

Fiber* FiberPool::stack_holder(std::uint64_t address) {
  if (address < kStacksAt) return nullptr;
  const std::uint64_t slot = (address - kStacksAt) / (kStackBytes + kGuardBytes);
  return slot < slots_.size() ? slots_[slot] : nullptr;
}

Fiber* FiberPool::guard_hit(std::uint64_t address) {
  Fiber* fiber = stack_holder(address);
  return fiber != nullptr && address < reinterpret_cast<std::uint64_t>(fiber->stack_low) ? fiber
                                                                                         : nullptr;
}

}  // namespace trama::runtime

// malloc and its family, for the whole process.
//
// Under control one kernel thread runs everything, so the heap needs no lock. In programs
// that run on their own, or use trama::check in a part, threads may be real: from the first
// one on, a spin lock guards it.
#include <errno.h>
#include <sched.h>

#include <atomic>
#include <cstring>

#include "runtime/engine.hpp"
#include "runtime/heap.hpp"
#include "runtime/modules.hpp"
#include "runtime/real.hpp"
#include "runtime/recorder.hpp"
#include "runtime/syscall.hpp"

namespace trama::runtime {
namespace {

constinit std::atomic<bool> g_heap_lock{false};
constinit bool g_permanent = false;
constinit bool g_native_threads = false;

class HeapLock {
 public:
  HeapLock() : taken_(g_native_threads) {
    while (taken_ && g_heap_lock.exchange(true, std::memory_order_acquire)) {
      raw_syscall(SYS_sched_yield);
    }
  }
  ~HeapLock() {
    if (taken_) g_heap_lock.store(false, std::memory_order_release);
  }
  HeapLock(const HeapLock&) = delete;
  HeapLock& operator=(const HeapLock&) = delete;

 private:
  bool taken_;
};

constexpr std::size_t kAlignment = 16;

void* allocate(std::size_t size, std::size_t alignment) {
  Heap& heap = g_permanent ? g_runtime_heap : g_program_heap;
  bool reused = false;
  void* block = nullptr;
  {
    const HeapLock lock;
    const bool guided = g_active && !g_permanent && scheduler().guide() != nullptr;
    if (__builtin_expect(guided, 0)) block = heap.allocate_in_lane(self(), size, alignment);
    if (block == nullptr) block = heap.allocate(size, alignment, &reused);
  }
  if (block == nullptr) {
    errno = ENOMEM;
  } else if (reused && g_active) {
    // A new object: what was known of the old one's accesses no longer counts.
    begin_memory(reinterpret_cast<std::uint64_t>(block), Heap::capacity_of(block));
  }
  if (g_active && engine().recorder != nullptr && block != nullptr) {
    engine().recorder->note_allocation(reinterpret_cast<std::uint64_t>(block), size);
  }
  return block;
}

/// For the record: who frees what; and a step for the memory in which the address under watch
/// lies.
void note_end(std::uint64_t address, std::size_t size, void* pc) {
  const Engine& e = engine();
  if (e.recorder == nullptr) return;
  e.recorder->note_free(address);
  if (e.watched_address == 0) return;
  const std::uint64_t low = e.watched_address > address ? e.watched_address : address;
  const std::uint64_t high =
      e.watched_address + 8 < address + size ? e.watched_address + 8 : address + size;
  if (low >= high) return;
  Event event = make_event(Operation::free, reinterpret_cast<void*>(low), pc);
  event.size = static_cast<std::uint8_t>(high - low);
  e.recorder->note(event);
}

bool is_block(const void* block) {
  return reinterpret_cast<std::uint64_t>(block) % kAlignment == 0 &&
         (Heap::is_live(block) || Heap::was_freed(block));
}

/// Ends the execution where the program does to `block` what asks for a live one.
void require_live(void* block, Operation operation, const char* if_freed, void* pc) {
  if (is_block(block) && Heap::is_live(block)) return;
  fail_on_memory(is_block(block) ? if_freed : "invalid-free", operation,
                 reinterpret_cast<std::uint64_t>(block), 0, reinterpret_cast<std::uint64_t>(pc));
}

/// Neither heap is its owner. Blocks from before this library was there may be freed; what
/// stands on a stack or among the statics of the program never was a block.
void require_foreign(void* block, void* pc) {
  const auto address = reinterpret_cast<std::uint64_t>(block);
  const std::uint32_t module = module_of(address);
  const bool static_data = module != trama::kNoIndex && !modules()[module].is_loader;
  if (engine().fibers.stack_holder(address) == nullptr && !static_data) return;
  fail_on_memory("invalid-free", Operation::free, address, 0, reinterpret_cast<std::uint64_t>(pc));
}

void release(void* block, void* pc) {
  if (block == nullptr) return;
  Heap& heap = g_runtime_heap.owns(block) ? g_runtime_heap : g_program_heap;
  if (!heap.owns(block)) {
    if (g_active) require_foreign(block, pc);
    return;
  }
  const bool retired = g_active && &heap == &g_program_heap;
  if (retired) {
    const auto address = reinterpret_cast<std::uint64_t>(block);
    require_live(block, Operation::free, "double-free", pc);
    const std::size_t size = Heap::size_of(block);
    scheduler().objects().forget_range(address, size);
    note_end(address, size, pc);
    // Whoever still uses the block races with its end. What libraries free is left out:
    // their reference counts are not instrumented, so the order is there but unseen.
    engine().detector.on_free(address, size, is_instrumented(pc));
  }
  const HeapLock lock;
  if (retired) return heap.retire(block);
  heap.free(block);
}

}  // namespace

void note_native_thread() { g_native_threads = true; }
bool has_native_threads() { return g_native_threads; }

PermanentAllocation::PermanentAllocation() : before_(g_permanent) { g_permanent = true; }
PermanentAllocation::~PermanentAllocation() { g_permanent = before_; }

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Operation;

TRAMA_EXPORT void* malloc(std::size_t size) { return allocate(size, kAlignment); }
TRAMA_EXPORT void free(void* block) { release(block, TRAMA_PC); }
TRAMA_EXPORT void cfree(void* block) { release(block, TRAMA_PC); }

TRAMA_EXPORT void* calloc(std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return allocate(bytes, kAlignment);  // blocks are zeroed always
}

TRAMA_EXPORT void* realloc(void* block, std::size_t size) {
  if (block == nullptr) return allocate(size, kAlignment);
  if (size == 0) {
    release(block, TRAMA_PC);
    return nullptr;
  }
  if (g_active && g_program_heap.owns(block)) {
    require_live(block, Operation::free, "use-after-free", TRAMA_PC);
  }
  if (Heap::is_live(block)) {
    const std::size_t old = Heap::size_of(block);
    if (Heap::resize_in_place(block, size)) {
      if (g_active && size > old) {
        begin_memory(reinterpret_cast<std::uint64_t>(block) + old, size - old);
      }
      return block;
    }
  }
  void* moved = allocate(size, kAlignment);
  if (moved == nullptr) return nullptr;
  const std::size_t kept = Heap::size_of(block);
  std::memcpy(moved, block, kept < size ? kept : size);
  release(block, TRAMA_PC);
  return moved;
}

TRAMA_EXPORT void* reallocarray(void* block, std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(block, bytes);
}

TRAMA_EXPORT void* memalign(std::size_t alignment, std::size_t size) {
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
    errno = EINVAL;
    return nullptr;
  }
  return allocate(size, alignment);
}
TRAMA_EXPORT void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return memalign(alignment, size);
}
TRAMA_EXPORT int posix_memalign(void** result, std::size_t alignment, std::size_t size) {
  if (alignment < sizeof(void*) || (alignment & (alignment - 1)) != 0) return EINVAL;
  void* block = allocate(size, alignment);
  if (block == nullptr) return ENOMEM;
  *result = block;
  return 0;
}
TRAMA_EXPORT void* valloc(std::size_t size) { return allocate(size, 4096); }
TRAMA_EXPORT void* pvalloc(std::size_t size) {
  return allocate((size + 4095) & ~std::size_t{4095}, 4096);
}
TRAMA_EXPORT std::size_t malloc_usable_size(void* block) {
  if (block == nullptr) return 0;
  if (g_active && g_program_heap.owns(block)) {
    require_live(block, Operation::read, "use-after-free", TRAMA_PC);
  }
  return Heap::size_of(block);
}
TRAMA_EXPORT int malloc_trim(std::size_t) { return 0; }

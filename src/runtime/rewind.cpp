#include "runtime/rewind.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "base/check.hpp"
#include "runtime/engine.hpp"
#include "runtime/exit_handlers.hpp"
#include "runtime/heap.hpp"
#include "runtime/mappings.hpp"
#include "runtime/modules.hpp"
#include "runtime/output.hpp"
#include "runtime/syscall.hpp"
#include "runtime/thread_end.hpp"

namespace trama::runtime {

void forget_claims();

namespace {

struct Segment {
  char* live;
  char* saved;
  std::size_t bytes;
};

std::vector<Segment>& segments() {
  static std::vector<Segment>* list = new std::vector<Segment>;
  return *list;
}

const char* g_fork_needed = nullptr;
bool g_forked = false;
Range g_extra;  // see add_segment
bool g_descriptors_changed = false;
std::uint64_t g_old_changed = 0;  // bit per descriptor below 64
std::uint64_t g_open_at_start[kOwnDescriptors / 64] = {};
int g_saved_descriptors[64];

// Bit per descriptor of our own. They are made while the program has none open that came later
// than its start, so they stand close together; beyond kOwnEnd all is the program's.
constexpr int kOwnEnd = kOwnDescriptors + 256;
std::uint64_t g_own[(kOwnEnd - kOwnDescriptors) / 64] = {};

std::uint64_t& own_word(int descriptor) { return g_own[(descriptor - kOwnDescriptors) / 64]; }
std::uint64_t own_bit(int descriptor) { return std::uint64_t{1} << (descriptor % 64); }

bool open_at_start(int descriptor) {
  if (descriptor >= kOwnDescriptors) return (own_word(descriptor) & own_bit(descriptor)) != 0;
  return ((g_open_at_start[descriptor / 64] >> (descriptor % 64)) & 1U) != 0;
}

void save(const Range& range) {
  const std::size_t bytes = range.high - range.low;
  void* saved = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  TRAMA_CHECK(saved != MAP_FAILED);
  std::memcpy(saved, reinterpret_cast<void*>(range.low), bytes);
  segments().push_back({reinterpret_cast<char*>(range.low), static_cast<char*>(saved), bytes});
}

void snapshot_segments() {
  for (const Segment& segment : segments()) munmap(segment.saved, segment.bytes);
  segments().clear();
  for (const Module& module : modules()) {
    if (module.is_runtime || module.is_loader) continue;
    for (const Range& range : module.writable) save(range);
  }
  if (g_extra.low != 0) save(g_extra);
}

void snapshot_descriptors() {
  for (int descriptor = 0; descriptor < kOwnDescriptors; ++descriptor) {
    if (raw_syscall(SYS_fcntl, descriptor, F_GETFD) < 0) continue;
    g_open_at_start[descriptor / 64] |= std::uint64_t{1} << (descriptor % 64);
    if (descriptor < 64) {
      g_saved_descriptors[descriptor] = keep_own(descriptor);
    }
  }
}

void restore_descriptors() {
  for (int descriptor = 0; g_old_changed != 0 && descriptor < 64; ++descriptor) {
    if (((g_old_changed >> descriptor) & 1U) != 0 && open_at_start(descriptor)) {
      raw_syscall(SYS_dup2, g_saved_descriptors[descriptor], descriptor);
    }
  }
  g_old_changed = 0;
  if (!g_descriptors_changed) return;
  g_descriptors_changed = false;
  int from = 0;
  while (from < kOwnEnd) {
    while (from < kOwnEnd && open_at_start(from)) ++from;
    int to = from;
    while (to < kOwnEnd && !open_at_start(to)) ++to;
    if (from < to) raw_syscall(SYS_close_range, from, to - 1, 0);
    from = to;
  }
  raw_syscall(SYS_close_range, kOwnEnd, ~0U, 0);
}

}  // namespace

int keep_own(int descriptor) {
  const auto own =
      static_cast<int>(raw_syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, kOwnDescriptors));
  if (own < 0) return own;
  TRAMA_CHECK(own < kOwnEnd);
  own_word(own) |= own_bit(own);
  return own;
}
bool is_own(int descriptor) {
  return descriptor >= kOwnDescriptors && descriptor < kOwnEnd && open_at_start(descriptor);
}
void close_own(int descriptor) {
  own_word(descriptor) &= ~own_bit(descriptor);
  raw_syscall(SYS_close, descriptor);
}

void separate_standard_streams() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (raw_syscall(SYS_fcntl, descriptor, F_GET_SEALS) < 0) continue;
    char path[] = "/proc/self/fd/0";
    const int own = static_cast<int>(
        descriptor == 0
            ? raw_syscall(SYS_open, reinterpret_cast<long>(path), O_RDONLY | O_CLOEXEC)
            : raw_syscall(SYS_memfd_create, reinterpret_cast<long>("trama-captured"), MFD_CLOEXEC));
    if (own < 0) continue;
    raw_syscall(SYS_dup2, own, descriptor);
    raw_syscall(SYS_dup3, own, g_saved_descriptors[descriptor], O_CLOEXEC);
    raw_syscall(SYS_close, own);
  }
}

void set_forked() { g_forked = true; }
void need_fork(const char* what) {
  if (g_forked || !engine().session) return;
  g_fork_needed = what;
  scheduler().end(EndReason::stopped);
  leave();
}
const char* fork_needed() { return g_fork_needed; }

void note_descriptors_changed() { g_descriptors_changed = true; }
void note_old_descriptor_changed(int descriptor) {
  if (descriptor >= 0 && descriptor < 64) g_old_changed |= std::uint64_t{1} << descriptor;
}

void add_segment(void* low, void* high) {
  g_extra = {reinterpret_cast<std::uint64_t>(low), reinterpret_cast<std::uint64_t>(high)};
}

bool for_each_static(void (*visit)(std::uint64_t low, std::uint64_t high, void* context),
                     void* context) {
  for (const Segment& segment : segments()) {
    const auto low = reinterpret_cast<std::uint64_t>(segment.live);
    visit(low, low + segment.bytes, context);
  }
  return !segments().empty();
}

void snapshot_process() {
  snapshot_descriptors();
  snapshot_exit_handlers();
  snapshot_keys();
  engine().fibers.snapshot_main_tls();
  snapshot_segments();
  g_program_heap.snapshot();  // last: what the others allocate for libc is part of it
}

void restore_process() {
  for (const Segment& segment : segments()) {
    std::memcpy(segment.live, segment.saved, segment.bytes);
  }
  g_program_heap.restore();
  engine().fibers.release_all();
  restore_exit_handlers();
  restore_keys();
  restore_descriptors();
  release_mappings();
  rewind_streams();
  forget_claims();
}

}  // namespace trama::runtime

#include "runtime/leaks.hpp"

#include <link.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/engine.hpp"
#include "runtime/heap.hpp"
#include "runtime/mappings.hpp"
#include "runtime/modules.hpp"
#include "runtime/syscall.hpp"
#include "runtime/text.hpp"

namespace trama::runtime {
namespace {

constexpr std::uint64_t kPage = 4096;

std::vector<LeakedBlock>& leaked() {
  static auto* list = new std::vector<LeakedBlock>;
  return *list;
}

enum class Reach : std::uint8_t { none, indirect, reachable };

struct Block {
  std::uint64_t low;
  std::uint64_t high;
  bool from_before;  // main
  Reach reach;
};

class Search {
 public:
  Search() {
    g_program_heap.for_each_live([this](std::uint64_t low, std::uint64_t high, bool from_before) {
      blocks_.push_back({low, high, from_before, Reach::none});
    });
  }

  /// All that the range points to, directly or not, is reached.
  void scan(std::uint64_t low, std::uint64_t high) {
    look_at(low, high, Reach::reachable);
    follow(Reach::reachable);
  }
  void scan_word(const void* word) {
    mark(reinterpret_cast<std::uint64_t>(word), Reach::reachable);
    follow(Reach::reachable);
  }
  void scan_blocks_from_before() {
    for (Block& block : blocks_) {
      if (!block.from_before || block.reach != Reach::none) continue;
      block.reach = Reach::reachable;
      scan(block.low, block.high);
    }
  }

  [[nodiscard]] std::vector<LeakedBlock> leaks() {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (blocks_[i].reach != Reach::none) continue;
      look_at(blocks_[i].low, blocks_[i].high, Reach::indirect);
      follow(Reach::indirect);
      // It may lie on a circle; then the first of it stands for all.
      blocks_[i].reach = Reach::none;
    }
    std::vector<LeakedBlock> result;
    for (const Block& block : blocks_) {
      if (block.reach == Reach::reachable) continue;
      result.push_back({block.low, block.high, block.reach == Reach::none});
    }
    return result;
  }

 private:
  void mark(std::uint64_t value, Reach reach) {
    if (!g_program_heap.owns(reinterpret_cast<const void*>(value))) return;
    auto after =
        std::upper_bound(blocks_.begin(), blocks_.end(), value,
                         [](std::uint64_t at, const Block& block) { return at < block.low; });
    if (after == blocks_.begin()) return;
    Block& block = *(after - 1);
    if (value >= block.high || block.reach != Reach::none) return;
    block.reach = reach;
    pending_.push_back({block.low, block.high});
  }
  void look_at(std::uint64_t low, std::uint64_t high, Reach reach) {
    for (std::uint64_t at = (low + 7) & ~std::uint64_t{7}; at + 8 <= high; at += 8) {
      mark(*reinterpret_cast<const std::uint64_t*>(at), reach);
    }
  }
  void follow(Reach reach) {
    while (!pending_.empty()) {
      const Range range = pending_.back();
      pending_.pop_back();
      look_at(range.low, range.high, reach);
    }
  }

  std::vector<Block> blocks_;  // by address
  std::vector<Range> pending_;
};

void scan_statics(Search& search) {
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* argument) {
        for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
          const auto& header = info->dlpi_phdr[i];
          if (header.p_type != PT_LOAD || (header.p_flags & PF_W) == 0) continue;
          const std::uint64_t low = info->dlpi_addr + header.p_vaddr;
          // Our own statics know of the program's blocks only to watch them.
          if (is_runtime_code(low)) break;
          static_cast<Search*>(argument)->scan(low, low + header.p_memsz);
        }
        return 0;
      },
      &search);
  // Entries that the program replaced in the list that the process began with.
  char** last = environ;
  while (last != nullptr && *last != nullptr) ++last;
  search.scan(reinterpret_cast<std::uint64_t>(environ), reinterpret_cast<std::uint64_t>(last));
}

void scan_mappings(Search& search) {
  for_each_mapping(
      [](std::uint64_t low, std::uint64_t high, void* argument) {
        for (std::uint64_t page = low; page < high; page += kPage) {
          unsigned char resident = 0;
          raw_syscall(SYS_mincore, static_cast<long>(page), static_cast<long>(kPage),
                      reinterpret_cast<long>(&resident));
          if ((resident & 1U) == 0) continue;
          // The kernel reads the set before it refuses the rest: -EFAULT where it cannot.
          constexpr long kNoSuchWay = -1;
          constexpr long kFault = -14;
          if (raw_syscall(SYS_rt_sigprocmask, kNoSuchWay, static_cast<long>(page), 0, 8) ==
              kFault) {
            continue;
          }
          static_cast<Search*>(argument)->scan(page, page + kPage);
        }
      },
      &search);
}

void scan_threads(Search& search, std::uint64_t stack_at_exit) {
  Engine& e = engine();
  for (unsigned i = 0; i < e.scheduler.thread_count(); ++i) {
    const auto thread = static_cast<ThreadId>(i);
    const ThreadState& state = e.scheduler.state(thread);
    Fiber& fiber = e.fibers.of(thread);
    if (fiber.thread != thread) continue;  // its stack and storage serve another one
    if (state.status == ThreadStatus::finished) {
      if (!state.joined && !state.detached) search.scan_word(fiber.result);
      continue;
    }
    const std::uint64_t low =
        &fiber == e.running ? stack_at_exit : reinterpret_cast<std::uint64_t>(fiber.stack_pointer);
    if (low != 0) search.scan(low, reinterpret_cast<std::uint64_t>(fiber.stack_top));
    search.scan_word(fiber.argument);
    for (const TlsDestructor& destructor : fiber.destructors) search.scan_word(destructor.object);
    for (void* value : fiber.specific) search.scan_word(value);
    e.fibers.for_each_tls_range(
        fiber, [&search](std::uint64_t from, std::uint64_t to) { search.scan(from, to); });
  }
}

ThreadId first_leaked_thread() {
  for (unsigned i = 1; i < scheduler().thread_count(); ++i) {
    if (is_leaked(static_cast<ThreadId>(i))) return static_cast<ThreadId>(i);
  }
  return kNoThread;
}

}  // namespace

bool is_leaked(ThreadId thread) {
  const ThreadState& state = scheduler().state(thread);
  return thread != kMainThread && state.status != ThreadStatus::unused && !state.joined &&
         !state.detached;
}

const std::vector<LeakedBlock>& leaked_blocks() { return leaked(); }

void fail_on_leaks(std::uint64_t pc, std::uint64_t stack_at_exit) {
  leaked().clear();
  // Where another thread than main ends the process, the others had no chance to be joined.
  const ThreadId thread = self() == kMainThread ? first_leaked_thread() : kNoThread;
  if (thread != kNoThread) {
    std::string detail;
    append_thread(detail, thread);
    fail(FindingCode::leak, "thread-leak", pc, static_cast<std::string&&>(detail));
  }
  std::string count;
  {
    const OutOfControl searching;
    Search search;
    search.scan_blocks_from_before();
    scan_statics(search);
    scan_mappings(search);
    scan_threads(search, stack_at_exit);
    leaked() = search.leaks();
    append_number(count, leaked().size());
  }
  if (!leaked().empty()) {
    fail(FindingCode::leak, "memory-leak", pc, static_cast<std::string&&>(count));
  }
}

}  // namespace trama::runtime

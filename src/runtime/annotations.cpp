#include "runtime/annotations.hpp"

#include <cstring>
#include <vector>

#include "runtime/engine.hpp"
#include "runtime/real.hpp"

namespace trama::runtime {
namespace {

struct BenignRange {
  std::uint64_t low;
  std::uint64_t high;
  bool permanent;  ///< said before the first execution
};

bool g_any_benign = false;  // ever
std::vector<BenignRange>& benign_ranges() {
  static auto* list = new std::vector<BenignRange>;
  return *list;
}

// Of each thread: threads have thread-local storage of their own, which is rewound.
__thread unsigned t_ignored_reads;
__thread unsigned t_ignored_writes;

void bear(const volatile void* memory, std::size_t bytes) {
  const auto low = reinterpret_cast<std::uint64_t>(memory);
  g_any_benign = true;
  benign_ranges().push_back({low, low + bytes, !g_active});
}

}  // namespace

bool ignores(bool writes) { return (writes ? t_ignored_writes : t_ignored_reads) != 0; }

void begin_ignoring(bool reads, bool writes) {
  if (!g_active) return;
  if (reads) ++t_ignored_reads;
  if (writes) ++t_ignored_writes;
  ++engine().ignoring_count;
  g_plain = plain_mode();
}

void end_ignoring(bool reads, bool writes) {
  if (!g_active || engine().ignoring_count == 0) return;
  if (reads && t_ignored_reads != 0) --t_ignored_reads;
  if (writes && t_ignored_writes != 0) --t_ignored_writes;
  --engine().ignoring_count;
  g_plain = plain_mode();
}

bool is_benign(std::uint64_t address, std::uint64_t size) {
  for (const BenignRange& range : benign_ranges()) {
    if (address < range.high && range.low < address + size) return true;
  }
  return false;
}

void forget_annotations() {
  if (!g_any_benign) return;
  std::vector<BenignRange>& list = benign_ranges();
  std::size_t kept = 0;
  for (const BenignRange& range : list) {
    if (range.permanent) list[kept++] = range;
  }
  list.resize(kept);
}

}  // namespace trama::runtime

using namespace trama::runtime;

TRAMA_EXPORT void AnnotateIgnoreReadsBegin(char*, int) { begin_ignoring(true, false); }
TRAMA_EXPORT void AnnotateIgnoreReadsEnd(char*, int) { end_ignoring(true, false); }
TRAMA_EXPORT void AnnotateIgnoreWritesBegin(char*, int) { begin_ignoring(false, true); }
TRAMA_EXPORT void AnnotateIgnoreWritesEnd(char*, int) { end_ignoring(false, true); }
TRAMA_EXPORT void __tsan_ignore_thread_begin() { begin_ignoring(true, true); }
TRAMA_EXPORT void __tsan_ignore_thread_end() { end_ignoring(true, true); }

TRAMA_EXPORT void AnnotateBenignRace(char*, int, volatile void* memory, char*) { bear(memory, 1); }
TRAMA_EXPORT void AnnotateBenignRaceSized(char*, int, volatile void* memory, std::size_t bytes,
                                          char*) {
  bear(memory, bytes);
}
TRAMA_EXPORT void WTFAnnotateBenignRaceSized(char*, int, volatile void* memory, std::size_t bytes,
                                             char*) {
  bear(memory, bytes);
}
TRAMA_EXPORT void AnnotateNewMemory(char*, int, const volatile void* memory, std::size_t bytes) {
  if (g_active) begin_memory(reinterpret_cast<std::uint64_t>(memory), bytes);
}

// Accepted, and without effect in ThreadSanitizer too: they name what is seen anyway, or speak to
// detectors that are not built on happens-before. To ignore synchronisation would only add alarms.
#define TRAMA_WITHOUT_EFFECT(name) \
  TRAMA_EXPORT void name() {}
TRAMA_WITHOUT_EFFECT(AnnotateIgnoreSyncBegin)
TRAMA_WITHOUT_EFFECT(AnnotateIgnoreSyncEnd)
TRAMA_WITHOUT_EFFECT(AnnotateThreadName)
TRAMA_WITHOUT_EFFECT(AnnotateCondVarSignal)
TRAMA_WITHOUT_EFFECT(AnnotateCondVarSignalAll)
TRAMA_WITHOUT_EFFECT(AnnotateCondVarWait)
TRAMA_WITHOUT_EFFECT(AnnotateEnableRaceDetection)
TRAMA_WITHOUT_EFFECT(AnnotateExpectRace)
TRAMA_WITHOUT_EFFECT(AnnotateFlushExpectedRaces)
TRAMA_WITHOUT_EFFECT(AnnotateFlushState)
TRAMA_WITHOUT_EFFECT(AnnotateMemoryIsInitialized)
TRAMA_WITHOUT_EFFECT(AnnotateMemoryIsUninitialized)
TRAMA_WITHOUT_EFFECT(AnnotateMutexIsNotPHB)
TRAMA_WITHOUT_EFFECT(AnnotateMutexIsUsedAsCondVar)
TRAMA_WITHOUT_EFFECT(AnnotateNoOp)
TRAMA_WITHOUT_EFFECT(AnnotatePCQCreate)
TRAMA_WITHOUT_EFFECT(AnnotatePCQDestroy)
TRAMA_WITHOUT_EFFECT(AnnotatePCQGet)
TRAMA_WITHOUT_EFFECT(AnnotatePCQPut)
TRAMA_WITHOUT_EFFECT(AnnotatePublishMemoryRange)
TRAMA_WITHOUT_EFFECT(AnnotateTraceMemory)
TRAMA_WITHOUT_EFFECT(AnnotateUnpublishMemoryRange)
TRAMA_WITHOUT_EFFECT(__tsan_flush_memory)

TRAMA_EXPORT int RunningOnValgrind() { return 0; }
TRAMA_EXPORT double ValgrindSlowdown() { return 10.0; }
TRAMA_EXPORT const char* ThreadSanitizerQuery(const char* query) {
  return strcmp(query, "pure_happens_before") == 0 ? "1" : "0";
}

// Trace: one execution as data, complete enough to show it and to run it again.
//
// The runtime fills a Trace while it runs a schedule with full recording; the places then
// hold only addresses. The command line resolves them to functions and lines and writes
// the file. The same text format (format.hpp) serves both ways, and a replay reads the
// steps back as its schedule. Pure data: no file, no process.
//
// Indices: a stack id, place id or module id indexes the vector of that name. Object and
// thread ids index `objects` and `threads`; object 0 stands for "none".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "event/event.hpp"
#include "event/finding_code.hpp"
#include "event/object_kind.hpp"

namespace trama {

inline constexpr std::uint32_t kTraceVersion = 2;
/// Of traces whose steps tell what their loads read (`from`, `behind`): those of verify.
inline constexpr std::uint32_t kGraphTraceVersion = 3;
inline constexpr std::uint32_t kNoIndex = 0xffffffff;
/// In place of a step's index: what stood in an atomic before the first store to it.
inline constexpr std::uint32_t kInitialValue = 0xfffffffe;

/// A loaded file of the process: the program or a shared library.
struct TraceModule {
  std::string path;
  std::uint64_t base = 0;  ///< load bias: runtime address minus address in the file
  std::string build_id;    ///< hexadecimal; empty where the file has none
  bool instrumented = false;
};

/// One source position; a place has several where the compiler inlined calls.
struct SourceFrame {
  std::string function;    ///< demangled, may be empty
  std::string file;        ///< as the compiler recorded it, may be empty
  std::uint32_t line = 0;  ///< 0 = unknown
  std::uint32_t column = 0;
};

/// A code address. `frames` is innermost first and empty until resolved.
struct TracePlace {
  std::uint32_t module = kNoIndex;
  std::uint64_t offset = 0;  ///< address within the module's file (runtime address - base)
  std::vector<SourceFrame> frames;
};

/// Places of the call stack, innermost first.
using TraceStack = std::vector<std::uint32_t>;

struct TraceThread {
  std::string name;  ///< "main", "T1", … or what the program called it
  ThreadId creator = kNoThread;
  std::uint32_t create_stack = kNoIndex;
};

/// Coroutines that run as one, beside others of their thread.
struct TraceTask {
  std::string name;                   ///< what the program called it; may be empty
  std::uint32_t function = kNoIndex;  ///< place: the beginning of its outermost coroutine
  ThreadId creator = kNoThread;
  TaskId parent = kNoTask;  ///< the task that created it
  std::uint32_t create_stack = kNoIndex;
};

struct TraceObject {
  ObjectKind kind = ObjectKind::mutex;
  std::uint64_t address = 0;
  std::string name;    ///< short: "M1"
  std::string symbol;  ///< the program's name for it where known: "banco.trava"
};

/// An order that would have forbidden what a step did.
struct TraceCure {
  std::uint32_t step = kNoIndex;  ///< the access that would need it
  MemoryOrder order = MemoryOrder::seq_cst;
};

struct TraceStep {
  Event event;  ///< event.pc is 0 in files: see `place`
  std::uint32_t place = kNoIndex;
  std::uint32_t stack = kNoIndex;
  std::uint32_t alternatives = 1;  ///< how many threads (choose: values) could have been next
  std::uint64_t time_ns = 0;       ///< virtual time since the start
  std::string text;             ///< output: the bytes written (may be cut to 200); await: for what
  TaskId task = kNoTask;        ///< which one its thread runs
  TaskId other_task = kNoTask;  ///< created, forgotten: which; resumed: by which
  // Under a memory model (verify), where memory alone does not tell:
  std::uint32_t from = kNoIndex;    ///< what it reads: the step of the store, or kInitialValue
  std::uint32_t behind = kNoIndex;  ///< a store: which one it follows in modification order
  /// A store that was made before, though it stands behind what this reads, or behind this store.
  std::uint32_t newer = kNoIndex;
  std::vector<std::uint32_t> chosen;  ///< what its thread chose since its last step, in order
  std::vector<TraceCure> cures;       ///< with these orders it could not read, or stand, so
};

/// One access of a race, or one thread of a deadlock.
struct FindingAccess {
  ThreadId thread = kNoThread;
  Operation operation{};
  bool atomic = false;
  std::uint64_t address = 0;
  std::uint32_t size = 0;
  std::uint32_t stack = kNoIndex;
  std::uint32_t step = kNoIndex;  ///< index into steps
  ObjectId object = kNoObject;    ///< deadlock: what the thread waits for
  ThreadId holder = kNoThread;    ///< deadlock: who holds it, or whom it joins
  TaskId task = kNoTask;          ///< which one the thread runs; await: which one waits
  TaskId holder_task = kNoTask;   ///< await: which one holds `object`
};

/// Where the memory of a race stands.
enum class MemoryKind : std::uint8_t { unknown, statics, heap, stack };

struct Finding {
  FindingCode code{};
  std::string
      reason;  ///< stable key that selects the *why* sentence: "data-race", "unlock-not-owner" …
  std::string detail;  ///< free text of the program: assertion, what(), signal, status, symbol
  ThreadId thread = kNoThread;
  std::uint32_t stack = kNoIndex;
  std::uint32_t step = kNoIndex;            ///< index into steps of the step that shows it
  MemoryKind memory = MemoryKind::unknown;  ///< race: where the bytes stand
  std::uint64_t memory_base = 0;            ///< heap: first byte of the block
  std::uint64_t memory_size = 0;            ///< heap: bytes of the block
  ThreadId memory_thread = kNoThread;       ///< heap: who allocated it; stack: whose it is
  std::uint32_t memory_stack = kNoIndex;    ///< heap: where it was allocated, if recorded
  std::vector<FindingAccess> accesses;      ///< race: previous, then current; deadlock: each waiter
};

struct Trace {
  std::uint32_t version = kTraceVersion;
  std::string program;  ///< as the user named it
  std::vector<std::string> arguments;
  std::string build_id;  ///< of the program, to tell whether it changed
  std::string check;     ///< of trama::check: its name; empty for whole programs
  std::string strategy;
  std::string model = "sc";
  std::uint64_t seed = 0;
  std::uint64_t execution = 0;  ///< 1-based number within its hunt
  /// Plain accesses that were choice points, separated by blanks: `module+0xOFFSET`, those of
  /// the code there, and `@0xADDRESS`, those to the granule of 8 bytes of memory there.
  std::string visible;
  bool complete = true;  ///< false where steps after the finding were not recorded
  std::vector<TraceModule> modules;
  std::vector<TracePlace> places;
  std::vector<TraceStack> stacks;
  std::vector<TraceThread> threads;
  std::vector<TraceTask> tasks;
  std::vector<TraceObject> objects;  ///< objects[0] is unused
  std::vector<TraceStep> steps;
  std::vector<Finding> findings;  ///< normally one
};

}  // namespace trama

#include "runtime/loop_watch.hpp"

#include <poll.h>
#include <unwind.h>

#include "runtime/engine.hpp"
#include "runtime/io_wait.hpp"
#include "runtime/modules.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/recorder.hpp"
#include "runtime/text.hpp"
#include "runtime/timerfd.hpp"

namespace trama::runtime {
namespace {

constexpr unsigned kDepthMax = 64;
constexpr std::size_t kWordsMax = 256;

/// The functions that run, the innermost first: where each stands, and its stack pointer there.
/// Below that lies the return address of what it called.
struct Chain {
  unsigned count = 0;
  std::uint64_t pc[kDepthMax];
  std::uint64_t stack[kDepthMax];
};

struct Loop {
  ChannelId set = 0;  ///< 0: the thread is in no loop
  // The stack above epoll_wait's frame when it last returned: the places of all its callers.
  std::uint64_t stack_at = 0;
  std::size_t word_count = 0;
  std::uint64_t words[kWordsMax];
  // The longest call that blocked since then.
  std::uint64_t blocked_ns = 0;
  std::uint64_t blocked_pc = 0;
  Chain chain;
};

struct SetUser {
  ChannelId set;
  ThreadId thread;
  bool several;
};

std::uint64_t g_limit_ns = 0;
bool g_touched = false;  // by the execution
Loop* g_loops[kThreadCountMax];
std::uint32_t g_blocked_stack = 0;
std::uint32_t g_blocked_step = kNoIndex;  // those from here on were taken after it

std::vector<SetUser>& users() {
  static auto* list = new std::vector<SetUser>;
  return *list;
}

_Unwind_Reason_Code add_frame(_Unwind_Context* context, void* argument) {
  static auto* get_ip = reinterpret_cast<decltype(&_Unwind_GetIP)>(find_unwinder("_Unwind_GetIP"));
  static auto* get_cfa =
      reinterpret_cast<decltype(&_Unwind_GetCFA)>(find_unwinder("_Unwind_GetCFA"));
  auto* chain = static_cast<Chain*>(argument);
  const std::uint64_t pc = get_ip(context);
  if (pc == 0) return _URC_END_OF_STACK;
  chain->pc[chain->count] = pc;
  chain->stack[chain->count++] = get_cfa(context);
  return chain->count == kDepthMax ? _URC_END_OF_STACK : _URC_NO_REASON;
}

void unwind(Chain& chain) {
  const OutOfControl unwinding;
  static auto* backtrace =
      reinterpret_cast<decltype(&_Unwind_Backtrace)>(find_unwinder("_Unwind_Backtrace"));
  chain.count = 0;
  if (backtrace == nullptr) return;
  engine().unwinding = true;
  backtrace(&add_frame, &chain);
  engine().unwinding = false;
}

/// Whether the innermost function that ran while the thread was blocked, and runs still, has come
/// round to where it was when epoll_wait returned.
bool went_round(const Loop& loop, const Chain& now) {
  const Chain& then = loop.chain;
  for (unsigned i = 0; i + 1 < now.count; ++i) {
    for (unsigned k = 0; k + 1 < then.count; ++k) {
      // The same call of it: from the same place, with the same stack pointer.
      if (then.stack[k + 1] != now.stack[i + 1] || then.pc[k + 1] != now.pc[i + 1]) continue;
      const std::uint64_t slot = now.stack[i] - 8;
      const std::uint64_t index = (slot - loop.stack_at) / 8;
      return slot >= loop.stack_at && index < loop.word_count && loop.words[index] == now.pc[i];
    }
  }
  return false;
}

bool is_due(int set) {
  settle_timerfds();
  pollfd one = {set, POLLIN, 0};
  return look_now(&one, 1) > 0;
}

bool waits_alone(ChannelId set) {
  for (SetUser& user : users()) {
    if (user.set != set) continue;
    user.several = user.several || user.thread != self();
    return !user.several;
  }
  users().push_back({set, self(), false});
  return true;
}

}  // namespace

void set_loop_limit(std::uint64_t limit_ns) { g_limit_ns = limit_ns; }

void begin_loop_watch() {
  if (!g_touched) return;
  for (Loop* loop : g_loops) {
    if (loop != nullptr) loop->set = 0;
  }
  users().clear();
  g_touched = false;
}

void note_blocked(std::uint64_t start_ns, std::uint64_t pc) {
  if (!g_touched) return;
  Loop* loop = g_loops[self()];
  if (loop == nullptr || loop->set == 0) return;
  const std::uint64_t passed_ns = scheduler().now_ns() - start_ns;
  if (passed_ns <= g_limit_ns || passed_ns <= loop->blocked_ns) return;
  loop->blocked_ns = passed_ns;
  loop->blocked_pc = pc;
  unwind(loop->chain);
  Recorder* recorder = engine().recorder;
  if (recorder == nullptr) return;
  g_blocked_stack = recorder->capture_stack();
  g_blocked_step = static_cast<std::uint32_t>(recorder->trace().steps.size());
}

std::uint32_t blocked_stack() { return g_blocked_stack; }

std::uint32_t blocked_step(const Trace& trace, ThreadId thread) {
  for (std::uint32_t i = g_blocked_step; i < trace.steps.size(); ++i) {
    const TraceStep& step = trace.steps[i];
    if (step.event.thread == thread && step.alternatives != 0) return i;
  }
  return kNoIndex;
}

void leave_loop_wait(int set, const void* frame) {
  if (g_limit_ns == 0) return;
  Loop*& loop = g_loops[self()];
  if (loop == nullptr) loop = new Loop;
  g_touched = true;
  loop->set = channel_of(set);
  loop->blocked_ns = 0;
  const auto* from = static_cast<const std::uint64_t*>(frame) + 1;  // the return address
  const auto* top = reinterpret_cast<const std::uint64_t*>(engine().running->stack_top);
  const auto room = static_cast<std::size_t>(top > from ? top - from : 0);
  loop->stack_at = reinterpret_cast<std::uint64_t>(from);
  loop->word_count = room < kWordsMax ? room : kWordsMax;
  for (std::size_t i = 0; i < loop->word_count; ++i) loop->words[i] = from[i];
}

void enter_loop_wait(int set) {
  if (g_limit_ns == 0) return;
  // Under a guide a thread that would do the work meanwhile may not have come to it yet.
  const bool only = scheduler().guide() == nullptr || scheduler().thread_count() == 1;
  const bool alone = waits_alone(channel_of(set)) && only;
  g_touched = true;
  Loop* loop = g_loops[self()];
  if (loop == nullptr || loop->set == 0) return;
  const bool same = loop->set == channel_of(set);
  loop->set = 0;
  if (!same || !alone || loop->blocked_ns == 0) return;
  Chain now;
  unwind(now);
  if (!went_round(*loop, now) || !is_due(set)) return;
  std::string detail;
  append_number(detail, loop->blocked_ns / 1000000);
  detail += " ms";
  fail(FindingCode::blocked_loop, "blocked-loop", loop->blocked_pc, detail);
}

}  // namespace trama::runtime

#include "runtime/recorder.hpp"

#include <unwind.h>

#include <cstring>

#include "runtime/asio_tasks.hpp"
#include "runtime/descriptors.hpp"
#include "runtime/engine.hpp"
#include "runtime/heap.hpp"
#include "runtime/modules.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/real.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/tasks.hpp"
#include "runtime/text.hpp"
#include "trace/modification_order.hpp"

namespace trama::runtime {
namespace {

constexpr std::size_t kFramesMax = 48;
constexpr std::size_t kTextMax = 200;

struct Frames {
  std::uint64_t pc[kFramesMax];
  unsigned count;
};

_Unwind_Reason_Code collect(_Unwind_Context* context, void* argument) {
  auto* frames = static_cast<Frames*>(argument);
  static auto* get_ip = reinterpret_cast<decltype(&_Unwind_GetIP)>(find_unwinder("_Unwind_GetIP"));
  const std::uint64_t pc = get_ip(context);
  if (pc == 0) return _URC_END_OF_STACK;
  if (is_runtime_code(pc)) return _URC_NO_REASON;
  frames->pc[frames->count++] = pc;
  return frames->count == kFramesMax ? _URC_END_OF_STACK : _URC_NO_REASON;
}

std::uint64_t peek(std::uint64_t address, unsigned size) {
  std::uint64_t value = 0;
  std::memcpy(&value, reinterpret_cast<const void*>(address), size < 8 ? size : 8);
  return value;
}

}  // namespace

namespace {

/// What has a name in the world is called by it, a pipe "pipe1", all else by a letter: "M1".
void name_object(TraceObject& object, unsigned number) {
  if (const int signal = signal_at(object.address); signal != 0) {
    object.name = signal_name(signal);
    return;
  }
  if (const char* name = channel_name(object.address); name != nullptr) {
    object.name = name;
    return;
  }
  const bool of_world = object.kind == ObjectKind::pipe || object.kind == ObjectKind::event ||
                        object.kind == ObjectKind::socket || object.kind == ObjectKind::file;
  if (of_world) {
    object.name = to_text(object.kind);
  } else {
    object.name.push_back(letter_of(object.kind));
  }
  append_number(object.name, number);
}

}  // namespace

Recorder::Recorder() : place_slots_(1024, kNoIndex) { trace_.objects.emplace_back(); }

ThreadId Recorder::self_id() { return self(); }

std::uint32_t Recorder::place_of(std::uint64_t pc) {
  const std::uint32_t module = module_of(pc);
  const std::uint64_t offset = module == kNoIndex ? pc : pc - modules()[module].description.base;
  std::size_t i = (pc * 0x9e3779b97f4a7c15U) >> 40U;
  for (;; ++i) {
    std::uint32_t& slot = place_slots_[i & (place_slots_.size() - 1)];
    if (slot == kNoIndex) {
      slot = static_cast<std::uint32_t>(trace_.places.size());
      trace_.places.push_back({module, offset, {}});
      const std::uint32_t made = slot;
      if (trace_.places.size() * 2 > place_slots_.size()) {
        place_slots_.assign(place_slots_.size() * 2, kNoIndex);
        for (std::uint32_t p = 0; p < trace_.places.size(); ++p) {
          const TracePlace& place = trace_.places[p];
          const std::uint64_t base =
              place.module == kNoIndex ? 0 : modules()[place.module].description.base;
          std::size_t at = ((base + place.offset) * 0x9e3779b97f4a7c15U) >> 40U;
          while (place_slots_[at & (place_slots_.size() - 1)] != kNoIndex) ++at;
          place_slots_[at & (place_slots_.size() - 1)] = p;
        }
      }
      return made;
    }
    const TracePlace& place = trace_.places[slot];
    if (place.module == module && place.offset == offset) return slot;
  }
}

RawStack Recorder::unwind() {
  const OutOfControl unwinding;
  static auto* backtrace =
      reinterpret_cast<decltype(&_Unwind_Backtrace)>(find_unwinder("_Unwind_Backtrace"));
  Frames frames{};
  if (backtrace != nullptr) {
    engine().unwinding = true;
    backtrace(&collect, &frames);
    engine().unwinding = false;
  } else {
    frames.pc[0] = caller_outside_runtime();
    frames.count = 1;
  }
  return {frames.pc, frames.pc + frames.count};
}

std::uint32_t Recorder::capture_stack() { return stack_of(unwind()); }

std::uint32_t Recorder::stack_of(const RawStack& raw) {
  TraceStack stack;
  for (const std::uint64_t pc : raw) stack.push_back(place_of(pc));
  // The same stack comes again and again: look among the latest.
  const std::size_t known = trace_.stacks.size();
  for (std::size_t i = known; i > 0 && known - i < 64; --i) {
    if (trace_.stacks[i - 1] == stack) return static_cast<std::uint32_t>(i - 1);
  }
  trace_.stacks.push_back(stack);
  return static_cast<std::uint32_t>(known);
}

bool Recorder::keeps(std::uint64_t block, std::uint64_t size) const {
  const std::uint64_t watched = engine().watched_address;
  return log_all_ || (watched != 0 && block < watched + 8 && watched < block + size);
}

void Recorder::note_allocation(std::uint64_t block, std::uint64_t size) {
  if (keeps(block, size)) blocks_.add_allocation(block, size, self(), unwind());
}

void Recorder::note_free(std::uint64_t block) {
  forget_asio_frame(block);
  const std::size_t size = Heap::size_of(reinterpret_cast<const void*>(block));
  if (keeps(block, size)) blocks_.add_free(block, self(), unwind());
}

void Recorder::locate(Finding& finding, std::uint64_t address) {
  const BlockRecord* block = block_at(address);
  if (block != nullptr && block->allocated.thread != kNoThread) {
    finding.memory = MemoryKind::heap;
    finding.memory_base = block->base;
    finding.memory_size = block->size;
    finding.memory_thread = block->allocated.thread;
    finding.memory_stack = stack_of(block->allocated.stack);
  } else if (g_program_heap.owns(reinterpret_cast<const void*>(address))) {
    finding.memory = MemoryKind::heap;  // from before main
  } else if (const Fiber* fiber = engine().fibers.stack_holder(address); fiber != nullptr) {
    finding.memory = MemoryKind::stack;
    finding.memory_thread = fiber->thread;
  } else if (module_of(address) != kNoIndex) {
    finding.memory = MemoryKind::statics;
  }
}

void Recorder::settle_write() {
  if (unsettled_ == kNoIndex) return;
  Event& event = trace_.steps[unsettled_].event;
  event.after = peek(event.address, event.size);
  unsettled_ = kNoIndex;
}

void Recorder::set_text(const char* text, std::size_t size) {
  text_.assign(text, size < kTextMax ? size : kTextMax);
}

void Recorder::on_step(const Event& event, std::uint32_t alternatives, std::uint64_t time_ns) {
  settle_write();
  settle_asio_tasks(event.thread);
  wait_watch_.on_step(event);
  TraceStep step;
  step.event = event;
  step.stack = capture_stack();
  const TraceStack& stack = trace_.stacks[step.stack];
  step.place = stack.empty() ? kNoIndex : stack.front();
  step.alternatives = alternatives;
  step.time_ns = time_ns;
  step.task = running_task(event.thread);
  step.text.swap(text_);
  text_.clear();
  if (event.operation == Operation::create) {
    if (event.other >= create_stacks_.size()) create_stacks_.resize(event.other + 1U, kNoIndex);
    create_stacks_[event.other] = step.stack;
  }
  if (event.operation == Operation::read || event.operation == Operation::write) {
    step.event.before = peek(event.address, event.size);
    if (event.operation == Operation::write) {
      unsettled_ = static_cast<std::uint32_t>(trace_.steps.size());
    }
  }
  step.from = from_;
  step.behind = behind_;
  from_ = behind_ = kNoIndex;
  numbered_.push_back(static_cast<std::uint32_t>(trace_.steps.size()));
  ++step_count_;
  if (!chosen_.empty()) take_chosen(event.thread, step);
  if (const Guide* guide = scheduler().guide(); guide != nullptr && is_atomic(event.operation)) {
    node_steps_.push_back(
        {guide->node_of(event.thread), static_cast<std::uint32_t>(trace_.steps.size())});
  }
  if (replay_ != nullptr && divergence_.empty()) {
    const TracePlace place = step.place == kNoIndex ? TracePlace{} : trace_.places[step.place];
    const TraceStep* expected = replay_->expected();
    if (expected != nullptr && !replay_->check(event, place))
      describe_divergence(event, step.place);
  }
  trace_.steps.push_back(static_cast<TraceStep&&>(step));
  // The atomic access that raced is recorded now, and it is the last that shall be.
  if (engine().stop_at_race && engine().first_race.present) {
    scheduler().end(EndReason::finished);
    leave();
  }
}

void Recorder::on_choice(ThreadId thread, std::uint32_t value) {
  chosen_.push_back({thread, value});
}

void Recorder::take_chosen(ThreadId thread, TraceStep& step) {
  std::size_t kept = 0;
  for (const Chosen& chosen : chosen_) {
    if (chosen.thread == thread) {
      step.chosen.push_back(chosen.value);
    } else {
      chosen_[kept++] = chosen;
    }
  }
  chosen_.resize(kept);
}

void Recorder::add_sources(const Guide& guide) {
  trace_.version = kGraphTraceVersion;
  // What was chosen for a step that never came: with its thread's last one.
  for (std::size_t i = trace_.steps.size(); i-- > 0 && !chosen_.empty();) {
    if (trace_.steps[i].alternatives != 0)
      take_chosen(trace_.steps[i].event.thread, trace_.steps[i]);
  }
  NodeId most = 0;
  for (const NodeStep& at : node_steps_)
    most = at.node < kInitialStore && at.node > most ? at.node : most;
  std::vector<std::uint32_t> steps(most + 1U, kNoIndex);
  for (const NodeStep& at : node_steps_) {
    if (at.node < kInitialStore) steps[at.node] = at.step;
  }
  for (const NodeStep& at : node_steps_) {
    if (at.node >= kInitialStore) continue;
    TraceStep& step = trace_.steps[at.step];
    AtomicSources sources = guide.sources_of(at.node);
    // Where the execution was cut short some stores were never made.
    const auto is_known = [&](NodeId store) { return store <= most && steps[store] != kNoIndex; };
    while (sources.behind < kInitialStore && !is_known(sources.behind)) {
      sources.behind = guide.sources_of(sources.behind).behind;
    }
    const auto step_of = [&](NodeId store) {
      if (store == kInitialStore) return kInitialValue;
      return store != kNoNode && is_known(store) ? steps[store] : kNoIndex;
    };
    step.from = step_of(sources.from);
    step.behind = step_of(sources.behind);
  }
  const ModificationOrder order(trace_);
  for (const NodeStep& at : node_steps_) {
    trace_.steps[at.step].newer = order.newer_before(at.step);
  }
}

void Recorder::settle_sources() {
  bool any = false;
  const auto index_of = [&](std::uint32_t number) {
    if (number == kInitialStore) return kInitialValue;
    return number < numbered_.size() ? numbered_[number] : kNoIndex;
  };
  for (TraceStep& step : trace_.steps) {
    step.from = index_of(step.from);
    step.behind = index_of(step.behind);
  }
  const ModificationOrder order(trace_);
  for (std::uint32_t i = 0; i < trace_.steps.size(); ++i) {
    TraceStep& step = trace_.steps[i];
    if (step.from == kNoIndex && step.behind == kNoIndex) continue;
    step.newer = order.newer_before(i);
    any = any || step.newer != kNoIndex;
  }
  if (any) {
    trace_.version = kGraphTraceVersion;
    return;
  }
  for (TraceStep& step : trace_.steps) step.from = step.behind = kNoIndex;
}

void Recorder::note(const Event& event, std::string text) {
  settle_write();
  settle_asio_tasks(event.thread);
  TraceStep step;
  step.event = event;
  step.event.before = peek(event.address, event.size);
  step.stack = capture_stack();
  const TraceStack& stack = trace_.stacks[step.stack];
  step.place = stack.empty() ? kNoIndex : stack.front();
  step.alternatives = 0;
  step.time_ns = scheduler().now_ns();
  step.task = running_task(event.thread);
  step.text.swap(text);
  if (event.operation == Operation::write) {
    unsettled_ = static_cast<std::uint32_t>(trace_.steps.size());
  }
  trace_.steps.push_back(static_cast<TraceStep&&>(step));
}

std::uint32_t Recorder::note_task(const Event& event, TaskId task, TaskId other, const char* text) {
  RawStack raw = unwind();
  if (event.pc != 0) {
    // The frame that it names is the innermost one that counts.
    std::size_t at = 0;
    while (at < raw.size() && raw[at] != event.pc) ++at;
    RawStack shown{event.pc};
    for (std::size_t i = at + 1; i < raw.size(); ++i) shown.push_back(raw[i]);
    raw.swap(shown);
  }
  return note_task(event, task, other, text, raw);
}

std::uint32_t Recorder::note_task(const Event& event, TaskId task, TaskId other, const char* text,
                                  const RawStack& raw) {
  settle_write();
  TraceStep step;
  step.event = event;
  step.stack = stack_of(raw);
  step.place = raw.empty() ? kNoIndex : trace_.stacks[step.stack].front();
  step.alternatives = 0;
  step.time_ns = scheduler().now_ns();
  step.task = task;
  step.other_task = other;
  if (text != nullptr) step.text = text;
  trace_.steps.push_back(static_cast<TraceStep&&>(step));
  return static_cast<std::uint32_t>(trace_.steps.size() - 1);
}

void Recorder::describe_divergence(const Event& found, std::uint32_t place) {
  const TraceStep* expected = replay_->expected();
  divergence_ = "step ";
  append_number(divergence_, trace_.steps.size());
  divergence_ += "\nexpected: ";
  append_thread(divergence_, expected->event.thread);
  divergence_ += ' ';
  divergence_ += to_text(expected->event.operation);
  divergence_ += " at expected-place ";
  append_number(divergence_, expected->place);
  divergence_ += "\nfound: ";
  append_thread(divergence_, found.thread);
  divergence_ += ' ';
  divergence_ += to_text(found.operation);
  divergence_ += " at @";
  append_number(divergence_, place == kNoIndex ? 0 : trace_.places[place].module);
  divergence_ += "+0x";
  append_hex(divergence_, place == kNoIndex ? 0 : trace_.places[place].offset);
  divergence_ += '\n';
}

Trace& Recorder::finish() {
  settle_write();
  if (const Guide* guide = runtime::scheduler().guide(); guide != nullptr) {
    add_sources(*guide);
  } else if (engine().history.weak()) {
    trace_.model = to_text(engine().history.model());
    settle_sources();
  }
  trace_.modules.clear();
  for (const Module& module : modules()) trace_.modules.push_back(module.description);
  const Scheduler& scheduler = runtime::scheduler();
  trace_.threads.clear();
  for (unsigned i = 0; i < scheduler.thread_count(); ++i) {
    TraceThread thread;
    const auto id = static_cast<ThreadId>(i);
    const Fiber& fiber = engine().fibers.of(id);
    if (fiber.thread == id && fiber.name[0] != '\0') {
      thread.name = fiber.name;
    } else {
      append_thread(thread.name, id);
    }
    thread.creator = scheduler.state(id).creator;
    if (i < create_stacks_.size()) thread.create_stack = create_stacks_[i];
    trace_.threads.push_back(thread);
  }
  add_tasks(*this, trace_);
  ObjectTable& objects = runtime::scheduler().objects();
  unsigned counts[16] = {};
  for (ObjectId id = 1; id <= objects.size(); ++id) {
    TraceObject object;
    object.kind = objects[id].kind;
    object.address = objects[id].address;
    name_object(object, ++counts[static_cast<unsigned>(object.kind)]);
    trace_.objects.push_back(object);
  }
  return trace_;
}

}  // namespace trama::runtime

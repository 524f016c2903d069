// For tests: programs of a few hand-written operations, taken step by step by a Scheduler.
//
// A Program is a list of operations for each thread. Thread 0 is main; the others are there
// from the start, unless some thread spawns them. There are no fibers: an Interpreter keeps
// for each thread where it stands, announces its next step, goes to whom the scheduler names,
// and performs. What a program comes to is an Ending; naive.hpp says what it should be.
//
//     Program{{}, {fetch_add(0, 1), load(0)}, {store(0, 5)}}
#pragma once

#include <compare>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "base/check.hpp"
#include "schedule/scheduler.hpp"

namespace trama::testing {

enum class Do : std::uint8_t {
  load,  ///< notes the value
  store,
  fetch_add,  ///< notes the value before
  read,       ///< plain; no step of its own
  write,      ///< plain; no step of its own
  lock,
  timed_lock,  ///< notes whether it got it
  try_lock,    ///< notes whether it got it
  unlock,      ///< notes the LockError, if any
  wait,        ///< notes whether it was woken, or that it does not hold the mutex
  notify,
  futex_wait,  ///< notes whether it waited, was woken
  futex_wake,  ///< notes how many it woke
  once_enter,  ///< goes behind the once_leave if it is not the one to run what is between
  once_leave,
  spawn,
  join,
  sleep,
  yield,
  choose,  ///< notes the value
};

inline constexpr unsigned kEveryone = ~0U;
inline constexpr int kNotOwner = -1;       // noted by a wait without the mutex
inline constexpr int kOtherValue = -2;     // noted by a futex_wait that found another value
inline constexpr unsigned kRecursive = 1;  // mutex 1 is recursive, the others are not
inline constexpr unsigned kVariables = 4;

struct Op {
  Do what{};
  unsigned target = 0;  ///< variable, mutex, condition, once, thread
  unsigned value = 0;   ///< operand, expected value, mutex of a wait, count
  std::uint64_t deadline_ns = 0;
  MemoryOrder order = MemoryOrder::seq_cst;
};

using Program = std::vector<std::vector<Op>>;

// clang-format off
inline Op load(unsigned v, MemoryOrder o = MemoryOrder::seq_cst) { return {Do::load, v, 0, 0, o}; }
inline Op store(unsigned v, unsigned x, MemoryOrder o = MemoryOrder::seq_cst) { return {Do::store, v, x, 0, o}; }
inline Op fetch_add(unsigned v, unsigned x) { return {Do::fetch_add, v, x}; }
inline Op read(unsigned v) { return {Do::read, v}; }
inline Op write(unsigned v, unsigned x) { return {Do::write, v, x}; }
inline Op lock(unsigned m) { return {Do::lock, m}; }
inline Op timed_lock(unsigned m, std::uint64_t until_ns) { return {Do::timed_lock, m, 0, until_ns}; }
inline Op try_lock(unsigned m) { return {Do::try_lock, m}; }
inline Op unlock(unsigned m) { return {Do::unlock, m}; }
inline Op wait(unsigned c, unsigned m) { return {Do::wait, c, m}; }
inline Op timed_wait(unsigned c, unsigned m, std::uint64_t until_ns) { return {Do::wait, c, m, until_ns}; }
inline Op notify_one(unsigned c) { return {Do::notify, c, 1}; }
inline Op notify_all(unsigned c) { return {Do::notify, c, kEveryone}; }
inline Op futex_wait(unsigned v, unsigned expected, std::uint64_t until_ns = 0) { return {Do::futex_wait, v, expected, until_ns}; }
inline Op futex_wake(unsigned v, unsigned count) { return {Do::futex_wake, v, count}; }
inline Op once_enter(unsigned o) { return {Do::once_enter, o}; }
inline Op once_leave(unsigned o, bool done = true) { return {Do::once_leave, o, done ? 1U : 0U}; }
inline Op spawn(unsigned t) { return {Do::spawn, t}; }
inline Op join(unsigned t) { return {Do::join, t}; }
inline Op sleep(std::uint64_t until_ns) { return {Do::sleep, 0, 0, until_ns}; }
inline Op yield() { return {Do::yield}; }
inline Op choose(unsigned count) { return {Do::choose, 0, count}; }
// clang-format on

inline bool is_plain(const Op& op) { return op.what == Do::read || op.what == Do::write; }

inline bool is_spawned(const Program& program, unsigned thread) {
  for (const auto& ops : program) {
    for (const Op& op : ops) {
      if (op.what == Do::spawn && op.target == thread) return true;
    }
  }
  return false;
}

/// As in C++: the source that makes the program, for the message of a failing test.
inline std::string to_text(const Program& program) {
  static constexpr const char* kNames[] = {
      "load",       "store",  "fetch_add", "read",   "write",      "lock",       "timed_lock",
      "try_lock",   "unlock", "wait",      "notify", "futex_wait", "futex_wake", "once_enter",
      "once_leave", "spawn",  "join",      "sleep",  "yield",      "choose"};
  std::string text = "{";
  for (const auto& ops : program) {
    text += "{";
    for (const Op& op : ops) {
      text += std::string(kNames[static_cast<unsigned>(op.what)]) + "(" +
              std::to_string(op.target) + ", " + std::to_string(op.value) + ", " +
              std::to_string(op.deadline_ns) + ") ";
    }
    text += "}, ";
  }
  return text + "}";
}

/// What an execution came to, as far as the program could tell.
struct Ending {
  EndReason end = EndReason::none;
  std::vector<unsigned> variables;
  std::vector<unsigned> data;
  std::vector<std::vector<int>> noted;  ///< by thread of the program
  auto operator<=>(const Ending&) const = default;
};

inline std::string to_text(const Ending& outcome) {
  std::string text = "end " + std::to_string(static_cast<int>(outcome.end)) + ", variables";
  for (const unsigned value : outcome.variables) text += " " + std::to_string(value);
  text += ", data";
  for (const unsigned value : outcome.data) text += " " + std::to_string(value);
  for (const auto& thread : outcome.noted) {
    text += ", noted";
    for (const int value : thread) text += " " + std::to_string(value);
  }
  return text;
}

// Addresses. A futex is its variable, as in C++.
constexpr std::uint64_t address_of_variable(unsigned v) { return 0x1000 + v * 64U; }
constexpr std::uint64_t address_of_mutex(unsigned m) { return 0x2000 + m * 64U; }
constexpr std::uint64_t address_of_condition(unsigned c) { return 0x3000 + c * 64U; }
constexpr std::uint64_t address_of_once(unsigned o) { return 0x4000 + o * 64U; }
constexpr std::uint64_t address_of_data(unsigned v) { return 0x5000 + v * 64U; }
inline constexpr std::uint64_t kAddressEnd = 0x6000;

/// A step as a listener hears of it.
struct Heard {
  Event event;
  std::uint32_t alternatives;
  std::uint64_t time_ns;
};

/// A detector and a scheduler, and programs run on them.
class Interpreter : public RaceListener, public StepListener {
 public:
  Interpreter() : scheduler(detector) {}

  /// One execution of `program`. Requires: strategy.begin() was called, and was true.
  Ending run(const Program& program, Strategy& strategy, std::uint64_t step_count_max = 10000) {
    start(program, strategy, step_count_max);
    while (running_ != kNoThread) take_turn();
    outcome_.end = scheduler.end_reason();
    outcome_.noted.clear();
    for (const Thread& thread : threads_) outcome_.noted.push_back(thread.noted);
    return outcome_;
  }

  void on_race(const Race& race) override { races.push_back(race); }
  void on_use_after_free(std::uintptr_t, unsigned, AccessKind) override {}
  void on_step(const Event& event, std::uint32_t alternatives, std::uint64_t time_ns) override {
    heard.push_back({event, alternatives, time_ns});
  }

  std::vector<ShadowCell> shadow = std::vector<ShadowCell>(kAddressEnd / kGranule);
  RaceDetector detector{shadow.data(), shadow.size() * sizeof(ShadowCell),
                        [](void* base, std::size_t bytes) { std::memset(base, 0, bytes); }, *this};
  Scheduler scheduler;
  std::vector<std::uint16_t> answers = std::vector<std::uint16_t>(1U << 16U);
  Schedule schedule{answers.data(), answers.size()};
  std::vector<Race> races;   ///< of the last execution
  std::vector<Heard> heard;  ///< steps of the last execution, if `listening`
  StepListener* listener = nullptr;
  bool listening = false;

 private:
  enum class Phase : std::uint8_t { starting, running, waiting };
  struct Thread {
    ThreadId id = kNoThread;
    Phase phase = Phase::starting;
    std::size_t at = 0;
    Event event;  // announced
    std::vector<int> noted;
  };

  void start(const Program& program, Strategy& strategy, std::uint64_t step_count_max) {
    program_ = &program;
    races.clear();
    heard.clear();
    if (listening) listener = this;
    scheduler.begin(strategy, schedule, step_count_max, listener);
    threads_.assign(program.size(), Thread{});
    by_id_.assign(1, 0);
    outcome_ = {};
    outcome_.variables.assign(kVariables, 0);
    outcome_.data.assign(kVariables, 0);
    threads_[0].id = kMainThread;
    threads_[0].phase = Phase::running;
    for (unsigned i = 1; i < program.size(); ++i) {
      if (!is_spawned(program, i)) make_thread(i, event_of(Operation::create));
    }
    go_on(threads_[0]);
  }

  void make_thread(unsigned index, Event event) {
    const ThreadId id = scheduler.create(event);
    TRAMA_CHECK(id != kNoThread);
    threads_[index].id = id;
    if (by_id_.size() <= id) by_id_.resize(id + 1U);
    by_id_[id] = index;
  }

  Event event_of(Operation operation, std::uint64_t address = 0) {
    Event event;
    event.operation = operation;
    event.thread = scheduler.current();
    event.address = address;
    return event;
  }

  Event event_at(Operation operation, std::uint64_t address, ObjectKind kind) {
    Event event = event_of(operation, address);
    event.object = scheduler.objects().find_or_make(address, kind);
    if (address == address_of_mutex(kRecursive)) {
      scheduler.objects()[event.object].lock_kind = LockKind::recursive;
    }
    return event;
  }

  Event next_event(const Thread& thread, const Op& op) {
    const std::uint64_t variable = address_of_variable(op.target);
    const std::uint64_t mutex = address_of_mutex(op.target);
    switch (op.what) {
      case Do::load: return event_of(Operation::load, variable);
      case Do::store: return event_of(Operation::store, variable);
      case Do::fetch_add: return event_of(Operation::fetch_add, variable);
      case Do::lock: return event_at(Operation::lock, mutex, ObjectKind::mutex);
      case Do::timed_lock: return event_at(Operation::timed_lock, mutex, ObjectKind::mutex);
      case Do::try_lock: return event_at(Operation::try_lock, mutex, ObjectKind::mutex);
      case Do::unlock: return event_at(Operation::unlock, mutex, ObjectKind::mutex);
      case Do::wait: {
        const ObjectId held =
            scheduler.objects().find_or_make(address_of_mutex(op.value), ObjectKind::mutex);
        if (scheduler.objects()[held].owner != thread.id) return event_of(Operation::yield);
        Event event = event_at(op.deadline_ns == 0 ? Operation::wait : Operation::timed_wait,
                               address_of_condition(op.target), ObjectKind::condition);
        event.mutex = held;
        return event;
      }
      case Do::notify:
        return event_at(op.value == 1 ? Operation::notify_one : Operation::notify_all,
                        address_of_condition(op.target), ObjectKind::condition);
      case Do::futex_wait: return event_at(Operation::futex_wait, variable, ObjectKind::futex);
      case Do::futex_wake: return event_at(Operation::futex_wake, variable, ObjectKind::futex);
      case Do::once_enter:
        return event_at(Operation::once_enter, address_of_once(op.target), ObjectKind::once);
      case Do::once_leave:
        return event_at(Operation::once_leave, address_of_once(op.target), ObjectKind::once);
      case Do::spawn: return event_of(Operation::create);
      case Do::join: {
        Event event = event_of(Operation::join);
        event.other = threads_[op.target].id;
        return event;
      }
      case Do::choose: return event_of(Operation::choose);
      case Do::sleep: return event_of(Operation::sleep);
      default: return event_of(Operation::yield);
    }
  }

  /// Plain accesses, then the announcement of the next step; a sleep is entered at once.
  void go_on(Thread& thread) {
    const std::vector<Op>& ops = (*program_)[by_id_[thread.id]];
    for (; thread.at < ops.size() && is_plain(ops[thread.at]); ++thread.at) {
      const Op& op = ops[thread.at];
      if (op.what == Do::read) {
        detector.on_read(address_of_data(op.target), 4);
        thread.noted.push_back(static_cast<int>(outcome_.data[op.target]));
      } else {
        detector.on_write(address_of_data(op.target), 4);
        outcome_.data[op.target] = op.value;
      }
    }
    if (thread.at == ops.size()) {
      running_ = scheduler.finish(event_of(Operation::finish));
      return;
    }
    thread.event = next_event(thread, ops[thread.at]);
    thread.event.order = ops[thread.at].order;
    thread.event.deadline_ns = ops[thread.at].deadline_ns;
    running_ = thread.event.operation == Operation::sleep ? scheduler.sleep(thread.event)
                                                          : scheduler.announce(thread.event);
  }

  /// The thread that was chosen performs what it announced, and announces its next step.
  void take_turn() {
    TRAMA_CHECK(running_ == scheduler.current());
    Thread& thread = threads_[by_id_[running_]];
    if (thread.phase == Phase::starting) {
      thread.phase = Phase::running;
      scheduler.step(event_of(Operation::start));
      return go_on(thread);
    }
    if (thread.phase == Phase::waiting) {
      thread.phase = Phase::running;
      thread.noted.push_back(scheduler.woken() ? 1 : 0);
      ++thread.at;
      return go_on(thread);
    }
    if (perform(thread, (*program_)[by_id_[running_]][thread.at])) {
      ++thread.at;
      go_on(thread);
    }
  }

  void access(Thread& thread, const Op& op) {
    unsigned& variable = outcome_.variables[op.target];
    const std::uint64_t address = thread.event.address;
    thread.event.before = variable;
    if (op.what != Do::store) thread.noted.push_back(static_cast<int>(variable));
    if (op.what == Do::load) {
      detector.atomic_load(thread.id, address, 4, op.order);
    } else if (op.what == Do::store) {
      detector.atomic_store(thread.id, address, 4, op.order);
      variable = op.value;
    } else {
      detector.atomic_rmw(thread.id, address, 4, op.order);
      variable += op.value;
    }
    thread.event.after = variable;
    scheduler.step(thread.event);
  }

  /// False where the thread waits now.
  bool perform(Thread& thread, const Op& op) {
    const auto note = [&](auto value) { thread.noted.push_back(static_cast<int>(value)); };
    switch (op.what) {
      case Do::load:
      case Do::store:
      case Do::fetch_add: access(thread, op); return true;
      case Do::lock: scheduler.lock(thread.event); return true;
      case Do::timed_lock: note(scheduler.timed_lock(thread.event)); return true;
      case Do::try_lock: note(scheduler.try_lock(thread.event)); return true;
      case Do::unlock:
        if (const LockError error = scheduler.unlock(thread.event); error != LockError::none) {
          note(error);
        }
        return true;
      case Do::wait:
        if (thread.event.operation == Operation::yield) {
          scheduler.step(thread.event);
          note(kNotOwner);
          return true;
        }
        break;
      case Do::futex_wait:
        if (outcome_.variables[op.target] != op.value) {
          thread.event.outcome = trama::Outcome::failed;
          scheduler.step(thread.event);
          note(kOtherValue);
          return true;
        }
        break;
      case Do::notify: scheduler.wake(thread.event, op.value); return true;
      case Do::futex_wake: note(scheduler.wake(thread.event, op.value)); return true;
      case Do::once_enter:
        if (!scheduler.once_enter(thread.event)) {
          const std::vector<Op>& ops = (*program_)[by_id_[thread.id]];
          while (ops[thread.at].what != Do::once_leave) ++thread.at;
        }
        return true;
      case Do::once_leave: scheduler.once_leave(thread.event, op.value == 1); return true;
      case Do::spawn: make_thread(op.target, thread.event); return true;
      case Do::join: scheduler.join(thread.event); return true;
      case Do::choose: note(scheduler.choose_value(thread.event, op.value)); return true;
      default: scheduler.step(thread.event); return true;
    }
    thread.phase = Phase::waiting;
    running_ = scheduler.wait(thread.event);
    return false;
  }

  const Program* program_ = nullptr;
  std::vector<Thread> threads_;
  std::vector<unsigned> by_id_;  // ThreadId to thread of the program
  ThreadId running_ = kNoThread;
  Ending outcome_;
};

}  // namespace trama::testing

// For tests: what a Program can come to, by trying every interleaving on copies of its state.
//
// It shares nothing with Scheduler but the programs: the oracle that Scheduler is held to. A
// thread takes one step at a time, and plain accesses with the step before them; time moves
// only when nobody can take a step.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "schedule/testing/program.hpp"

namespace trama::testing {

class Naive {
 public:
  /// The outcomes of all interleavings.
  static std::set<Ending> outcomes(const Program& program) {
    Naive naive(program);
    naive.explore(naive.first());
    return naive.found_;
  }

 private:
  enum class Stage : std::uint8_t { unborn, starting, running, waiting, waking, gone };
  struct Thread {
    Stage stage = Stage::unborn;
    std::size_t at = 0;
    bool timed_out = false;
    std::vector<int> noted;
  };
  struct Mutex {
    int owner = -1;
    unsigned depth = 0;
  };
  struct Once {
    int owner = -1;
    bool done = false;
  };
  struct State {
    std::vector<Thread> threads;
    std::vector<unsigned> variables = std::vector<unsigned>(kVariables);
    std::vector<unsigned> data = std::vector<unsigned>(kVariables);
    std::vector<Mutex> mutexes = std::vector<Mutex>(kVariables);
    std::vector<Once> onces = std::vector<Once>(kVariables);
    std::uint64_t now = 0;
  };

  explicit Naive(const Program& program) : program_(program) {}

  [[nodiscard]] const Op& op_of(const State& state, unsigned t) const {
    return program_[t][state.threads[t].at];
  }

  State first() {
    State state;
    state.threads.resize(program_.size());
    for (unsigned i = 1; i < program_.size(); ++i) {
      if (!is_spawned(program_, i)) state.threads[i].stage = Stage::starting;
    }
    state.threads[0].stage = Stage::running;
    settle(state, 0);
    return state;
  }

  /// What goes with the step that was just taken: plain accesses, and the end.
  void settle(State& state, unsigned t) {
    Thread& thread = state.threads[t];
    while (thread.at < program_[t].size() && is_plain(op_of(state, t))) {
      const Op& op = op_of(state, t);
      if (op.what == Do::read) thread.noted.push_back(static_cast<int>(state.data[op.target]));
      if (op.what == Do::write) state.data[op.target] = op.value;
      ++thread.at;
    }
    if (thread.at == program_[t].size()) thread.stage = Stage::gone;
  }

  static bool can_lock(const State& state, unsigned mutex, unsigned t) {
    const int owner = state.mutexes[mutex].owner;
    return owner < 0 || (owner == static_cast<int>(t) && mutex == kRecursive);
  }

  [[nodiscard]] bool can_step(const State& state, unsigned t) const {
    const Thread& thread = state.threads[t];
    if (thread.stage == Stage::starting) return true;
    if (thread.stage != Stage::running && thread.stage != Stage::waking) return false;
    const Op& op = op_of(state, t);
    if (thread.stage == Stage::waking) {
      return op.what == Do::futex_wait || can_lock(state, op.value, t);
    }
    switch (op.what) {
      case Do::lock: return can_lock(state, op.target, t);
      case Do::timed_lock: return can_lock(state, op.target, t) || op.deadline_ns <= state.now;
      case Do::once_enter: return state.onces[op.target].owner < 0;
      case Do::join: return state.threads[op.target].stage == Stage::gone;
      case Do::sleep: return op.deadline_ns <= state.now;
      default: return true;
    }
  }

  static void take(Mutex& mutex, unsigned t) {
    mutex.owner = static_cast<int>(t);
    ++mutex.depth;
  }
  static void leave(Mutex& mutex) {
    if (--mutex.depth == 0) mutex.owner = -1;
  }

  void explore(const State& state) {
    bool any = false;
    for (unsigned t = 0; t < program_.size(); ++t) {
      if (!can_step(state, t)) continue;
      any = true;
      step(state, t);
    }
    if (any) return;
    State later = state;
    if (pass_time(later)) return explore(later);
    Ending outcome;
    outcome.end = EndReason::finished;
    for (const Thread& thread : state.threads) {
      if (thread.stage != Stage::gone && thread.stage != Stage::unborn) {
        outcome.end = EndReason::deadlock;
      }
      outcome.noted.push_back(thread.noted);
    }
    outcome.variables = state.variables;
    outcome.data = state.data;
    found_.insert(outcome);
  }

  bool pass_time(State& state) {
    std::uint64_t next = ~std::uint64_t{0};
    for (unsigned t = 0; t < program_.size(); ++t) {
      const Stage stage = state.threads[t].stage;
      if (stage != Stage::running && stage != Stage::waiting) continue;
      const Op& op = op_of(state, t);
      const bool timed =
          stage == Stage::waiting || op.what == Do::timed_lock || op.what == Do::sleep;
      if (timed && op.deadline_ns != 0) next = std::min(next, op.deadline_ns);
    }
    if (next == ~std::uint64_t{0}) return false;
    state.now = next;
    for (unsigned t = 0; t < program_.size(); ++t) {
      if (state.threads[t].stage == Stage::waiting) give_up(state, t);
    }
    return true;
  }

  void give_up(State& state, unsigned t) {
    const std::uint64_t deadline = op_of(state, t).deadline_ns;
    if (deadline == 0 || deadline > state.now) return;
    state.threads[t].stage = Stage::waking;
    state.threads[t].timed_out = true;
  }

  /// Goes on from `state` with its thread's operation done.
  void next(State state, unsigned t, bool notes = false, int value = 0) {
    if (notes) state.threads[t].noted.push_back(value);
    ++state.threads[t].at;
    settle(state, t);
    explore(state);
  }

  void sleep_in_queue(State state, unsigned t) {
    state.threads[t].stage = Stage::waiting;
    state.threads[t].timed_out = false;
    give_up(state, t);
    explore(state);
  }

  /// Every way to wake `count` of those that wait in what operations of kind `what` on
  /// `target` wait in.
  void wake(const State& state, unsigned t, Do what, unsigned target, unsigned count, int woken) {
    bool any = false;
    for (unsigned other = 0; other < program_.size() && count > 0; ++other) {
      if (state.threads[other].stage != Stage::waiting) continue;
      const Op& waits = op_of(state, other);
      if (waits.what != what || waits.target != target) continue;
      any = true;
      State after = state;
      after.threads[other].stage = Stage::waking;
      wake(after, t, what, target, count - 1, woken + 1);
    }
    if (!any) next(state, t, what == Do::futex_wait, woken);
  }

  void step(State state, unsigned t) {
    Thread& thread = state.threads[t];
    if (thread.stage == Stage::starting) {
      thread.stage = Stage::running;
      settle(state, t);
      return explore(state);
    }
    const Op& op = op_of(state, t);
    if (thread.stage == Stage::waking) {
      thread.stage = Stage::running;
      if (op.what == Do::wait) take(state.mutexes[op.value], t);
      return next(state, t, true, thread.timed_out ? 0 : 1);
    }
    unsigned& variable = state.variables[op.target];
    Mutex& mutex = state.mutexes[op.target];
    Once& once = state.onces[op.target];
    const int value = static_cast<int>(variable);
    const bool free = can_lock(state, op.target, t);
    switch (op.what) {
      case Do::load: return next(state, t, true, value);
      case Do::store: variable = op.value; return next(state, t);
      case Do::fetch_add: variable += op.value; return next(state, t, true, value);
      case Do::lock: take(mutex, t); return next(state, t);
      case Do::timed_lock:
      case Do::try_lock:
        if (free) take(mutex, t);
        return next(state, t, true, free ? 1 : 0);
      case Do::unlock:
        if (mutex.owner < 0) return next(state, t, true, static_cast<int>(LockError::not_locked));
        if (mutex.owner != static_cast<int>(t)) {
          return next(state, t, true, static_cast<int>(LockError::not_owner));
        }
        leave(mutex);
        return next(state, t);
      case Do::wait:
        if (state.mutexes[op.value].owner != static_cast<int>(t)) {
          return next(state, t, true, kNotOwner);
        }
        leave(state.mutexes[op.value]);
        return sleep_in_queue(state, t);
      case Do::futex_wait:
        if (variable != op.value) return next(state, t, true, kOtherValue);
        return sleep_in_queue(state, t);
      case Do::notify: return wake(state, t, Do::wait, op.target, op.value, 0);
      case Do::futex_wake: return wake(state, t, Do::futex_wait, op.target, op.value, 0);
      case Do::once_enter:
        if (!once.done) {
          once.owner = static_cast<int>(t);
        } else {
          while (op_of(state, t).what != Do::once_leave) ++thread.at;
        }
        return next(state, t);
      case Do::once_leave:
        once.owner = -1;
        once.done = op.value == 1;
        return next(state, t);
      case Do::spawn: state.threads[op.target].stage = Stage::starting; return next(state, t);
      case Do::choose:
        for (unsigned i = 0; i < op.value; ++i) next(state, t, true, static_cast<int>(i));
        return;
      default: return next(state, t);
    }
  }

  const Program& program_;
  std::set<Ending> found_;
};

}  // namespace trama::testing

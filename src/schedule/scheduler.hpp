// Scheduler: one execution of a program, step by step, without running anything itself.
//
// How it is used. A thread that is about to take a visible step *announces* it; the
// scheduler answers which thread takes the next step, and the caller switches there. When
// a thread is switched back to, its announced step is enabled, and the caller performs it
// by the method of that name (`lock`, `unlock`, `wait`, …). So a blocked thread is simply
// one whose announced step is not enabled, and at every choice point it is known what each
// thread would do next: what priority-based strategies and partial-order reduction need.
//
//     announce(lock M) ──► strategy ──► thread 2 ──► … ──► thread 1 ──► lock(M)
//
// Virtual time stands still while any thread is enabled; when all are blocked or asleep it
// jumps to the earliest deadline. When there is none either, the execution is deadlocked.
//
// Happens-before edges of locks, threads and once are drawn here (through the race
// detector's clocks); those of atomics by the caller, who has the values.
//
// One kernel thread uses it; it is pure (no clock, no file, no globals) and tested with
// hand-written steps.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "event/event.hpp"
#include "memory/race_detector.hpp"
#include "schedule/allowances.hpp"
#include "schedule/guide.hpp"
#include "schedule/object_table.hpp"
#include "schedule/readiness.hpp"
#include "schedule/schedule.hpp"
#include "schedule/strategy.hpp"
#include "schedule/thread_set.hpp"
#include "schedule/thread_state.hpp"

namespace trama {

/// Why no thread can take a next step.
enum class EndReason : std::uint8_t {
  none,        ///< it is still going
  finished,    ///< the program ended
  deadlock,    ///< threads wait, and nothing can wake any of them
  livelock,    ///< threads go round in loops that only look, and nothing will change
  step_limit,  ///< it took as many steps as it may
  stopped,     ///< the host asked for it
  busy,        ///< a thread went on for long without a step: the host is to give it turns
  abandoned,   ///< the guide gave it up: other executions show all that this one could
};

/// Sees every step when an execution is recorded or checked against a trace.
class StepListener {
 public:
  virtual ~StepListener() = default;
  /// `alternatives` is how many threads could have taken this step (choose: how many values
  /// there were).
  virtual void on_step(const Event& event, std::uint32_t alternatives, std::uint64_t time_ns) = 0;
  /// The guide chose this for the step that `thread` is taking, or is about to.
  virtual void on_choice(ThreadId thread, std::uint32_t value) {
    static_cast<void>(thread);
    static_cast<void>(value);
  }
};

/// Asked when no thread can go on, before time moves: whoever waits for the world outside the
/// program may have an answer by now, or wait for one.
class IdleListener {
 public:
  virtual ~IdleListener() = default;
  /// `wait_ns_max`: how long until the earliest deadline; ~0 where there is none. True when it
  /// has made a thread able to go on (`rouse`).
  virtual bool on_idle(std::uint64_t wait_ns_max) = 0;
  /// The same before time moves to a deadline: `deadlock` or `livelock` where it is certain that
  /// all that follows repeats what was, else `none`.
  virtual EndReason judge() { return EndReason::none; }
};

enum class LockError : std::uint8_t { none, not_locked, not_owner };

class Scheduler {
 public:
  /// Under a guide: a deadline no further off may come while others could go on.
  static constexpr std::uint64_t kNearNs = 200'000'000;

  explicit Scheduler(RaceDetector& detector);

  /// What unlikely things the executions from now on may meet; none at first.
  void allow(const Allowances& allowances) { allowed_ = allowances; }
  /// Starts an execution: the main thread exists and runs. `schedule` receives the answers.
  void begin(Strategy& strategy, Schedule& schedule, std::uint64_t step_count_max,
             StepListener* listener);
  /// Ends the execution at its next step. Safe in a signal handler.
  void request_stop() {
    stop_requested_ = true;
    step_count_max_ = 0;
  }
  [[nodiscard]] bool stop_requested() const { return stop_requested_; }
  /// Ends the execution for `reason`; the strategy is told.
  void end(EndReason reason);

  [[nodiscard]] ThreadId current() const { return current_; }
  [[nodiscard]] EndReason end_reason() const { return end_reason_; }
  [[nodiscard]] std::uint64_t now_ns() const { return now_ns_; }
  [[nodiscard]] std::uint64_t step_count() const { return step_count_; }
  [[nodiscard]] unsigned thread_count() const { return thread_count_; }
  [[nodiscard]] const ThreadState& state(ThreadId thread) const { return states_[thread]; }
  ObjectTable& objects() { return objects_; }
  [[nodiscard]] const ObjectTable& objects() const { return objects_; }
  /// For the guide: each thread has a time of its own.
  void set_now_ns(std::uint64_t now_ns) { now_ns_ = now_ns; }
  /// For the guide: the deadline of a thread that waits has come.
  void expire(ThreadId thread);
  [[nodiscard]] bool has_deadline(ThreadId thread) const;
  /// Who decides every step of the executions from now on; null: nobody but the strategy.
  void set_guide(Guide* guide) { guide_ = guide; }
  [[nodiscard]] Guide* guide() const { return guide_; }
  /// Whether each thread's last step that empties a store buffer is noted (ThreadState::barrier).
  void note_barriers(bool note) { notes_barriers_ = note; }
  void set_idle_listener(IdleListener* listener) { idle_listener_ = listener; }
  /// Who sees steps from now on; returns who saw them.
  StepListener* set_listener(StepListener* listener) {
    StepListener* before = listener_;
    listener_ = listener;
    return before;
  }
  /// How many answers decided something: a `no` to what is unlikely does not.
  [[nodiscard]] std::uint64_t answer_count() const { return schedule_->size() - refused_count_; }
  [[nodiscard]] bool recording() const { return listener_ != nullptr; }
  /// Under a guide, of the main thread, which is not the process's last to end but sees to its end:
  /// who joins it may go on from here.
  void leave_main(const Event& event);
  /// The current thread has seen another's end, without joining it.
  void outlive(const Event& event);
  /// … of all threads that have ended.
  void outlive_all();
  /// True when every other thread is finished. Requires: the current one is not.
  [[nodiscard]] bool last_alive() const { return alive_count_ == 1; }

  /// The thread's next step is possible: it neither waits nor is blocked.
  [[nodiscard]] bool may_go_on(ThreadId thread) const { return enabled_.contains(thread); }

  /// True for a thread that waits for a notification which came before its wait began, and
  /// after it was last woken: the mark of a lost wake-up.
  [[nodiscard]] bool missed_its_wakeup(ThreadId thread) const;

  /// Whom a blocked thread needs: the holder of the lock it wants, the thread it joins.
  /// kNoThread for a thread that is not blocked, or waits for a notification.
  [[nodiscard]] ThreadId blocker_of(ThreadId thread) const;

  /// A hash of the execution's happens-before structure, equal for executions that differ
  /// only in the order of steps on different objects. An estimate: see `record`.
  [[nodiscard]] std::uint64_t fingerprint() const;

  /// The current thread is about to do `event`. Returns who takes the next step, or
  /// kNoThread when nobody can (see end_reason).
  ThreadId announce(const Event& event);
  /// The same without a copy, for the hot paths: fill in the event that `prepare` returns,
  /// then announce it. It stays readable until the thread's next announcement.
  Event& prepare() {
    Event& event = running_->pending;
    event = Event{};
    event.thread = current_;
    return event;
  }
  ThreadId announce_prepared();
  /// Under a guide, the same for a step that waits for something which the host knows of: it comes
  /// when it is possible. The host tells when that changes, until it is the thread's turn.
  ThreadId announce_waiting(const Event& event, bool possible);
  void set_possible(ThreadId thread, bool possible);
  /// Whether something unlikely of the kind may happen at all.
  [[nodiscard]] bool allows(Chance what) const { return allowed_.has(what, 1); }
  /// The same for a step that, as things stand, only looks at its address and finds `value`
  /// there (a load, an exchange that fails, a yield): what spin loops are made of, see spin.hpp.
  /// `code` tells the look apart from others in the program, as a return address does.
  ThreadId announce_look(std::uint64_t code, std::uint64_t value);
  /// The current thread reads the clock, which is no step. True when it goes round in a loop
  /// that waits for time to pass, and others should have a turn: it then yields.
  bool look_at_clock(std::uint64_t code);
  /// True while all who could go on are spinning, and it is to be found out whether they ever
  /// do anything else. The host then says at each look what state the loop is in.
  [[nodiscard]] bool suspects_livelock() const { return suspicion_; }
  /// Whether the current thread's loop is at the look by which its rounds are counted, and at a
  /// round to be compared with the one before: looking at its state is dear, so it is done at
  /// two rounds in a row, and then not for a while.
  [[nodiscard]] bool at_mark(std::uint64_t code, std::uint64_t address) const {
    constexpr std::uint32_t kEvery = 64;
    const Spin& spin = running_->spin;
    return spin.at_mark(code, address) && spin.rounds() % kEvery < 2;
  }
  /// Whether the current thread goes round a loop that finds something else than `value` at
  /// `address`.
  [[nodiscard]] bool found_other_than(std::uint64_t value, std::uint64_t address) const {
    return running_->spin.found_other_than(value, address);
  }
  /// After a livelock: each loop was seen in the same state twice. Otherwise most of the steps
  /// that the execution may take went by while nothing changed.
  [[nodiscard]] bool livelock_is_proven() const { return proven_; }
  /// The current thread's loop came round in exactly the same state as before.
  void confirm_spin() { running_->spin.confirmed = true; }
  /// What is outside the execution may end the loops: so far nobody went round in vain.
  void expect_help() { suspicion_step_ = step_count_; }
  /// Whether something unlikely happens now.
  bool chance(Chance what, std::uint64_t fault = 0);

  // -- Steps. Requires: the current thread announced it and was chosen. ------------------

  /// A step without an effect on other threads' readiness.
  void step(const Event& event);

  /// Makes a thread, which is `event.other` then and enabled at once. kNoThread when 1024 are alive.
  ThreadId create(Event& event);
  ThreadId create(Event&& event) { return create(event); }
  void join(const Event& event);
  void detach(ThreadId thread);
  /// The current thread will never come to its next step. Returns who goes on, or kNoThread.
  ThreadId give_up_current();
  /// Lets a thread that waits, sleeps or is blocked go on all the same: it is to find out why
  /// by itself, and then gives its step up. Not for one that wants a lock.
  void unblock(ThreadId thread);
  /// Instead of the step that the current thread announced: it does `event` and not that.
  void give_up(const Event& event);
  /// The current thread is done. Returns who goes on, or kNoThread.
  ThreadId finish(const Event& event);
  /// The thread with this id has been joined, or is detached and done: its id may serve again.
  [[nodiscard]] bool reclaimable(ThreadId thread) const;

  void lock(const Event& event);
  /// True when locked, false when its deadline came first.
  bool timed_lock(Event event);
  /// False when it is held (recursive ones: by another thread).
  bool try_lock(Event event);
  /// Shared ownership of a reader-writer lock; its exclusive side is lock, timed_lock and
  /// try_lock. False when the deadline of `event` came first.
  bool read_lock(Event event);
  bool try_read_lock(Event event);
  LockError unlock(const Event& event);
  /// The current thread ends and holds the robust mutex: it is free, and its next owner told.
  void abandon(const Event& event);

  /// A semaphore, whose count is the object's `depth`: takes one. False when the deadline of
  /// an `acquire` came first, or a `try_acquire` found none.
  bool acquire(Event event);
  void release(const Event& event);

  /// Releases event.mutex (if any) and waits in the queue of event.object until woken or
  /// until event.deadline_ns. Returns who goes on. When the caller is switched back to,
  /// it has announced `wake` (conditions) or `futex_woken`, and performs it by `woken`.
  ThreadId wait(Event event, std::uint32_t bits = ~0U);
  /// Ends a wait: takes the mutex again where there is one. False when it timed out.
  bool woken();
  /// Wakes up to `count` waiters; returns how many.
  std::uint32_t wake(Event event, std::uint32_t count, std::uint32_t bits = ~0U);

  /// Ends the wait of `thread`, wherever it stands in the queue; nothing where it waits for
  /// nothing. For waits whose end the caller knows: no notification is counted or missed.
  void rouse(ThreadId thread, ThreadId by);
  /// `thread` is to do `event` before what it is about to do, and can: a signal's handler.
  /// Its wait or sleep is over. Returns the step that was pending, to be announced again.
  /// Requires: it is not the current thread, has begun and has not finished.
  Event interrupt(ThreadId thread, const Event& event);

  /// Sleeps until event.deadline_ns. Returns who goes on; perform it by `step`.
  ThreadId sleep(const Event& event);

  /// One-time initialisation: true when the caller is to run it (and then calls once_leave).
  bool once_enter(const Event& event);
  void once_leave(const Event& event, bool done);

  /// Under a guide: whether the current thread may still meet an unlikely thing. Counted for each
  /// thread by itself: what one may do must not depend on when others did.
  [[nodiscard]] bool has_chance(Chance what) const {
    return allowed_.has(what, running_->chances_taken + 1U);
  }
  /// … and whether its weak exchange fails without cause: a step of its own, since the halves of an
  /// exchange are one step, with no room for a choice.
  bool fails_weakly(const Event& choice);

  /// One of `count` values. Requires: 1 <= count <= 65536.
  std::uint32_t choose_value(Event event, std::uint32_t count);

  /// Which of `stores`, newest first, the current thread's step on an atomic reads or stands
  /// behind. Requires: at least two.
  std::uint32_t choose_store(std::span<const std::uint32_t> stores);

  /// For a thread that only looks at the clock: lets time pass as if it had slept. Whoever
  /// sleeps or waits until then is woken.
  void advance_time(std::uint64_t by_ns);

  /// While nobody can go on: time moves on before it moves to the earliest deadline.
  void let_time_leap(std::uint64_t by_ns) { now_ns_ += by_ns; }

 private:
  ThreadId pick() {
    const bool plain =
        guide_ == nullptr && !spins_ && deadline_count_ == 0 && enabled_.count() != 0;
    if (__builtin_expect(plain, 1)) return out_of_steps() ? kNoThread : pick_of_many();
    return guide_ != nullptr ? pick_guided() : pick_with_care();
  }
  /// Where somebody has a deadline or goes round in a loop, or nobody can go on.
  ThreadId pick_with_care();
  ThreadId pick_of_many();
  void turn_to(ThreadId thread) {
    current_ = thread;
    running_ = &states_[thread];
    detector_.set_current(thread);
  }
  ThreadId pick_guided();
  [[nodiscard]] bool only_time_passes() const;
  bool ask_chance(Chance what, std::uint64_t amount, std::uint64_t time_ns,
                  std::uint64_t fault = 0);
  bool out_of_steps() {
    const bool left = step_count_ < step_count_max_ && schedule_->size() != schedule_->capacity();
    return __builtin_expect(!left, 0) && run_out_of_steps();
  }
  bool run_out_of_steps();
  void note_change(const Event& event);
  [[nodiscard]] bool all_spin() const;
  bool wait_out_spins();
  ThreadId pick_spinner();
  void let_time_pass();
  std::uint32_t find_waiters(ObjectId object, std::uint32_t bits);
  /// ~0 when there is none.
  [[nodiscard]] std::uint64_t earliest_deadline() const;
  bool advance_to_earliest_deadline();
  bool ask_outside();
  bool is_judged();
  void expire_deadlines();
  void wake_thread(ThreadId thread, ThreadId by, bool timed_out);
  void set_ready(ThreadId thread, const Event& pending);
  void release_joiners();
  void note_deadline(ThreadState& state) const;
  [[gnu::always_inline]] void settle_readiness(ThreadId thread, ThreadState& state) {
    state.status = ThreadStatus::ready;
    if (__builtin_expect(guide_ != nullptr, 0)) {
      note_deadline(state);
      if (state.held) return enabled_.erase(thread);
    }
    if (__builtin_expect(kMayBlock.contains(state.pending.operation), 0)) {
      return settle_gate(thread, state);
    }
    enabled_.insert(thread);
  }
  /// The same for a step that may have to wait for another thread.
  void settle_gate(ThreadId thread, ThreadState& state);
  [[nodiscard]] bool enabled(ThreadId thread, const Event& pending) const;
  /// Free, or the caller's already and of a kind that it may lock again.
  [[nodiscard]] static bool available(const SyncObject& object, ThreadId thread);
  void gate_changed(ObjectId object);
  void release_mutex(SyncObject& mutex, ObjectId id);
  void take_mutex(ObjectId id);
  void take_for_reading(ObjectId id);
  std::uint32_t ask(ChoicePoint& point);
  std::uint32_t ask_strategy(ChoicePoint& point);
  std::uint32_t ask_guide(std::uint32_t count);
  void record(const Event& event);
  void tell_listener(const Event& event);
  /// Fingerprint: the current thread's step comes after the last one on `address`.
  void follow(std::uint64_t address, std::uint64_t what);

  RaceDetector& detector_;
  Strategy* strategy_ = nullptr;
  Schedule* schedule_ = nullptr;
  StepListener* listener_ = nullptr;
  IdleListener* idle_listener_ = nullptr;
  Guide* guide_ = nullptr;
  bool notes_barriers_ = false;
  ThreadId current_ = kNoThread;
  ThreadState* running_ = nullptr;  // of current_
  EndReason end_reason_ = EndReason::finished;
  std::uint64_t step_count_ = 0;
  volatile std::uint64_t step_count_max_ = 0;  // a signal handler may lower it
  volatile bool stop_requested_ = false;
  std::uint64_t now_ns_ = 0;
  std::uint64_t time_step_ = 0;      // when time last moved on
  std::uint64_t clock_wait_ns_ = 0;  // how long threads have waited by reading the clock
  Allowances allowed_;
  Allowances left_;
  bool spins_ = false;  // some thread is spinning, or was since it was last looked
  bool suspicion_ = false;
  bool proven_ = false;
  bool stuck_ = false;  // some thread is
  std::uint64_t suspicion_step_ = 0;
  std::uint64_t wait_order_ = 0;
  std::uint64_t refused_count_ = 0;
  std::uint32_t alternatives_ = 1;
  unsigned thread_count_ = 0;    // ids handed out in this execution
  unsigned created_count_ = 0;   // threads made in this execution
  unsigned alive_count_ = 0;     // those of them that have not finished
  unsigned deadline_count_ = 0;  // threads that has_deadline tells of
  struct LastStep {
    std::uint64_t hash = 0;
    std::uint64_t execution = 0;
  };
  static constexpr unsigned kLastStepBits = 8;
  std::array<LastStep, 1U << kLastStepBits> last_steps_{};  // by hash of the address
  std::uint64_t execution_ = 0;
  ThreadSet enabled_;
  ObjectTable objects_;
  std::vector<ThreadState> states_;   // by id, kThreadCountMax of them
  std::vector<ThreadId> candidates_;  // scratch for choice points
  ChoicePoint thread_point_;          // of who comes next: filled in anew each time
};

}  // namespace trama

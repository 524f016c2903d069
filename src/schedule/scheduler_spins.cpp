// The scheduler's part in spin loops: steps that need not be choices, time that passes for
// who waits by looking, and livelock. See spin.hpp and scheduler.hpp.
#include <array>

#include "event/operation_set.hpp"
#include "schedule/scheduler.hpp"

namespace trama {
namespace {

/// Threads that wait by reading the clock see it move on by this, and by more the longer
/// they wait: a wait of ten seconds must not take ten thousand rounds.
constexpr std::uint64_t kClockNs = 1'000'000;
constexpr std::uint64_t kClockShare = 8;
/// So long is the current spinner left to itself before the next one has its turn.
constexpr std::uint32_t kTurn = 64;
/// After so many steps without any time a sleep ends although threads could go on: they may
/// be polling for what the sleeper will do, by locks that are no mere looks.
constexpr std::uint64_t kStepsWithoutTimeMax = 10'000;

/// Steps that leave everything as it was for others: always,
constexpr OperationSet kLooks = {Operation::load,  Operation::read,  Operation::fence,
                                 Operation::yield, Operation::sleep, Operation::clock};
/// … if they failed,
constexpr OperationSet kTries = {Operation::try_lock, Operation::try_read_lock,
                                 Operation::try_acquire};
/// … if they wrote what was there.
constexpr OperationSet kModifies = {
    Operation::store,     Operation::exchange,   Operation::fetch_add,
    Operation::fetch_sub, Operation::fetch_and,  Operation::fetch_or,
    Operation::fetch_xor, Operation::fetch_nand, Operation::compare_exchange};

enum class Effect : std::uint8_t { changes, looks, tries, modifies };

/// The three sets in one look-up: it is made at every step.
constexpr auto kEffects = [] {
  std::array<Effect, 256> effects{};
  for (unsigned i = 0; i < effects.size(); ++i) {
    const auto operation = static_cast<Operation>(i);
    effects[i] = kLooks.contains(operation)      ? Effect::looks
                 : kTries.contains(operation)    ? Effect::tries
                 : kModifies.contains(operation) ? Effect::modifies
                                                 : Effect::changes;
  }
  return effects;
}();

bool only_looks(const Event& event) {
  switch (kEffects[static_cast<unsigned>(event.operation)]) {
    case Effect::looks: return true;
    case Effect::tries: return event.outcome == Outcome::failed;
    case Effect::modifies: return event.before == event.after && event.size <= 8;
    case Effect::changes: return false;
  }
  return false;
}

}  // namespace

ThreadId Scheduler::announce_look(std::uint64_t code, std::uint64_t value) {
  ThreadState& state = *running_;
  if (__builtin_expect(guide_ != nullptr, 0)) return announce_prepared();
  Spin& spin = state.spin;
  spin.look(code, state.pending.address, value);
  if (__builtin_expect(!spin.going_round(), 1)) return announce_prepared();
  if (spin.ripe()) {
    spin.set_spinning();
    spins_ = true;
  }
  if (!spin.quiet()) return announce_prepared();
  settle_readiness(current_, state);
  if (out_of_steps()) return kNoThread;
  alternatives_ = 1;
  if (spin.spinning() && all_spin() && !wait_out_spins()) return pick_spinner();
  return current_;
}

bool Scheduler::look_at_clock(std::uint64_t code) {
  if (guide_ != nullptr) {
    // A loop that waits for the clock is no loop that only looks: time goes on for it, and faster
    // the longer it waits.
    constexpr std::uint32_t kLooksWithoutTime = 8;
    constexpr std::uint32_t kMostDoublings = 10;
    guide_->note_write(current_);
    const std::uint32_t looks = running_->clock_looks++;
    if (looks >= kLooksWithoutTime) {
      const std::uint32_t doublings = looks / kLooksWithoutTime - 1;
      now_ns_ += kClockNs << (doublings < kMostDoublings ? doublings : kMostDoublings);
    }
    return false;
  }
  Spin& spin = running_->spin;
  spin.look(code, 0, 0);
  spin.reads_clock = true;
  if (spin.ripe()) {
    spin.set_spinning();
    spins_ = true;
  }
  if (!spin.spinning()) return spin.rounds() != 0 && !spin.quiet();
  if (all_spin()) wait_out_spins();
  return !spin.quiet();
}

void Scheduler::note_change(const Event& event) {
  if (only_looks(event)) return;
  running_->spin.reset();
  if (__builtin_expect(!spins_, 1)) return;
  suspicion_ = false;
  spins_ = false;
  for (unsigned i = 0; i < thread_count_; ++i) {
    Spin& spin = states_[i].spin;
    if (!spin.spinning()) continue;
    if (spin.watches(event.address)) {
      spin.doubt();
    } else {
      spins_ = true;
      spin.confirmed = false;
    }
  }
}

bool Scheduler::all_spin() const {
  bool any = false;
  for (unsigned i = 0; i < thread_count_; ++i) {
    const ThreadState& state = states_[i];
    if (state.status == ThreadStatus::sleeping) {
      // Who sleeps in a loop that only looks will look again; any other sleeper may do more,
      // but has no turn now.
      any = any || state.spin.spinning();
      continue;
    }
    if (!enabled_.contains(static_cast<ThreadId>(i))) continue;
    if (!state.spin.spinning()) return false;
    any = true;
  }
  return any;
}

/// All who could go on are spinning: lets time pass, where that may help. False when only
/// their own loops remain.
bool Scheduler::wait_out_spins() {
  bool by_clock = false;
  bool others_wait = false;  // for a time after which they do more than look
  for (unsigned i = 0; i < thread_count_; ++i) {
    const auto thread = static_cast<ThreadId>(i);
    const ThreadState& state = states_[i];
    const bool spinning = state.spin.spinning();
    if (spinning && state.spin.reads_clock) by_clock = true;
    if (has_deadline(thread) && !(spinning && state.status == ThreadStatus::sleeping)) {
      others_wait = true;
    }
  }
  if (!by_clock && !others_wait) return false;
  std::uint64_t by_ns = ~std::uint64_t{0};
  if (by_clock) {
    const std::uint64_t share = clock_wait_ns_ / kClockShare;
    by_ns = share > kClockNs ? share : kClockNs;
    clock_wait_ns_ += by_ns;
  }
  if (deadline_count_ != 0) {
    const std::uint64_t earliest = earliest_deadline();
    const std::uint64_t left = earliest > now_ns_ ? earliest - now_ns_ : 0;
    if (left < by_ns) by_ns = left;
  }
  advance_time(by_ns);
  for (unsigned i = 0; i < thread_count_; ++i) {
    if (states_[i].spin.spinning()) states_[i].spin.doubt();
  }
  spins_ = false;
  suspicion_ = false;
  return true;
}

/// Nothing but the spinners' own loops remains: lets them go round in turn until each was
/// found in the same state twice. Their steps change nothing, so no order of them matters.
ThreadId Scheduler::pick_spinner() {
  if (!suspicion_) {
    suspicion_ = true;
    suspicion_step_ = step_count_;
    for (unsigned i = 0; i < thread_count_; ++i) states_[i].spin.confirmed = false;
  }
  alternatives_ = 1;
  const auto waits_to_be_confirmed = [&](unsigned i) {
    return enabled_.contains(static_cast<ThreadId>(i)) && !states_[i].spin.confirmed;
  };
  if (enabled_.contains(current_) && waits_to_be_confirmed(current_) &&
      running_->spin.rounds() % kTurn != 0) {
    return current_;
  }
  for (unsigned i = 1; i <= thread_count_; ++i) {
    const unsigned next = (current_ + i) % thread_count_;
    if (!waits_to_be_confirmed(next)) continue;
    turn_to(static_cast<ThreadId>(next));
    return current_;
  }
  // All who are awake are confirmed. Who sleeps in its loop comes next.
  bool all = true;
  for (unsigned i = 0; i < thread_count_; ++i) {
    const Spin& spin = states_[i].spin;
    if (states_[i].status == ThreadStatus::sleeping && !spin.confirmed) all = false;
  }
  if (all) {
    proven_ = true;
    end(EndReason::livelock);
    return kNoThread;
  }
  if (enabled_.count() != 0) {
    advance_to_earliest_deadline();
    return pick_of_many();
  }
  return current_;  // the caller lets time pass
}

/// A deadline may come while threads could still go on: nothing says how long a step takes.
void Scheduler::let_time_pass() {
  if (enabled_.count() == 0) return;
  const std::uint64_t earliest = earliest_deadline();
  const std::uint64_t by_ns = earliest > now_ns_ ? earliest - now_ns_ : 0;
  const bool at_last = step_count_ - time_step_ > kStepsWithoutTimeMax;
  if (at_last ||
      (left_.has(Chance::deadline, by_ns) && ask_chance(Chance::deadline, by_ns, earliest))) {
    advance_to_earliest_deadline();
  }
}

}  // namespace trama

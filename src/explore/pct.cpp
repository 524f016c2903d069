#include "explore/pct.hpp"

#include <algorithm>

namespace trama {
namespace {

constexpr std::uint64_t kMiddle = std::uint64_t{1} << 62U;
/// So many choices in a row for one thread look like a spin loop.
constexpr unsigned kStreakMax = 1000;
/// The length of an execution, before one was seen.
constexpr std::uint64_t kStepCountGuess = 50;

/// The thread lets others go first: it yields, or waits for them in a loop. The few yields of
/// a lock that spins a while before it blocks do not count yet.
bool gives_way(const ThreadState& state) {
  if (state.spin.going_round()) return state.spin.spinning();
  const Operation operation = state.pending.operation;
  return operation == Operation::yield || operation == Operation::sleep;
}

}  // namespace

bool Pct::begin() {
  prng_.reseed(seed_ ^ (execution_ * 0xd1342543de82ef95U));
  chances_.begin(execution_++, prng_);
  const std::uint64_t depth = depth_ != 0 ? depth_ : 1 + prng_.below(5);
  change_points_.clear();
  const std::uint64_t step_count = step_count_max_ != 0 ? step_count_max_ : kStepCountGuess;
  for (std::uint64_t i = 1; i < depth; ++i) {
    change_points_.push_back(prng_.next() % step_count);
  }
  std::sort(change_points_.begin(), change_points_.end());
  next_change_ = 0;
  priorities_.clear();
  lowest_ = kMiddle;
  last_ = kNoThread;
  streak_ = 0;
  return true;
}

void Pct::see(ThreadId thread) {
  if (thread >= priorities_.size()) priorities_.resize(thread + 1U, 0);
  if (priorities_[thread] == 0) priorities_[thread] = kMiddle + 1 + (prng_.next() >> 2U);
}

void Pct::demote(ThreadId thread) { priorities_[thread] = --lowest_; }

Alternative Pct::highest(const ChoicePoint& point) const {
  Alternative best = 0;
  for (Alternative i = 1; i < point.count; ++i) {
    if (priorities_[point.threads[i]] > priorities_[point.threads[best]]) best = i;
  }
  return best;
}

Alternative Pct::choose(const ChoicePoint& point) {
  if (point.kind == ChoiceKind::chance) return chances_.choose(prng_);
  if (point.kind == ChoiceKind::store) return chances_.choose_store(point, prng_);
  if (point.kind != ChoiceKind::thread) return prng_.below(point.count);
  for (const ThreadId thread : point.threads) see(thread);
  see(point.current);
  while (next_change_ < change_points_.size() && change_points_[next_change_] <= point.step) {
    // Who is about to take that step falls; where it was taken without a choice, who took it.
    const bool now = change_points_[next_change_++] == point.step;
    demote(now ? point.threads[highest(point)] : point.current);
  }
  if (streak_ >= kStreakMax || gives_way(point.states[point.current])) {
    demote(point.current);
    streak_ = 0;
  }
  const Alternative best = highest(point);
  streak_ = point.threads[best] == last_ ? streak_ + 1 : 0;
  last_ = point.threads[best];
  return best;
}

void Pct::end(const ExecutionSummary& summary) {
  step_count_max_ = std::max(step_count_max_, summary.step_count);
}

}  // namespace trama

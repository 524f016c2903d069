#include "report/rows.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "event/io_fault.hpp"
#include "report/focus.hpp"

namespace trama {
namespace {

bool is_step_of(const Trace& trace, const FindingAccess& access) {
  if (access.step >= trace.steps.size()) return false;
  const Event& event = trace.steps[access.step].event;
  return event.thread == access.thread && event.operation == access.operation;
}

/// How much an operation tells, whatever the finding.
int weight_of(Operation operation) {
  switch (operation) {
    case Operation::start:
    case Operation::finish:
    case Operation::once_enter:
    case Operation::once_leave:
    case Operation::detach:
    case Operation::task_resume:
    case Operation::destroy: return 0;
    case Operation::task_finish: return 2;
    case Operation::load:
    case Operation::sleep:
    case Operation::read:
    case Operation::write: return 6;
    default: return 12;
  }
}

class Weigher {
 public:
  Weigher(const Trace& trace, const Finding* finding, const Focus& focus)
      : trace_(trace), focus_(focus) {
    last_ = trace.steps.empty() ? 0 : static_cast<std::uint32_t>(trace.steps.size() - 1);
    by_end_ = finding != nullptr && finding->accesses.empty();
    if (!by_end_) return;
    find_meeting();
    find_ends();
    find_telling_output();
  }

  [[nodiscard]] int weigh(std::uint32_t index) const {
    const Event& event = trace_.steps[index].event;
    if (focus_.steps.contains(index)) return 1000;
    if (fault_of(event) != IoFault::none) return 900;  // what no reader would guess
    int weight = weight_of(event.operation) + nearness(index);
    const TraceStep& step = trace_.steps[index];
    const bool in_focus = focus_.tasks.empty() ? focus_.threads.contains(event.thread)
                                               : focus_.tasks.contains(step.task);
    if (in_focus) weight += 8;
    if (event.operation == Operation::task_create && focus_.tasks.contains(step.other_task)) {
      weight += 25;
    }
    if (event.operation == Operation::start) weight -= 16;  // its create says as much
    if (event.operation == Operation::create && focus_.threads.contains(event.other)) {
      weight += 25;  // where the thread comes from
    }
    if (focus_.addresses.contains(event.address) || focus_.objects.contains(event.object)) {
      weight += 30;
    }
    return by_end_ ? weight + weigh_for_end(index) : weight;
  }

 private:
  /// A status or an assertion speaks of the whole: where threads met, how each of them ended,
  /// what was said about it. What one thread does while it is alone explains little.
  [[nodiscard]] int weigh_for_end(std::uint32_t index) const {
    const Event& event = trace_.steps[index].event;
    if (telling_output_.contains(index)) return 30;
    int weight = ends_.contains(index) ? 20 : 0;
    if (meeting_end_ == kNoIndex) return weight;  // one thread from beginning to end
    const bool meeting = index >= meeting_begin_ && index <= meeting_end_;
    if (!meeting) return weight - 16;
    if (event.object < shared_.size() && shared_[event.object]) weight += 16;
    if (index > 0 && trace_.steps[index - 1].event.thread != event.thread) weight += 6;
    return weight;
  }

  /// From the first step of a second thread to the last step of one that is not main; and the
  /// objects that several threads work on.
  void find_meeting() {
    shared_.resize(trace_.objects.size());
    std::vector<ThreadId> users(trace_.objects.size(), kNoThread);
    for (std::uint32_t i = 0; i <= last_ && i < trace_.steps.size(); ++i) {
      const Event& event = trace_.steps[i].event;
      if (event.thread != kMainThread) {
        if (meeting_end_ == kNoIndex) meeting_begin_ = i;
        meeting_end_ = i;
      }
      if (event.object == kNoObject || event.object >= users.size()) continue;
      if (users[event.object] == kNoThread) users[event.object] = event.thread;
      if (users[event.object] != event.thread) shared_[event.object] = true;
    }
  }

  /// The last lines printed, and the first ones that speak of a failure.
  void find_telling_output() {
    constexpr std::size_t kFailures = 2;
    const auto is_output = [this](std::uint32_t i) {
      return trace_.steps[i].event.operation == Operation::output && !is_blank(trace_.steps[i]);
    };
    std::size_t failures = 0;
    for (std::uint32_t i = 0; i < trace_.steps.size() && failures < kFailures; ++i) {
      if (!is_output(i) || !speaks_of_failure(trace_.steps[i].text)) continue;
      telling_output_.insert(i);
      ++failures;
    }
    std::size_t wanted = failures == kFailures ? 1 : 2;
    for (std::uint32_t i = last_ + 1; i-- > 0 && wanted > 0 && i < trace_.steps.size();) {
      if (!is_output(i)) continue;
      telling_output_.insert(i);
      --wanted;
    }
  }

  static bool speaks_of_failure(std::string_view text) {
    for (const std::string_view word :
         {"Failure", "failure", "FAILED", "failed", "rror", "ERRO", "alha", "alhou", "expected"}) {
      if (text.find(word) != std::string_view::npos) return true;
    }
    return false;
  }

  /// The last things that each thread does, apart from ending.
  void find_ends() {
    constexpr unsigned kEach = 3;
    constexpr std::size_t kThreadsMax = 6;
    std::map<ThreadId, unsigned> counts;
    for (std::uint32_t i = last_ + 1; i-- > 0 && i < trace_.steps.size();) {
      const Event& event = trace_.steps[i].event;
      if (weight_of(event.operation) < 12 || event.operation == Operation::output) continue;
      if (counts.size() >= kThreadsMax && !counts.contains(event.thread)) continue;
      if (counts[event.thread]++ < kEach) ends_.insert(i);
    }
  }

  /// 0 to 24: the last steps before what was found count, and those between two accesses.
  [[nodiscard]] int nearness(std::uint32_t index) const {
    if (meeting_end_ != kNoIndex && !focus_.lost_update) {
      return index > meeting_end_ || meeting_end_ - index >= 24
                 ? 0
                 : static_cast<int>(24 - (meeting_end_ - index));
    }
    std::uint32_t distance = focus_.centre.empty() ? last_ - index : kNoIndex;
    for (const std::uint32_t step : focus_.centre) {
      if (step >= index) distance = std::min(distance, step - index);
      if (step < index) distance = std::min(distance, index - step + 4);
    }
    return distance >= 24 ? 0 : static_cast<int>(24 - distance);
  }

  const Trace& trace_;
  const Focus& focus_;
  std::uint32_t last_ = 0;
  bool by_end_ = false;
  std::uint32_t meeting_begin_ = kNoIndex;
  std::uint32_t meeting_end_ = kNoIndex;
  std::vector<bool> shared_;  ///< by object
  std::set<std::uint32_t> telling_output_;
  std::set<std::uint32_t> ends_;
};

/// Turns chosen steps into rows: adds the accesses that are no steps, and the folds.
class Merger {
 public:
  Merger(const Trace& trace, const Finding* finding, const Focus& focus,
         const std::vector<bool>& noise)
      : trace_(trace), focus_(focus) {
    told_.reserve(noise.size() + 1);
    told_.push_back(0);
    for (const bool is_noise : noise) told_.push_back(told_.back() + (is_noise ? 0 : 1));
    if (finding == nullptr) return;
    for (const FindingAccess& access : finding->accesses) {
      if (access.operation == Operation::allocate) continue;  // long ago: a fact, no row
      if (!is_step_of(trace, access)) extra_.push_back(&access);
    }
    std::stable_sort(extra_.begin(), extra_.end(),
                     [](const auto* a, const auto* b) { return a->step < b->step; });
  }

  /// `steps` is sorted.
  [[nodiscard]] std::vector<Row> rows(const std::vector<std::uint32_t>& steps) const {
    std::vector<Row> rows;
    auto next_extra = extra_.begin();
    std::uint32_t expected = 0;
    for (const std::uint32_t step : steps) {
      for (; next_extra != extra_.end() && (*next_extra)->step < step; ++next_extra) {
        rows.push_back({.step = (*next_extra)->step, .access = *next_extra, .focus = true});
      }
      fold(rows, expected, step);
      rows.push_back({.step = step, .focus = focus_.steps.contains(step)});
      expected = step + 1;
    }
    fold(rows, expected, static_cast<std::uint32_t>(trace_.steps.size()));
    for (; next_extra != extra_.end(); ++next_extra) {
      rows.push_back({.step = (*next_extra)->step, .access = *next_extra, .focus = true});
    }
    return rows;
  }

 private:
  /// One row for the steps from `begin` to `end`: nothing where all are noise, and the step
  /// itself where there is but one, which takes no more space.
  void fold(std::vector<Row>& rows, std::uint32_t begin, std::uint32_t end) const {
    if (begin >= end) return;
    const std::uint32_t told = told_[end] - told_[begin];
    if (told == 0) return;
    if (told > 1) {
      rows.push_back({.folded = end - begin});
      return;
    }
    for (std::uint32_t i = begin; i < end; ++i) {
      if (told_[i + 1] != told_[i]) rows.push_back({.step = i});
    }
  }

  const Trace& trace_;
  const Focus& focus_;
  std::vector<std::uint32_t> told_;  ///< how many of the first n steps are no noise
  std::vector<const FindingAccess*> extra_;
};

}  // namespace

std::vector<Row> choose_rows(const Trace& trace, const Finding* finding, std::size_t count) {
  const Focus focus = focus_of(trace, finding);
  const Weigher weigher(trace, finding, focus);
  const std::vector<bool> noise = find_noise(trace, focus);
  std::vector<std::pair<int, std::uint32_t>> candidates;
  candidates.reserve(trace.steps.size());
  for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
    if (!noise[i]) candidates.emplace_back(weigher.weigh(i), i);
  }
  // Only the heaviest can be shown at all; among equals the later one.
  const std::size_t kept = std::min(candidates.size(), count);
  std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(kept),
                    candidates.end(), [](const auto& a, const auto& b) { return a > b; });
  std::vector<std::uint32_t> steps;
  for (std::size_t i = 0; i < kept; ++i) steps.push_back(candidates[i].second);
  const Merger merger(trace, finding, focus, noise);
  for (;;) {
    std::vector<std::uint32_t> sorted = steps;
    std::sort(sorted.begin(), sorted.end());
    std::vector<Row> rows = merger.rows(sorted);
    if (rows.size() <= count) return rows;
    if (steps.empty()) {
      rows.resize(count);
      return rows;
    }
    steps.pop_back();  // the lightest
  }
}

std::vector<Row> all_rows(const Trace& trace, const Finding* finding) {
  std::vector<std::uint32_t> steps(trace.steps.size());
  for (std::uint32_t i = 0; i < steps.size(); ++i) steps[i] = i;
  const Focus focus = focus_of(trace, finding);
  return Merger(trace, finding, focus, std::vector<bool>(steps.size())).rows(steps);
}

std::vector<Lane> choose_columns(const Trace& trace, const Finding* finding,
                                 const std::vector<Row>& rows, std::size_t count) {
  const Focus focus = focus_of(trace, finding);
  std::map<Lane, int> weights;
  const auto add = [&](const Lane& lane, bool in_focus) {
    if (lane.thread != kNoThread) weights[lane] += in_focus ? 1000 : 1;
  };
  for (const Row& row : rows) {
    if (row.access != nullptr) {
      add(lane_of(trace, *row.access), true);
    } else if (row.folded == 0 && row.step < trace.steps.size()) {
      const bool injected = fault_of(trace.steps[row.step].event) != IoFault::none;
      add(lane_of(trace, trace.steps[row.step]), row.focus || injected);
    }
  }
  // More columns are narrower ones: beside the threads of a race only main has one.
  if (focus.threads_decide) {
    std::erase_if(weights, [&](const auto& entry) {
      const Lane& lane = entry.first;
      if (lane.task != kNoTask) return entry.second < 1000 && !focus.tasks.contains(lane.task);
      return entry.second < 1000 && lane.thread != kMainThread &&
             !focus.threads.contains(lane.thread);
    });
    count = std::max<std::size_t>(count, 3);
  }
  std::vector<std::pair<int, Lane>> order;
  order.reserve(weights.size());
  for (const auto& [lane, weight] : weights) order.emplace_back(-weight, lane);
  std::sort(order.begin(), order.end());
  if (order.size() > count) order.resize(count);
  std::vector<Lane> columns;
  columns.reserve(order.size());
  for (const auto& [weight, lane] : order) columns.push_back(lane);
  std::sort(columns.begin(), columns.end());
  return columns;
}

}  // namespace trama

#include "report/rows.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace trama {
namespace {

/// What a finding is about.
struct Focus {
  std::set<ThreadId> threads;
  std::set<std::uint64_t> addresses;
  std::set<ObjectId> objects;
  std::set<std::uint32_t> steps;
};

/// The step in which a lock that somebody waits for was taken.
std::uint32_t acquisition_of(const Trace& trace, ObjectId object, ThreadId holder) {
  for (std::size_t i = trace.steps.size(); i-- > 0;) {
    const Event& event = trace.steps[i].event;
    const bool takes = event.operation == Operation::lock || event.operation == Operation::wake ||
                       event.operation == Operation::try_lock ||
                       event.operation == Operation::timed_lock;
    const bool same = event.object == object || event.mutex == object;
    if (takes && same && event.thread == holder && event.outcome == Outcome::ok) {
      return static_cast<std::uint32_t>(i);
    }
  }
  return kNoIndex;
}

Focus focus_of(const Trace& trace, const Finding* finding) {
  Focus focus;
  if (finding == nullptr) return focus;
  if (finding->thread != kNoThread) focus.threads.insert(finding->thread);
  if (finding->step != kNoIndex) focus.steps.insert(finding->step);
  for (const FindingAccess& access : finding->accesses) {
    if (access.thread != kNoThread) focus.threads.insert(access.thread);
    if (access.holder != kNoThread) focus.threads.insert(access.holder);
    if (access.address != 0) focus.addresses.insert(access.address);
    if (access.object != kNoObject) focus.objects.insert(access.object);
    if (access.step != kNoIndex) focus.steps.insert(access.step);
    if (access.object != kNoObject && access.holder != kNoThread) {
      const std::uint32_t taken = acquisition_of(trace, access.object, access.holder);
      if (taken != kNoIndex) focus.steps.insert(taken);
    }
  }
  return focus;
}

bool is_step_of(const Trace& trace, const FindingAccess& access) {
  if (access.step >= trace.steps.size()) return false;
  const Event& event = trace.steps[access.step].event;
  return event.thread == access.thread && event.operation == access.operation;
}

/// How much an operation tells, whatever the finding.
int weight_of(Operation operation) {
  switch (operation) {
    case Operation::start:
    case Operation::yield:
    case Operation::clock:
    case Operation::once_enter:
    case Operation::once_leave:
    case Operation::detach:
    case Operation::destroy: return 0;
    case Operation::load:
    case Operation::finish:
    case Operation::fence:
    case Operation::sleep: return 4;
    case Operation::output: return 12;
    case Operation::read:
    case Operation::write: return 14;
    default: return 8;
  }
}

class Weigher {
 public:
  Weigher(const Trace& trace, const Focus& focus) : trace_(trace), focus_(focus) {
    last_ = trace.steps.empty() ? 0 : static_cast<std::uint32_t>(trace.steps.size() - 1);
  }

  [[nodiscard]] int weigh(std::uint32_t index) const {
    const Event& event = trace_.steps[index].event;
    if (focus_.steps.contains(index)) return 1000;
    int weight = weight_of(event.operation) + nearness(index);
    const bool involved = focus_.threads.contains(event.thread);
    if (involved) weight += 8;
    if (event.operation == Operation::start) weight -= 16;  // its create says as much
    if (event.operation == Operation::create && focus_.threads.contains(event.other)) {
      weight += 25;  // where the thread comes from
    }
    if (focus_.addresses.contains(event.address) || focus_.objects.contains(event.object)) {
      weight += 30;
    }
    if (event.operation == Operation::exit) weight += 40;
    return weight;
  }

 private:
  /// 0 to 24: the last steps before what was found count, and those between two accesses.
  [[nodiscard]] int nearness(std::uint32_t index) const {
    std::uint32_t distance = last_ - index;
    for (const std::uint32_t step : focus_.steps) {
      if (step >= index) distance = std::min(distance, step - index);
      if (step < index) distance = std::min(distance, index - step + 4);
    }
    return distance >= 24 ? 0 : static_cast<int>(24 - distance);
  }

  const Trace& trace_;
  const Focus& focus_;
  std::uint32_t last_ = 0;
};

/// Merges chosen steps (sorted) with the accesses that are no steps, and marks folds.
std::vector<Row> merge(const Trace& trace, const Finding* finding, const Focus& focus,
                       const std::vector<std::uint32_t>& steps) {
  std::vector<std::pair<std::uint32_t, const FindingAccess*>> extra;
  if (finding != nullptr && finding->code == FindingCode::race) {
    for (const FindingAccess& access : finding->accesses) {
      if (!is_step_of(trace, access)) extra.emplace_back(access.step, &access);
    }
    std::stable_sort(extra.begin(), extra.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  std::vector<Row> rows;
  auto next_extra = extra.begin();
  std::uint32_t expected = 0;
  const auto add_extra = [&](std::uint32_t before) {
    for (; next_extra != extra.end() && next_extra->first < before; ++next_extra) {
      rows.push_back({.step = next_extra->first, .access = next_extra->second, .focus = true});
    }
  };
  for (const std::uint32_t step : steps) {
    add_extra(step);
    if (step > expected) rows.push_back({.folded = step - expected});
    rows.push_back({.step = step, .focus = focus.steps.contains(step)});
    expected = step + 1;
  }
  add_extra(kNoIndex);
  if (expected < trace.steps.size()) {
    rows.push_back({.folded = static_cast<std::uint32_t>(trace.steps.size()) - expected});
  }
  for (; next_extra != extra.end(); ++next_extra) {
    rows.push_back({.step = kNoIndex, .access = next_extra->second, .focus = true});
  }
  return rows;
}

}  // namespace

std::vector<Row> choose_rows(const Trace& trace, const Finding* finding, std::size_t count) {
  const Focus focus = focus_of(trace, finding);
  const Weigher weigher(trace, focus);
  std::vector<std::pair<int, std::uint32_t>> candidates;
  candidates.reserve(trace.steps.size());
  for (std::uint32_t i = 0; i < trace.steps.size(); ++i)
    candidates.emplace_back(weigher.weigh(i), i);
  // Only the heaviest can be shown at all; among equals the later one.
  const std::size_t kept = std::min(candidates.size(), count);
  std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(kept),
                    candidates.end(), [](const auto& a, const auto& b) { return a > b; });
  std::vector<std::uint32_t> steps;
  for (std::size_t i = 0; i < kept; ++i) steps.push_back(candidates[i].second);
  for (;;) {
    std::vector<std::uint32_t> sorted = steps;
    std::sort(sorted.begin(), sorted.end());
    std::vector<Row> rows = merge(trace, finding, focus, sorted);
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
  return merge(trace, finding, focus_of(trace, finding), steps);
}

std::vector<ThreadId> choose_columns(const Trace& trace, const Finding* finding,
                                     const std::vector<Row>& rows, std::size_t count) {
  const Focus focus = focus_of(trace, finding);
  std::map<ThreadId, int> weights;
  for (const Row& row : rows) {
    if (row.access != nullptr) {
      weights[row.access->thread] += 1;
    } else if (row.step < trace.steps.size()) {
      weights[trace.steps[row.step].event.thread] += 1;
    }
  }
  for (const ThreadId thread : focus.threads) weights[thread] += 1000000;
  weights.erase(kNoThread);
  std::vector<std::pair<int, ThreadId>> order;
  order.reserve(weights.size());
  for (const auto& [thread, weight] : weights) order.emplace_back(-weight, thread);
  std::sort(order.begin(), order.end());
  // More columns are narrower ones: beside the threads of the finding one more may stand.
  if (!focus.threads.empty())
    count = std::min(count, std::max<std::size_t>(3, focus.threads.size()));
  if (order.size() > count) order.resize(count);
  std::vector<ThreadId> columns;
  columns.reserve(order.size());
  for (const auto& [weight, thread] : order) columns.push_back(thread);
  std::sort(columns.begin(), columns.end());
  return columns;
}

}  // namespace trama

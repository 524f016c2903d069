// WeakExchanges: which weak compare-exchanges may fail without cause under verify.
//
// One that is then tried again in the very same state, with nothing done in between, gains nothing by
// it: what comes of such an execution also comes of one in which it did not fail. Most stand in such
// loops, and would only multiply executions. But registers that hold nothing tell states apart when an
// exchange is tried for the second time, as after any first round. So there it fails once more, and the
// third time tells. As in await.hpp, what is learned makes the exploration begin again, so that no
// execution with such a second failure counts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "event/ids.hpp"
#include "explore/lesson.hpp"

namespace trama {

class WeakExchanges {
 public:
  enum class Arrival : std::uint8_t {
    may_fail,
    must_fail,
    is_strong,
    learned,  ///< what it is
  };

  void begin_execution() {
    for (Exchange& last : last_) last = {};
  }
  /// The thread comes to a weak exchange; `state` tells the state that it is in.
  Arrival arrive(ThreadId thread, std::uint64_t code, std::uint64_t (*state)()) {
    code &= Lesson::kCode;
    if (thread >= last_.size()) last_.resize(thread + 1U);
    if (contains(retried_, code)) return Arrival::is_strong;
    Exchange& now = last_[thread];
    const bool counted = contains(counted_, code);
    const Exchange before = std::exchange(now, {code, counted ? 0 : state(), false, false});
    const bool again = before.failed && before.code == code;
    if (!again || counted) return Arrival::may_fail;
    if (before.state != now.state && !before.twice) {
      now.failed = now.twice = true;
      return Arrival::must_fail;
    }
    (before.state == now.state ? retried_ : counted_).push_back(code);
    return Arrival::learned;
  }
  /// The exchange that the thread came to last fails without cause.
  void note_failure(ThreadId thread) { last_[thread].failed = true; }
  /// The thread did what others can tell, or wrote to memory.
  void note_effect(ThreadId thread) {
    if (thread < last_.size()) last_[thread] = {};
  }
  [[nodiscard]] bool failed_twice(ThreadId thread) const {
    return thread < last_.size() && last_[thread].twice;
  }
  /// A loop has been seen to try the thread's last one again.
  void learn_retried(ThreadId thread) { add(retried_, last_[thread].code); }

  /// There are any: states of threads will be compared.
  [[nodiscard]] bool any() const { return !last_.empty(); }

  void append_learned(std::vector<std::uint64_t>& all) const {
    for (const std::uint64_t code : retried_) {
      all.push_back(Lesson{Lesson::Kind::retried_exchange, code}.number());
    }
    for (const std::uint64_t code : counted_) {
      all.push_back(Lesson{Lesson::Kind::counted_exchange, code}.number());
    }
  }
  void learn(const Lesson& lesson) {
    add(lesson.kind == Lesson::Kind::retried_exchange ? retried_ : counted_, lesson.code);
  }

 private:
  struct Exchange {
    std::uint64_t code = 0;
    std::uint64_t state = 0;
    bool failed = false;  // without cause …
    bool twice = false;   // … and once more
  };

  static bool contains(const std::vector<std::uint64_t>& codes, std::uint64_t code) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  }
  static void add(std::vector<std::uint64_t>& codes, std::uint64_t code) {
    if (!contains(codes, code)) codes.push_back(code);
  }

  std::vector<std::uint64_t> retried_;
  std::vector<std::uint64_t> counted_;  // their loops do not come back in the same state
  std::vector<Exchange> last_;          // by thread, since it last had an effect
};

}  // namespace trama

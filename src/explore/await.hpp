// Await: spin loops under verify wait instead of going round.
//
// A thread that comes to a look (a load, an exchange that fails) in exactly the state in which it
// was there before, with nothing done in between that anybody could tell, and with what it looked
// at still as it was at its first look, will go round until that changes. So it stops there: the graph keeps one round of its loads, and a store to
// one of their locations revisits that load as it would any other. Executions in which the loop
// goes round more often differ from these in nothing.
//
// The state of a thread is dear to tell, so it is only told at places (`code`) where a look has
// been seen to recur. When a place is first seen to, executions before it have gone round; the
// exploration then begins again, so that all of them are treated alike.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "event/ids.hpp"

namespace trama {

class Await {
 public:
  enum class Arrival : std::uint8_t {
    first,    ///< go on
    closer,   ///< tell the state the thread is in
    learned,  ///< a place where looks recur, seen for the first time
  };

  void begin_execution() {
    for (Thread& thread : threads_) thread = Thread{};
  }
  /// The thread comes to a look.
  Arrival arrive(ThreadId thread, std::uint64_t code) {
    if (thread >= threads_.size()) threads_.resize(thread + 1U);
    if (std::find(places_.begin(), places_.end(), code) != places_.end()) return Arrival::closer;
    auto& codes = threads_[thread].codes;
    if (std::find(codes.begin(), codes.end(), code) == codes.end()) {
      codes.push_back(code);
      return Arrival::first;
    }
    places_.push_back(code);
    return Arrival::learned;
  }
  /// The thread is at `code` in `state`, and has made `node_count` nodes: how many it had made when
  /// it was there in this state before, in the same run of looks; kNever for the first time.
  static constexpr std::uint32_t kNever = 0xffffffff;
  std::uint32_t visit(ThreadId thread, std::uint64_t code, std::uint64_t state,
                      std::uint32_t node_count) {
    for (State& before : threads_[thread].states) {
      if (before.code == code && before.state == state) {
        return std::exchange(before.node_count, node_count);
      }
    }
    threads_[thread].states.push_back({code, state, node_count});
    return kNever;
  }
  void set_waits(ThreadId thread) { threads_[thread].waits = true; }
  /// The places learned so far: of use to another exploration of the same program.
  [[nodiscard]] const std::vector<std::uint64_t>& places() const { return places_; }
  void learn(std::uint64_t code) {
    if (std::find(places_.begin(), places_.end(), code) == places_.end()) places_.push_back(code);
  }
  /// The thread did what others can tell, or wrote to memory.
  void note_effect(ThreadId thread) {
    if (thread >= threads_.size()) return;
    threads_[thread].codes.clear();
    threads_[thread].states.clear();
  }
  /// The thread has stopped at a loop's look.
  [[nodiscard]] bool waits(ThreadId thread) const {
    return thread < threads_.size() && threads_[thread].waits;
  }
  /// Any place is known where a loop goes round: plain writes are to be looked at.
  [[nodiscard]] bool any() const { return !places_.empty(); }

 private:
  struct State {
    std::uint64_t code = 0;
    std::uint64_t state = 0;
    std::uint32_t node_count = 0;
  };
  struct Thread {
    std::vector<std::uint64_t> codes;  // of its looks since it last had an effect
    std::vector<State> states;
    bool waits = false;
  };

  std::vector<std::uint64_t> places_;
  std::vector<Thread> threads_;
};

}  // namespace trama

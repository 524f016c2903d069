// Await: spin loops under verify wait instead of going round.
//
// A thread that comes to a look (a load, an exchange that fails) in exactly the state in which it
// was there before, with nothing done in between that anybody could tell, and with what it looked
// at still as it was at its first look, will go round until that changes. So it stops there: the
// graph keeps one round of its loads, and a store to one of their locations revisits that load as
// it would any other. Executions in which the loop goes round more often differ from these in
// nothing.
//
// The state of a thread is dear to tell, so it is only told at places (`code`) where a look has
// been seen to recur. When a place is first seen to, executions before it have gone round; the
// exploration then begins again, so that all of them are treated alike.
//
// That state is the thread's registers and stack; what it writes elsewhere is told by
// instrumentation. Code without any (a library that counts in its own memory) writes unseen, so a
// place is doubted when a thread would stop there for the first time: the exploration begins again,
// and all memory is compared before and behind what threads do on their way round. After some
// rounds that changed nothing the place is trusted. Before loops are called endless, they are
// explored with none trusted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "event/ids.hpp"
#include "explore/lesson.hpp"

namespace trama {

class Await {
 public:
  enum class Arrival : std::uint8_t {
    first,    ///< go on
    closer,   ///< tell the state the thread is in
    learned,  ///< a place where looks recur, seen for the first time
  };

  void begin_execution() {
    for (Thread& thread : threads_) thread.reset();
  }
  /// The thread comes to a look.
  Arrival arrive(ThreadId thread, std::uint64_t code) {
    code &= Lesson::kCode;
    if (thread >= threads_.size()) threads_.resize(thread + 1U);
    if (find(code) != nullptr) return Arrival::closer;
    auto& codes = threads_[thread].codes;
    if (std::find(codes.begin(), codes.end(), code) == codes.end()) {
      codes.push_back(code);
      return Arrival::first;
    }
    places_.push_back({code});
    return Arrival::learned;
  }
  /// The thread is at `code` in `state`, and has made `node_count` nodes: how many it had made when
  /// it was there in this state before, in the same run of looks; kNever for the first time.
  static constexpr std::uint32_t kNever = 0xffffffff;
  std::uint32_t visit(ThreadId thread, std::uint64_t code, std::uint64_t state,
                      std::uint32_t node_count) {
    code &= Lesson::kCode;
    const Place* place = find(code);
    Thread& self = threads_[thread];
    self.watched = self.watched || (place != nullptr && is_watched(*place));
    for (State& before : self.states) {
      if (before.code == code && before.state == state) {
        return std::exchange(before.node_count, node_count);
      }
    }
    self.states.push_back({code, state, node_count});
    return kNever;
  }
  /// The thread would stop at `code`, where it has been. False where the place is to be doubted
  /// first: the exploration is to begin again.
  bool may_stop(ThreadId thread, std::uint64_t code) {
    Place* place = find(code & Lesson::kCode);
    if (place == nullptr || place->rounds == kRoundsUntilTrusted) return true;
    if (threads_[thread].watched) {
      ++place->rounds;
      return true;
    }
    place->doubted = doubts_any_ = true;
    return false;
  }
  void set_waits(ThreadId thread) { threads_[thread].waits = true; }
  /// Any thread may be one …
  [[nodiscard]] bool watches() const { return doubts_any_; }
  /// Whether memory is to be compared before and behind what the thread does.
  [[nodiscard]] bool is_watched(ThreadId thread) const {
    return doubts_any_ && thread < threads_.size() && threads_[thread].watched;
  }
  /// What the thread wrote was seen by that alone: the place is never trusted.
  void note_unseen(ThreadId thread) {
    for (const State& state : threads_[thread].states) {
      if (Place* place = find(state.code); place != nullptr) place->writes = true;
    }
  }
  /// No place is trusted from now on. False where that was so before.
  bool trust_none() {
    doubts_any_ = true;
    return !std::exchange(trusts_none_, true);
  }

  void append_learned(std::vector<std::uint64_t>& all) const {
    for (const Place& place : places_) {
      const auto kind = place.doubted ? Lesson::Kind::doubted_place : Lesson::Kind::place;
      all.push_back(Lesson{kind, place.code}.number());
    }
    if (trusts_none_) all.push_back(Lesson{Lesson::Kind::fact, Lesson::trusts_none}.number());
  }
  /// A place.
  void learn(const Lesson& lesson) {
    if (find(lesson.code) == nullptr) places_.push_back({lesson.code});
    if (lesson.kind != Lesson::Kind::doubted_place) return;
    find(lesson.code)->doubted = doubts_any_ = true;
  }
  /// The thread did what others can tell, or wrote to memory.
  void note_effect(ThreadId thread) {
    if (thread >= threads_.size()) return;
    Thread& self = threads_[thread];
    self.codes.clear();
    self.states.clear();
    self.watched = false;
  }
  /// The thread has stopped at a loop's look.
  [[nodiscard]] bool waits(ThreadId thread) const {
    return thread < threads_.size() && threads_[thread].waits;
  }
  /// Any place is known where a loop goes round: plain writes are to be looked at.
  [[nodiscard]] bool any() const { return !places_.empty(); }

 private:
  struct Place {
    std::uint64_t code = 0;
    std::uint8_t rounds = 0;  // watched ones that changed nothing
    bool doubted = false;
    bool writes = false;  // to memory, unseen
  };
  struct State {
    std::uint64_t code = 0;
    std::uint64_t state = 0;
    std::uint32_t node_count = 0;
  };
  struct Thread {
    std::vector<std::uint64_t> codes;  // of its looks since it last had an effect
    std::vector<State> states;
    bool watched = false;
    bool waits = false;

    void reset() {
      codes.clear();
      states.clear();
      watched = waits = false;
    }
  };

  static constexpr std::uint8_t kRoundsUntilTrusted = 16;

  [[nodiscard]] Place* find(std::uint64_t code) {
    const auto found = std::find_if(places_.begin(), places_.end(),
                                    [&](const Place& place) { return place.code == code; });
    return found == places_.end() ? nullptr : &*found;
  }
  [[nodiscard]] bool is_watched(const Place& place) const {
    const bool trusted = place.rounds == kRoundsUntilTrusted && !place.writes;
    return trusts_none_ || (place.doubted && !trusted);
  }

  std::vector<Place> places_;
  std::vector<Thread> threads_;
  bool doubts_any_ = false;
  bool trusts_none_ = false;
};

}  // namespace trama

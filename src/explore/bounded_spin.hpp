// BoundedSpin: rounds of libstdc++'s waits on atomics that need not be explored.
//
// std::atomic::wait, and what is built on it (semaphores, latches, barriers), looks sixteen times
// before it sleeps: twelve times in a row, and four times with a yield behind
// (std::__detail::__atomic_spin in <bits/atomic_wait.h>). In which round it finds what it waits for
// nobody can tell, so that whatever comes of a spin also comes of one whose first round finds it, or
// none does. So only the first round is made of steps. The others are given what that one found.
//
// It is recognised by what it does, not by its name, which is gone once the compiler has put it into
// its callers: sixteen rounds at one atomic, each of a load and perhaps an exchange that fails, with
// those four yields, and no more. As in await.hpp, what is learned makes the exploration begin again.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "event/ids.hpp"
#include "explore/lesson.hpp"
#include "memory/execution_graph.hpp"

namespace trama {

class BoundedSpin {
 public:
  struct Look {
    std::uint64_t code = 0;
    std::uint64_t address = 0;
    bool loads = false;     ///< else it is an exchange
    NodeId node = kNoNode;  ///< once it is made
  };

  void begin_execution() {
    if (!any_) return;
    any_ = false;
    for (Thread& thread : threads_) thread.clear();
  }

  /// The thread comes to a look. Where that repeats one of the first round, its node; else kNoNode,
  /// and it is to be made.
  NodeId arrive(ThreadId thread, const Look& look) {
    if (thread >= threads_.size()) threads_.resize(thread + 1U);
    any_ = true;
    Thread& self = threads_[thread];
    if (self.round != 0) {
      const Look& first = self.looks.front();
      const bool here = look.address == first.address;
      if (here && look.loads && knows(look.code) && ++self.round <= kRounds) {
        self.position = 1;
        return first.node;
      }
      if (self.round == 1 && here && !look.loads) {
        self.looks.push_back(look);
        return kNoNode;
      }
      const bool repeats = self.round <= kRounds && self.position < self.looks.size() && here &&
                           look.code == self.looks[self.position].code;
      if (self.round > 1 && repeats) return self.looks[self.position++].node;
      self.clear();  // the spin is over
    }
    if (look.loads && knows(look.code)) {
      self.clear();
      self.round = 1;
    } else if (self.looks.size() == kLooksMax) {
      self.clear();
    }
    self.looks.push_back(look);
    return kNoNode;
  }
  /// The look that the thread came to last is made.
  void note_look(ThreadId thread, NodeId node) {
    if (thread < threads_.size() && !threads_[thread].looks.empty()) {
      threads_[thread].looks.back().node = node;
    }
  }
  void note_yield(ThreadId thread) {
    if (thread >= threads_.size()) return;
    Thread& self = threads_[thread];
    if (self.round != 0) return;
    if (self.yields.size() == kYields) self.clear();
    self.yields.push_back(static_cast<std::uint32_t>(self.looks.size()));
  }
  /// The thread does anything else, or comes to another look than those it made. True where this was
  /// the end of a spin that was not known.
  bool note_end(ThreadId thread) {
    return any_ && thread < threads_.size() && !threads_[thread].is_clear() &&
           end_of(threads_[thread]);
  }
  /// Whether the thread has made as many rounds as a spin has, and this look is not one more.
  [[nodiscard]] bool ends_by(ThreadId thread, const Look& look) const {
    if (thread >= threads_.size()) return false;
    const Thread& self = threads_[thread];
    if (self.yields.size() != kYields || self.yields.back() != self.looks.size()) return false;
    return std::none_of(self.looks.begin(), self.looks.end(),
                        [&](const Look& before) { return before.code == look.code; });
  }

  [[nodiscard]] const std::vector<std::uint64_t>& places() const { return places_; }
  void append_learned(std::vector<std::uint64_t>& all) const {
    for (const std::uint64_t code : places_) {
      all.push_back(Lesson{Lesson::Kind::bounded_spin, code}.number());
    }
  }
  void learn(std::uint64_t code) {
    if (!knows(code)) places_.push_back(code);
  }

 private:
  static constexpr std::size_t kRounds = 16;
  static constexpr std::size_t kYields = 4;
  static constexpr std::size_t kLooksMax = 64;

  struct Thread {
    std::vector<Look> looks;            // since it last did anything else; of a known spin: a round
    std::vector<std::uint32_t> yields;  // how many looks there were before each
    std::size_t round = 0;              // of a known spin
    std::size_t position = 0;           // … the next of its looks

    [[nodiscard]] bool is_clear() const { return looks.empty() && yields.empty(); }
    void clear() {
      looks.clear();
      yields.clear();
      round = 0;
    }
  };

  [[nodiscard]] bool knows(std::uint64_t code) const {
    return std::find(places_.begin(), places_.end(), code) != places_.end();
  }
  bool end_of(Thread& self) {
    const bool learned = self.yields.size() == kYields && learn_spin(self);
    self.clear();
    return learned;
  }
  /// Where the thread's last looks were such a spin, keeps where it looked.
  bool learn_spin(const Thread& self) {
    const auto& looks = self.looks;
    if (self.yields.back() != looks.size() || looks.empty()) return false;
    std::vector<std::uint32_t> rounds;  // where each begins, the last first
    for (auto i = static_cast<std::uint32_t>(looks.size()); i-- > 0 && rounds.size() < kRounds;) {
      if (looks[i].address != looks.back().address) return false;
      if (looks[i].loads) rounds.push_back(i);
    }
    if (rounds.size() != kRounds) return false;
    for (std::size_t i = 0; i + 1 < kYields; ++i) {
      if (rounds[i] != self.yields[kYields - 2 - i]) return false;
    }
    // What stands before, as the load of what is then waited for, is made elsewhere.
    const auto first = looks.begin() + rounds.back();
    for (auto before = looks.begin(); before != first; ++before) {
      const auto same = [&](const Look& look) { return look.code == before->code; };
      if (std::any_of(first, looks.end(), same)) return false;
    }
    for (const std::uint32_t round : rounds) learn(looks[round].code);
    return true;
  }

  std::vector<std::uint64_t> places_;
  std::vector<Thread> threads_;
  bool any_ = false;  // some thread has made looks
};

}  // namespace trama

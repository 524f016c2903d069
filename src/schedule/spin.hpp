// Spin: notices that a thread goes round in a loop that only looks.
//
// `while (!flag.load()) ;`, with yields or sleeps in it, a compare-exchange that fails again
// and again: each round repeats the looks of the round before and finds the same values.
// Taken one by one, such steps explode the search and say nothing. So a thread's run of
// steps that change nothing (for others) is watched: when a look recurs (same code, same
// place in memory, same value) the thread is going round, and then
//   - it is asked who comes next only at the 1st, 2nd, 4th … 64th, 128th, 192nd … such step. A
//     loop that spins a few times and then blocks gets through it with a fair chance;
//   - after kRounds rounds it counts as *spinning*, until something that it looked at
//     changes. Strategies then prefer the others, and where all who could go on are
//     spinning, time passes, or the execution is a livelock (scheduler_spins.cpp).
//
// The look that rounds are counted by is found as in Brent's cycle detection ("An improved
// Monte Carlo factorization algorithm", BIT 1980): one that does not recur soon is given up
// for a later one, with ever more patience.
#pragma once

#include <array>
#include <cstdint>

namespace trama {

class Spin {
 public:
  static constexpr std::uint32_t kRounds = 32;
  /// No more steps than this without a choice.
  static constexpr std::uint32_t kStepsMax = 64;

  /// The thread did something that others can see, or came to another value.
  void reset() {
    steps_ = 0;
    spinning_ = false;
  }

  /// The thread is about to look at `address`, and will find `value` there. `code` tells the
  /// look apart from others in the program. False when it changes what the thread looks at.
  void look(std::uint64_t code, std::uint64_t address, std::uint64_t value) {
    const std::uint64_t place = code * 0x9e3779b97f4a7c15U ^ address;
    if (steps_ == 0) {
      // Mostly something is done next, and this look was no loop's: the rest can wait.
      place_ = place;
      value_ = value;
      first_address_ = address;
      steps_ = 1;
      rounds_ = 0;
      last_ = 0;
      return;
    }
    if (last_ == 0) begin(place_, value_, first_address_, kPatience);
    ++steps_;
    watch(address);
    if (place == place_) {
      if (value != value_) return begin(place, value, address, kPatience);
      ++rounds_;
      last_ = steps_;
    } else if (steps_ - last_ >= patience_) {
      const std::uint32_t longer = patience_ < kPatienceMax ? patience_ * 2 : patience_;
      begin(place, value, address, longer);
    }
  }
  /// The thread yields or sleeps: a step of the loop, if it is in one.
  void pass() {
    if (steps_ != 0) ++steps_;
  }

  /// In a loop, and at a step that need not be a choice.
  [[nodiscard]] bool quiet() const {
    return going_round() && (steps_ & (steps_ - 1)) != 0 && steps_ % kStepsMax != 0;
  }
  [[nodiscard]] bool going_round() const { return steps_ != 0 && rounds_ != 0; }
  [[nodiscard]] bool at_mark(std::uint64_t code, std::uint64_t address) const {
    return steps_ != 0 && place_ == (code * 0x9e3779b97f4a7c15U ^ address);
  }
  [[nodiscard]] std::uint32_t rounds() const { return steps_ == 0 ? 0 : rounds_; }

  [[nodiscard]] bool spinning() const { return spinning_; }
  [[nodiscard]] bool ripe() const { return !spinning_ && rounds() >= kRounds; }
  void set_spinning() { spinning_ = true; }
  /// Something changed: two more rounds tell whether it goes on spinning.
  void doubt() {
    spinning_ = false;
    rounds_ = kRounds - 2;
  }
  [[nodiscard]] bool watches(std::uint64_t address) const {
    if (watched_count_ > watched_.size()) return true;
    for (unsigned i = 0; i < watched_count_; ++i) {
      if (watched_[i] == address) return true;
    }
    return false;
  }

  /// Its rounds are counted by looks at `address`, which find something else than `value` there.
  [[nodiscard]] bool found_other_than(std::uint64_t value, std::uint64_t address) const {
    return going_round() && first_address_ == address && value_ != value;
  }

  /// The loop reads the clock: time alone may end it.
  bool reads_clock = false;
  /// Livelock: the loop was found in exactly the same state twice.
  bool confirmed = false;

 private:
  static constexpr std::uint32_t kPatience = 8;
  static constexpr std::uint32_t kPatienceMax = 1024;

  void begin(std::uint64_t place, std::uint64_t value, std::uint64_t address,
             std::uint32_t patience) {
    place_ = place;
    value_ = value;
    first_address_ = address;
    steps_ = 1;
    rounds_ = 0;
    last_ = 1;
    patience_ = patience;
    watched_count_ = 0;
    spinning_ = false;
    reads_clock = false;
    confirmed = false;
    watch(address);
  }
  void watch(std::uint64_t address) {
    if (watched_count_ > watched_.size() || watches(address)) return;
    if (watched_count_ < watched_.size()) watched_[watched_count_] = address;
    ++watched_count_;
  }

  std::uint64_t place_ = 0;
  std::uint64_t value_ = 0;
  std::uint64_t first_address_ = 0;
  std::uint32_t steps_ = 0;   // since the thread last did something; 0: nothing to watch
  std::uint32_t rounds_ = 0;  // how often the look at `place_` recurred
  std::uint32_t last_ = 0;    // the step when it last did; 0: nothing is prepared yet
  std::uint32_t patience_ = kPatience;
  bool spinning_ = false;
  std::uint8_t watched_count_ = 0;  // one more than there is room for: too many to tell
  std::array<std::uint64_t, 4> watched_{};
};

}  // namespace trama

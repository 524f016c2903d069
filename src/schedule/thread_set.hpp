// ThreadSet: a set of thread ids, ordered, with a count. 1024 bits, but it touches only
// the words up to the highest thread of the execution.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "event/ids.hpp"

namespace trama {

class ThreadSet {
 public:
  void clear() {
    for (unsigned i = 0; i < words_used_; ++i) words_[i] = 0;
    words_used_ = 0;
    count_ = 0;
  }

  void insert(ThreadId thread) {
    const unsigned word = thread / 64U;
    const std::uint64_t bit = std::uint64_t{1} << (thread % 64U);
    if ((words_[word] & bit) != 0) return;
    words_[word] |= bit;
    ++count_;
    if (word >= words_used_) words_used_ = word + 1;
  }

  void erase(ThreadId thread) {
    const unsigned word = thread / 64U;
    const std::uint64_t bit = std::uint64_t{1} << (thread % 64U);
    if ((words_[word] & bit) == 0) return;
    words_[word] &= ~bit;
    --count_;
  }

  [[nodiscard]] bool contains(ThreadId thread) const {
    return ((words_[thread / 64U] >> (thread % 64U)) & 1U) != 0;
  }
  [[nodiscard]] unsigned count() const { return count_; }

  /// The smallest member. Requires: count() > 0.
  [[nodiscard]] ThreadId first() const {
    unsigned word = 0;
    while (words_[word] == 0) ++word;
    return static_cast<ThreadId>(word * 64U +
                                 static_cast<unsigned>(std::countr_zero(words_[word])));
  }

  /// Writes the members to `out`, ascending. Two are the rule, and have no loop whose end the
  /// processor would have to guess. Requires: count() > 1.
  void list(ThreadId* out) const {
    if (words_used_ == 1) {
      std::uint64_t bits = words_[0];
      out[0] = static_cast<ThreadId>(std::countr_zero(bits));
      bits &= bits - 1;
      out[1] = static_cast<ThreadId>(std::countr_zero(bits));
      for (bits &= bits - 1, out += 2; bits != 0; bits &= bits - 1) {
        *out++ = static_cast<ThreadId>(std::countr_zero(bits));
      }
      return;
    }
    for_each([&](ThreadId thread) { *out++ = thread; });
  }

  /// Calls `visit(ThreadId)` for each member in ascending order.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (unsigned word = 0; word < words_used_; ++word) {
      for (std::uint64_t bits = words_[word]; bits != 0; bits &= bits - 1) {
        visit(static_cast<ThreadId>(word * 64U + static_cast<unsigned>(std::countr_zero(bits))));
      }
    }
  }

 private:
  std::array<std::uint64_t, kThreadCountMax / 64> words_{};
  unsigned words_used_ = 0;  // Invariant: words_[i] == 0 for every i >= words_used_.
  unsigned count_ = 0;
};

}  // namespace trama

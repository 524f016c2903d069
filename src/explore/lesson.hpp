// Lesson: what an exploration has learned of its program, so that it was to begin again. As one number,
// which is never 0: other processes take it over, and checkpoints keep it.
#pragma once

#include <cstdint>

namespace trama {

struct Lesson {
  enum class Kind : std::uint8_t {
    fact,              ///< of the whole program: `code` is a Fact
    place,             ///< where looks recur: await.hpp
    doubted_place,     ///< … and memory is to be compared
    retried_exchange,  ///< a weak one: weak_exchanges.hpp
    counted_exchange,
    bounded_spin,  ///< bounded_spin.hpp
  };
  enum Fact : std::uint64_t {
    one_chain = 1,  ///< all steps on descriptors are on one chain
    in_time,        ///< there are any: threads go on in the order of time
    ends_matter,    ///< threads are asked whether they have ended
    trusts_none,    ///< no place is trusted: await.hpp
  };

  /// Of what tells places apart in the program so much is kept.
  static constexpr unsigned kCodeBits = 61;
  static constexpr std::uint64_t kCode = (std::uint64_t{1} << kCodeBits) - 1;

  Kind kind;
  std::uint64_t code;

  [[nodiscard]] constexpr std::uint64_t number() const {
    return static_cast<std::uint64_t>(kind) << kCodeBits | (code & kCode);
  }
  static constexpr Lesson of(std::uint64_t number) {
    return {static_cast<Kind>(number >> kCodeBits), number & kCode};
  }
};

}  // namespace trama

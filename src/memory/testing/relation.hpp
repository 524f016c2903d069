// For tests: binary relations over a few events, as bit matrices.
//
// With the operations that papers on memory models write their axioms in, so that an axiom
// here can be held beside the one in the paper:
//
//     r ∪ s   r | s          r⁺     r.closure()       [A]   identity(A, n)
//     r ∩ s   r & s          r⁻¹    r.inverse()       r;s   seq(r, s)
//     r \ s   r - s          r?     r.or_same()
#pragma once

#include <array>
#include <cstdint>

#include "base/check.hpp"

namespace trama::testing {

inline constexpr unsigned kEventsMax = 32;

/// Event `e` is in the set if bit `e` is.
using EventSet = std::uint32_t;

constexpr EventSet only(unsigned event) { return EventSet{1} << event; }
constexpr bool contains(EventSet set, unsigned event) { return (set & only(event)) != 0; }

class Relation {
 public:
  /// The empty relation over the events 0 … size-1.
  explicit Relation(unsigned size) : size_(size) { TRAMA_CHECK(size <= kEventsMax); }

  void add(unsigned a, unsigned b) { rows_[a] |= only(b); }
  [[nodiscard]] bool has(unsigned a, unsigned b) const { return contains(rows_[a], b); }

  friend Relation operator|(Relation a, const Relation& b) {
    for (unsigned i = 0; i < a.size_; ++i) a.rows_[i] |= b.rows_[i];
    return a;
  }
  friend Relation operator&(Relation a, const Relation& b) {
    for (unsigned i = 0; i < a.size_; ++i) a.rows_[i] &= b.rows_[i];
    return a;
  }
  friend Relation operator-(Relation a, const Relation& b) {
    for (unsigned i = 0; i < a.size_; ++i) a.rows_[i] &= ~b.rows_[i];
    return a;
  }

  /// (a, c) where (a, b) is in `first` and (b, c) in `second`.
  friend Relation seq(const Relation& first, const Relation& second) {
    Relation result(first.size_);
    for (unsigned a = 0; a < first.size_; ++a) {
      for (unsigned b = 0; b < first.size_; ++b) {
        if (first.has(a, b)) result.rows_[a] |= second.rows_[b];
      }
    }
    return result;
  }
  template <typename... More>
  friend Relation seq(const Relation& first, const Relation& second, const More&... more) {
    return seq(seq(first, second), more...);
  }

  [[nodiscard]] Relation inverse() const {
    Relation result(size_);
    for (unsigned a = 0; a < size_; ++a) {
      for (unsigned b = 0; b < size_; ++b) {
        if (has(a, b)) result.add(b, a);
      }
    }
    return result;
  }

  /// Transitive (Warshall, 1962).
  [[nodiscard]] Relation closure() const {
    Relation result = *this;
    for (unsigned via = 0; via < size_; ++via) {
      for (unsigned a = 0; a < size_; ++a) {
        if (result.has(a, via)) result.rows_[a] |= result.rows_[via];
      }
    }
    return result;
  }

  [[nodiscard]] Relation or_same() const {
    Relation result = *this;
    for (unsigned i = 0; i < size_; ++i) result.add(i, i);
    return result;
  }

  [[nodiscard]] bool is_irreflexive() const {
    for (unsigned i = 0; i < size_; ++i) {
      if (has(i, i)) return false;
    }
    return true;
  }
  [[nodiscard]] bool is_acyclic() const { return closure().is_irreflexive(); }

 private:
  unsigned size_;
  std::array<EventSet, kEventsMax> rows_{};
};

inline Relation identity(EventSet set, unsigned size) {
  Relation result(size);
  for (unsigned i = 0; i < size; ++i) {
    if (contains(set, i)) result.add(i, i);
  }
  return result;
}

}  // namespace trama::testing

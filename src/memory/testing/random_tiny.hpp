// For tests: TinyPrograms by the thousand, at random or one after the other.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/prng.hpp"
#include "memory/testing/tiny_program.hpp"

namespace trama::testing {

inline constexpr std::array kLoadOrders = {MemoryOrder::relaxed, MemoryOrder::consume,
                                           MemoryOrder::acquire, MemoryOrder::seq_cst};
inline constexpr std::array kStoreOrders = {MemoryOrder::relaxed, MemoryOrder::release,
                                            MemoryOrder::seq_cst};
inline constexpr std::array kAllOrders = {MemoryOrder::relaxed, MemoryOrder::consume,
                                          MemoryOrder::acquire, MemoryOrder::release,
                                          MemoryOrder::acq_rel, MemoryOrder::seq_cst};

/// The orders that C++ lets an operation of this kind have.
inline std::span<const MemoryOrder> legal_orders(TinyKind kind) {
  if (kind == TinyKind::load) return kLoadOrders;
  if (kind == TinyKind::store) return kStoreOrders;
  return kAllOrders;
}

inline MemoryOrder strongest_but_seq_cst(TinyKind kind) {
  if (kind == TinyKind::load) return MemoryOrder::acquire;
  if (kind == TinyKind::store) return MemoryOrder::release;
  return MemoryOrder::acq_rel;
}

struct TinyBounds {
  unsigned thread_count_max = 3;
  unsigned op_count_max = 3;  ///< in each thread
  unsigned location_count_max = 2;
};

inline TinyOp random_tiny_op(Prng& prng, unsigned location_count) {
  using enum TinyKind;
  // Loads and stores make most of the difference between the models.
  static constexpr std::array kKinds = {
      load, load, load, store, store, store, fetch_add, exchange, compare_exchange, fence};
  TinyOp op;
  op.kind = kKinds[prng.below(kKinds.size())];
  const auto orders = legal_orders(op.kind);
  op.order = orders[prng.below(static_cast<std::uint32_t>(orders.size()))];
  if (op.kind == fence) return op;
  op.location = static_cast<std::uint8_t>(prng.below(location_count));
  if (op.kind != load) op.value = static_cast<std::uint8_t>(1 + prng.below(2));
  if (op.kind == compare_exchange) {
    op.expected = static_cast<std::uint8_t>(prng.below(3));
    op.failure_order = kLoadOrders[prng.below(kLoadOrders.size())];
  }
  return op;
}

/// A program of two threads or more, the same for the same seed. Where all is drawn evenly,
/// hardly any has an outcome of one model that another forbids. Three of four are therefore
/// of long threads that go from one location to the next, and of few orders.
inline TinyProgram random_tiny(std::uint64_t seed, const TinyBounds& bounds) {
  TRAMA_CHECK(bounds.thread_count_max >= 2 && bounds.op_count_max >= 1);
  TRAMA_CHECK(bounds.location_count_max >= 1);
  Prng prng(seed);
  enum : std::uint8_t { even, weak, release_acquire, extreme };
  const std::uint32_t flavour = prng.below(4);
  const bool is_even = flavour == even;
  TinyProgram program;
  program.location_count = is_even ? 1 + prng.below(bounds.location_count_max)  //
                                   : bounds.location_count_max;
  program.threads.resize(2 + prng.below(bounds.thread_count_max - 1));
  for (auto& ops : program.threads) {
    ops.resize(is_even ? 1 + prng.below(bounds.op_count_max) : bounds.op_count_max);
    std::uint32_t at = prng.below(program.location_count);
    for (TinyOp& op : ops) {
      op = random_tiny_op(prng, program.location_count);
      if (is_even) continue;
      if (op.kind != TinyKind::fence) {
        op.location = static_cast<std::uint8_t>(at);
        at = (at + 1) % program.location_count;
      }
      const bool strong = prng.below(2) == 0;
      if (flavour == weak && op.kind != TinyKind::fence) op.order = MemoryOrder::relaxed;
      if (flavour == release_acquire && op.order == MemoryOrder::seq_cst) {
        op.order = strongest_but_seq_cst(op.kind);
      }
      if (flavour == extreme) op.order = strong ? MemoryOrder::seq_cst : MemoryOrder::relaxed;
    }
  }
  return program;
}

/// Every operation that there is over so many locations and values 1 … value_count.
inline std::vector<TinyOp> all_tiny_ops(unsigned location_count, unsigned value_count) {
  using enum TinyKind;
  std::vector<TinyOp> all;
  for (const MemoryOrder order : kAllOrders) all.push_back(tiny::fence(order));
  for (std::uint8_t location = 0; location < location_count; ++location) {
    for (const MemoryOrder order : kLoadOrders) all.push_back(tiny::load(location, order));
    for (std::uint8_t value = 1; value <= value_count; ++value) {
      for (const TinyKind kind : {store, fetch_add, exchange}) {
        for (const MemoryOrder order : legal_orders(kind)) {
          all.push_back({.kind = kind, .order = order, .location = location, .value = value});
        }
      }
      for (std::uint8_t expected = 0; expected <= value_count; ++expected) {
        for (const MemoryOrder order : kAllOrders) {
          for (const MemoryOrder failure_order : kLoadOrders) {
            all.push_back(tiny::compare_exchange(location, expected, value, order, failure_order));
          }
        }
      }
    }
  }
  return all;
}

/// Every program of `thread_count` threads of `op_count` operations of `ops`, numbered.
class AllTinyPrograms {
 public:
  AllTinyPrograms(std::vector<TinyOp> ops, unsigned thread_count, unsigned op_count)
      : ops_(std::move(ops)), thread_count_(thread_count), op_count_(op_count) {
    for (unsigned i = 0; i < thread_count * op_count; ++i) {
      TRAMA_CHECK(count_ < UINT64_MAX / ops_.size());
      count_ *= ops_.size();
    }
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }

  /// Requires: number < count().
  [[nodiscard]] TinyProgram at(std::uint64_t number) const {
    std::vector<std::vector<TinyOp>> threads(thread_count_);
    for (auto& thread : threads) {
      for (unsigned i = 0; i < op_count_; ++i) {
        thread.push_back(ops_[number % ops_.size()]);
        number /= ops_.size();
      }
    }
    return tiny::make(std::move(threads));
  }

  /// Calls `visit` for one program in `one_in`, which the seed chooses; for all if that is 1.
  template <typename Visit>
  void sample(std::uint64_t one_in, std::uint64_t seed, Visit visit) const {
    TRAMA_CHECK(one_in > 0 && one_in <= UINT32_MAX);
    Prng prng(seed);
    for (std::uint64_t first = 0; first < count_; first += one_in) {
      const std::uint64_t number = first + prng.below(static_cast<std::uint32_t>(one_in));
      if (number < count_) visit(at(number));
    }
  }

 private:
  std::vector<TinyOp> ops_;
  unsigned thread_count_;
  unsigned op_count_;
  std::uint64_t count_ = 1;
};

}  // namespace trama::testing

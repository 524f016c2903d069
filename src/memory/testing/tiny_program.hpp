// For tests: programs of a few atomic operations and no branches, to enumerate the execution
// graphs of.
//
// All locations are 0 at first. Values are bytes and wrap around.
//
//     using namespace tiny;
//     make({{store(x, 1, release), load(y, acquire)}, {fetch_add(y, 1, relaxed)}})
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "event/memory_order.hpp"

namespace trama::testing {

enum class TinyKind : std::uint8_t { load, store, fetch_add, exchange, compare_exchange, fence };

struct TinyOp {
  TinyKind kind = TinyKind::fence;
  MemoryOrder order = MemoryOrder::seq_cst;
  std::uint8_t location = 0;
  std::uint8_t value = 0;                            ///< stored, added, or desired
  std::uint8_t expected = 0;                         ///< of a compare_exchange
  MemoryOrder failure_order = MemoryOrder::relaxed;  ///< of a compare_exchange
  auto operator<=>(const TinyOp&) const = default;   // NOLINT(modernize-use-nullptr)
};

struct TinyProgram {
  std::vector<std::vector<TinyOp>> threads;
  unsigned location_count = 0;
  auto operator<=>(const TinyProgram&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// What programs are written with; apart, since other tests have operations of these names.
namespace tiny {

inline constexpr std::uint8_t x = 0;
inline constexpr std::uint8_t y = 1;
inline constexpr std::uint8_t z = 2;

inline TinyOp load(std::uint8_t location, MemoryOrder order) {
  return {.kind = TinyKind::load, .order = order, .location = location};
}
inline TinyOp store(std::uint8_t location, std::uint8_t value, MemoryOrder order) {
  return {.kind = TinyKind::store, .order = order, .location = location, .value = value};
}
inline TinyOp fetch_add(std::uint8_t location, std::uint8_t value, MemoryOrder order) {
  return {.kind = TinyKind::fetch_add, .order = order, .location = location, .value = value};
}
inline TinyOp exchange(std::uint8_t location, std::uint8_t value, MemoryOrder order) {
  return {.kind = TinyKind::exchange, .order = order, .location = location, .value = value};
}
inline TinyOp compare_exchange(std::uint8_t location, std::uint8_t expected, std::uint8_t value,
                               MemoryOrder order, MemoryOrder failure_order) {
  return {.kind = TinyKind::compare_exchange,
          .order = order,
          .location = location,
          .value = value,
          .expected = expected,
          .failure_order = failure_order};
}
inline TinyOp fence(MemoryOrder order) { return {.kind = TinyKind::fence, .order = order}; }

inline TinyProgram make(std::vector<std::vector<TinyOp>> threads) {
  unsigned location_count = 0;
  for (const auto& ops : threads) {
    for (const TinyOp& op : ops) {
      if (op.kind != TinyKind::fence) {
        location_count = std::max(location_count, op.location + 1U);
      }
    }
  }
  return {std::move(threads), location_count};
}

}  // namespace tiny

inline std::string to_text(MemoryOrder order) {
  static constexpr std::array kNames = {"relaxed", "consume", "acquire",
                                        "release", "acq_rel", "seq_cst"};
  return kNames[static_cast<std::size_t>(order)];
}

/// As in C++: the source that makes the operation.
inline std::string to_text(const TinyOp& op) {
  static constexpr std::array kNames = {
      "load", "store", "fetch_add", "exchange", "compare_exchange", "fence"};
  std::string text = std::string(kNames[static_cast<std::size_t>(op.kind)]) + "(";
  if (op.kind == TinyKind::fence) return text + to_text(op.order) + ")";
  text += std::to_string(op.location) + ", ";
  if (op.kind == TinyKind::compare_exchange) text += std::to_string(op.expected) + ", ";
  if (op.kind != TinyKind::load) text += std::to_string(op.value) + ", ";
  text += to_text(op.order);
  if (op.kind == TinyKind::compare_exchange) text += ", " + to_text(op.failure_order);
  return text + ")";
}

/// As in C++: the source that makes the program, one line for each thread.
inline std::string to_text(const TinyProgram& program) {
  std::string text = "make({";
  for (const auto& ops : program.threads) {
    text += &ops == program.threads.data() ? "{" : ",\n      {";
    for (const TinyOp& op : ops) text += (&op == ops.data() ? "" : ", ") + to_text(op);
    text += "}";
  }
  return text + "})";
}

}  // namespace trama::testing

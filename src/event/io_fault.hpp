// IoFault: what --io-faults lets befall a call on a descriptor.
//
// One table gives the option its words, the report and JSON theirs. A fault stands in the `before`
// of the step that it befell: its number in the low byte, above it the amount that the call could
// have had (short counts only). The numbers are those of trace files and never change.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "event/event.hpp"

namespace trama {

// X(identifier, text, number)
#define TRAMA_IO_FAULTS(X)   \
  X(short_count, "short", 1) \
  X(interrupted, "eintr", 5) \
  X(again, "again", 2)       \
  X(reset, "reset", 3)       \
  X(refused, "refused", 4)

enum class IoFault : std::uint8_t {
  none = 0,
#define TRAMA_X(identifier, text, number) identifier = number,
  TRAMA_IO_FAULTS(TRAMA_X)
#undef TRAMA_X
};

constexpr std::string_view to_text(IoFault fault) {
  switch (fault) {
#define TRAMA_X(identifier, text, number) \
  case IoFault::identifier: return text;
    TRAMA_IO_FAULTS(TRAMA_X)
#undef TRAMA_X
    case IoFault::none: break;
  }
  return {};
}

constexpr std::uint32_t bit_of(IoFault fault) {
  return std::uint32_t{1} << static_cast<unsigned>(fault);
}

/// What the text of --io-faults says: how many an execution may meet, and of which kinds.
struct IoFaults {
  static constexpr std::uint64_t kUsual = 3;
  static constexpr std::uint32_t kAll = ~std::uint32_t{0};
  std::uint64_t count = 0;
  std::uint32_t kinds = kAll;
};

/// "3", "short,eintr", "2,reset", "all"; nothing where it is none of these.
constexpr std::optional<IoFaults> io_faults_from(std::string_view text) {
  IoFaults faults{IoFaults::kUsual, 0};
  bool counted = false;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    const std::string_view word = text.substr(0, comma);
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
    if (word.empty()) return std::nullopt;
    if (word.front() >= '0' && word.front() <= '9') {
      constexpr std::size_t kDigitsMax = 18;
      if (counted || word.size() > kDigitsMax) return std::nullopt;
      counted = true;
      faults.count = 0;
      for (const char digit : word) {
        if (digit < '0' || digit > '9') return std::nullopt;
        faults.count = faults.count * 10 + static_cast<std::uint64_t>(digit - '0');
      }
      continue;
    }
    std::uint32_t kind = word == "all" ? IoFaults::kAll : 0;
#define TRAMA_X(identifier, spelling, number) \
  if (word == (spelling)) kind = bit_of(IoFault::identifier);
    TRAMA_IO_FAULTS(TRAMA_X)
#undef TRAMA_X
    if (kind == 0) return std::nullopt;
    faults.kinds |= kind;
  }
  if (faults.kinds == 0) faults.kinds = IoFaults::kAll;
  return faults;
}

constexpr std::uint64_t fault_word(IoFault fault, std::uint64_t of = 0) {
  return static_cast<std::uint64_t>(fault) | of << 8U;
}

/// Whether a step on a descriptor may have met one.
constexpr bool may_meet_fault(Operation operation) {
  return operation == Operation::fd_read || operation == Operation::fd_write ||
         operation == Operation::fd_connect || operation == Operation::fd_accept ||
         operation == Operation::poll;
}

/// The fault that befell the step, or none; how much it could have had otherwise (0: unknown).
constexpr IoFault fault_of(const Event& event) {
  if (!may_meet_fault(event.operation)) return IoFault::none;
  const auto fault = static_cast<IoFault>(event.before & 0xffU);
  return to_text(fault).empty() ? IoFault::none : fault;
}
constexpr std::uint64_t fault_amount(const Event& event) { return event.before >> 8U; }

}  // namespace trama

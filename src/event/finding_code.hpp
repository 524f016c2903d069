// The stable codes of findings. A code is never translated and never changes its meaning.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace trama {

// clang-format off
#define TRAMA_FINDING_CODES(X)                                                       \
  X(race, "RACE")          /* two unordered accesses, one of them a write */         \
  X(deadlock, "DEADLOCK")  /* every thread waits for what none will do */            \
  X(lost_wakeup, "LOST-WAKEUP") /* a deadlock whose notify came before its wait */   \
  X(assert_failed, "ASSERT")    /* assert() or trama::expect() failed */             \
  X(abort, "ABORT")             /* abort() */                                        \
  X(exit_status, "EXIT")        /* the program ended with a status other than 0 */   \
  X(uncaught, "UNCAUGHT")       /* an exception left a thread, main or a noexcept */ \
  X(crash, "CRASH")             /* SIGSEGV, SIGBUS, SIGFPE, SIGILL, stack overflow */ \
  X(misuse, "MISUSE")           /* a primitive used against its contract */          \
  X(leak, "LEAK")               /* a thread never joined or detached */              \
  X(use_after_free, "USE-AFTER-FREE")                                                \
  X(livelock, "LIVELOCK")       /* loops that only look, and nothing will change */  \
  X(blocked_loop, "BLOCKED-LOOP") /* an event loop's thread blocks, with work due */ \
  X(forgotten, "FORGOTTEN")     /* a coroutine was called, and nobody awaited it */  \
  X(blind, "BLIND")             /* a call that Trama does not control */
// clang-format on

enum class FindingCode : std::uint8_t {
#define TRAMA_X(identifier, text) identifier,
  TRAMA_FINDING_CODES(TRAMA_X)
#undef TRAMA_X
};

constexpr std::string_view to_text(FindingCode code) {
  switch (code) {
#define TRAMA_X(identifier, text) \
  case FindingCode::identifier: return text;
    TRAMA_FINDING_CODES(TRAMA_X)
#undef TRAMA_X
  }
  return "?";
}

constexpr std::optional<FindingCode> finding_code_from(std::string_view text) {
#define TRAMA_X(identifier, spelling) \
  if (text == (spelling)) return FindingCode::identifier;
  TRAMA_FINDING_CODES(TRAMA_X)
#undef TRAMA_X
  return std::nullopt;
}

}  // namespace trama

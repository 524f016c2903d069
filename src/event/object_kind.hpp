// The kinds of synchronisation objects, with the letter that names them in traces: the
// second mutex of an execution is "M2".
#pragma once

#include <cstdint>
#include <string_view>

namespace trama {

// clang-format off
// X(identifier, text, letter)
#define TRAMA_OBJECT_KINDS(X)        \
  X(mutex, "mutex", 'M')             \
  X(rwlock, "rwlock", 'R')           \
  X(semaphore, "semaphore", 'S')     \
  X(barrier, "barrier", 'B')         \
  X(condition, "condition", 'C')     \
  X(futex, "futex", 'F')             \
  X(once, "once", 'O')               \
  X(atomic, "atomic", 'A')           \
  X(memory, "memory", 'X')           \
  X(file, "file", 'D')               \
  X(pipe, "pipe", 'P')               \
  X(event, "eventfd", 'E')           \
  X(socket, "socket", 'K')           \
  X(signal, "signal", 'G')
// clang-format on

enum class ObjectKind : std::uint8_t {
#define TRAMA_X(identifier, text, letter) identifier,
  TRAMA_OBJECT_KINDS(TRAMA_X)
#undef TRAMA_X
};

constexpr std::string_view to_text(ObjectKind kind) {
  switch (kind) {
#define TRAMA_X(identifier, text, letter) \
  case ObjectKind::identifier: return text;
    TRAMA_OBJECT_KINDS(TRAMA_X)
#undef TRAMA_X
  }
  return "?";
}

constexpr char letter_of(ObjectKind kind) {
  switch (kind) {
#define TRAMA_X(identifier, text, letter) \
  case ObjectKind::identifier: return letter;
    TRAMA_OBJECT_KINDS(TRAMA_X)
#undef TRAMA_X
  }
  return '?';
}

}  // namespace trama

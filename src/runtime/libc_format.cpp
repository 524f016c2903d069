// Text into memory and numbers out of text: what sprintf and its kind, and strtol and its kind,
// read and write on behalf of instrumented code takes part in races.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/memory_watch.hpp"
#include "runtime/real.hpp"

namespace trama::runtime {
namespace {

/// Walks the arguments of a format as printf would take them, and watches the texts of its %s.
class FormatReader {
 public:
  FormatReader(const char* format, va_list list, void* pc) : at_(format), pc_(pc) {
    va_copy(list_, list);
  }
  ~FormatReader() { va_end(list_); }
  FormatReader(const FormatReader&) = delete;
  FormatReader& operator=(const FormatReader&) = delete;

  void read() {
    while (*at_ != '\0') {
      if (*at_++ != '%') continue;
      if (*at_ == '%') {
        ++at_;
      } else if (!read_directive()) {
        return;  // what is not understood ends it: the arguments behind it cannot be told
      }
    }
  }

 private:
  enum class Length : unsigned char { plain, wide, widest };

  bool read_directive() {
    while (*at_ != '\0' && ::strchr("-+ #0'I", *at_) != nullptr) ++at_;
    if (*at_ == '*') {
      ++at_;
      static_cast<void>(va_arg(list_, int));
    }
    while (is_digit()) ++at_;
    if (*at_ == '$') return false;  // arguments by their number
    std::size_t most = SIZE_MAX;
    if (*at_ == '.' && !read_precision(most)) return false;
    return take(read_length(), most);
  }

  bool read_precision(std::size_t& most) {
    ++at_;
    if (*at_ == '*') {
      ++at_;
      const int value = va_arg(list_, int);
      if (value >= 0) most = static_cast<std::size_t>(value);
      return *at_ != '$';
    }
    for (most = 0; is_digit(); ++at_) most = most * 10 + static_cast<std::size_t>(*at_ - '0');
    return true;
  }

  Length read_length() {
    Length length = Length::plain;
    for (;; ++at_) {
      if (*at_ == 'l' || *at_ == 'q' || *at_ == 'j' || *at_ == 'z' || *at_ == 't') {
        length = Length::wide;
      } else if (*at_ == 'L') {
        length = Length::widest;
      } else if (*at_ != 'h') {
        return length;
      }
    }
  }

  bool take(Length length, std::size_t most) {
    switch (*at_++) {
      case 'd':
      case 'i':
      case 'o':
      case 'u':
      case 'x':
      case 'X':
      case 'c':
        if (length == Length::plain) {
          static_cast<void>(va_arg(list_, int));
        } else {
          static_cast<void>(va_arg(list_, long));  // as long as all wider ones
        }
        return true;
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
      case 'a':
      case 'A':
        if (length == Length::widest) {
          static_cast<void>(va_arg(list_, long double));
        } else {
          static_cast<void>(va_arg(list_, double));
        }
        return true;
      case 'p':
      case 'n': static_cast<void>(va_arg(list_, void*)); return true;
      case 'm': return true;
      case 's': {
        const char* text = va_arg(list_, const char*);
        if (length != Length::plain || text == nullptr) return true;
        const std::size_t size = ::strnlen(text, most);
        watch_read(text, size < most ? size + 1 : most, pc_);
        return true;
      }
      default: return false;
    }
  }

  [[nodiscard]] bool is_digit() const { return *at_ >= '0' && *at_ <= '9'; }

  const char* at_;
  void* pc_;
  va_list list_;
};

int print(char* to, std::size_t room, const char* format, va_list list, void* pc) {
  if (!watching()) return TRAMA_REAL(vsnprintf)(to, room, format, list);
  FormatReader(format, list, pc).read();
  const int length = TRAMA_REAL(vsnprintf)(to, room, format, list);
  if (length >= 0 && room != 0) {
    const std::size_t written = static_cast<std::size_t>(length) + 1;
    watch_write(to, written < room ? written : room, pc);
  }
  return length;
}

/// The text of a number, up to the byte that is none of it any more.
template <typename Number>
Number watch_number(Number value, const char* text, char* end, char** told, void* pc) {
  if (end == nullptr) return value;  // no such base
  if (told != nullptr) *told = end;
  if (watching()) {
    watch_read(text, static_cast<std::size_t>(end - text) + 1, pc);
    if (told != nullptr) watch_write(told, sizeof *told, pc);
  }
  return value;
}

constexpr std::size_t kUnbounded = INT32_MAX;

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;

TRAMA_EXPORT int vsnprintf(char* to, std::size_t room, const char* format, va_list list) {
  return print(to, room, format, list, TRAMA_PC);
}
TRAMA_EXPORT int vsprintf(char* to, const char* format, va_list list) {
  return print(to, kUnbounded, format, list, TRAMA_PC);
}

#define TRAMA_PRINT(room)                                     \
  va_list list;                                               \
  va_start(list, format);                                     \
  const int result = print(to, room, format, list, TRAMA_PC); \
  va_end(list);                                               \
  return result

TRAMA_EXPORT int snprintf(char* to, std::size_t room, const char* format, ...) {
  TRAMA_PRINT(room);
}
TRAMA_EXPORT int sprintf(char* to, const char* format, ...) { TRAMA_PRINT(kUnbounded); }

// The forms that -D_FORTIFY_SOURCE calls; an overflow ends the program as it would anyway.
TRAMA_EXPORT int __snprintf_chk(char* to, std::size_t room, int, std::size_t real_room,
                                const char* format, ...) {
  if (room > real_room) abort();
  TRAMA_PRINT(room);
}
TRAMA_EXPORT int __vsnprintf_chk(char* to, std::size_t room, int, std::size_t real_room,
                                 const char* format, va_list list) {
  if (room > real_room) abort();
  return print(to, room, format, list, TRAMA_PC);
}
namespace {
int ended_if_too_long(int length, std::size_t real_room) {
  if (length >= 0 && static_cast<std::size_t>(length) >= real_room) abort();
  return length;
}
}  // namespace
TRAMA_EXPORT int __vsprintf_chk(char* to, int, std::size_t real_room, const char* format,
                                va_list list) {
  const std::size_t room = real_room < kUnbounded ? real_room : kUnbounded;
  return ended_if_too_long(print(to, room, format, list, TRAMA_PC), real_room);
}
TRAMA_EXPORT int __sprintf_chk(char* to, int, std::size_t real_room, const char* format, ...) {
  const std::size_t room = real_room < kUnbounded ? real_room : kUnbounded;
  va_list list;
  va_start(list, format);
  const int result = print(to, room, format, list, TRAMA_PC);
  va_end(list);
  return ended_if_too_long(result, real_room);
}

#define TRAMA_TEXT_TO_INTEGER(type, name)                          \
  TRAMA_EXPORT type name(const char* text, char** end, int base) { \
    char* stop = nullptr;                                          \
    const type value = TRAMA_REAL(name)(text, &stop, base);        \
    return watch_number(value, text, stop, end, TRAMA_PC);         \
  }
TRAMA_TEXT_TO_INTEGER(long, strtol)
TRAMA_TEXT_TO_INTEGER(long long, strtoll)
TRAMA_TEXT_TO_INTEGER(unsigned long, strtoul)
TRAMA_TEXT_TO_INTEGER(unsigned long long, strtoull)

#define TRAMA_TEXT_TO_REAL(type, name)                     \
  TRAMA_EXPORT type name(const char* text, char** end) {   \
    char* stop = nullptr;                                  \
    const type value = TRAMA_REAL(name)(text, &stop);      \
    return watch_number(value, text, stop, end, TRAMA_PC); \
  }
TRAMA_TEXT_TO_REAL(float, strtof)
TRAMA_TEXT_TO_REAL(double, strtod)
TRAMA_TEXT_TO_REAL(long double, strtold)

TRAMA_EXPORT int atoi(const char* text) {
  char* stop = nullptr;
  const long value = TRAMA_REAL(strtol)(text, &stop, 10);
  return static_cast<int>(watch_number(value, text, stop, nullptr, TRAMA_PC));
}
TRAMA_EXPORT long atol(const char* text) {
  char* stop = nullptr;
  const long value = TRAMA_REAL(strtol)(text, &stop, 10);
  return watch_number(value, text, stop, nullptr, TRAMA_PC);
}

// The string functions: what they read and write on behalf of instrumented code takes part in
// races, to the byte that decides and no further.
//
// The C++ headers declare some of them twice (with and without const), so that the stand-ins
// have names of their own here and get the C name by an assembler label.
#include <stdlib.h>
#include <string.h>

#include "runtime/memory_watch.hpp"
#include "runtime/real.hpp"

#define TRAMA_STAND_IN(result, name, parameters)    \
  extern "C" __attribute__((visibility("default"))) \
  result stand_in_##name parameters __asm__(#name); \
  result stand_in_##name parameters

namespace trama::runtime {
namespace {

template <typename Function>
Function find(const char* name) {
  return reinterpret_cast<Function>(find_real(name));
}

std::size_t shorter(std::size_t a, std::size_t b) { return a < b ? a : b; }

/// Reads a text and the zero at its end, or its first `most` bytes.
std::size_t watch_text(const char* text, void* pc, std::size_t most = SIZE_MAX) {
  const std::size_t length = ::strnlen(text, most);
  watch_read(text, length < most ? length + 1 : most, pc);
  return length;
}

unsigned char folded(char c) {
  const auto value = static_cast<unsigned char>(c);
  return value >= 'A' && value <= 'Z' ? static_cast<unsigned char>(value + 32) : value;
}

/// Both up to the first byte that differs, or to the end of both.
void watch_comparison(const char* a, const char* b, std::size_t most, bool fold, void* pc) {
  std::size_t same = 0;
  while (same < most && a[same] != '\0' &&
         (fold ? folded(a[same]) == folded(b[same]) : a[same] == b[same])) {
    ++same;
  }
  const std::size_t read = same < most ? same + 1 : most;
  watch_read(a, read, pc);
  watch_read(b, read, pc);
}

void watch_copy(char* to, const char* from, void* pc) {
  const std::size_t length = watch_text(from, pc);
  watch_write(to, length + 1, pc);
}
void watch_copy_n(char* to, const char* from, std::size_t most, void* pc) {
  watch_text(from, pc, most);
  watch_write(to, most, pc);  // what is left is filled with zeros
}
void watch_append(char* to, const char* from, std::size_t most, void* pc) {
  const std::size_t before = watch_text(to, pc);
  const std::size_t added = watch_text(from, pc, most);
  watch_write(to + before, added + 1, pc);
}

/// The text from `text` to what was found in it, or all of it.
void watch_search(const char* text, const void* found, void* pc) {
  if (found == nullptr) {
    watch_text(text, pc);
  } else {
    watch_read(text, static_cast<std::size_t>(static_cast<const char*>(found) - text) + 1, pc);
  }
}

/// One token: what is read to find it, and the zero that ends it.
void watch_token(char* text, const char* separators, void* pc) {
  if (text == nullptr) return;
  watch_text(separators, pc);
  const std::size_t begin = ::strspn(text, separators);
  const std::size_t end = begin + ::strcspn(text + begin, separators);
  watch_read(text, end + 1, pc);
  if (text[end] != '\0') watch_write(text + end, 1, pc);
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;

// -- Copies --------------------------------------------------------------------------------

TRAMA_STAND_IN(char*, strcpy, (char* to, const char* from)) {
  static const auto real = find<char* (*)(char*, const char*)>("strcpy");
  if (watching()) watch_copy(to, from, TRAMA_PC);
  return real(to, from);
}
TRAMA_STAND_IN(char*, stpcpy, (char* to, const char* from)) {
  static const auto real = find<char* (*)(char*, const char*)>("stpcpy");
  if (watching()) watch_copy(to, from, TRAMA_PC);
  return real(to, from);
}
TRAMA_STAND_IN(char*, strncpy, (char* to, const char* from, std::size_t n)) {
  static const auto real = find<char* (*)(char*, const char*, std::size_t)>("strncpy");
  if (watching()) watch_copy_n(to, from, n, TRAMA_PC);
  return real(to, from, n);
}
TRAMA_STAND_IN(char*, strcat, (char* to, const char* from)) {
  static const auto real = find<char* (*)(char*, const char*)>("strcat");
  if (watching()) watch_append(to, from, SIZE_MAX, TRAMA_PC);
  return real(to, from);
}
TRAMA_STAND_IN(char*, strncat, (char* to, const char* from, std::size_t n)) {
  static const auto real = find<char* (*)(char*, const char*, std::size_t)>("strncat");
  if (watching()) watch_append(to, from, n, TRAMA_PC);
  return real(to, from, n);
}
TRAMA_STAND_IN(char*, strdup, (const char* text)) {
  static const auto real = find<char* (*)(const char*)>("strdup");
  if (!watching()) return real(text);
  watch_text(text, TRAMA_PC);
  char* copy = real(text);
  if (copy != nullptr) watch_write(copy, ::strlen(copy) + 1, TRAMA_PC);
  return copy;
}
TRAMA_STAND_IN(char*, strndup, (const char* text, std::size_t n)) {
  static const auto real = find<char* (*)(const char*, std::size_t)>("strndup");
  if (!watching()) return real(text, n);
  watch_text(text, TRAMA_PC, n);
  char* copy = real(text, n);
  if (copy != nullptr) watch_write(copy, ::strlen(copy) + 1, TRAMA_PC);
  return copy;
}

// The forms that -D_FORTIFY_SOURCE calls; an overflow ends the program as it would anyway.
TRAMA_STAND_IN(char*, __strcpy_chk, (char* to, const char* from, std::size_t room)) {
  static const auto real = find<char* (*)(char*, const char*)>("strcpy");
  if (::strlen(from) >= room) abort();
  if (watching()) watch_copy(to, from, TRAMA_PC);
  return real(to, from);
}
TRAMA_STAND_IN(char*, __stpcpy_chk, (char* to, const char* from, std::size_t room)) {
  static const auto real = find<char* (*)(char*, const char*)>("stpcpy");
  if (::strlen(from) >= room) abort();
  if (watching()) watch_copy(to, from, TRAMA_PC);
  return real(to, from);
}
TRAMA_STAND_IN(char*, __strncpy_chk,
               (char* to, const char* from, std::size_t n, std::size_t room)) {
  static const auto real = find<char* (*)(char*, const char*, std::size_t)>("strncpy");
  if (n > room) abort();
  if (watching()) watch_copy_n(to, from, n, TRAMA_PC);
  return real(to, from, n);
}
TRAMA_STAND_IN(char*, __strcat_chk, (char* to, const char* from, std::size_t room)) {
  static const auto real = find<char* (*)(char*, const char*)>("strcat");
  if (::strlen(to) + ::strlen(from) >= room) abort();
  if (watching()) watch_append(to, from, SIZE_MAX, TRAMA_PC);
  return real(to, from);
}

TRAMA_STAND_IN(char*, __strncat_chk,
               (char* to, const char* from, std::size_t n, std::size_t room)) {
  static const auto real = find<char* (*)(char*, const char*, std::size_t)>("strncat");
  if (::strlen(to) + ::strnlen(from, n) >= room) abort();
  if (watching()) watch_append(to, from, n, TRAMA_PC);
  return real(to, from, n);
}

// -- Comparisons ---------------------------------------------------------------------------

TRAMA_STAND_IN(int, strcmp, (const char* a, const char* b)) {
  static const auto real = find<int (*)(const char*, const char*)>("strcmp");
  if (watching()) watch_comparison(a, b, SIZE_MAX, false, TRAMA_PC);
  return real(a, b);
}
TRAMA_STAND_IN(int, strncmp, (const char* a, const char* b, std::size_t n)) {
  static const auto real = find<int (*)(const char*, const char*, std::size_t)>("strncmp");
  if (watching()) watch_comparison(a, b, n, false, TRAMA_PC);
  return real(a, b, n);
}
TRAMA_STAND_IN(int, strcasecmp, (const char* a, const char* b)) {
  static const auto real = find<int (*)(const char*, const char*)>("strcasecmp");
  if (watching()) watch_comparison(a, b, SIZE_MAX, true, TRAMA_PC);
  return real(a, b);
}
TRAMA_STAND_IN(int, strncasecmp, (const char* a, const char* b, std::size_t n)) {
  static const auto real = find<int (*)(const char*, const char*, std::size_t)>("strncasecmp");
  if (watching()) watch_comparison(a, b, n, true, TRAMA_PC);
  return real(a, b, n);
}

// -- Searches ------------------------------------------------------------------------------

TRAMA_STAND_IN(std::size_t, strnlen, (const char* text, std::size_t n)) {
  static const auto real = find<std::size_t (*)(const char*, std::size_t)>("strnlen");
  const std::size_t length = real(text, n);
  if (watching()) watch_read(text, shorter(length + 1, n), TRAMA_PC);
  return length;
}
TRAMA_STAND_IN(char*, strchr, (const char* text, int c)) {
  static const auto real = find<char* (*)(const char*, int)>("strchr");
  if (watching()) watch_search(text, real(text, c), TRAMA_PC);
  return real(text, c);
}
TRAMA_STAND_IN(char*, strchrnul, (const char* text, int c)) {
  static const auto real = find<char* (*)(const char*, int)>("strchrnul");
  if (watching()) watch_search(text, real(text, c), TRAMA_PC);
  return real(text, c);
}
TRAMA_STAND_IN(char*, strrchr, (const char* text, int c)) {
  static const auto real = find<char* (*)(const char*, int)>("strrchr");
  if (watching()) watch_text(text, TRAMA_PC);
  return real(text, c);
}
TRAMA_STAND_IN(char*, strpbrk, (const char* text, const char* set)) {
  static const auto real = find<char* (*)(const char*, const char*)>("strpbrk");
  if (watching()) {
    watch_text(set, TRAMA_PC);
    watch_search(text, real(text, set), TRAMA_PC);
  }
  return real(text, set);
}
TRAMA_STAND_IN(char*, strstr, (const char* text, const char* part)) {
  static const auto real = find<char* (*)(const char*, const char*)>("strstr");
  if (watching()) {
    const std::size_t length = watch_text(part, TRAMA_PC);
    const char* found = real(text, part);
    if (found == nullptr) {
      watch_text(text, TRAMA_PC);
    } else {
      watch_read(text, static_cast<std::size_t>(found - text) + length, TRAMA_PC);
    }
  }
  return real(text, part);
}
TRAMA_STAND_IN(std::size_t, strspn, (const char* text, const char* set)) {
  static const auto real = find<std::size_t (*)(const char*, const char*)>("strspn");
  if (watching()) {
    watch_text(set, TRAMA_PC);
    watch_read(text, real(text, set) + 1, TRAMA_PC);
  }
  return real(text, set);
}
TRAMA_STAND_IN(std::size_t, strcspn, (const char* text, const char* set)) {
  static const auto real = find<std::size_t (*)(const char*, const char*)>("strcspn");
  if (watching()) {
    watch_text(set, TRAMA_PC);
    watch_read(text, real(text, set) + 1, TRAMA_PC);
  }
  return real(text, set);
}
TRAMA_STAND_IN(void*, memchr, (const void* bytes, int c, std::size_t n)) {
  static const auto real = find<void* (*)(const void*, int, std::size_t)>("memchr");
  if (watching()) {
    const auto* found = static_cast<const char*>(real(bytes, c, n));
    const auto* begin = static_cast<const char*>(bytes);
    watch_read(bytes, found == nullptr ? n : static_cast<std::size_t>(found - begin) + 1, TRAMA_PC);
  }
  return real(bytes, c, n);
}
TRAMA_STAND_IN(void*, memrchr, (const void* bytes, int c, std::size_t n)) {
  static const auto real = find<void* (*)(const void*, int, std::size_t)>("memrchr");
  if (watching()) {
    const auto* found = static_cast<const char*>(real(bytes, c, n));
    const auto* begin = static_cast<const char*>(bytes);
    const std::size_t skipped = found == nullptr ? 0 : static_cast<std::size_t>(found - begin);
    watch_read(begin + skipped, n - skipped, TRAMA_PC);
  }
  return real(bytes, c, n);
}

// -- Tokens --------------------------------------------------------------------------------

TRAMA_STAND_IN(char*, strtok, (char* text, const char* separators)) {
  static const auto real = find<char* (*)(char*, const char*)>("strtok");
  if (!watching()) return real(text, separators);
  watch_token(text, separators, TRAMA_PC);
  char* token = real(text, separators);
  // Where it goes on from is libc's secret; what it then found is known.
  if (text == nullptr && token != nullptr) watch_read(token, ::strlen(token), TRAMA_PC);
  return token;
}
TRAMA_STAND_IN(char*, strtok_r, (char* text, const char* separators, char** rest)) {
  static const auto real = find<char* (*)(char*, const char*, char**)>("strtok_r");
  if (watching()) {
    if (text == nullptr) watch_read(rest, sizeof *rest, TRAMA_PC);
    watch_token(text == nullptr ? *rest : text, separators, TRAMA_PC);
    watch_write(rest, sizeof *rest, TRAMA_PC);
  }
  return real(text, separators, rest);
}

// -- Sorting -------------------------------------------------------------------------------

TRAMA_STAND_IN(void, qsort,
               (void* base, std::size_t count, std::size_t size,
                int (*compare)(const void*, const void*))) {
  static const auto real =
      find<void (*)(void*, std::size_t, std::size_t, int (*)(const void*, const void*))>("qsort");
  if (watching() && count > 1) watch_write(base, count * size, TRAMA_PC);
  real(base, count, size, compare);
}
TRAMA_STAND_IN(void, qsort_r,
               (void* base, std::size_t count, std::size_t size,
                int (*compare)(const void*, const void*, void*), void* context)) {
  static const auto real = find<void (*)(
      void*, std::size_t, std::size_t, int (*)(const void*, const void*, void*), void*)>("qsort_r");
  if (watching() && count > 1) watch_write(base, count * size, TRAMA_PC);
  real(base, count, size, compare, context);
}

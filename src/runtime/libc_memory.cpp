// memcpy and its relatives: compilers call them for instrumented code without saying so, and
// what they touch takes part in races. Calls from libraries that are not instrumented are
// only done, not watched.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

#include <stdlib.h>
#include <string.h>

#include "runtime/memory_watch.hpp"
#include "runtime/modules.hpp"
#include "runtime/plain_access.hpp"
#include "runtime/real.hpp"

namespace trama::runtime {
namespace {

// The processor's own copy, until libc's is found: the loader and libc's start-up call us
// before anything else works.
void* copy_early(void* to, const void* from, std::size_t count) {
  void* result = to;
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count)::"memory");
  return result;
}
void* move_early(void* to, const void* from, std::size_t count) {
  auto* target = static_cast<char*>(to);
  const auto* source = static_cast<const char*>(from);
  if (target <= source || target >= source + count) return copy_early(to, from, count);
  while (count-- != 0) target[count] = source[count];
  return to;
}
void* set_early(void* to, int value, std::size_t count) {
  void* result = to;
  asm volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(value) : "memory");
  return result;
}
int compare_early(const void* a, const void* b, std::size_t count) {
  const auto* x = static_cast<const unsigned char*>(a);
  const auto* y = static_cast<const unsigned char*>(b);
  for (std::size_t i = 0; i < count; ++i) {
    if (x[i] != y[i]) return x[i] - y[i];
  }
  return 0;
}
std::size_t length_early(const char* text) {
  std::size_t length = 0;
  while (text[length] != '\0') ++length;
  return length;
}

struct RealMemory {
  void* (*copy)(void*, const void*, std::size_t) = &copy_early;
  void* (*move)(void*, const void*, std::size_t) = &move_early;
  void* (*set)(void*, int, std::size_t) = &set_early;
  int (*compare)(const void*, const void*, std::size_t) = &compare_early;
  std::size_t (*length)(const char*) = &length_early;
};
constinit RealMemory g_memory;

[[gnu::constructor(102)]] void find_memory_functions() {
  RealMemory found;
  found.copy = reinterpret_cast<decltype(found.copy)>(find_real("memcpy"));
  found.move = reinterpret_cast<decltype(found.move)>(find_real("memmove"));
  found.set = reinterpret_cast<decltype(found.set)>(find_real("memset"));
  found.compare = reinterpret_cast<decltype(found.compare)>(find_real("memcmp"));
  found.length = reinterpret_cast<decltype(found.length)>(find_real("strlen"));
  g_memory = found;
}

void* copy(void* to, const void* from, std::size_t count, void* pc) {
  if (watching()) {
    watch(from, count, false, pc);
    watch(to, count, true, pc);
  }
  return g_memory.copy(to, from, count);
}
void* move(void* to, const void* from, std::size_t count, void* pc) {
  if (watching()) {
    watch(from, count, false, pc);
    watch(to, count, true, pc);
  }
  return g_memory.move(to, from, count);
}
void* set(void* to, int value, std::size_t count, void* pc) {
  if (watching()) watch(to, count, true, pc);
  return g_memory.set(to, value, count);
}
int compare(const void* a, const void* b, std::size_t count, void* pc) {
  if (watching() && is_instrumented(pc)) {
    // Only the bytes that decide count as read.
    const auto* x = static_cast<const char*>(a);
    const auto* y = static_cast<const char*>(b);
    std::size_t same = 0;
    while (same < count && x[same] == y[same]) ++same;
    const std::size_t read = same < count ? same + 1 : count;
    watch(a, read, false, pc);
    watch(b, read, false, pc);
  }
  return g_memory.compare(a, b, count);
}

}  // namespace

[[gnu::noinline]] void watch(const void* address, std::size_t bytes, bool writes, void* pc) {
  if (is_instrumented(pc)) on_range(address, bytes, writes, pc);
}

}  // namespace trama::runtime

using namespace trama::runtime;

TRAMA_EXPORT void* memcpy(void* to, const void* from, std::size_t n) {
  return copy(to, from, n, TRAMA_PC);
}
TRAMA_EXPORT void* memmove(void* to, const void* from, std::size_t n) {
  return move(to, from, n, TRAMA_PC);
}
TRAMA_EXPORT void* memset(void* to, int value, std::size_t n) {
  return set(to, value, n, TRAMA_PC);
}
TRAMA_EXPORT int memcmp(const void* a, const void* b, std::size_t n) {
  return compare(a, b, n, TRAMA_PC);
}
TRAMA_EXPORT int bcmp(const void* a, const void* b, std::size_t n) {
  return compare(a, b, n, TRAMA_PC);
}
TRAMA_EXPORT std::size_t strlen(const char* text) {
  const std::size_t length = g_memory.length(text);
  if (watching()) watch(text, length + 1, false, TRAMA_PC);
  return length;
}

// The forms that -D_FORTIFY_SOURCE calls; an overflow ends the program as it would anyway.
TRAMA_EXPORT void* __memcpy_chk(void* to, const void* from, std::size_t n, std::size_t room) {
  if (n > room) abort();
  return copy(to, from, n, TRAMA_PC);
}
TRAMA_EXPORT void* __memmove_chk(void* to, const void* from, std::size_t n, std::size_t room) {
  if (n > room) abort();
  return move(to, from, n, TRAMA_PC);
}
TRAMA_EXPORT void* __memset_chk(void* to, int value, std::size_t n, std::size_t room) {
  if (n > room) abort();
  return set(to, value, n, TRAMA_PC);
}

// Input by stdio from pipes and the like: where a stream's buffer is empty, the fiber waits for
// the descriptor, then libc fills the buffer without blocking.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/io_step.hpp"
#include "runtime/memory_watch.hpp"
#include "runtime/real.hpp"

extern "C" int __uflow(FILE*);
extern "C" int __underflow(FILE*);

namespace trama::runtime {
namespace {

bool buffer_is_empty(const FILE* stream) { return stream->_IO_read_ptr >= stream->_IO_read_end; }

/// The stream reads from where its thread may have to wait.
bool may_wait(FILE* stream) {
  const int error = errno;
  const int descriptor = fileno(stream);
  errno = error;
  return descriptor >= 0 && is_shared(descriptor, Operation::fd_read);
}

/// Makes sure that something is in the buffer; false at the end of the input.
bool fill(FILE* stream, void* pc) {
  if (!buffer_is_empty(stream)) return true;
  IoStep step(Operation::fd_read, fileno(stream), pc);
  if (!step.wait_ready(POLLIN)) {
    step.done(-EINTR);
    stream->_flags |= 0x20;  // _IO_ERR_SEEN: what libc notes when read fails
    return false;
  }
  // Meanwhile another thread may have filled it.
  const bool there = !buffer_is_empty(stream) || __underflow(stream) != EOF;
  const int error = errno;
  step.done(0);
  errno = error;
  return there;
}

int next_character(FILE* stream, void* pc) {
  return fill(stream, pc) ? TRAMA_REAL(getc_unlocked)(stream) : EOF;
}

char* line(char* text, int size, FILE* stream, void* pc) {
  int length = 0;
  while (length < size - 1) {
    const int character = next_character(stream, pc);
    if (character == EOF) break;
    text[length++] = static_cast<char>(character);
    if (character == '\n') break;
  }
  if (size < 1 || length == 0) return nullptr;
  text[length] = '\0';
  watch(text, static_cast<std::size_t>(length) + 1, true, pc);
  return text;
}

std::size_t bytes(void* to, std::size_t size, std::size_t count, FILE* stream, void* pc) {
  const std::size_t total = size * count;
  std::size_t got = 0;
  while (got < total && fill(stream, pc)) {
    const auto there = static_cast<std::size_t>(stream->_IO_read_end - stream->_IO_read_ptr);
    const std::size_t left = total - got;
    got += TRAMA_REAL(fread_unlocked)(static_cast<char*>(to) + got, 1, left < there ? left : there,
                                      stream);
  }
  watch(to, got, true, pc);
  return size == 0 ? 0 : got / size;
}

ssize_t until(char** text, std::size_t* room, int delimiter, FILE* stream, void* pc) {
  if (text == nullptr || room == nullptr) {
    errno = EINVAL;
    return -1;
  }
  std::size_t length = 0;
  for (;;) {
    const int character = next_character(stream, pc);
    if (character == EOF) break;
    if (*text == nullptr || length + 2 > *room) {
      const std::size_t more = *text == nullptr || *room < 60 ? 120 : *room * 2;
      auto* grown = static_cast<char*>(realloc(*text, more));
      if (grown == nullptr) return -1;
      *text = grown;
      *room = more;
    }
    (*text)[length++] = static_cast<char>(character);
    if (character == delimiter) break;
  }
  if (length == 0) return -1;
  (*text)[length] = '\0';
  return static_cast<ssize_t>(length);
}

/// scanf reads as it needs: what is there at first is waited for, no more.
int scan(FILE* stream, const char* format, va_list list, void* pc) {
  if (g_active && may_wait(stream)) fill(stream, pc);
  using Scan = int (*)(FILE*, const char*, va_list);
  static auto* real = reinterpret_cast<Scan>(find_real("__isoc99_vfscanf"));
  return real(stream, format, list);
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;

#undef getc
#undef getchar
#undef getc_unlocked
#undef getchar_unlocked
#undef fgetc_unlocked

namespace {
int one(FILE* stream, void* pc) {
  if (!g_active || !may_wait(stream)) return TRAMA_REAL(getc)(stream);
  return next_character(stream, pc);
}
}  // namespace

TRAMA_EXPORT int fgetc(FILE* stream) { return one(stream, TRAMA_PC); }
TRAMA_EXPORT int getc(FILE* stream) { return one(stream, TRAMA_PC); }
TRAMA_EXPORT int _IO_getc(FILE* stream) { return one(stream, TRAMA_PC); }
TRAMA_EXPORT int fgetc_unlocked(FILE* stream) { return one(stream, TRAMA_PC); }
TRAMA_EXPORT int getc_unlocked(FILE* stream) { return one(stream, TRAMA_PC); }
TRAMA_EXPORT int getchar() { return one(stdin, TRAMA_PC); }
TRAMA_EXPORT int getchar_unlocked() { return one(stdin, TRAMA_PC); }
// What getc_unlocked calls where it stands in the program's own code and the buffer is empty.
TRAMA_EXPORT int __uflow(FILE* stream) {
  if (g_active && may_wait(stream) && !fill(stream, TRAMA_PC)) return EOF;
  return TRAMA_REAL(__uflow)(stream);
}

TRAMA_EXPORT char* fgets(char* text, int size, FILE* stream) {
  if (!g_active || !may_wait(stream)) return TRAMA_REAL(fgets)(text, size, stream);
  return line(text, size, stream, TRAMA_PC);
}
TRAMA_EXPORT char* fgets_unlocked(char* text, int size, FILE* stream) {
  if (!g_active || !may_wait(stream)) return TRAMA_REAL(fgets_unlocked)(text, size, stream);
  return line(text, size, stream, TRAMA_PC);
}
TRAMA_EXPORT std::size_t fread(void* to, std::size_t size, std::size_t count, FILE* stream) {
  if (!g_active || !may_wait(stream)) return TRAMA_REAL(fread)(to, size, count, stream);
  return bytes(to, size, count, stream, TRAMA_PC);
}
TRAMA_EXPORT std::size_t fread_unlocked(void* to, std::size_t size, std::size_t count,
                                        FILE* stream) {
  if (!g_active || !may_wait(stream)) return TRAMA_REAL(fread_unlocked)(to, size, count, stream);
  return bytes(to, size, count, stream, TRAMA_PC);
}
TRAMA_EXPORT ssize_t getdelim(char** text, std::size_t* room, int delimiter, FILE* stream) {
  if (!g_active || !may_wait(stream)) return TRAMA_REAL(getdelim)(text, room, delimiter, stream);
  return until(text, room, delimiter, stream, TRAMA_PC);
}
TRAMA_EXPORT ssize_t __getdelim(char** text, std::size_t* room, int delimiter, FILE* stream) {
  if (!g_active || !may_wait(stream)) return TRAMA_REAL(getdelim)(text, room, delimiter, stream);
  return until(text, room, delimiter, stream, TRAMA_PC);
}
TRAMA_EXPORT ssize_t getline(char** text, std::size_t* room, FILE* stream) {
  if (!g_active || !may_wait(stream)) return TRAMA_REAL(getline)(text, room, stream);
  return until(text, room, '\n', stream, TRAMA_PC);
}

// scanf, under the names that headers of several years give it.
#define TRAMA_SCANF(f_name, name, vf_name, v_name)                                      \
  TRAMA_EXPORT int stand_in_##f_name(FILE*, const char*, ...) asm(#f_name);             \
  TRAMA_EXPORT int stand_in_##f_name(FILE* stream, const char* format, ...) {           \
    va_list list;                                                                       \
    va_start(list, format);                                                             \
    const int result = scan(stream, format, list, TRAMA_PC);                            \
    va_end(list);                                                                       \
    return result;                                                                      \
  }                                                                                     \
  TRAMA_EXPORT int stand_in_##name(const char*, ...) asm(#name);                        \
  TRAMA_EXPORT int stand_in_##name(const char* format, ...) {                           \
    va_list list;                                                                       \
    va_start(list, format);                                                             \
    const int result = scan(stdin, format, list, TRAMA_PC);                             \
    va_end(list);                                                                       \
    return result;                                                                      \
  }                                                                                     \
  TRAMA_EXPORT int stand_in_##vf_name(FILE*, const char*, va_list) asm(#vf_name);       \
  TRAMA_EXPORT int stand_in_##vf_name(FILE* stream, const char* format, va_list list) { \
    return scan(stream, format, list, TRAMA_PC);                                        \
  }                                                                                     \
  TRAMA_EXPORT int stand_in_##v_name(const char*, va_list) asm(#v_name);                \
  TRAMA_EXPORT int stand_in_##v_name(const char* format, va_list list) {                \
    return scan(stdin, format, list, TRAMA_PC);                                         \
  }
TRAMA_SCANF(__isoc99_fscanf, __isoc99_scanf, __isoc99_vfscanf, __isoc99_vscanf)
TRAMA_SCANF(__isoc23_fscanf, __isoc23_scanf, __isoc23_vfscanf, __isoc23_vscanf)

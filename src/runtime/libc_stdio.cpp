// Output to the terminal: each call is a step that others see, so that torn and reordered
// lines are among the executions explored, and the text stands in the trace.
//
// The bytes go where they always go, through libc; the command line has put memory files
// behind descriptors 1 and 2 where it wants to keep them.
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "runtime/cancel.hpp"
#include "runtime/engine.hpp"
#include "runtime/io_step.hpp"
#include "runtime/output.hpp"
#include "runtime/real.hpp"
#include "runtime/recorder.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/syscall.hpp"

namespace trama::runtime {
namespace {

/// What a program may write in one execution before what it wrote first is dropped.
constexpr std::uint64_t kOutputKept = std::uint64_t{16} << 20U;
std::uint64_t g_written = 0;
bool g_captured[3] = {};

bool is_terminal_stream(FILE* stream) {
  if (stream != stdout && stream != stderr) return false;
  return to_terminal(stream == stdout ? 1 : 2);
}

}  // namespace

void output_step(const void* text, std::size_t size, void* pc) {
  Event event = make_event(Operation::output, nullptr, pc);
  event.after = size;
  point(event);
  cancellation_point(event);
  if (engine().recorder != nullptr) {
    engine().recorder->set_text(static_cast<const char*>(text), size);
  }
  scheduler().step(event);
  g_written += size;
  if (g_written > kOutputKept) {
    g_written = 0;
    drop_output();
  }
}

namespace {

void formatted_step(const char* format, va_list list, void* pc) {
  char text[256];
  va_list copy;
  va_copy(copy, list);
  const int length = TRAMA_REAL(vsnprintf)(text, sizeof text, format, copy);
  va_end(copy);
  std::size_t size = length < 0 ? 0 : static_cast<std::size_t>(length);
  const std::size_t shown = size < sizeof text ? size : sizeof text - 1;
  output_step(text, shown, pc);
  g_written += size - shown;
}

/// What a pipe that is ready for writing takes at once.
constexpr std::size_t kPortion = 4096;

int descriptor_of(FILE* stream) {
  const int saved = errno;
  const int descriptor = fileno(stream);
  errno = saved;
  return descriptor;
}

bool may_fill(FILE* stream) {
  const ChannelId id = channel_of(descriptor_of(stream));
  return id != 0 && channel(id).kind != ObjectKind::file;
}

/// A call that writes to a stream which others may have too.
template <typename Call>
auto write_stream(FILE* stream, void* pc, Call call) {
  const int descriptor = descriptor_of(stream);
  if (!is_shared(descriptor, Operation::fd_write)) return call();
  IoStep step(Operation::fd_write, descriptor, pc);
  step.wait_ready(POLLOUT);
  const auto result = call();
  const int error = errno;
  const bool broken = std::ferror(stream) != 0 && error == EPIPE;
  step.done(0);
  if (broken) raise_for_program(SIGPIPE, pc);
  errno = error;
  return result;
}

int print(FILE* stream, const char* format, va_list list, void* pc) {
  if (!g_active) return TRAMA_REAL(vfprintf)(stream, format, list);
  if (is_terminal_stream(stream)) {
    formatted_step(format, list, pc);
    return TRAMA_REAL(vfprintf)(stream, format, list);
  }
  return write_stream(stream, pc, [&] { return TRAMA_REAL(vfprintf)(stream, format, list); });
}

}  // namespace

void note_captured(int descriptor, bool captured) { g_captured[descriptor] = captured; }

void drop_output() {
  for (int descriptor = 1; descriptor <= 2; ++descriptor) {
    if (!g_captured[descriptor]) continue;
    if (raw_syscall(SYS_lseek, descriptor, 0, SEEK_CUR) == 0) continue;
    raw_syscall(SYS_lseek, descriptor, 0, SEEK_SET);
    raw_syscall(SYS_ftruncate, descriptor, 0);
  }
}

void rewind_streams() {
  g_written = 0;
  drop_output();
  if (g_captured[0]) raw_syscall(SYS_lseek, 0, 0, SEEK_SET);
}

}  // namespace trama::runtime

using namespace trama::runtime;

TRAMA_EXPORT int vprintf(const char* format, va_list list) {
  return print(stdout, format, list, TRAMA_PC);
}
TRAMA_EXPORT int vfprintf(FILE* stream, const char* format, va_list list) {
  return print(stream, format, list, TRAMA_PC);
}
#define TRAMA_FORMATTED(stream)                             \
  va_list list;                                             \
  va_start(list, format);                                   \
  const int result = print(stream, format, list, TRAMA_PC); \
  va_end(list);                                             \
  return result
TRAMA_EXPORT int printf(const char* format, ...) { TRAMA_FORMATTED(stdout); }
TRAMA_EXPORT int fprintf(FILE* stream, const char* format, ...) { TRAMA_FORMATTED(stream); }
TRAMA_EXPORT int __printf_chk(int, const char* format, ...) { TRAMA_FORMATTED(stdout); }
TRAMA_EXPORT int __fprintf_chk(FILE* stream, int, const char* format, ...) {
  TRAMA_FORMATTED(stream);
}
#undef TRAMA_FORMATTED
TRAMA_EXPORT int __vprintf_chk(int, const char* format, va_list list) {
  return print(stdout, format, list, TRAMA_PC);
}
TRAMA_EXPORT int __vfprintf_chk(FILE* stream, int, const char* format, va_list list) {
  return print(stream, format, list, TRAMA_PC);
}

TRAMA_EXPORT int puts(const char* text) {
  if (!g_active) return TRAMA_REAL(puts)(text);
  if (is_terminal_stream(stdout)) {
    output_step(text, std::strlen(text), TRAMA_PC);
    return TRAMA_REAL(puts)(text);
  }
  return write_stream(stdout, TRAMA_PC, [&] { return TRAMA_REAL(puts)(text); });
}
TRAMA_EXPORT int fputs(const char* text, FILE* stream) {
  if (!g_active) return TRAMA_REAL(fputs)(text, stream);
  if (is_terminal_stream(stream)) {
    output_step(text, std::strlen(text), TRAMA_PC);
    return TRAMA_REAL(fputs)(text, stream);
  }
  return write_stream(stream, TRAMA_PC, [&] { return TRAMA_REAL(fputs)(text, stream); });
}
TRAMA_EXPORT std::size_t fwrite(const void* bytes, std::size_t size, std::size_t count,
                                FILE* stream) {
  if (!g_active || size * count == 0) return TRAMA_REAL(fwrite)(bytes, size, count, stream);
  if (is_terminal_stream(stream)) {
    output_step(bytes, size * count, TRAMA_PC);
    return TRAMA_REAL(fwrite)(bytes, size, count, stream);
  }
  // A pipe takes a portion at a time; the rest waits until it is read.
  const auto* from = static_cast<const char*>(bytes);
  const std::size_t total = size * count;
  for (std::size_t written = 0; written < total;) {
    const std::size_t left = total - written;
    const std::size_t portion = left < kPortion || !may_fill(stream) ? left : kPortion;
    const std::size_t some = write_stream(
        stream, TRAMA_PC, [&] { return TRAMA_REAL(fwrite)(from + written, 1, portion, stream); });
    if (some == 0) return written / size;
    written += some;
  }
  return count;
}
#define TRAMA_ONE_CHARACTER(name, parameters, stream, arguments)                                 \
  TRAMA_EXPORT int name parameters {                                                             \
    if (!g_active) return TRAMA_REAL(fputc)(character, stream);                                  \
    if (is_terminal_stream(stream)) {                                                            \
      const char text = static_cast<char>(character);                                            \
      output_step(&text, 1, TRAMA_PC);                                                           \
      return TRAMA_REAL(fputc)(character, stream);                                               \
    }                                                                                            \
    return write_stream(stream, TRAMA_PC, [&] { return TRAMA_REAL(fputc)(character, stream); }); \
  }
TRAMA_ONE_CHARACTER(fputc, (int character, FILE* stream), stream, )
#undef putc
#undef putchar
TRAMA_ONE_CHARACTER(putc, (int character, FILE* stream), stream, )
TRAMA_ONE_CHARACTER(_IO_putc, (int character, FILE* stream), stream, )
TRAMA_ONE_CHARACTER(putchar, (int character), stdout, )
#undef TRAMA_ONE_CHARACTER

TRAMA_EXPORT int fflush(FILE* stream) {
  if (!g_active) return TRAMA_REAL(fflush)(stream);
  if (stream != nullptr && !is_terminal_stream(stream)) {
    return write_stream(stream, TRAMA_PC, [&] { return TRAMA_REAL(fflush)(stream); });
  }
  const int result = TRAMA_REAL(fflush)(stream);
  if (stream == nullptr) readiness_changed(0);  // of whatever
  return result;
}

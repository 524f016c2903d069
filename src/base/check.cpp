#include "base/check.hpp"

#include <unistd.h>

#include <cstring>

namespace trama {
namespace {

CheckFailureHook g_hook = nullptr;

void put(const char* text) {
  // Nothing can be done about a failing write here.
  [[maybe_unused]] auto ignored = ::write(STDERR_FILENO, text, std::strlen(text));
}

}  // namespace

void on_check_failure(CheckFailureHook hook) { g_hook = hook; }

void check_failed(const char* expression, const char* file, int line) {
  char digits[16];
  char* at = digits + sizeof digits;
  *--at = '\0';
  do {
    *--at = static_cast<char>('0' + line % 10);
    line /= 10;
  } while (line != 0);
  put("trama: internal error (a bug of Trama's, not of your program): ");
  put(expression);
  put(" at ");
  put(file);
  put(":");
  put(at);
  put("\n");
  if (g_hook != nullptr) g_hook();
  ::_exit(kExitInternal);
}

}  // namespace trama

// TRAMA_REAL(name): the function of that name that the process would call without us.
//
// For everything that happens outside controlled executions: while the process starts, in
// the explorer between executions, and in programs that run on their own.
#pragma once

#include <dlfcn.h>

namespace trama::runtime {

/// Finds the next definition of `name` after this library's; ends the process where there
/// is none, since then the program could not have called it.
void* find_real(const char* name);

}  // namespace trama::runtime

#define TRAMA_REAL(name)                               \
  ([]() -> decltype(&::name) {                         \
    static void* found;                                \
    if (__builtin_expect(found == nullptr, 0)) {       \
      found = ::trama::runtime::find_real(#name);      \
    }                                                  \
    return reinterpret_cast<decltype(&::name)>(found); \
  }())
#define TRAMA_EXPORT extern "C" __attribute__((visibility("default")))

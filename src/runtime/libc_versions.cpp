// Functions of libc that come in two versions with different meaning. GCC's libtsan stands in for
// them, so a program linked with it asks for them without a version, and the loader would give it
// the oldest: realpath(path, nullptr) would fail. dlsym gives the newest.
#include <glob.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/real.hpp"

TRAMA_EXPORT char* realpath(const char* path, char* resolved) {
  return TRAMA_REAL(realpath)(path, resolved);
}
TRAMA_EXPORT FILE* fmemopen(void* buffer, std::size_t size, const char* mode) {
  return TRAMA_REAL(fmemopen)(buffer, size, mode);
}
TRAMA_EXPORT int glob(const char* pattern, int flags, int (*on_error)(const char*, int),
                      glob_t* paths) {
  return TRAMA_REAL(glob)(pattern, flags, on_error, paths);
}
TRAMA_EXPORT int glob64(const char* pattern, int flags, int (*on_error)(const char*, int),
                        glob64_t* paths) {
  return TRAMA_REAL(glob64)(pattern, flags, on_error, paths);
}
TRAMA_EXPORT int regexec(const regex_t* expression, const char* text, std::size_t count,
                         regmatch_t* matches, int flags) {
  return TRAMA_REAL(regexec)(expression, text, count, matches, flags);
}

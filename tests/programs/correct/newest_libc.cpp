// Functions of libc that changed their meaning once. A program built for ThreadSanitizer asks
// for them without a version and must still get today's.
#include <glob.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

#include <cassert>
#include <cstring>
#include <thread>

int main() {
  std::thread other([] {
    char* path = realpath("/usr/../usr", nullptr);  // the oldest version wants a buffer
    assert(path != nullptr && std::strcmp(path, "/usr") == 0);
    free(path);
  });
  char text[] = "line\n";
  FILE* file = fmemopen(text, sizeof text - 1, "rb");
  char line[16];
  assert(file != nullptr && fgets(line, sizeof line, file) != nullptr);
  assert(std::strcmp(line, "line\n") == 0);
  fclose(file);

  regex_t expression;
  assert(regcomp(&expression, "b", 0) == 0);
  regmatch_t match{1, 3};  // where to look: the oldest version knows no REG_STARTEND
  assert(regexec(&expression, "babab", 1, &match, REG_STARTEND) == 0 && match.rm_so == 2);
  regfree(&expression);

  glob_t found;
  assert(glob("/us?", 0, nullptr, &found) == 0 && found.gl_pathc == 1);
  globfree(&found);
  other.join();
}
// Expected: nothing

// A pointer that has moved on within its block is freed.
#include <cstdlib>

int main() {
  char* text = static_cast<char*>(std::malloc(100));  // @allocate
  text[0] = 'x';
  ++text;
  std::free(text);  // @free
}
// Expected: USE-AFTER-FREE
//   report: @allocate
//   report: @free
//   report: not from its beginning
//   except clang.*O[12]: nothing
// Clang leaves out an allocation that nothing needs.

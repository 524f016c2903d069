// memcpy from a block that was freed.
#include <cstdlib>
#include <cstring>
#include <thread>

char copy[64];
std::size_t length = 40;

int main() {
  char* text = static_cast<char*>(std::malloc(64));  // @allocate
  std::memset(text, 'a', 64);
  std::thread cleaner([text] {
    std::free(text);  // @free
  });
  cleaner.join();
  std::memcpy(copy, text + 8, length);  // @use
  return copy[0] == 'b' ? 1 : 0;
}
// Expected: USE-AFTER-FREE
//   report: @allocate
//   report: @free
//   report: @use

// Built without -fsanitize=thread, in whatever it is linked to.
#include <atomic>

static std::atomic<int> uses;

extern "C" int plain_add(int* value) {
  uses.fetch_add(1);  // @plain
  return ++*value;
}

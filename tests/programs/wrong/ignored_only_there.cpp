// What one thread asks to ignore is ignored there, and nowhere else.
#include <thread>

extern "C" {
void __tsan_ignore_thread_begin();
void __tsan_ignore_thread_end();
}

namespace {
int ignored = 0;
int value = 0;

void work() {
  __tsan_ignore_thread_begin();
  ++ignored;
  __tsan_ignore_thread_end();
  ++value;  // @race
}
}  // namespace

int main() {
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  return 0;
}

// Expected: RACE
//   report: @race

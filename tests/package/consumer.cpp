// An ordinary program: two threads, a lock. Built with the targets of the installed package, it
// must link to Trama's runtime and run without Trama.
#include <cstdio>
#include <mutex>
#include <thread>

#ifdef TRAMA_TOOL
#if __has_include(<trama/queue.hpp>)
#include <trama/queue.hpp>
#endif
#endif

int main() {
  std::mutex mutex;
  int count = 0;
  const auto work = [&] {
    const std::lock_guard lock(mutex);
    ++count;
  };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
#ifdef TRAMA_TOOL
  std::printf("tool: %s\n", TRAMA_TOOL);
#endif
  std::printf("count: %d\n", count);
  return count == 2 ? 0 : 1;
}

// A thread calls exit(0) while main and another thread wait for ever: handlers and destructors
// of static objects run, then the program is over.
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

struct Static {
  ~Static() { std::puts("the static object is destroyed"); }
};

Static object;

int main() {
  std::atexit([] { std::puts("the exit handler runs"); });
  std::mutex mutex;
  std::condition_variable never;
  const auto wait = [&] {
    std::unique_lock lock(mutex);
    never.wait(lock, [] { return false; });
  };
  std::thread sleeper(wait);
  std::thread leaver([] { std::exit(0); });
  wait();
  sleeper.join();
  leaver.join();
}
// Expected: nothing

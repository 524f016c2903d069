// A program that handles its crashes as test frameworks do: it says so, puts back what handled
// the signal before, and raises it again. That is the same in every execution.
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <thread>

namespace {

struct sigaction before;

void report(int signal) {
  std::puts("crashed");
  sigaction(SIGSEGV, &before, nullptr);
  raise(signal);
}

int racy = 0;

}  // namespace

int main() {
  struct sigaction action = {};
  action.sa_handler = report;
  sigaction(SIGSEGV, &action, &before);
  std::thread other([] { ++racy; });
  ++racy;
  other.join();
  std::atomic<int*> pointer{&racy};
  std::thread clears([&] { pointer = nullptr; });
  std::thread uses([&] { *pointer.load() = 2; });  // @use
  clears.join();
  uses.join();
}
// Expected: RACE, CRASH or CRASH
//   report: SIGSEGV

// A static object starts a thread before the members that the thread uses are constructed.
#include <thread>

struct Counter {
  std::thread thread{[this] { ++count; }};  // @early
  int count = 0;
  ~Counter() { thread.join(); }
} counter;

int main() { return 0; }

// Expected: RACE
//   report: @early

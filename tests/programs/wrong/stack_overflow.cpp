// A recursion in a thread that never ends.
#include <thread>

int endless(int depth) {
  volatile char frame[1000];
  frame[depth % 1000] = 1;
  return endless(depth + 1) + frame[0];  // @call
}

int main() {
  int result = 0;
  std::thread worker([&result] { result = endless(0); });
  worker.join();
  return result;
}
// Expected: CRASH
//   report: stack_overflow.cpp
//   report: the thread's stack is full

// A std::thread goes out of scope neither joined nor detached.
#include <thread>

int main() {
  int value = 0;
  {
    const std::thread forgotten([&value] { value = 1; });
  }  // @end
  return value;
}
// Expected: MISUSE
//   report: joinable_destroyed.cpp
//   report: neither joined nor detached

// get() moves the value out: the second call has no state to ask.
#include <future>

int main() {
  std::future<int> future = std::async(std::launch::async, [] { return 3; });
  const int first = future.get();
  const int second = future.get();  // @second
  return first + second == 6 ? 0 : 1;
}
// Expected: UNCAUGHT
//   report: std::future_error

// A future hands a thread's exception to main, which does not expect it.
#include <future>
#include <stdexcept>

int main() {
  auto answer =
      std::async(std::launch::async, []() -> int { throw std::out_of_range("no such account"); });
  return answer.get();
}
// Expected: UNCAUGHT
//   report: std::out_of_range: no such account

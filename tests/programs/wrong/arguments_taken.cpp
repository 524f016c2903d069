// A program that takes its arguments out of argv, as option parsers do; a replay gives it all
// of them again.
#include <atomic>
#include <cstring>
#include <thread>

int main(int count, char** arguments) {
  if (count != 3 || std::strcmp(arguments[1], "--mode") != 0) return 2;
  arguments[1] = arguments[2];
  arguments[2] = nullptr;
  std::atomic<int> last{0};
  std::thread one([&] { last = 1; });
  std::thread two([&] { last = 2; });
  one.join();
  two.join();
  return last == 1 ? 3 : 0;
}
// Expected: EXIT
//   arguments: --mode fast
//   report: 3

// Recursion that needs megabytes of stack, in main and in threads, within the usual 8 MB.
#include <thread>

int depth_of(int levels) {
  volatile char frame[1024];
  frame[0] = static_cast<char>(levels);
  frame[1023] = frame[0];
  if (levels == 0) return frame[1023];
  return depth_of(levels - 1) + 1;
}

int main() {
  int results[2] = {};
  std::thread one([&results] { results[0] = depth_of(4000); });
  std::thread two([&results] { results[1] = depth_of(4000); });
  const int mine = depth_of(4000);
  one.join();
  two.join();
  return mine == 4000 && results[0] == 4000 && results[1] == 4000 ? 0 : 1;
}
// Expected: nothing
//   options: --executions 50

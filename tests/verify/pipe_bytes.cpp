// Threads write a byte each to one pipe, and main reads as many, one by one. In how many orders: the
// writes in any, and no read before there is something to read. For n writers n! times the number of
// words of n W and n R in which no prefix has more R: 1, 4, 30, 336.
#include <unistd.h>

#include <cassert>
#include <cstdlib>
#include <thread>
#include <vector>

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 2;
  int ends[2];
  if (pipe(ends) != 0) return 1;
  std::vector<std::thread> writers;
  for (int i = 1; i <= count; ++i) {
    writers.emplace_back([&ends, i] {
      const char byte = static_cast<char>(i);
      if (write(ends[1], &byte, 1) != 1) std::abort();
    });
  }
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    char byte = 0;
    if (read(ends[0], &byte, 1) != 1) return 2;
    sum += byte;
  }
  for (std::thread& writer : writers) writer.join();
  assert(sum == count * (count + 1) / 2);
}
// Verify sc: 4
// Verify rc11: 4

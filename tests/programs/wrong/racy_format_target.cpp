// Two threads print into one buffer.
#include <cstdio>
#include <thread>

char buffer[32];

void print(int value) {
  std::snprintf(buffer, sizeof buffer, "%d", value);  // @write
}

int main() {
  std::thread one(print, 1);
  std::thread two(print, 22);
  one.join();
  two.join();
  return buffer[0] == 'x' ? 1 : 0;
}
// Expected: RACE, any?
//   report: @write

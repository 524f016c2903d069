// A number is taken out of a text that another thread changes; the digit after its end counts.
#include <cstdlib>
#include <string>
#include <thread>

char text[16] = "12 ";

int main() {
  std::thread writer([] {
    text[2] = '3';  // @write
  });
  char* end = nullptr;
  const long value = std::strtol(text, &end, 10);  // @read
  writer.join();
  return value == 5 ? 1 : 0;
}
// Expected: RACE, any?
//   report: @write
//   report: @read

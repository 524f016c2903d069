// One thread appends to a list while another walks over it.
#include <list>
#include <thread>

std::list<int> numbers{1, 2, 3};

int main() {
  std::thread writer([] {
    numbers.push_back(4);  // @writer
  });
  int sum = 0;
  std::thread reader([&sum] {
    for (const int number : numbers) sum += number;  // @reader
  });
  writer.join();
  reader.join();
  return sum >= 6 ? 0 : 1;
}
// Expected: RACE
//   report: @writer
//   report: @reader
//   except clang-14-O[12]: RACE
// There the debug information gives the reader's access to a line of the library's.

// qsort moves the numbers of which another thread reads one.
#include <cstdlib>
#include <thread>

int numbers[8] = {5, 3, 8, 1, 9, 2, 7, 4};

int main() {
  std::thread sorter([] {
    std::qsort(numbers, 8, sizeof(int), [](const void* a, const void* b) {  // @sort
      return *static_cast<const int*>(a) - *static_cast<const int*>(b);
    });
  });
  const int last = numbers[7];  // @read
  sorter.join();
  return last == 0 ? 1 : 0;
}
// Expected: RACE, any?
//   report: @sort
//   report: @read

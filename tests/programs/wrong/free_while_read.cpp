// One thread frees what another still reads.
#include <thread>

int main() {
  int* values = new int[4]{1, 2, 3, 4};
  int sum = 0;
  std::thread reader([&sum, values] {
    for (int i = 0; i < 4; ++i) {
      sum += values[i];  // @read
    }
  });
  delete[] values;  // @free
  reader.join();
  return sum < 0 ? 1 : 0;
}
// Expected: RACE, any? or USE-AFTER-FREE
//   report: @read
//   report: @free

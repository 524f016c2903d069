// realloc moved the block; a pointer into the old one stayed behind.
#include <cstdlib>
#include <thread>

int main() {
  int* values = static_cast<int*>(std::malloc(4 * sizeof(int)));
  values[0] = 1;
  const int* first = values;
  std::thread grower([&values] {
    values = static_cast<int*>(std::realloc(values, 4000 * sizeof(int)));  // @free
  });
  grower.join();
  const int seen = *first;  // @use
  std::free(values);
  return seen == 7 ? 1 : 0;
}
// Expected: USE-AFTER-FREE
//   report: @free
//   report: @use

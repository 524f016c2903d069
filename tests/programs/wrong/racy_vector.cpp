// Two threads push_back into one vector.
#include <thread>
#include <vector>

std::vector<int> values;

int main() {
  std::thread one([] {
    for (int i = 0; i < 3; ++i) values.push_back(i);  // @one
  });
  std::thread two([] {
    for (int i = 0; i < 3; ++i) values.push_back(10 + i);  // @two
  });
  one.join();
  two.join();
  return values.size() == 6 ? 0 : 1;
}
// Expected: RACE, any
//   report: @one
//   report: @two

// Two threads insert into one set; a node may be lost.
#include <set>
#include <thread>

std::set<int> numbers{50};

int main() {
  std::thread one([] { numbers.insert(10); });  // @one
  std::thread two([] { numbers.insert(20); });  // @two
  one.join();
  two.join();
  int count = 0;
  for (const int number : numbers) count += number > 0 ? 1 : 0;
  return count == 3 ? 0 : 1;
}
// Expected: RACE, any
//   report: @one
//   report: @two

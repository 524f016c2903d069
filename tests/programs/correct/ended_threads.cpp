// Threads that end one after another on the same stacks, with thread_locals and locals that are
// shared while their owner lives: what the last thread left is nobody's business.
#include <future>
#include <thread>
#include <vector>

thread_local std::vector<int> mine;

int sum_of(int id) {
  int local[4] = {id, id, id, id};
  mine.assign(local, local + 4);
  // A helper works on this thread's own data and is joined before they end.
  std::thread helper([&local, values = &mine] {
    for (int& value : local) value += 1;
    values->push_back(5);
  });
  helper.join();
  int sum = 0;
  for (const int value : local) sum += value;
  return sum + static_cast<int>(mine.size());
}

int main() {
  int total = 0;
  for (int round = 0; round < 3; ++round) {
    int results[2] = {0, 0};
    std::thread one([&results] { results[0] = sum_of(1); });
    std::thread two([&results] { results[1] = sum_of(2); });
    one.join();
    two.join();
    std::future<int> third = std::async(std::launch::async, sum_of, 3);
    total += results[0] + results[1] + third.get();
  }
  return total == 3 * (13 + 17 + 21) ? 0 : 1;
}
// Expected: nothing

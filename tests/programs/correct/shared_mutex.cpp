// Readers and writers of one table under std::shared_mutex; timed and try forms too.
#include <chrono>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>

std::map<std::string, int> table{{"a", 1}};
std::shared_timed_mutex guard;
std::shared_mutex plain;
int total = 0;

int main() {
  std::thread writer([] {
    std::unique_lock lock(guard);
    table["b"] = 2;
  });
  int seen[2] = {0, 0};
  const auto read = [&seen](int slot) {
    std::shared_lock lock(guard, std::chrono::milliseconds(5));
    if (lock) seen[slot] = static_cast<int>(table.size());
    std::shared_lock other(plain, std::try_to_lock);
    if (other) seen[slot] += total * 0;
  };
  std::thread first(read, 0);
  std::thread second(read, 1);
  std::thread adder([] {
    std::unique_lock lock(plain);
    ++total;
  });
  writer.join();
  first.join();
  second.join();
  adder.join();
  for (const int count : seen) {
    if (count < 0 || count > 2) return 1;
  }
  std::shared_lock one(guard);
  std::shared_lock two(guard, std::defer_lock);
  return table.size() == 2 && total == 1 ? 0 : 1;
}
// Expected: nothing

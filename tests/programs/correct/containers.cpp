// Global containers behind one mutex, filled by three threads; two readers of a constant one.
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

std::mutex mutex;
std::map<std::string, int> counts;
std::unordered_map<int, std::string> names;
std::vector<std::string> lines{"first"};
std::list<int> numbers;
const std::set<std::string> words{"alpha", "beta", "gamma"};

void work(int id) {
  for (int i = 0; i < 5; ++i) {
    const std::lock_guard lock(mutex);
    ++counts["key " + std::to_string(i % 3)];
    names[id * 10 + i] = "the name of number " + std::to_string(i);
    lines.push_back(std::string(30, static_cast<char>('a' + id)));
    numbers.push_front(i);
    if (numbers.size() > 4) numbers.pop_back();
  }
  if (!words.contains("beta")) std::abort();
}

int main() {
  std::vector<std::thread> threads;
  for (int id = 0; id < 3; ++id) threads.emplace_back(work, id);
  for (std::thread& thread : threads) thread.join();
  int total = 0;
  for (const auto& [key, count] : counts) total += count;
  return total == 15 && names.size() == 15 && lines.size() == 16 && numbers.size() == 4 ? 0 : 1;
}
// Expected: nothing

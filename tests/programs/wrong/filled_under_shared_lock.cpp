// A cache is looked up and filled under a shared lock. Torn by two fillers, the table writes
// behind the program's data; that must not reach the next execution.
#include <shared_mutex>
#include <string>
#include <thread>
#include <unordered_map>

std::shared_mutex mutex;
std::unordered_map<std::string, int> cache;

int get(const std::string& key) {
  const std::shared_lock lock(mutex);
  const auto found = cache.find(key);
  if (found != cache.end()) return found->second;
  return cache[key] = 1;  // @fill
}

int main() {
  std::thread one([] { get("a"); });
  std::thread two([] { get("b"); });
  one.join();
  two.join();
}
// Expected: RACE, any?
//   report: @fill

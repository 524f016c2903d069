// Maps, sets and lists, changed under a lock by two threads: thousands of insertions, erasures
// and walks, in ascending, descending and mixed order; their nodes are nobody's race.
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <thread>

std::mutex mutex;
std::map<int, int> map;
std::multiset<int> set;
std::list<int> list;

void work(int id) {
  for (int i = 0; i < 60; ++i) {
    const std::lock_guard lock(mutex);
    const int number = (i * 37 + id * 11) % 101;
    ++map[number];
    set.insert(i % 2 == 0 ? i : -i);
    list.push_front(number);
    if (i % 3 == 0) map.erase(map.begin());
    if (i % 4 == 0) set.erase(--set.end());
    if (i % 5 == 0) list.splice(list.end(), list, list.begin());
    if (i % 7 == 0) list.erase(--list.end());
  }
}

int main() {
  std::thread one(work, 0);
  std::thread two(work, 1);
  one.join();
  two.join();
  int steps = 0;
  int before = -1;
  for (auto at = map.begin(); at != map.end(); ++at, ++steps) {
    if (at->first <= before) return 1;
    before = at->first;
  }
  for (auto at = set.rbegin(); at != set.rend(); ++at) ++steps;
  const bool right = steps == static_cast<int>(map.size() + set.size());
  return right && set.size() == 90 && list.size() == 102 ? 0 : 2;
}
// Expected: nothing
//   options: --executions 200

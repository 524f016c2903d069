// Two threads may both make the one shared cache; what the first one made is then lost.
#include <atomic>
#include <thread>

struct Cache {
  int values[10] = {};
};

std::atomic<Cache*> cache{nullptr};

void prepare() {
  if (cache.load() == nullptr) {
    cache.store(new Cache);  // @allocate
  }
}

int main() {
  std::thread one(prepare);
  std::thread two(prepare);
  one.join();
  two.join();
}
// Expected: LEAK
//   options: --leaks
//   report: @allocate
//   report: blocks: 1
//   report: 40 bytes

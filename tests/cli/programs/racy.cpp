// A race without a consequence; built in two versions, CHANGED and not.
#include <atomic>
#include <thread>

int value = 0;
std::atomic<int> before{0};

int main() {
  std::thread one([] { value = 1; });
#ifdef CHANGED
  before.store(1);
  before.fetch_add(2);
#endif
  std::thread two([] { value = 2; });
  one.join();
  two.join();
}

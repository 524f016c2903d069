// A pointer is null for a moment, and only a reader that comes in that moment crashes.
#include <atomic>
#include <thread>

int old_value = 1;
int new_value = 2;
std::atomic<int*> current{&old_value};

int main() {
  std::thread writer([] {
    current = nullptr;
    current = &new_value;
  });
  int seen = 0;
  std::thread reader([&seen] {
    int* const here = current;
    seen = *here;  // @read
  });
  writer.join();
  reader.join();
  return seen > 0 ? 0 : 1;
}
// Expected: CRASH
//   report: @read
//   report: SIGSEGV

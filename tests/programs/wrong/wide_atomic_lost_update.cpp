// A structure of three words is atomic, adding to it by a load and a store is not. (Linked
// with LIBATOMIC.)
#include <atomic>
#include <thread>

struct Totals {
  long count;
  long sum;
  long largest;
};

std::atomic<Totals> totals{{0, 0, 0}};

void add(long value) {
  Totals now = totals.load();
  ++now.count;
  now.sum += value;
  if (value > now.largest) now.largest = value;
  totals.store(now);
}

int main() {
  std::thread one(add, 3);
  std::thread two(add, 4);
  one.join();
  two.join();
  return totals.load().count == 2 ? 0 : 1;
}
// Expected: EXIT
//   report: which had not looked again

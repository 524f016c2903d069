// The counts of a shared_ptr are atomic; the shared_ptr object itself is not.
#include <memory>
#include <thread>

std::shared_ptr<int> current = std::make_shared<int>(1);

int main() {
  std::thread writer([] { current = std::make_shared<int>(2); });  // @writer
  int seen = 0;
  std::thread reader([&seen] {
    const std::shared_ptr<int> copy = current;  // @reader
    seen = *copy;
  });
  writer.join();
  reader.join();
  return seen == 1 || seen == 2 ? 0 : 1;
}
// Expected: RACE, any?
//   report: @reader
//   report: @writer

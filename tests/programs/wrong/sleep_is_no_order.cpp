// Sleeping long enough is no synchronisation.
#include <chrono>
#include <thread>

int result = 0;

int main() {
  std::thread worker([] { result = 42; });  // @write
  std::this_thread::sleep_for(std::chrono::seconds(1));
  const int seen = result;  // @read
  worker.join();
  return seen == 42 ? 0 : 1;
}
// Expected: RACE, any?
//   report: @write
//   report: @read

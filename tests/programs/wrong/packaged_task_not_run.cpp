// A packaged_task goes out of scope and was never called: its future is told so.
#include <future>
#include <thread>

int main() {
  std::future<int> future;
  std::thread worker([&future] {
    std::packaged_task<int()> task([] { return 3; });
    future = task.get_future();
  });
  worker.join();
  return future.get() == 3 ? 0 : 1;
}
// Expected: UNCAUGHT
//   report: std::future_error

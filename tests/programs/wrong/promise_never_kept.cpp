// get() waits for a value that nobody will set.
#include <future>
#include <thread>

int main() {
  std::promise<int> promise;
  std::future<int> answer = promise.get_future();
  std::thread asker([&answer] { answer.get(); });  // @get
  asker.join();
}
// Expected: DEADLOCK
//   report: @get

// The promise is destroyed before it is kept: get() throws future_error.
#include <future>
#include <thread>

int main() {
  std::future<int> answer;
  {
    std::promise<int> promise;
    answer = promise.get_future();
  }
  int value = 0;
  std::thread asker([&] { value = answer.get(); });
  asker.join();
  return value;
}
// Expected: UNCAUGHT
//   report: std::future_error
//   report: roken promise

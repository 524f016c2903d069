// std::async (both policies), promise, shared_future, packaged_task, wait_for.
#include <chrono>
#include <future>
#include <numeric>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

int sum(const std::vector<int>& numbers, std::size_t from, std::size_t to) {
  return std::accumulate(numbers.begin() + static_cast<long>(from),
                         numbers.begin() + static_cast<long>(to), 0);
}

int main() {
  std::vector<int> numbers(10);
  std::iota(numbers.begin(), numbers.end(), 1);
  auto low = std::async(std::launch::async, sum, std::cref(numbers), 0, 5);
  auto high = std::async(std::launch::deferred, sum, std::cref(numbers), 5, 10);
  if (high.wait_for(0s) != std::future_status::deferred) return 1;
  if (low.get() + high.get() != 55) return 2;

  std::promise<int> promise;
  const std::shared_future<int> answer = promise.get_future().share();
  std::thread first([answer, &numbers] { numbers[0] = answer.get(); });
  std::thread second([answer, &numbers] { numbers[1] = answer.get(); });
  promise.set_value(42);
  first.join();
  second.join();
  if (numbers[0] != 42 || numbers[1] != 42) return 3;

  std::packaged_task<int(int)> twice([](int x) {
    std::this_thread::sleep_for(10ms);
    return 2 * x;
  });
  auto doubled = twice.get_future();
  std::thread runner(std::move(twice), 21);
  doubled.wait_for(1ms);  // whether that is enough depends on who is quicker
  const bool late = doubled.wait_for(1h) == std::future_status::ready;
  const int result = doubled.get();
  runner.join();
  return late && result == 42 ? 0 : 4;
}
// Expected: nothing

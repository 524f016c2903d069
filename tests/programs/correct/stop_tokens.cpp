// Stop sources, tokens and callbacks: one stop of two requests counts, a callback runs once, at
// once where the stop came first, and never after its deregistration; waits with a token.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;

int main() {
  std::stop_source source;
  const std::stop_token token = source.get_token();
  int requests = 0;
  std::atomic<int> calls{0};
  std::mutex mutex;
  std::condition_variable_any changed;
  bool ready = false;
  int outcomes = 0;

  std::thread waiter([&] {
    std::unique_lock lock(mutex);
    if (changed.wait(lock, token, [&ready] { return ready; })) ++outcomes;
    if (changed.wait_for(lock, token, 1h, [&ready] { return ready; })) ++outcomes;
    const auto until = std::chrono::steady_clock::now() + 1h;
    if (changed.wait_until(lock, token, until, [&ready] { return ready; })) ++outcomes;
  });
  std::jthread registers([&] {
    // The object that the callback uses lives as long as the callback.
    auto counter = std::make_unique<int>(0);
    std::optional<std::stop_callback<std::function<void()>>> callback;
    callback.emplace(token, [&calls, &counter] {
      ++*counter;
      ++calls;
    });
    callback.reset();
    counter.reset();
  });
  std::thread first([&] {
    const bool mine = source.request_stop();
    const std::lock_guard lock(mutex);
    if (mine) ++requests;
  });
  std::thread second([&, copy = source]() mutable {
    const bool mine = copy.request_stop();
    const std::lock_guard lock(mutex);
    if (mine) ++requests;
  });
  first.join();
  second.join();
  waiter.join();
  registers.join();
  bool late = false;
  const std::stop_callback at_once(token, [&late] { late = true; });
  const std::stop_source none(std::nostopstate);
  if (none.stop_possible() || !token.stop_requested()) return 1;
  return requests == 1 && late && calls <= 1 && outcomes == 0 ? 0 : 2;
}
// Expected: nothing

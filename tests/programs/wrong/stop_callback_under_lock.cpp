// ~stop_callback waits for a callback that is running; the callback wants the lock under which
// it is destroyed.
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

std::mutex mutex;
int stops = 0;

int main() {
  std::stop_source source;
  const auto on_stop = [] {
    const std::lock_guard lock(mutex);  // @callback
    ++stops;
  };
  std::optional<std::stop_callback<decltype(on_stop)>> callback(std::in_place, source.get_token(),
                                                                on_stop);
  std::thread stopper([&source] { source.request_stop(); });
  {
    const std::lock_guard lock(mutex);
    callback.reset();  // @reset
  }
  stopper.join();
  return 0;
}
// Expected: DEADLOCK
//   report: @callback
//   report: @reset

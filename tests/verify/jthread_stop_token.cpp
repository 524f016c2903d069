// A thread goes round until it is asked to stop.
#include <stop_token>
#include <thread>

int main() {
  std::jthread thread([](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
    }
  });
}
// It sees the request at once, or waits for it.
// Verify rc11: 2

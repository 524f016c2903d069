// Results that become ready when their threads end, some of which nobody waits for.
#include <condition_variable>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

std::future<std::string> stage(std::future<std::string> in, char mark) {
  std::promise<std::string> promise;
  auto out = promise.get_future();
  std::thread([in = std::move(in), promise = std::move(promise), mark]() mutable {
    try {
      std::string text = in.get();
      if (text.size() > 30) throw std::length_error("long");
      promise.set_value_at_thread_exit(text + mark);
    } catch (...) {
      promise.set_exception_at_thread_exit(std::current_exception());
    }
  }).detach();
  return out;
}

int main() {
  std::promise<std::string> start;
  auto end = stage(stage(start.get_future(), 'b'), 'c');
  start.set_value("a text on the heap: a");
  if (end.get() != "a text on the heap: abc") return 1;

  std::promise<std::string> bad;
  auto never = stage(stage(bad.get_future(), 'b'), 'c');
  bad.set_value(std::string(40, 'a'));
  try {
    never.get();
    return 2;
  } catch (const std::length_error&) {
  }

  std::packaged_task<std::string(int)> task([](int n) { return std::string(20, 'x') + char(n); });
  auto dropped = task.get_future();
  std::thread worker([&task] { task.make_ready_at_thread_exit('y'); });
  if (dropped.wait_for(std::chrono::milliseconds(1)) == std::future_status::ready) {
    if (dropped.get().back() != 'y') return 3;
  } else {
    dropped = {};
  }
  worker.join();
  return 0;
}

// Expected: nothing

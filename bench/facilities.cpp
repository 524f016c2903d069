// What each facility costs under control: for each, how many small executions a second, and how
// many nanoseconds a scheduling point takes in a long one. Prints one line a facility, fields
// separated by tabs: name, executions a second, steps of a long execution, nanoseconds a step.
//
//     facilities [name…]      those whose names hold one of the words; all without
//
// The strategy is the random walk: at each scheduling point every thread is as likely as any
// other, so there are more switches than any program makes by itself.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <string>
#include <thread>
#include <trama/check.hpp>
#include <vector>

namespace {

using std::chrono::microseconds;

int count = 0;  // of operations in the running function, for each thread

/// `work(thread, i)` so many times in each of two threads.
template <typename Work>
void in_two_threads(Work work) {
  const auto body = [&work](int thread) {
    for (int i = 0; i < count; ++i) work(thread, i);
  };
  std::thread first(body, 0);
  std::thread second(body, 1);
  first.join();
  second.join();
}

template <typename Mutex>
void lock_in_turn() {
  Mutex mutex;
  in_two_threads([&](int, int) { const std::lock_guard lock(mutex); });
}

struct Facility {
  const char* name;
  std::function<void()> function;
};

void mutex_timed() {
  std::timed_mutex mutex;
  in_two_threads([&](int, int) {
    if (mutex.try_lock_for(std::chrono::hours(1))) mutex.unlock();
  });
}
void mutex_try() {
  std::mutex mutex;
  in_two_threads([&](int, int) {
    if (mutex.try_lock()) mutex.unlock();
  });
}
void mutex_recursive() {
  std::recursive_mutex mutex;
  in_two_threads([&](int, int) {
    const std::lock_guard outer(mutex);
    const std::lock_guard inner(mutex);
  });
}
void mutex_shared() {
  std::shared_mutex mutex;
  in_two_threads([&](int thread, int) {
    if (thread == 0) {
      const std::lock_guard lock(mutex);
    } else {
      const std::shared_lock lock(mutex);
    }
  });
}
void condition() {
  std::mutex mutex;
  std::condition_variable changed;
  int turn = 0;
  in_two_threads([&](int thread, int) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return turn == thread; });
    turn = 1 - thread;
    changed.notify_one();
  });
}
void condition_timed() {
  std::mutex mutex;
  std::condition_variable changed;
  in_two_threads([&](int, int) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, microseconds(5));
  });
}
void semaphore() {
  std::counting_semaphore<> semaphore(1);
  in_two_threads([&](int, int) {
    semaphore.acquire();
    semaphore.release();
  });
}
void latch() {
  std::vector<std::unique_ptr<std::latch>> latches;
  for (int i = 0; i < count; ++i) latches.push_back(std::make_unique<std::latch>(2));
  in_two_threads([&](int, int i) { latches[static_cast<std::size_t>(i)]->arrive_and_wait(); });
}
void barrier() {
  std::barrier barrier(2);
  in_two_threads([&](int, int) { barrier.arrive_and_wait(); });
}
void promise() {
  std::vector<std::promise<int>> promises(static_cast<std::size_t>(count));
  in_two_threads([&](int thread, int i) {
    auto& promise = promises[static_cast<std::size_t>(i)];
    if (thread == 0) {
      promise.set_value(1);
    } else {
      promise.get_future().wait();
    }
  });
}
void async() {
  for (int i = 0; i < count; ++i) {
    std::async(std::launch::async, [] { return 1; }).wait();
  }
}
void call_once() {
  std::vector<std::once_flag> flags(static_cast<std::size_t>(count));
  in_two_threads([&](int, int i) { std::call_once(flags[static_cast<std::size_t>(i)], [] {}); });
}
int next_value() { return 1; }
void static_guard() {
  // A guard passed once is an atomic load afterwards, compiled into the program.
  in_two_threads([](int, int) {
    static const int value = next_value();
    (void)value;
  });
}
void atomic_load() {
  std::atomic<int> value{0};
  in_two_threads([&](int, int) { (void)value.load(); });
}
void atomic_store() {
  std::atomic<int> value{0};
  in_two_threads([&](int, int i) { value.store(i); });
}
void atomic_add() {
  std::atomic<int> value{0};
  in_two_threads([&](int, int) { value.fetch_add(1); });
}
void atomic_exchange() {
  std::atomic<int> value{0};
  in_two_threads([&](int, int i) {
    int expected = i;
    value.compare_exchange_strong(expected, i + 1);
  });
}
void atomic_wait() {
  std::atomic<int> turn{0};
  in_two_threads([&](int thread, int) {
    turn.wait(1 - thread);
    turn.store(1 - thread);
    turn.notify_one();
  });
}
void fence() {
  in_two_threads([](int, int) { std::atomic_thread_fence(std::memory_order_seq_cst); });
}
void shared_pointer() {
  const auto pointer = std::make_shared<int>(1);
  in_two_threads([&](int, int) { const auto copy = pointer; });
}
void yield_turn() {
  in_two_threads([](int, int) { std::this_thread::yield(); });
}
void sleep_for() {
  in_two_threads([](int, int) { std::this_thread::sleep_for(microseconds(5)); });
}
void read_clock() {
  in_two_threads([](int, int) { (void)std::chrono::steady_clock::now(); });
}
void create_and_join() {
  for (int i = 0; i < count; ++i) std::thread([] {}).join();
}
void stop_token() {
  std::jthread worker([](const std::stop_token& stop) {
    for (int i = 0; i < count && !stop.stop_requested(); ++i) {
    }
  });
  for (int i = 0; i < count / 2; ++i) (void)worker.get_stop_token().stop_requested();
}
void output() {
  in_two_threads([](int, int) { std::fputs("x", stdout); });
}

/// Processor time: what others do on the machine is not to count.
double now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

struct Measured {
  double ns = 0;
  double steps = 0;
};

/// One check of so many executions; ends the program where it did not go as it should.
Measured measure(const Facility& facility, int operations, std::uint64_t executions) {
  count = operations;
  trama_check_request request{};
  request.version = TRAMA_CHECK_ABI_VERSION;
  request.function = [](void* function) { (*static_cast<std::function<void()>*>(function))(); };
  std::function<void()> function = facility.function;
  request.argument = &function;
  request.name = facility.name;
  request.strategy = "random";
  request.executions = executions;
  request.max_steps = 1000000;
  request.on_trace = [](void*, const char*, const char*, const char*, std::uint64_t) {};
  trama_check_report report{};
  const double started = now_ns();
  trama_check_run(&request, &report);
  const double ended = now_ns();
  if (report.executions != executions) {
    std::fprintf(stderr, "%s: %s\n", facility.name, report.message);
    std::exit(1);
  }
  return {ended - started, static_cast<double>(report.steps)};
}

}  // namespace

int main(int argc, char** argv) {
  std::FILE* table = ::fdopen(::dup(STDOUT_FILENO), "w");
  if (table == nullptr || std::freopen("/dev/null", "w", stdout) == nullptr) return 1;
  const Facility facilities[] = {
      {"mutex", lock_in_turn<std::mutex>},
      {"mutex, try_lock", mutex_try},
      {"mutex, recursive", mutex_recursive},
      {"mutex, timed", mutex_timed},
      {"mutex, shared", mutex_shared},
      {"condition variable", condition},
      {"condition variable, timed", condition_timed},
      {"semaphore", semaphore},
      {"latch", latch},
      {"barrier", barrier},
      {"promise and future", promise},
      {"async", async},
      {"call_once", call_once},
      {"static in a function", static_guard},
      {"atomic load", atomic_load},
      {"atomic store", atomic_store},
      {"atomic fetch_add", atomic_add},
      {"atomic compare_exchange", atomic_exchange},
      {"atomic wait and notify", atomic_wait},
      {"fence", fence},
      {"shared_ptr copy", shared_pointer},
      {"yield", yield_turn},
      {"sleep", sleep_for},
      {"clock", read_clock},
      {"thread create and join", create_and_join},
      {"jthread and stop_token", stop_token},
      {"output", output},
  };
  for (const Facility& facility : facilities) {
    const auto wanted = [&](const char* word) {
      return std::strstr(facility.name, word) != nullptr;
    };
    if (argc > 1 && std::none_of(argv + 1, argv + argc, wanted)) continue;
    double rate = 0;
    double ns = 1e9;
    double steps = 0;
    for (int round = 0; round < 5; ++round) {
      rate = std::max(rate, 20000 * 1e9 / measure(facility, 1, 20000).ns);
      const Measured large = measure(facility, 100, 500);
      // Where several calls make one step (clocks), a call counts.
      steps = std::max(large.steps / 500, 200.0);
      ns = std::min(ns, large.ns / 500 / steps);
    }
    std::fprintf(table, "%s\t%.0f\t%.0f\t%.0f\n", facility.name, rate, steps, ns);
    std::fflush(table);
  }
}

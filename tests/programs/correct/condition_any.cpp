// condition_variable_any over three kinds of locks, with all its waits; condition_variable's
// notify_all_at_thread_exit.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>

using namespace std::chrono_literals;

std::condition_variable_any changed;
std::shared_mutex shared;
std::recursive_mutex recursive;
std::timed_mutex timed;
int version = 0;    // under `shared`
int rounds = 0;     // under `recursive`
bool done = false;  // under `timed`
std::condition_variable left;
std::mutex leaving;
bool last_words = false;

int main() {
  int seen[2] = {0, 0};
  const auto read = [&seen](int slot) {
    std::shared_lock lock(shared);
    changed.wait(lock, [] { return version != 0; });
    seen[slot] = version;
  };
  std::thread one(read, 0);
  std::thread two(read, 1);
  std::thread nested([] {
    std::unique_lock lock(recursive);
    while (rounds == 0) changed.wait(lock);
    ++rounds;
  });
  std::thread patient([] {
    std::unique_lock lock(timed);
    const bool early = changed.wait_for(lock, 1ns, [] { return done; });
    const auto until = std::chrono::system_clock::now() + 1h;
    while (!done) {
      if (changed.wait_until(lock, until) == std::cv_status::timeout) break;
    }
    if (early && !done) std::terminate();
  });
  {
    const std::lock_guard lock(shared);
    version = 3;
  }
  {
    const std::lock_guard lock(recursive);
    rounds = 1;
  }
  {
    const std::lock_guard lock(timed);
    done = true;
  }
  changed.notify_all();
  std::thread leaver([] {
    std::unique_lock lock(leaving);
    last_words = true;
    std::notify_all_at_thread_exit(left, std::move(lock));
  });
  {
    std::unique_lock lock(leaving);
    left.wait(lock, [] { return last_words; });
  }
  for (std::thread* thread : {&one, &two, &nested, &patient, &leaver}) thread->join();
  return seen[0] == 3 && seen[1] == 3 && rounds == 2 ? 0 : 1;
}
// Expected: nothing

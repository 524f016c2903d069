// Blocks that are freed and served again, by many threads and through libraries: nobody uses what
// is gone.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <future>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

struct Job {
  std::mutex gate;
  std::latch done{1};
  std::binary_semaphore ready{0};
  std::string name = "a name that is too long to be kept inside the string itself";
};

std::string churn(int rounds) {
  std::map<int, std::string> names;
  std::ostringstream all;
  for (int i = 0; i < rounds; ++i) {
    names[i % 7] = std::string(static_cast<std::size_t>(20 + i % 90), 'x');
    if (i % 3 == 0) names.erase(i % 5);
    all << names.size() << ' ';
    std::vector<char> big(200'000);
    big[static_cast<std::size_t>(i)] = 1;
    void* moved = std::malloc(24);
    for (std::size_t size = 48; size < 6000; size *= 2) moved = std::realloc(moved, size);
    static_cast<char*>(moved)[3000] = 'y';
    std::free(moved);
  }
  return all.str();
}

/// The job is freed as soon as its thread says that it is done with it.
void hand_over() {
  auto* job = new Job;
  std::thread worker([job] {
    {
      const std::lock_guard lock(job->gate);
      job->name += '!';
    }
    job->ready.release();
    job->done.count_down();
  });
  job->ready.acquire();
  job->done.wait();
  {
    const std::lock_guard lock(job->gate);
    job->name.clear();
  }
  delete job;
  worker.join();
}

int main() {
  std::exception_ptr kept;
  std::thread one([] { churn(40); });
  std::thread two([&kept] {
    try {
      throw std::runtime_error(churn(20));
    } catch (...) {
      kept = std::current_exception();
    }
  });
  hand_over();
  one.join();
  two.join();
  std::size_t length = 0;
  try {
    std::rethrow_exception(kept);
  } catch (const std::exception& error) {
    length = std::string(error.what()).size();
  }
  kept = nullptr;
  const std::function<int()> answer = [text = churn(3)] { return static_cast<int>(text.size()); };
  auto later = std::async(std::launch::async, answer);
  auto shared = std::make_shared<std::string>("shared and quite long, as strings go, I should say");
  std::thread last([copy = shared] { static_cast<void>(copy->size()); });
  shared.reset();
  const bool right = later.get() > 0 && length > 0;
  last.join();
  return right ? 0 : 1;
}
// Expected: nothing
//   options: --executions 60

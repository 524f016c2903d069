// Objects that belong to one thread after another: unique_ptr through a queue, a buffer swapped
// under a lock and used outside it.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <vector>

struct Job {
  std::vector<int> input;
  int result = 0;
};

std::mutex mutex;
std::condition_variable changed;
std::queue<std::unique_ptr<Job>> waiting;
std::vector<std::string> log_lines;
bool closed = false;

void work(int& total) {
  for (;;) {
    std::unique_ptr<Job> job;
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [] { return closed || !waiting.empty(); });
      if (waiting.empty()) return;
      job = std::move(waiting.front());
      waiting.pop();
      log_lines.push_back("a job of " + std::to_string(job->input.size()));
    }
    for (const int value : job->input) job->result += value;  // ours alone
    total += job->result;
  }
}

int main() {
  int totals[2] = {};
  std::thread one(work, std::ref(totals[0]));
  std::thread two(work, std::ref(totals[1]));
  for (int i = 1; i <= 3; ++i) {
    auto job = std::make_unique<Job>();
    job->input.assign(static_cast<std::size_t>(i), i);
    const std::lock_guard lock(mutex);
    waiting.push(std::move(job));
    changed.notify_one();
  }
  {
    const std::lock_guard lock(mutex);
    closed = true;
  }
  changed.notify_all();
  std::vector<std::string> lines;
  one.join();
  two.join();
  lines.swap(log_lines);
  return totals[0] + totals[1] == 1 + 4 + 9 && lines.size() == 3 ? 0 : 1;
}
// Expected: nothing

// What a task costs: a gather of 10 000 tasks that sleep, and one of 10 000 that wait on a queue.
// Prints a line each: name, and the bytes of operator new that a task needs while it waits (its
// coroutine's frame among them).
#include <malloc.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <trama/aio.hpp>
#include <utility>
#include <vector>

namespace {

std::size_t bytes = 0;

}  // namespace

void* operator new(std::size_t size) {
  void* const block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  bytes += ::malloc_usable_size(block);
  return block;
}
void operator delete(void* block) noexcept {
  bytes -= ::malloc_usable_size(block);
  std::free(block);
}
void operator delete(void* block, std::size_t) noexcept { operator delete(block); }

namespace {

namespace aio = trama::aio;
using namespace std::chrono_literals;

constexpr std::size_t kTasks = 10'000;

aio::task<> sleeps() { co_await aio::sleep(1h); }
aio::task<> gets(aio::queue<int>* queue) { (void)co_await queue->get(); }

aio::task<> measure(const char* name, std::vector<aio::task<>> tasks, std::size_t before) {
  auto all = aio::create_task(aio::gather(std::move(tasks)));
  for (int turn = 0; turn < 4; ++turn) co_await aio::sleep(0s);
  std::printf("%s\t%zu\n", name, (bytes - before) / kTasks);
  all.cancel();
  try {
    co_await all;
  } catch (const aio::cancelled&) {
  }
}

aio::task<> both() {
  std::size_t before = bytes;
  std::vector<aio::task<>> tasks;
  for (std::size_t i = 0; i < kTasks; ++i) tasks.push_back(sleeps());
  co_await measure("sleep", std::move(tasks), before);

  before = bytes;
  aio::queue<int> queue;
  tasks.clear();
  for (std::size_t i = 0; i < kTasks; ++i) tasks.push_back(gets(&queue));
  co_await measure("queue.get", std::move(tasks), before);
}

}  // namespace

int main() { aio::run(both()); }

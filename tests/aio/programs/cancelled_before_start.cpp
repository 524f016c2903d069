// A task that is cancelled before its first line never runs; it was not forgotten. Neither are those
// that end with the loop, nor what a coroutine holds that is cancelled.
#include <stdexcept>
#include <trama/aio.hpp>

namespace aio = trama::aio;
using namespace std::chrono_literals;

namespace {

aio::task<int> work(std::string text) {
  co_await aio::sleep(1s);
  co_return static_cast<int>(text.size());
}

aio::task<> fails() {
  throw std::runtime_error("first");
  co_return;
}

aio::task<> holds(aio::task<int> held) {
  co_await aio::sleep(1s);
  co_await std::move(held);
}

aio::task<> main_task() {
  auto never = aio::create_task(work("never"), "never");
  never.cancel();
  try {
    co_await never;
    std::abort();
  } catch (const aio::cancelled&) {
  }
  try {
    co_await aio::gather(fails(), work("sibling"));
    std::abort();
  } catch (const std::runtime_error&) {
  }
  aio::task_group group;
  group.create_task(work("grouped"));
  group.cancel();
  co_await group.join();
  auto waits = aio::create_task(aio::timeout(0s, work("limited")));
  waits.cancel();
  auto holder = aio::create_task(holds(work("held")));
  co_await aio::sleep(1ms);
  holder.cancel();
  aio::create_task(work("left over"));
}

}  // namespace

int main() { aio::run(main_task()); }
// Expected: nothing

// Tasks wait through wrappers of the library while a thread blocks their loop: the report names
// their own lines, not the library's.
#include <condition_variable>
#include <mutex>
#include <thread>
#include <trama/aio.hpp>

namespace aio = trama::aio;
using namespace std::chrono_literals;

namespace {

aio::task<> limited(aio::event* gate) {
  co_await aio::timeout(1h, gate->wait());  // @limited
}

aio::task<> waits(aio::event* gate) {
  co_await gate->wait();  // @inside
}

aio::task<> limits_own(aio::event* gate) { co_await aio::timeout(1h, waits(gate)); }

void sleep_for_ever() {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  never.wait(lock, [] { return false; });
}

aio::task<> main_task() {
  aio::event gate;
  aio::queue<int> numbers;
  auto first = aio::create_task(limited(&gate), "limited");
  auto second = aio::create_task(limits_own(&gate), "limits own");
  auto third = aio::create_task(aio::timeout(1h, numbers.get()), "get");  // @get
  co_await aio::sleep(1ms);
  sleep_for_ever();
}

}  // namespace

int main() { aio::run(main_task()); }
// Expected: DEADLOCK
//   report: task limited awaits event
//   report: @limited
//   report: @inside
//   report: task get awaits queue.get
//   report: @get

// Locks that are waited for, passed on, given up and handed from task to task: nothing is wrong.
#include <trama/aio.hpp>

namespace aio = trama::aio;
using namespace std::chrono_literals;

namespace {

aio::task<> visits(aio::lock* door, int* count) {
  const auto inside = co_await door->scoped();
  co_await aio::sleep(1ms);
  ++*count;
}

aio::task<> main_task() {
  aio::lock door;
  int count = 0;
  auto first = aio::create_task(visits(&door, &count), "first");
  auto second = aio::create_task(visits(&door, &count), "second");
  auto third = aio::create_task(visits(&door, &count), "third");
  co_await aio::sleep(0s);
  second.cancel();
  co_await first;
  co_await third;
  co_await door.acquire();
  door.release();
  if (count != 2) std::abort();
}

}  // namespace

int main() { aio::run(main_task()); }
// Expected: nothing

// A task returns early and keeps its lock; the next one awaits it for ever.
#include <trama/aio.hpp>

namespace aio = trama::aio;

namespace {

aio::task<> keeps(aio::lock* door) { co_await door->acquire(); }

aio::task<> enters(aio::lock* door) {
  const auto inside = co_await door->scoped();  // @enters
}

aio::task<> main_task() {
  aio::lock door;
  auto first = aio::create_task(keeps(&door), "first");
  auto second = aio::create_task(enters(&door), "second");
  co_await first;
  co_await second;
}

}  // namespace

int main() { aio::run(main_task()); }
// Expected: DEADLOCK
//   report: which task first held when it ended
//   report: @enters

// What gather, shield and create_task start waits at the line that started it, where no coroutine of
// the program is inside.
#include <trama/aio.hpp>

namespace aio = trama::aio;

namespace {

aio::task<> both(aio::event* gate, aio::queue<int>* numbers) {
  co_await aio::gather(gate->wait(), numbers->get());  // @gather
}

aio::task<> shields(aio::event* gate) {
  co_await aio::shield(gate->wait());  // @shield
}

aio::task<> main_task() {
  aio::event gate;
  aio::queue<int> numbers;
  auto first = aio::create_task(both(&gate, &numbers), "both");
  auto second = aio::create_task(shields(&gate), "shields");
  co_await first;  // @main
}

}  // namespace

int main() { aio::run(main_task()); }
// Expected: DEADLOCK
//   options: --full
//   report: task both awaits gather
//   report: task shields awaits shield
//   report: @gather
//   report: @shield
//   report: @main

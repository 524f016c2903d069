// Two tasks of one loop, each awaiting what only the other one would announce.
#include "../task_loop.hpp"

namespace {

loop::Task wait_for(loop::Signal& signal) {
  co_await signal;  // @inner
}

loop::Task cook(loop::Signal& ordered, loop::Signal& cooked) {
  co_await loop::Turn{};
  co_await wait_for(ordered);
  cooked.set();
}

loop::Task serve(loop::Signal& ordered, loop::Signal& cooked) {
  co_await cooked;  // @serve
  ordered.set();
}

}  // namespace

int main() {
  loop::Loop loop;
  loop::Signal ordered;
  loop::Signal cooked;
  const loop::Task kitchen = cook(ordered, cooked);
  const loop::Task waiter = serve(ordered, cooked);
  loop::Entry first;
  loop::Entry second;
  loop.start(first, kitchen, "kitchen");
  loop.start(second, waiter, nullptr);
  const loop::Task* both[] = {&kitchen, &waiter};
  loop.run(both, 2);
  return 0;
}

// Expected: DEADLOCK
//   report: main waits in its loop
//   report: task kitchen awaits signal
//   report: task serve awaits signal
//   report: @inner
//   report: @serve

// Tasks of one loop hand work to one another; a thread rouses the loop from outside. All of them
// end, each coroutine that is called is awaited, but for one that an exception destroys.
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "../task_loop.hpp"

namespace {

int g_served = 0;

loop::Task cook(loop::Signal& ordered, loop::Signal& cooked) {
  co_await ordered;
  co_await loop::Turn{};
  cooked.set();
}

loop::Task serve(loop::Signal& ordered, loop::Signal& cooked) {
  ordered.set();
  co_await cooked;
  ++g_served;
}

loop::Task never() { co_return; }

int thrown() { throw std::runtime_error("no"); }

int consume(const loop::Task& task, int value) { return task.handle() ? value : 0; }

/// What an exception destroys on its way was not forgotten.
void give_up_in_the_middle() {
  try {
    const loop::Task task = never();
    g_served += consume(task, thrown());
  } catch (const std::runtime_error&) {
    ++g_served;
  }
}

}  // namespace

int main() {
  give_up_in_the_middle();
  loop::Loop loop;
  loop::Signal ordered;
  loop::Signal cooked;
  const loop::Task kitchen = cook(ordered, cooked);
  const loop::Task waiter = serve(ordered, cooked);
  loop::Entry first;
  loop::Entry second;
  loop.start(first, kitchen, "kitchen");
  std::thread other([&] { loop.start(second, waiter, "waiter"); });
  const loop::Task* both[] = {&kitchen, &waiter};
  loop.run(both, 2);
  other.join();
  if (g_served != 2) std::abort();
  return 0;
}

// Expected: nothing

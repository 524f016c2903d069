// A coroutine is called as if it were a function: it never runs.
#include <cstdio>

#include "../task_loop.hpp"

namespace {

loop::Task greet() {
  std::puts("hello");
  co_return;
}

loop::Task work() {
  (void)greet();  // @called
  co_await greet();
}

}  // namespace

int main() {
  loop::Loop loop;
  const loop::Task task = work();
  loop::Entry entry;
  loop.start(entry, task, "work");
  const loop::Task* all[] = {&task};
  loop.run(all, 1);
  return 0;
}

// Expected: FORGOTTEN
//   report: greet never ran
//   report: @called

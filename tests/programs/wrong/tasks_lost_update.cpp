// Two tasks of one thread: each reads the balance, awaits, and writes what it read plus its own.
#include "../task_loop.hpp"

namespace {

int g_balance = 0;

loop::Task deposit(int amount) {
  const int before = g_balance;
  co_await loop::Turn{};
  g_balance = before + amount;  // @overwrites
}

}  // namespace

int main() {
  loop::Loop loop;
  const loop::Task one = deposit(10);
  const loop::Task two = deposit(20);
  loop::Entry first;
  loop::Entry second;
  loop.start(first, one, "ana");
  loop.start(second, two, "bia");
  const loop::Task* both[] = {&one, &two};
  loop.run(both, 2);
  return g_balance == 30 ? 0 : 1;
}

// Expected: EXIT
//   report: bia read g_balance as 0; then ana wrote 10
//   report: @overwrites

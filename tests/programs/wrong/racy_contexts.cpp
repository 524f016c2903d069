// A coroutine on a stack of its own forgets the lock.
#include <ucontext.h>

#include <thread>
#include <vector>

namespace {

int total = 0;

thread_local ucontext_t outside;
thread_local ucontext_t inside;

void body() {
  ++total;  // @race
  swapcontext(&inside, &outside);
}

void work() {
  std::vector<char> stack(64 << 10);
  getcontext(&inside);
  inside.uc_stack.ss_sp = stack.data();
  inside.uc_stack.ss_size = stack.size();
  inside.uc_link = &outside;
  makecontext(&inside, body, 0);
  swapcontext(&outside, &inside);
}

}  // namespace

int main() {
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  return 0;
}

// Expected: RACE
//   report: @race

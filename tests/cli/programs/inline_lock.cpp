// Synchronises by instructions of its own, and enters the kernel past libc.
#include <thread>

namespace {
int word = 0;

[[gnu::noinline]] void add() {
  asm volatile("lock; addl $1, %0" : "+m"(word) : : "memory");  // @lock
}

[[gnu::noinline]] int swap(int value) {
  asm volatile("xchgl %0, %1" : "+r"(value), "+m"(word) : : "memory");  // @xchg
  return value;
}

[[gnu::noinline]] long own_pid() {
  long result = 39;
  asm volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");  // @syscall
  return result;
}
}  // namespace

int main() {
  std::thread other(add);
  add();
  other.join();
  return swap(0) == 2 && own_pid() > 0 ? 0 : 1;
}

// setjmp and longjmp within each of two threads, out of a frame that other threads run in
// between.
#include <csetjmp>
#include <mutex>
#include <thread>

std::mutex mutex;
int jumps = 0;

void jump(std::jmp_buf& back, int value) {
  {
    const std::lock_guard lock(mutex);
    ++jumps;
  }
  std::longjmp(back, value);
}

int work() {
  std::jmp_buf back;
  volatile int sum = 0;
  const int value = setjmp(back);
  sum = sum + value;
  if (value < 3) jump(back, value + 1);
  return sum;
}

int main() {
  int sums[2] = {};
  std::thread one([&sums] { sums[0] = work(); });
  std::thread two([&sums] { sums[1] = work(); });
  one.join();
  two.join();
  return sums[0] == 6 && sums[1] == 6 && jumps == 6 ? 0 : 1;
}
// Expected: nothing

// A detached thread goes on using local variables of the function that started it.
#include <chrono>
#include <thread>

[[gnu::noinline]] void start() {
  int steps[32] = {};
  std::thread([&steps] {
    for (int i = 0; i < 3; ++i) {
      ++steps[16];  // @use
    }
  }).detach();
}

// Its frame stands where that of start stood; what is written there can be seen from elsewhere.
[[gnu::noinline]] int fill() {
  int numbers[64];
  int* volatile frame = numbers;
  for (int i = 0; i < 64; ++i) frame[i] = i;  // @frame
  int sum = 0;
  for (int i = 0; i < 64; ++i) sum += frame[i];
  return sum;
}

int main() {
  start();
  const int sum = fill();
  std::this_thread::sleep_for(std::chrono::seconds(1));
  return sum == 2016 ? 0 : 1;
}
// Expected: RACE, any? or CRASH
//   report: detached_local.cpp

// A latch that expects three where only two arrive.
#include <latch>
#include <thread>

int main() {
  std::latch all(3);
  std::thread one([&all] { all.arrive_and_wait(); });  // @one
  all.arrive_and_wait();                               // @main
  one.join();
}
// Expected: DEADLOCK
//   report: @one
//   report: @main

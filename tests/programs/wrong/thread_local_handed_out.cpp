// A worker hands out a pointer to its thread_local; it is used after the worker has ended and
// was joined, so that no race tells of it.
#include <thread>

thread_local int mine = 0;
int* shared = nullptr;

int main() {
  std::thread worker([] {
    mine = 5;
    shared = &mine;
  });
  worker.join();
  return *shared == 5 ? 0 : 1;  // @use
}
// Expected: USE-AFTER-FREE
//   report: @use
//   report: of a thread that had ended

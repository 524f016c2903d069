// The program ends in another one, whose status is its own; a child that nobody waits for ends with
// its execution.
#include <unistd.h>

#include <thread>

int main() {
  if (fork() == 0) {
    for (;;) pause();
  }
  int value = 0;
  std::thread thread([&value] { value = 1; });
  thread.join();
  if (value == 1) execl("/bin/sh", "sh", "-c", "exit 0", static_cast<char*>(nullptr));
  return 2;
}
// Expected: nothing
//   options: --executions 20
//   blind: fork execl

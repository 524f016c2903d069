// A child process writes to a pipe that two threads read; they count without a lock.
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

namespace {
int count = 0;
}

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  const pid_t child = fork();
  if (child == 0) {
    // At once: what arrives when would be the child's affair, which is not under control.
    _exit(write(ends[1], "xxxx", 4) == 4 ? 0 : 2);
  }
  close(ends[1]);
  const auto work = [&ends] {
    for (char byte = 0; read(ends[0], &byte, 1) == 1;) ++count;  // @count
  };
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  waitpid(child, nullptr, 0);
  return count == 4 ? 0 : 3;
}
// Expected: RACE, EXIT?
//   options: --executions 200
//   report: @count

// Forks a child and waits for it; two threads race for which of them is counted last.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

std::atomic<int> last{0};

int main() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  int status = 1;
  if (waitpid(child, &status, 0) != child || status != 0) return 3;
  std::thread one([] { last = 1; });
  std::thread two([] { last = 2; });
  one.join();
  two.join();
  return last == 2 ? 0 : 1;
}

// A loop that another process ends: nothing here tells that it will not.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

int main() {
  void* shared = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto* ready = static_cast<std::atomic<int>*>(shared);
  const pid_t child = fork();
  if (child == 0) {
    usleep(5000);
    ready->store(1);
    _exit(0);
  }
  while (ready->load() == 0) {
  }
  int status = 1;
  return waitpid(child, &status, 0) == child ? status : 2;
}
// Expected: nothing
//   options: --executions 20
//   blind: fork waitpid

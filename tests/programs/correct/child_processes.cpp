// Children by fork, posix_spawn, popen and system: threads of the parent talk to one by pipes, wait
// for them, and the handlers of pthread_atfork run.
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>

extern char** environ;

namespace {
std::mutex mutex;
int prepared = 0;
int followed = 0;

int status_of(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}
}  // namespace

int main() {
  pthread_atfork(
      [] {
        mutex.lock();
        ++prepared;
      },
      [] {
        ++followed;
        mutex.unlock();
      },
      [] { mutex.unlock(); });
  int in[2];
  int out[2];
  if (pipe(in) != 0 || pipe(out) != 0) return 1;
  const pid_t filter = fork();
  if (filter == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    for (const int end : {in[0], in[1], out[0], out[1]}) close(end);
    execlp("tr", "tr", "a-z", "A-Z", static_cast<char*>(nullptr));
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  std::thread writer([&in] {
    for (int i = 0; i < 3; ++i) {
      if (write(in[1], "abc", 3) != 3) _exit(2);
    }
    close(in[1]);
  });
  std::string all;
  char bytes[64];
  for (ssize_t got = 0; (got = read(out[0], bytes, sizeof bytes)) > 0;) {
    all.append(bytes, static_cast<std::size_t>(got));
  }
  writer.join();
  close(out[0]);
  if (status_of(filter) != 0 || all != "ABCABCABC" || prepared != 1 || followed != 1) return 3;

  // A child has threads of its own, and ends by exit.
  const pid_t second = fork();
  if (second == 0) {
    int answer = 0;
    std::thread thread([&answer] {
      const std::scoped_lock lock(mutex);
      answer = 9;
    });
    thread.join();
    std::exit(answer);
  }
  if (status_of(second) != 9) return 4;

  pid_t third = 0;
  char shell[] = "sh";
  char option[] = "-c";
  char command[] = "exit 4";
  char* arguments[] = {shell, option, command, nullptr};
  if (posix_spawnp(&third, "sh", nullptr, nullptr, arguments, environ) != 0) return 5;
  if (status_of(third) != 4) return 6;

  std::FILE* echo = popen("echo hello", "r");
  char line[32] = {};
  if (echo == nullptr || std::fgets(line, sizeof line, echo) == nullptr) return 7;
  if (std::strcmp(line, "hello\n") != 0 || pclose(echo) != 0) return 8;
  return std::system("exit 3") == 3 << 8 ? 0 : 9;
}
// Expected: nothing
//   options: --executions 20
//   blind: fork waitpid posix_spawnp popen system

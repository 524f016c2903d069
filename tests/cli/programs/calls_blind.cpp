// Calls functions that are not controlled, from functions with names.
#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

[[gnu::noinline]] void lock_file() {
  FILE* file = tmpfile();
  struct flock lock {};
  lock.l_type = F_WRLCK;
  fcntl(fileno(file), F_SETLKW, &lock);  // @fcntl
  fcntl(fileno(file), F_GETFD);
  sendfile(fileno(file), fileno(file), nullptr, 1);  // among files: no order depends on it
  fclose(file);
}

[[gnu::noinline]] void barrier() {
  syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);  // @membarrier
}

[[gnu::noinline]] int child() {
  flockfile(stdout);
  funlockfile(stdout);
  semctl(-1, 0, IPC_RMID);
  const pid_t pid = vfork();  // @vfork
  if (pid == 0) {
    execl("/bin/sh", "sh", "-c", "test $# = 7", "sh", "1", "2", "3", "4", "5", "6", "7", nullptr);
    _exit(2);
  }
  int status = -1;
  waitpid(pid, &status, 0);
  return WEXITSTATUS(status);
}

}  // namespace

int main(int count, char**) {
  lock_file();
  barrier();
  return count > 1 ? child() : 0;
}

// fork and its relatives. See child_process.hpp.
#include "runtime/child_process.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/exit_handlers.hpp"
#include "runtime/io_step.hpp"
#include "runtime/real.hpp"
#include "runtime/rewind.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/signals.hpp"
#include "runtime/syscall.hpp"
#include "runtime/text.hpp"
#include "trace/session.hpp"

namespace trama::runtime {
namespace {

bool g_has_children = false;
bool g_in_child = false;

struct ForkHandlers {
  void (*prepare)();
  void (*parent)();
  void (*child)();
};
std::vector<ForkHandlers>& fork_handlers() {
  static std::vector<ForkHandlers>* list = new std::vector<ForkHandlers>;
  return *list;
}
std::size_t g_handlers_at_start = ~std::size_t{0};

/// Before a call that starts a process: named, and taken in a process of its own.
void announce_start(const char* symbol, void* pc) {
  note_blind(symbol, pc);
  need_fork(symbol);
  const Event event = make_event(Operation::start_process, nullptr, pc);
  point(event);
  scheduler().step(event);
}

void note_started() {
  g_has_children = true;
  share_descriptors();
}

/// The signals are the kernel's again, as the program set them.
void give_signals_back() {
  stop_signals();
  for (int signal = 1; signal <= 64; ++signal) {
    const struct sigaction& action = action_of(signal);
    if (action.sa_handler != SIG_DFL) TRAMA_REAL(sigaction)(signal, &action, nullptr);
  }
  sigset_t mask;
  set_bits(mask, signal_mask());
  TRAMA_REAL(sigprocmask)(SIG_SETMASK, &mask, nullptr);
}

template <typename Fork>
pid_t fork_step(const char* symbol, bool handlers, void* pc, Fork real) {
  announce_start(symbol, pc);
  const std::size_t count = handlers ? fork_handlers().size() : 0;
  for (std::size_t i = count; i-- > 0;) {
    if (fork_handlers()[i].prepare != nullptr) fork_handlers()[i].prepare();
  }
  pid_t child = 0;
  {
    const OutOfControl outside;
    child = real();
  }
  if (child == 0) {
    g_active = false;
    g_plain = PlainMode::ignore;
    g_in_child = true;
    give_signals_back();
  } else if (child > 0) {
    note_started();
  }
  for (std::size_t i = 0; i < count; ++i) {
    const ForkHandlers it = fork_handlers()[i];
    if (child == 0 && it.child != nullptr) it.child();
    if (child != 0 && it.parent != nullptr) it.parent();
  }
  return child;
}

struct Awaited {
  int kind;
  pid_t id;
};

/// Whether a wait would return: a child has ended, or there is none. It stays to be waited for.
bool has_ended(const Awaited& awaited) {
  siginfo_t info = {};
  const long result = raw_syscall(SYS_waitid, awaited.kind, awaited.id,
                                  reinterpret_cast<long>(&info), WEXITED | WNOHANG | WNOWAIT, 0);
  return result < 0 || info.si_pid != 0;
}

Awaited awaited_by(pid_t process) {
  if (process > 0) return {P_PID, process};
  if (process == -1) return {P_ALL, 0};
  return {P_PGID, process == 0 ? 0 : -process};
}

pid_t wait_step(pid_t process, int* status, int options, rusage* usage, void* pc) {
  note_blind("waitpid", pc);
  need_fork("waitpid");
  IoStep step(Operation::wait_process, ChannelId{0}, pc, -1, 0);
  Awaited awaited = awaited_by(process);
  if ((options & WNOHANG) == 0) {
    const bool interrupted = !step.wait_outside(
        [](void* context) { return has_ended(*static_cast<Awaited*>(context)); }, &awaited);
    if (interrupted) return static_cast<pid_t>(step.done(-EINTR));
  }
  return static_cast<pid_t>(step.done(raw_syscall(
      SYS_wait4, process, reinterpret_cast<long>(status), options, reinterpret_cast<long>(usage))));
}

/// exec ends the program here: its successor runs as a child, and its status is the program's.
int exec_step(const char* symbol, const char* path, char* const* arguments,
              char* const* environment, bool search, void* pc) {
  announce_start(symbol, pc);
  int report[2];
  if (raw_syscall(SYS_pipe2, reinterpret_cast<long>(report), O_CLOEXEC) != 0) {
    errno = ENOMEM;
    return -1;
  }
  fflush(nullptr);
  pid_t child = 0;
  {
    const OutOfControl outside;
    child = TRAMA_REAL(fork)();
    if (child == 0) {
      give_signals_back();
      if (search) {
        TRAMA_REAL(execvpe)(path, arguments, environment);
      } else {
        TRAMA_REAL(execve)(path, arguments, environment);
      }
      const int error = errno;
      raw_syscall(SYS_write, report[1], reinterpret_cast<long>(&error), sizeof error);
      for (;;) raw_syscall(SYS_exit_group, 127);
    }
  }
  raw_syscall(SYS_close, report[1]);
  int error = 0;
  long got = 0;
  do {
    got = raw_syscall(SYS_read, report[0], reinterpret_cast<long>(&error), sizeof error);
  } while (got == -EINTR);
  raw_syscall(SYS_close, report[0]);
  int status = 0;
  while (raw_syscall(SYS_wait4, child, reinterpret_cast<long>(&status), 0, 0) == -EINTR) {
  }
  if (got == static_cast<long>(sizeof error)) {
    errno = error;
    return -1;
  }
  _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

}  // namespace

void begin_children() {
  if (g_handlers_at_start == ~std::size_t{0}) g_handlers_at_start = fork_handlers().size();
  if (engine().session) fork_handlers().resize(g_handlers_at_start);
  g_has_children = false;
}
bool has_children() { return g_has_children; }
bool in_child() { return g_in_child; }

void end_children() {
  if (!g_has_children) return;
  // Their own children too: those are handed to this process when their parent ends.
  raw_syscall(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1);
  constexpr int kRoundsMax = 64;
  for (int round = 0; round < kRoundsMax; ++round) {
    while (raw_syscall(SYS_wait4, -1, 0, WNOHANG, 0) > 0) {
    }
    char list[4096] = {};
    const long file = raw_syscall(SYS_open, reinterpret_cast<long>("/proc/thread-self/children"),
                                  O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    const long size = raw_syscall(SYS_read, file, reinterpret_cast<long>(list), sizeof list - 1);
    raw_syscall(SYS_close, file);
    if (size <= 0) return;
    for (char* at = list; *at >= '0' && *at <= '9';) {
      const long child = strtol(at, &at, 10);
      raw_syscall(SYS_kill, child, SIGKILL);
      raw_syscall(SYS_wait4, child, 0, 0, 0);
      while (*at == ' ') ++at;
    }
  }
}

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Operation;

TRAMA_EXPORT int __register_atfork(void (*prepare)(), void (*parent)(), void (*child)(),
                                   void* module) {
  using Signature = int (*)(void (*)(), void (*)(), void (*)(), void*);
  static auto* real = reinterpret_cast<Signature>(find_real("__register_atfork"));
  // Ours from the start of a session: under control they are steps like all else.
  if (!g_active && getenv(trama::kSessionVariable) == nullptr) {
    return real(prepare, parent, child, module);
  }
  fork_handlers().push_back({prepare, parent, child});
  return 0;
}

TRAMA_EXPORT pid_t fork() {
  if (!g_active) return TRAMA_REAL(fork)();
  return fork_step("fork", true, TRAMA_PC, [] { return TRAMA_REAL(fork)(); });
}
TRAMA_EXPORT pid_t _Fork() {
  if (!g_active) return TRAMA_REAL(_Fork)();
  return fork_step("_Fork", false, TRAMA_PC, [] { return TRAMA_REAL(fork)(); });
}
// The child may do less after vfork than after fork, so fork serves.
TRAMA_EXPORT pid_t vfork() {
  if (!g_active) return TRAMA_REAL(fork)();
  return fork_step("vfork", false, TRAMA_PC, [] { return TRAMA_REAL(fork)(); });
}

#define TRAMA_SPAWN(name, path_name)                                                           \
  TRAMA_EXPORT int name(                                                                       \
      pid_t* process, const char* path_name, const posix_spawn_file_actions_t* actions,        \
      const posix_spawnattr_t* attributes, char* const* arguments, char* const* environment) { \
    if (g_active) announce_start(#name, TRAMA_PC);                                             \
    const int error =                                                                          \
        TRAMA_REAL(name)(process, path_name, actions, attributes, arguments, environment);     \
    if (g_active && error == 0) note_started();                                                \
    return error;                                                                              \
  }
TRAMA_SPAWN(posix_spawn, path)
TRAMA_SPAWN(posix_spawnp, file)
#undef TRAMA_SPAWN

// The whole process waits for the command: no other thread goes on meanwhile.
TRAMA_EXPORT int system(const char* command) {
  if (g_active) announce_start("system", TRAMA_PC);
  return TRAMA_REAL(system)(command);
}
TRAMA_EXPORT FILE* popen(const char* command, const char* mode) {
  if (g_active) announce_start("popen", TRAMA_PC);
  FILE* stream = TRAMA_REAL(popen)(command, mode);
  if (g_active && stream != nullptr) {
    note_descriptors_changed();
    note_opened(fileno(stream));
    note_started();
  }
  return stream;
}
TRAMA_EXPORT int pclose(FILE* stream) {
  if (!g_active) return TRAMA_REAL(pclose)(stream);
  const int descriptor = fileno(stream);
  IoStep step(Operation::wait_process, descriptor, TRAMA_PC);
  note_closed(descriptor);
  const int status = TRAMA_REAL(pclose)(stream);
  const int error = errno;
  return static_cast<int>(step.done(status >= 0 ? status : -error));
}

TRAMA_EXPORT pid_t wait(int* status) {
  if (!g_active) return TRAMA_REAL(wait)(status);
  return wait_step(-1, status, 0, nullptr, TRAMA_PC);
}
TRAMA_EXPORT pid_t waitpid(pid_t process, int* status, int options) {
  if (!g_active) return TRAMA_REAL(waitpid)(process, status, options);
  return wait_step(process, status, options, nullptr, TRAMA_PC);
}
TRAMA_EXPORT pid_t wait3(int* status, int options, rusage* usage) {
  if (!g_active) return TRAMA_REAL(wait3)(status, options, usage);
  return wait_step(-1, status, options, usage, TRAMA_PC);
}
TRAMA_EXPORT pid_t wait4(pid_t process, int* status, int options, rusage* usage) {
  if (!g_active) return TRAMA_REAL(wait4)(process, status, options, usage);
  return wait_step(process, status, options, usage, TRAMA_PC);
}
TRAMA_EXPORT int waitid(idtype_t kind, id_t id, siginfo_t* info, int options) {
  if (!g_active) return TRAMA_REAL(waitid)(kind, id, info, options);
  note_blind("waitid", TRAMA_PC);
  need_fork("waitid");
  IoStep step(Operation::wait_process, ChannelId{0}, TRAMA_PC, -1, 0);
  Awaited awaited{static_cast<int>(kind), static_cast<pid_t>(id)};
  if ((options & WNOHANG) == 0 && (options & WEXITED) != 0) {
    const auto look = [](void* context) { return has_ended(*static_cast<Awaited*>(context)); };
    if (!step.wait_outside(look, &awaited)) return static_cast<int>(step.done(-EINTR));
  }
  return static_cast<int>(
      step.done(raw_syscall(SYS_waitid, kind, id, reinterpret_cast<long>(info), options, 0)));
}

// -- exec ----------------------------------------------------------------------------------

TRAMA_EXPORT int execve(const char* path, char* const* arguments, char* const* environment) {
  if (!g_active) return TRAMA_REAL(execve)(path, arguments, environment);
  return exec_step("execve", path, arguments, environment, false, TRAMA_PC);
}
TRAMA_EXPORT int execv(const char* path, char* const* arguments) {
  if (!g_active) return TRAMA_REAL(execv)(path, arguments);
  return exec_step("execv", path, arguments, environ, false, TRAMA_PC);
}
TRAMA_EXPORT int execvp(const char* path, char* const* arguments) {
  if (!g_active) return TRAMA_REAL(execvp)(path, arguments);
  return exec_step("execvp", path, arguments, environ, true, TRAMA_PC);
}
TRAMA_EXPORT int execvpe(const char* path, char* const* arguments, char* const* environment) {
  if (!g_active) return TRAMA_REAL(execvpe)(path, arguments, environment);
  return exec_step("execvpe", path, arguments, environment, true, TRAMA_PC);
}

namespace {

/// The arguments of execl, which end with a null pointer; execle's environment follows.
struct ArgumentList {
  std::vector<char*> arguments;
  char* const* environment = environ;

  ArgumentList(const char* first, va_list list, bool has_environment) {
    const char* one = first;
    while (one != nullptr) {
      arguments.push_back(const_cast<char*>(one));
      one = va_arg(list, const char*);
    }
    arguments.push_back(nullptr);
    if (has_environment) environment = va_arg(list, char* const*);
  }
};

}  // namespace

#define TRAMA_EXECL(name, has_environment, search)                                              \
  TRAMA_EXPORT int name(const char* path, const char* argument, ...) {                          \
    va_list list;                                                                               \
    va_start(list, argument);                                                                   \
    const ArgumentList made(argument, list, has_environment);                                   \
    va_end(list);                                                                               \
    if (g_active) {                                                                             \
      return exec_step(#name, path, made.arguments.data(), made.environment, search, TRAMA_PC); \
    }                                                                                           \
    return (search ? TRAMA_REAL(execvpe) : TRAMA_REAL(execve))(path, made.arguments.data(),     \
                                                               made.environment);               \
  }
TRAMA_EXECL(execl, false, false)
TRAMA_EXECL(execlp, false, true)
TRAMA_EXECL(execle, true, false)
#undef TRAMA_EXECL

// Calls that synchronise or block and are not under control: named, then passed on.
//
// One table. What is implemented leaves it; what stays is told to the user with the symbol
// and its caller (BLIND), because a verdict is only as good as what was seen. The names also
// stand in a section of the library, `trama_blind`, where `trama doctor` and tests/symbols read
// them. tests/symbols proves that the table is complete: each symbol that libc and libstdc++
// export is controlled, in this table, or known to be harmless.
//
// A call that the program never makes costs nothing: nobody asks the table anything.
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine.hpp"
#include "runtime/modules.hpp"
#include "runtime/real.hpp"
#include "runtime/rewind.hpp"
#include "runtime/syscall.hpp"
#include "runtime/text.hpp"

namespace trama::runtime {
namespace {

char* g_list = nullptr;
std::size_t g_list_bytes = 0;

/// Passes a call on with all its arguments untouched, whatever they are: eight integers or
/// pointers, which covers every function in the table (only clone takes more than six).
using Any = long (*)(long, long, long, long, long, long, long, long);

/// Whether the descriptor is a file on disk: what it gives or takes never waits for anybody.
bool is_plain_file(long descriptor) {
  struct stat status;
  if (raw_syscall(SYS_fstat, descriptor, reinterpret_cast<long>(&status)) != 0) return false;
  return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode);
}

bool locks_a_file(int command) {
  return command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK ||
         command == F_OFD_SETLKW;
}

}  // namespace

void set_blind_list(char* list, std::size_t bytes) {
  g_list = list;
  g_list_bytes = bytes;
}

void note_blind(const char* symbol, void* pc) {
  if (g_list == nullptr) return;
  const std::string_view known(g_list);
  // One line a symbol: the first caller is enough to find it.
  for (std::size_t at = 0; at < known.size();) {
    const std::size_t end = known.find('\n', at);
    const std::string_view line = known.substr(at, end - at);
    if (line.substr(0, line.find(' ')) == symbol) return;
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  std::string line(symbol);
  const auto address = reinterpret_cast<std::uint64_t>(pc);
  const std::uint32_t module = module_of(address);
  line += ' ';
  append_number(line, module == kNoIndex ? 0 : module);
  line += " 0x";
  append_hex(line, module == kNoIndex ? address : address - modules()[module].description.base);
  line += '\n';
  const std::size_t room = g_list_bytes - 1 - known.size();
  if (line.size() <= room) memcpy(g_list + known.size(), line.data(), line.size());
}

}  // namespace trama::runtime

using namespace trama::runtime;

// A name as `trama doctor` reads it from the file of this library; `?` stands behind those that
// are blind for some arguments only.
#define TRAMA_BLIND_NAME(name) \
  [[gnu::section("trama_blind"), gnu::used]] static const char blind_name_##name[] = #name;
#define TRAMA_SOMETIMES_BLIND_NAME(name) \
  [[gnu::section("trama_blind"), gnu::used]] static const char blind_name_##name[] = #name "?";

// Defined under a name of ours and given the symbol's name for the linker only: the headers
// declare these functions with types of their own.
#define TRAMA_STANDS_FOR(name)                                                                  \
  TRAMA_EXPORT long stand_in_##name(long, long, long, long, long, long, long, long) asm(#name); \
  TRAMA_EXPORT long stand_in_##name(long a, long b, long c, long d, long e, long f, long g, long h)

#define TRAMA_PASS_ON(name)                                    \
  static auto* real = reinterpret_cast<Any>(find_real(#name)); \
  return real(a, b, c, d, e, f, g, h)

#define TRAMA_BLIND(name)                      \
  TRAMA_BLIND_NAME(name)                       \
  TRAMA_STANDS_FOR(name) {                     \
    if (g_active) note_blind(#name, TRAMA_PC); \
    TRAMA_PASS_ON(name);                       \
  }
// The same for calls that are seen where the descriptors `first` and `second` are plain files.
#define TRAMA_BLIND_BUT_FILES(name, first, second)                                                \
  TRAMA_SOMETIMES_BLIND_NAME(name)                                                                \
  TRAMA_STANDS_FOR(name) {                                                                        \
    const long descriptors[] = {a, b, c};                                                         \
    if (g_active && !(is_plain_file(descriptors[first]) && is_plain_file(descriptors[second]))) { \
      note_blind(#name, TRAMA_PC);                                                                \
    }                                                                                             \
    TRAMA_PASS_ON(name);                                                                          \
  }
// The same for calls after which an execution cannot be rewound within the process.
#define TRAMA_BLIND_UNREWINDABLE(name) \
  TRAMA_BLIND_NAME(name)               \
  TRAMA_STANDS_FOR(name) {             \
    if (g_active) {                    \
      note_blind(#name, TRAMA_PC);     \
      need_fork(#name);                \
    }                                  \
    TRAMA_PASS_ON(name);               \
  }
// For these libc loads libraries by itself (character sets, name services). They synchronise
// nothing, but what the loader then knows is not rewound.
#define TRAMA_UNREWINDABLE(name)    \
  TRAMA_STANDS_FOR(name) {          \
    if (g_active) need_fork(#name); \
    TRAMA_PASS_ON(name);            \
  }

extern "C" {
TRAMA_BLIND(msgsnd)
TRAMA_BLIND(msgrcv)
TRAMA_BLIND(semop)
TRAMA_BLIND(semtimedop)
TRAMA_BLIND(signalfd)
TRAMA_BLIND(flockfile)
TRAMA_BLIND_UNREWINDABLE(dlopen)
TRAMA_UNREWINDABLE(iconv_open)
TRAMA_UNREWINDABLE(gethostbyname)
TRAMA_UNREWINDABLE(gethostbyname_r)
TRAMA_UNREWINDABLE(gethostbyaddr)
TRAMA_UNREWINDABLE(getservbyname)
TRAMA_UNREWINDABLE(getpwnam)
TRAMA_UNREWINDABLE(getpwnam_r)
TRAMA_UNREWINDABLE(getpwuid)
TRAMA_UNREWINDABLE(getpwuid_r)
TRAMA_UNREWINDABLE(getgrnam)
TRAMA_UNREWINDABLE(getgrnam_r)
TRAMA_UNREWINDABLE(getgrgid)
TRAMA_UNREWINDABLE(getgrgid_r)
TRAMA_UNREWINDABLE(getgrouplist)
// -- Sockets and streams --
TRAMA_BLIND_BUT_FILES(sendfile, 0, 1)
TRAMA_BLIND_BUT_FILES(sendfile64, 0, 1)
TRAMA_BLIND_BUT_FILES(splice, 0, 2)
TRAMA_BLIND(tee)
TRAMA_BLIND(vmsplice)
TRAMA_BLIND(tcdrain)
TRAMA_BLIND(rcmd)
TRAMA_BLIND(rcmd_af)
TRAMA_BLIND(rexec)
TRAMA_BLIND(rexec_af)
TRAMA_BLIND(res_query)
TRAMA_BLIND(res_querydomain)
TRAMA_BLIND(res_search)
TRAMA_BLIND(res_send)
TRAMA_BLIND(res_nquery)
TRAMA_BLIND(res_nquerydomain)
TRAMA_BLIND(res_nsearch)
TRAMA_BLIND(res_nsend)
// -- Waiting for descriptors, by the names that compilers and old code use --
TRAMA_BLIND(__poll)
TRAMA_BLIND(__ppoll_chk)
TRAMA_BLIND(__select)
// -- Signals and timers --
TRAMA_BLIND(sigpause)
TRAMA_BLIND(__sigpause)
TRAMA_BLIND(__xpg_sigpause)
TRAMA_BLIND(__sigsuspend)
TRAMA_BLIND(killpg)
TRAMA_BLIND(gsignal)
TRAMA_BLIND(pidfd_send_signal)
TRAMA_BLIND(ualarm)
TRAMA_BLIND(__nanosleep)
TRAMA_BLIND(__sched_yield)
TRAMA_BLIND(mq_notify)
// -- liburing, whose system calls are its own --
TRAMA_BLIND(io_uring_queue_init)
TRAMA_BLIND(io_uring_queue_init_params)
// -- Other processes: message queues, shared memory, locks, children --
TRAMA_BLIND(mq_send)
TRAMA_BLIND(mq_receive)
TRAMA_BLIND(mq_timedsend)
TRAMA_BLIND(mq_timedreceive)
TRAMA_BLIND(semctl)
TRAMA_BLIND(shmat)
TRAMA_BLIND(lckpwdf)
TRAMA_BLIND(ftrylockfile)
TRAMA_BLIND(_IO_flockfile)
TRAMA_BLIND(_IO_ftrylockfile)
TRAMA_BLIND(pthread_mutex_setprioceiling)
TRAMA_BLIND(ptrace)
TRAMA_BLIND_UNREWINDABLE(__wait)
TRAMA_BLIND_UNREWINDABLE(__waitpid)
TRAMA_BLIND_UNREWINDABLE(__fork)
TRAMA_BLIND_UNREWINDABLE(clone)
TRAMA_BLIND_UNREWINDABLE(__clone)
TRAMA_BLIND_UNREWINDABLE(daemon)
TRAMA_BLIND_UNREWINDABLE(forkpty)
TRAMA_BLIND_UNREWINDABLE(execveat)
TRAMA_BLIND_UNREWINDABLE(fexecve)
TRAMA_BLIND_UNREWINDABLE(wordexp)
TRAMA_BLIND_UNREWINDABLE(_IO_popen)
TRAMA_BLIND_UNREWINDABLE(_IO_proc_open)
TRAMA_BLIND_UNREWINDABLE(dlmopen)
// -- Threads that libc starts by itself --
TRAMA_BLIND(aio_suspend)
TRAMA_BLIND(aio_suspend64)
TRAMA_BLIND(aio_cancel)
TRAMA_BLIND(aio_cancel64)
TRAMA_BLIND(gai_suspend)
TRAMA_BLIND(gai_cancel)
TRAMA_BLIND_UNREWINDABLE(aio_read)
TRAMA_BLIND_UNREWINDABLE(aio_read64)
TRAMA_BLIND_UNREWINDABLE(aio_write)
TRAMA_BLIND_UNREWINDABLE(aio_write64)
TRAMA_BLIND_UNREWINDABLE(aio_fsync)
TRAMA_BLIND_UNREWINDABLE(aio_fsync64)
TRAMA_BLIND_UNREWINDABLE(lio_listio)
TRAMA_BLIND_UNREWINDABLE(lio_listio64)
TRAMA_BLIND_UNREWINDABLE(getaddrinfo_a)
// -- Atomics of libstdc++ behind a call, not inlined: not seen --
TRAMA_BLIND(atomic_flag_test_and_set_explicit)
TRAMA_BLIND(atomic_flag_clear_explicit)
TRAMA_BLIND(__atomic_flag_wait_explicit)
// -- Name services, the rest --
TRAMA_UNREWINDABLE(gethostbyname2)
TRAMA_UNREWINDABLE(gethostbyname2_r)
TRAMA_UNREWINDABLE(gethostbyaddr_r)
TRAMA_UNREWINDABLE(gethostent)
TRAMA_UNREWINDABLE(gethostent_r)
TRAMA_UNREWINDABLE(getnetbyname)
TRAMA_UNREWINDABLE(getnetbyname_r)
TRAMA_UNREWINDABLE(getnetbyaddr)
TRAMA_UNREWINDABLE(getnetbyaddr_r)
TRAMA_UNREWINDABLE(getnetent)
TRAMA_UNREWINDABLE(getnetent_r)
TRAMA_UNREWINDABLE(getprotobyname)
TRAMA_UNREWINDABLE(getprotobyname_r)
TRAMA_UNREWINDABLE(getprotobynumber)
TRAMA_UNREWINDABLE(getprotobynumber_r)
TRAMA_UNREWINDABLE(getprotoent)
TRAMA_UNREWINDABLE(getprotoent_r)
TRAMA_UNREWINDABLE(getservbyname_r)
TRAMA_UNREWINDABLE(getservbyport)
TRAMA_UNREWINDABLE(getservbyport_r)
TRAMA_UNREWINDABLE(getservent)
TRAMA_UNREWINDABLE(getservent_r)
TRAMA_UNREWINDABLE(getrpcbyname)
TRAMA_UNREWINDABLE(getrpcbyname_r)
TRAMA_UNREWINDABLE(getrpcbynumber)
TRAMA_UNREWINDABLE(getrpcbynumber_r)
TRAMA_UNREWINDABLE(getrpcent)
TRAMA_UNREWINDABLE(getrpcent_r)
TRAMA_UNREWINDABLE(getpwent)
TRAMA_UNREWINDABLE(getpwent_r)
TRAMA_UNREWINDABLE(getgrent)
TRAMA_UNREWINDABLE(getgrent_r)
TRAMA_UNREWINDABLE(getspnam)
TRAMA_UNREWINDABLE(getspnam_r)
TRAMA_UNREWINDABLE(getspent)
TRAMA_UNREWINDABLE(getspent_r)
TRAMA_UNREWINDABLE(getsgnam)
TRAMA_UNREWINDABLE(getsgnam_r)
TRAMA_UNREWINDABLE(getsgent)
TRAMA_UNREWINDABLE(getsgent_r)
TRAMA_UNREWINDABLE(getaliasbyname)
TRAMA_UNREWINDABLE(getaliasbyname_r)
TRAMA_UNREWINDABLE(getaliasent)
TRAMA_UNREWINDABLE(getaliasent_r)
TRAMA_UNREWINDABLE(getnetgrent)
TRAMA_UNREWINDABLE(getnetgrent_r)
TRAMA_UNREWINDABLE(innetgr)
TRAMA_UNREWINDABLE(setnetgrent)
TRAMA_UNREWINDABLE(initgroups)
TRAMA_UNREWINDABLE(ether_hostton)
TRAMA_UNREWINDABLE(ether_ntohost)
TRAMA_UNREWINDABLE(getpw)
TRAMA_UNREWINDABLE(iruserok)
TRAMA_UNREWINDABLE(iruserok_af)
TRAMA_UNREWINDABLE(ruserok)
TRAMA_UNREWINDABLE(ruserok_af)

// In child_process.cpp, which runs them in a process of its own: named all the same.
TRAMA_BLIND_NAME(fork)
TRAMA_BLIND_NAME(_Fork)
TRAMA_BLIND_NAME(vfork)
TRAMA_BLIND_NAME(posix_spawn)
TRAMA_BLIND_NAME(posix_spawnp)
TRAMA_BLIND_NAME(system)
TRAMA_BLIND_NAME(popen)
TRAMA_BLIND_NAME(execv)
TRAMA_BLIND_NAME(execve)
TRAMA_BLIND_NAME(execvp)
TRAMA_BLIND_NAME(execvpe)
TRAMA_BLIND_NAME(execl)
TRAMA_BLIND_NAME(execle)
TRAMA_BLIND_NAME(execlp)
TRAMA_BLIND_NAME(wait)
TRAMA_BLIND_NAME(waitpid)
TRAMA_BLIND_NAME(waitid)
TRAMA_BLIND_NAME(wait3)
TRAMA_BLIND_NAME(wait4)

// In libc_socket.cpp and libc_io.cpp: blind where the other end is outside the program.
TRAMA_SOMETIMES_BLIND_NAME(accept)
TRAMA_SOMETIMES_BLIND_NAME(connect)
TRAMA_SOMETIMES_BLIND_NAME(sendto)
TRAMA_SOMETIMES_BLIND_NAME(getaddrinfo)

TRAMA_BLIND_NAME(__vfork)
TRAMA_EXPORT pid_t __vfork() {
  if (g_active) {
    note_blind("vfork", TRAMA_PC);
    need_fork("vfork");
  }
  return TRAMA_REAL(fork)();
}

// Named for the locks of files only; a copy of a descriptor is rewound.
#define TRAMA_FCNTL(name, entry)                                                     \
  TRAMA_SOMETIMES_BLIND_NAME(name)                                                   \
  TRAMA_EXPORT int entry(int descriptor, int command, ...) asm(#name);               \
  TRAMA_EXPORT int entry(int descriptor, int command, ...) {                         \
    va_list list;                                                                    \
    va_start(list, command);                                                         \
    const long argument = va_arg(list, long);                                        \
    va_end(list);                                                                    \
    if (g_active && locks_a_file(command)) note_blind("fcntl(F_SETLK)", TRAMA_PC);   \
    if (g_active && (command == F_DUPFD || command == F_DUPFD_CLOEXEC)) {            \
      note_descriptors_changed();                                                    \
    }                                                                                \
    static auto* real = reinterpret_cast<int (*)(int, int, long)>(find_real(#name)); \
    return real(descriptor, command, argument);                                      \
  }
TRAMA_FCNTL(__fcntl, stand_in_fcntl_old)
}

// Calls that synchronise or block and are not under control: named, then passed on.
//
// One table. What is implemented leaves it; what stays is told to the user with the symbol
// and its caller (BLIND), because a verdict is only as good as what was seen.
#include "runtime/engine.hpp"
#include "runtime/real.hpp"
#include "runtime/rewind.hpp"

namespace trama::runtime {
namespace {

/// Passes a call on with all its arguments untouched, whatever they are: six integers or
/// pointers, which covers every function in the table.
using Any = long (*)(long, long, long, long, long, long);

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;

// Defined under a name of ours and given the symbol's name for the linker only: the headers
// declare these functions with types of their own.
#define TRAMA_STANDS_FOR(name)                                                      \
  TRAMA_EXPORT long stand_in_##name(long, long, long, long, long, long) asm(#name); \
  TRAMA_EXPORT long stand_in_##name(long a, long b, long c, long d, long e, long f)

#define TRAMA_BLIND(name)                                        \
  TRAMA_STANDS_FOR(name) {                                       \
    static auto* real = reinterpret_cast<Any>(find_real(#name)); \
    if (g_active) note_blind(#name, TRAMA_PC);                   \
    return real(a, b, c, d, e, f);                               \
  }
// The same for calls after which an execution cannot be rewound within the process.
#define TRAMA_BLIND_UNREWINDABLE(name)                           \
  TRAMA_STANDS_FOR(name) {                                       \
    static auto* real = reinterpret_cast<Any>(find_real(#name)); \
    if (g_active) {                                              \
      note_blind(#name, TRAMA_PC);                               \
      need_fork(#name);                                          \
    }                                                            \
    return real(a, b, c, d, e, f);                               \
  }

extern "C" {
TRAMA_BLIND(pthread_rwlock_rdlock)
TRAMA_BLIND(pthread_rwlock_wrlock)
TRAMA_BLIND(pthread_rwlock_tryrdlock)
TRAMA_BLIND(pthread_rwlock_trywrlock)
TRAMA_BLIND(pthread_rwlock_timedrdlock)
TRAMA_BLIND(pthread_rwlock_timedwrlock)
TRAMA_BLIND(pthread_rwlock_clockrdlock)
TRAMA_BLIND(pthread_rwlock_clockwrlock)
TRAMA_BLIND(pthread_rwlock_unlock)
TRAMA_BLIND(pthread_spin_lock)
TRAMA_BLIND(pthread_spin_trylock)
TRAMA_BLIND(pthread_spin_unlock)
TRAMA_BLIND(pthread_barrier_wait)
TRAMA_BLIND(pthread_timedjoin_np)
TRAMA_BLIND(pthread_clockjoin_np)
TRAMA_BLIND(pthread_cancel)
TRAMA_BLIND(pthread_kill)
TRAMA_BLIND(pthread_mutex_consistent)
TRAMA_BLIND(sem_wait)
TRAMA_BLIND(sem_trywait)
TRAMA_BLIND(sem_timedwait)
TRAMA_BLIND(sem_clockwait)
TRAMA_BLIND(sem_post)
TRAMA_BLIND(mtx_lock)
TRAMA_BLIND(mtx_trylock)
TRAMA_BLIND(mtx_timedlock)
TRAMA_BLIND(mtx_unlock)
TRAMA_BLIND(cnd_wait)
TRAMA_BLIND(cnd_timedwait)
TRAMA_BLIND(cnd_signal)
TRAMA_BLIND(cnd_broadcast)
TRAMA_BLIND(thrd_create)
TRAMA_BLIND(thrd_join)
TRAMA_BLIND(thrd_sleep)
TRAMA_BLIND(thrd_yield)
TRAMA_BLIND(call_once)
TRAMA_BLIND(poll)
TRAMA_BLIND(ppoll)
TRAMA_BLIND(select)
TRAMA_BLIND(pselect)
TRAMA_BLIND(epoll_wait)
TRAMA_BLIND(epoll_pwait)
TRAMA_BLIND(sigwait)
TRAMA_BLIND(sigwaitinfo)
TRAMA_BLIND(sigtimedwait)
TRAMA_BLIND(pause)
TRAMA_BLIND(sigsuspend)
TRAMA_BLIND(flock)
TRAMA_BLIND(lockf)
TRAMA_BLIND(msgsnd)
TRAMA_BLIND(msgrcv)
TRAMA_BLIND(semop)
TRAMA_BLIND(semtimedop)
TRAMA_BLIND(accept)
TRAMA_BLIND(accept4)
TRAMA_BLIND(connect)
TRAMA_BLIND(recv)
TRAMA_BLIND(recvfrom)
TRAMA_BLIND(recvmsg)
TRAMA_BLIND(alarm)
TRAMA_BLIND(setitimer)
TRAMA_BLIND(timer_create)
TRAMA_BLIND(flockfile)
TRAMA_BLIND_UNREWINDABLE(fork)
TRAMA_BLIND_UNREWINDABLE(_Fork)
TRAMA_BLIND_UNREWINDABLE(system)
TRAMA_BLIND_UNREWINDABLE(popen)
TRAMA_BLIND_UNREWINDABLE(posix_spawn)
TRAMA_BLIND_UNREWINDABLE(posix_spawnp)
TRAMA_BLIND_UNREWINDABLE(execve)
TRAMA_BLIND_UNREWINDABLE(execv)
TRAMA_BLIND_UNREWINDABLE(execvp)
TRAMA_BLIND_UNREWINDABLE(dlopen)
TRAMA_BLIND_UNREWINDABLE(wait)
TRAMA_BLIND_UNREWINDABLE(waitpid)
}
